"""Every text is in every catalogue, translated, with the same placeholders."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.house.project import ROOT

LANGUAGES = ("ar", "es", "fr", "ru", "zh_Hans")
KEYWORDS = (
    "gettext_lazy", "gettext_noop", "ngettext_lazy:1,2", "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)  # fmt: skip
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The texts of source and templates as they stand now."""
    pot = tmp_path_factory.mktemp("texts") / "django.pot"
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    command = ["-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml", *keywords]
    subprocess.run([sys.executable, *command, "-o", str(pot), "."], cwd=ROOT, check=True)
    return _read(pot)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _catalogue(language: str) -> Catalog:
    return _read(ROOT / "locale" / language / "LC_MESSAGES" / "django.po")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(texts: Catalog, language: str) -> None:
    catalogue = _catalogue(language)
    missing = []
    for message in texts:
        there = catalogue.get(message.id, message.context) if message.id else None
        if message.id and (there is None or there.fuzzy or not _is_full(there.string)):
            missing.append(message.id)
    assert missing == [], "run `make messages`, then translate"


def _is_full(translation: object) -> bool:
    return all(translation) if isinstance(translation, tuple | list) else bool(translation)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    wrong = [
        message.id
        for message in _catalogue(language)
        if isinstance(message.id, str)
        and message.id
        and sorted(PLACEHOLDERS.findall(message.id))
        != sorted(PLACEHOLDERS.findall(str(message.string)))
    ]
    assert wrong == []
