"""The pack as a workbook: every figure of it, exact, with where it comes from."""

import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from interface.formatting import format_date
from reports.figures.dialogue import Dialogue
from reports.figures.spending import SpendingRegion
from reports.models import DialogueItem, DialogueKind

LONGEST_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
PERCENT_PLACES = Decimal("0.000001")
Value = str | Decimal | int | None
Line = Sequence[Value]


def dialogue_workbook(told: Dialogue) -> bytes:
    """An .xlsx in the active language; US dollars to the cent, percentages to six decimals.

    The same pack gives the same bytes. Texts are written as texts: none is ever a formula.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer)
    workbook.set_properties(
        {"title": _title(told), "created": datetime.datetime.combine(told.on, datetime.time())}
    )
    pages = _Pages(workbook, told.is_demonstration)
    pages.add(_("Income"), _income_heading(), _income(told))
    pages.add(_("Expenditure"), *_expenditure(told))
    for kind, name in (
        (DialogueKind.RESULT, _("Results")),
        (DialogueKind.JOINT_PROGRAMME, _("Joint programmes")),
    ):
        pages.add(name, _item_heading(), _items(told, kind))
    pages.add(_("Compact"), _compact_heading(), _compact(told))
    pages.add(_("Measures"), _item_heading(), _items(told, DialogueKind.MEASURE))
    pages.add(_("About"), (), _about(told))
    workbook.close()
    return buffer.getvalue()


class _Pages:
    """Writes sheets one by one, marked where the books are a demonstration's."""

    def __init__(self, workbook: Any, is_demonstration: bool) -> None:
        self._workbook, self._is_demonstration = workbook, is_demonstration
        self._bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._money = workbook.add_format({"num_format": "#,##0.00", "valign": "top"})
        self._count = workbook.add_format({"num_format": "0", "valign": "top"})

    def add(self, name: str, heading: Sequence[str], lines: Iterable[Line]) -> None:
        page = self._workbook.add_worksheet(name.translate(FORBIDDEN)[:LONGEST_NAME])
        if get_language_bidi():
            page.right_to_left()
        page.set_column(0, 0, 46)
        page.set_column(1, 12, 22)
        row = 0
        if self._is_demonstration:
            mark = _("DEMONSTRATION BOOKS – not UN-Habitat's figures")
            page.write_string(row, 0, mark, self._bold)
            row += 1
        for column, text in enumerate(heading):
            page.write_string(row, column, text, self._bold)
        row += 1 if heading else 0
        page.freeze_panes(row, 1)
        for number, line in enumerate(lines, start=row):
            self._line(page, number, line)

    def _line(self, page: Any, row: int, line: Line) -> None:
        for column, value in enumerate(line):
            if isinstance(value, Decimal):
                page.write_number(row, column, value, self._money)
            elif isinstance(value, int):
                page.write_number(row, column, value, self._count)
            elif value:
                page.write_string(row, column, value, self._text)


def _title(told: Dialogue) -> str:
    return _("Funding dialogue %(year)s") % {"year": told.year}


def _percent(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent.quantize(PERCENT_PLACES, "ROUND_HALF_UP")


def _income_heading() -> tuple[str, ...]:
    return (
        _("Fund"), _("Actual, US$"), _("Target, US$"), _("Share of target, per cent"),
        _("Gap to target, US$"), _("Note"),
    )  # fmt: skip


def _income(told: Dialogue) -> Iterable[Line]:
    for row in told.rows:
        one = row.progress
        yield (row.name, one.actual_usd, one.target_usd, _percent(one.percent), one.gap_usd,
               one.refused)  # fmt: skip


def _expenditure(told: Dialogue) -> tuple[tuple[str, ...], list[Line]]:
    """Spent by region and year; below it expenditure and income of each year, side by side."""
    spent = told.spending
    if told.is_demonstration and not spent.is_any:
        return (), [(_("Real expenditure is not shown in the pack of demonstration books."),)]
    income = _("Income, %(basis)s") % {"basis": told.provenance.basis.label}
    years = [_("Spent %(year)s, US$") % {"year": one.year} for one in spent.years]
    lines: list[Line] = [(row.name, *row.spent, *_of_income(told, row)) for row in spent.regions]
    lines.append((_("Total"), *(one.spent_usd for one in spent.years), *_of_income(told, None)))
    lines += [(), (_("Year"), _("Expenditure, audited, US$"), f"{income}, US$", _("Source"))]
    lines += [(one.year, one.spent_usd, one.income_usd, one.source) for one in spent.years]
    heading = (f"{income} {told.year}, US$",) if spent.tells_income else ()
    return (_("Region"), *years, *heading), lines


def _of_income(told: Dialogue, region: SpendingRegion | None) -> tuple[Decimal, ...]:
    """The last column: of a region or, without one, of all; none where income is not allocated."""
    if not told.spending.tells_income:
        return ()
    counted = [region] if region else told.spending.regions
    return (sum((row.income_usd for row in counted), Decimal(0)),)


def _item_heading() -> tuple[str, ...]:
    return (_("Title"), _("Programme"), _("Text"), _("Evidence"), _("Address"))


def _items(told: Dialogue, kind: DialogueKind) -> Iterable[Line]:
    if kind.value in told.missing:
        return [(told.missing[kind.value],)]
    return [_item(one) for one in told.of_kind(kind)]


def _item(item: DialogueItem) -> Line:
    programme = str(item.programme or "")
    return (item.title, programme, item.text, item.evidence, item.evidence_url)


def _compact_heading() -> tuple[str, ...]:
    return (
        _("Measure"), _("Part, US$"), _("Whole, US$"), _("Share, per cent"), _("Number"),
        _("Target of the compact"), _("Formula"), _("Note"),
    )  # fmt: skip


def _compact(told: Dialogue) -> Iterable[Line]:
    for one in told.compact:
        yield (one.name, one.part_usd, one.whole_usd, _percent(one.percent), one.count,
               one.target, one.formula, one.note)  # fmt: skip
    entered = told.of_kind(DialogueKind.COMPACT)
    if entered:
        yield ()
        yield _item_heading()
        yield from (_item(one) for one in entered)


def _about(told: Dialogue) -> Iterable[Line]:
    source = told.provenance
    yield (_("Funding dialogue"), str(told.year))
    yield (_("Prepared on"), format_date(told.on))
    yield (_("Books"), f"{source.books_name} ({source.books})")
    yield (_("Basis"), source.basis.label)
    yield (_("As at"), format_date(source.as_at.last_day))
    yield (_("Status"), source.status)
    yield (_("State of the books"), source.sequence)
    yield (_("Seal"), source.hash)
    if source.known:
        yield (_("Known"), source.known.label)
    if told.target_name:
        yield (_("Targets"), told.target_name)
    yield from ((_("Note"), note) for note in told.notes)
