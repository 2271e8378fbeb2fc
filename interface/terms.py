"""Terms and their meanings, each in six languages, from fixtures/terms.csv, read once.

Their English meanings are those of docs/vocabulary.md; a test keeps the two together.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from interface.formatting import current_language

FILE = Path(settings.BASE_DIR) / "fixtures" / "terms.csv"


@dataclass(frozen=True)
class Term:
    """A term; names and meanings by the ending of the fixture's columns (en, fr, es, ru, ar, zh).

    `labels` are the texts, in English, by which headings and form fields show the term.
    `working` are the languages in which its name is a working translation.
    """

    code: str
    group: str
    names: Mapping[str, str]
    meanings: Mapping[str, str]
    labels: tuple[str, ...]
    working: tuple[str, ...]
    source: str  # code of fixtures/sources.csv

    @property
    def name(self) -> str:
        """The term in the reader's language."""
        return self.names[_ending()]

    @property
    def meaning(self) -> str:
        """What it means, a sentence in the reader's language."""
        return self.meanings[_ending()]

    @property
    def name_en(self) -> str:
        return self.names["en"]

    @property
    def meaning_en(self) -> str:
        return self.meanings["en"]

    @property
    def is_working(self) -> bool:
        """Whether the reader's language has no certain wording of the United Nations."""
        return _ending() in self.working


@cache
def terms() -> Mapping[str, Term]:
    """Every term by its code, in the order of the fixture."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _term(row) for row in csv.DictReader(file)}


def term_shown_as(label: str) -> str:
    """The code of the term that a heading or label in the reader's language shows, or nothing."""
    return _codes(current_language()).get(label.casefold(), "")


@cache
def _codes(language: str) -> Mapping[str, str]:
    """Terms by how they are shown in the language, which is the active one."""
    found = {one.name: one.code for one in terms().values() if one.name_en in one.labels}
    found |= {gettext(label): one.code for one in terms().values() for label in one.labels}
    return {shown.casefold(): code for shown, code in found.items()}


def _term(row: Mapping[str, str]) -> Term:
    def by_language(column: str) -> Mapping[str, str]:
        start = f"{column}_"
        return {
            name.removeprefix(start): cell for name, cell in row.items() if name.startswith(start)
        }

    return Term(
        code=row["code"],
        group=row["group"],
        names=by_language("name"),
        meanings=by_language("definition"),
        labels=tuple(filter(None, row["labels"].split("|"))),
        working=tuple(row["working"].split()),
        source=row["source"],
    )


def _ending() -> str:
    return current_language().partition("-")[0]
