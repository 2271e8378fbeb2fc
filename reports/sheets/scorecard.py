"""The scorecard as a file: exact, one value, part or year a row."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from interface.sheets import csv_bytes
from reports.figures.scorecard.card import Scorecard, Standing
from reports.figures.scorecard.readings import PERCENT, Reading

HEADER = (
    "indicator", "block", "row", "as_at", "value", "unit", "status", "trend", "note", "evidence",
)  # fmt: skip
PLACES = Decimal("0.000001")
Line = tuple[object, ...]


def scorecard_csv(card: Scorecard, headline: str) -> bytes:
    """The file, in UTF-8 for spreadsheets: money to the cent, percentages to six decimals."""
    return csv_bytes(
        HEADER, (line for one in card.standings for line in _lines(one)),
        preamble=[*_marks(card, headline), ()],
    )  # fmt: skip


def _marks(card: Scorecard, headline: str) -> Iterator[tuple[str, ...]]:
    source = card.provenance
    if source.is_demonstration:
        yield (_("DEMONSTRATION BOOKS – not UN-Habitat's figures"),)
    yield (headline,)
    yield (_("Books"), f"{source.books} – {source.books_name}")
    yield (_("As at the end of"), source.as_at.slug)
    yield (_("Basis"), source.basis.label, source.status)
    yield (_("State of the books"), str(source.sequence), source.hash)


def _lines(one: Standing) -> Iterator[Line]:
    def told(block: str, row: str, value: Decimal | None, unit: str, note: str = "") -> Line:
        return one.code, block, row, "", _exact(value, unit), unit, "", "", note, ""

    now = one.now
    yield (
        one.code, "now", one.name, now.on.isoformat(), _value(now, one.unit), one.unit,
        one.status.value, one.trend.value, _note(now), now.evidence,
    )  # fmt: skip
    yield told("target", str(one.due_year or ""), one.target, one.unit, one.note)
    yield one.code, "owner", one.owner, "", "", "", "", "", "", ""
    yield one.code, "formula", one.formula, "", "", "", "", "", "", ""
    if one.quality is not None:
        yield (
            one.code, "quality", "", one.quality.on.isoformat(), _value(one.quality, one.unit),
            one.unit, "", "", _note(one.quality), one.quality.evidence,
        )  # fmt: skip
    for year, reading in one.by_year:
        yield (
            one.code, "year", str(year), reading.on.isoformat(), _value(reading, one.unit),
            one.unit, "", "", _note(reading), reading.evidence,
        )  # fmt: skip
    for part in (*now.parts, *one.beside):
        yield told("part", part.label, part.value, part.unit, part.note or part.group)
    yield from (told("conflict", "", None, "", sentence) for sentence in one.conflicts)


def _value(reading: Reading, unit: str) -> object:
    return reading.milestone or _exact(reading.value, unit)


def _exact(value: Decimal | None, unit: str) -> Decimal | None:
    if value is None or unit != PERCENT:
        return value
    return value.quantize(PLACES, "ROUND_HALF_UP")


def _note(reading: Reading) -> str:
    said = (reading.missing, reading.partial, reading.at_most, *reading.notes)
    return " ".join(filter(None, said))
