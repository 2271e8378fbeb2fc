"""Sentences of reference tables in six languages: notes, what targets cover, paragraphs.

The tables hold them in English; fixtures/texts.csv has each of these sentences in the others.
"""

import functools
from collections.abc import Mapping

from django.utils.translation import get_language

from donors.names import in_language
from donors.reference import FIXTURES, read_rows


def worded(text: str) -> str:
    """A sentence of a reference table in the reader's language; what people typed as it is."""
    names = _texts().get(text)
    return in_language(names, get_language()) if names else text


@functools.cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    """Read once per process, as the tables' version is (targets/reference.py)."""
    rows = read_rows(FIXTURES, "texts.csv", unique=["text_en"])
    return {row.text("text_en"): row.names("text") for row in rows}
