"""What a proposal is not sure of, each as a sentence that a page asks about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.imports.columns.contents import CODED, Looks
from income.imports.columns.fields import FIELDS
from income.imports.columns.matching import Candidate
from income.imports.columns.words import Words

SURE = 0.8  # of a heading; below, somebody should look
CLOSE = 0.1  # two columns whose scores differ by less are as good as each other
SHOWN = 3  # words that nobody knows


@dataclass(frozen=True)
class Doubt:
    """`field` is a field's code, or kind, decimal_sign, date_order, sheets or layout; `column`
    counts from 1, 0 for none; `code` is short and stable."""

    field: str
    column: int
    code: str
    sentence: str


OPEN: Mapping[str, str | Promise] = {
    "decimal_sign": gettext_lazy(
        "The file leaves open whether amounts have a decimal point or comma. Choose which."
    ),
    "date_order": gettext_lazy(
        "The file leaves open whether the day or the month comes first in dates. Choose which."
    ),
}


def of_conventions(asked: Sequence[str]) -> Iterator[Doubt]:
    for name in asked:
        yield Doubt(name, 0, "open", str(OPEN[name]))


def of_columns(
    taken: Mapping[str, Candidate], found: Sequence[Candidate], headings: Sequence[str]
) -> Iterator[Doubt]:
    """Columns that were taken for little reason, or although another would do as well."""
    for name, one in taken.items():
        heading = headings[one.column]
        if not one.by_name:
            sentence = _("Taken for “%(field)s” because of what stands in the column. Check it.")
            yield Doubt(name, one.column + 1, "by_content", sentence % {"field": FIELDS[name]})
        elif one.by_name < SURE:
            sentence = _("“%(heading)s” may be “%(field)s”. Check it.")
            said = sentence % {"heading": heading, "field": FIELDS[name]}
            yield Doubt(name, one.column + 1, "unsure", said)
    used = {one.column for one in taken.values()}
    for one in found:
        best = taken.get(one.field)
        if best and one.column not in used and best.score - one.score < CLOSE:
            sentence = _("“%(heading)s” could be “%(field)s” as well. Check which one is meant.")
            said = sentence % {"heading": headings[one.column], "field": FIELDS[one.field]}
            yield Doubt(one.field, one.column + 1, "two_columns", said)


def of_side_by_side(headings: Iterable[str]) -> Iterator[Doubt]:
    """Amounts of one row that are to be entries of their own."""
    named = ", ".join(f"“{heading[:40]}”" for heading in headings)
    if named:
        sentence = _("Each of these columns is read as amounts of its own: %(columns)s. Check it.")
        yield Doubt("amount", 0, "side_by_side", sentence % {"columns": named})


def of_words(columns: Mapping[str, int], looks: Sequence[Looks], words: Words) -> Iterator[Doubt]:
    """Words in the columns that nobody knows: each needs a code."""
    for name, at in columns.items():
        if name not in (*CODED, "currency") or at >= len(looks):
            continue
        unknown = [text for text in looks[at].texts if words.code(name, text) is None]
        if unknown:
            sentence = _("Say what these stand for: %(words)s.")
            shown = ", ".join(f"“{text[:40]}”" for text in unknown[:SHOWN])
            more = "…" if len(unknown) > SHOWN else ""
            yield Doubt(name, at + 1, "unknown_words", sentence % {"words": shown + more})
