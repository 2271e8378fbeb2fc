"""Reference data speaks six languages: names, and the sentences that readers see."""

import csv
import re

import pytest
from django.utils import translation

from donors.reference import FIXTURES, LANGUAGES
from donors.wording import worded
from interface.names import Name

NAMES = re.compile(r"((?:action_)?name|title)_en")
# Sentences that pages show, in English in their table.
SENTENCES = {
    "target_sets.csv": ("covers_en",),
    "scopes.csv": ("note",),
    "targets.csv": ("note", "paragraph"),
    "indicators.csv": ("note",),
    "published_figures.csv": ("note_en", "basis", "paragraph"),
}
# Organizations without a name of their own in these languages; Babel names the currencies.
NO_OWN_NAME = {
    "KFW": {"fr", "es", "ru", "ar"},
    "QATAR_CHARITY": {"fr", "es", "ru"},
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables_with_names() -> list[str]:
    names = (path.name for path in sorted(FIXTURES.glob("*.csv")) if path.name != "currencies.csv")
    return [name for name in names if any(map(NAMES.fullmatch, rows_of(name)[0]))]


def test_every_name_of_reference_data_is_there_in_six_languages():
    missing = {}
    for table in tables_with_names():
        for row in rows_of(table):
            key = row.get("code") or row["iso3"]
            for found in filter(None, map(NAMES.fullmatch, row)):
                lacks = {one for one in LANGUAGES if not row.get(f"{found[1]}_{one}", "").strip()}
                if lacks != NO_OWN_NAME.get(key, set()):
                    missing[table, key, found[1]] = lacks
    assert missing == {}
    assert {"areas.csv", "donors.csv", "indicators.csv", "documents.csv"} < {*tables_with_names()}


@pytest.mark.parametrize(("table", "columns"), SENTENCES.items())
def test_every_sentence_that_readers_see_is_there_in_six_languages(table, columns):
    said = {row[column] for row in rows_of(table) for column in columns if row[column]}
    assert said
    texts = {row["text_en"]: row for row in rows_of("texts.csv")}
    assert {text for text in said if text not in texts} == set()
    assert {text for text in said for one in LANGUAGES if not texts[text][f"text_{one}"]} == set()


def test_no_sentence_is_translated_that_no_table_holds():
    said = {
        row[column] for table, columns in SENTENCES.items() for row in rows_of(table)
        for column in columns
    }  # fmt: skip
    assert {row["text_en"] for row in rows_of("texts.csv")} == said - {""}


def test_translations_keep_the_figures_of_the_english():
    """Amounts are in other units in Chinese and with other separators; years and dates stay."""
    years = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d)")
    for row in rows_of("texts.csv"):
        for one in LANGUAGES:
            assert set(years.findall(row[f"text_{one}"])) == set(years.findall(row["text_en"])), row


def test_a_sentence_of_a_table_is_in_the_readers_language_and_a_typed_one_as_it_is():
    with translation.override("fr"):
        assert worded("para. 7 (b)") == "par. 7 b)"
        assert worded("Rounded.") == "Arrondi."
        typed = worded("All funds.")
        assert typed == "All funds."
        assert not isinstance(typed, Name)
