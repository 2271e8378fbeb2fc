"""The Board's dashboard as a file: everything the page shows, exact, one figure a row."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.wording import worded
from interface.sheets import csv_bytes
from reports.figures.dashboard import Dashboard
from reports.figures.lines import CumulativeLine
from reports.figures.progress import Progress
from reports.sheets import blocks as sheets_blocks
from reports.sheets import forecast as sheets_forecast

HEADER = ("block", "row", "column", "value", "unit", "note", "basis", "as_at", "sequence", "status")
USD, PERCENT, COUNT = "USD", "percent", "count"
PERCENT_PLACES = Decimal("0.000001")
Line = tuple[str, str, str, Decimal | int | None, str, str]


def dashboard_csv(dashboard: Dashboard) -> bytes:
    """The file, in UTF-8 for spreadsheets: money to the cent, percentages to six decimals."""
    source = dashboard.provenance
    tail = (source.basis.label, source.as_at.slug, source.sequence, source.status)
    return csv_bytes(
        HEADER,
        ((*line, *tail) for line in lines(dashboard)),
        preamble=[*_marks(dashboard), ()],
    )


def _marks(dashboard: Dashboard) -> Iterator[tuple[str, ...]]:
    source = dashboard.provenance
    if source.is_demonstration:
        yield (_("DEMONSTRATION BOOKS – not UN-Habitat's figures"),)
    yield (dashboard.headline,)
    yield (_("Books"), f"{source.books} – {source.books_name}")
    yield (_("State of the books"), str(source.sequence), source.hash)
    if dashboard.goal_set:
        yield (_("Targets"), dashboard.goal_set.name, dashboard.goal_set.document)
    yield (_("Donors ranked"), dashboard.question.level.label)
    yield from ((_("Note"), note) for note in (*dashboard.notes, *dashboard.remarks))
    for one in dashboard.printed_notes:
        yield from ((_("Note"), one.document, sentence) for sentence in one.sentences)


def lines(dashboard: Dashboard) -> Iterator[Line]:
    """Every figure of the page: block, row, column, value, unit, note."""
    for row in dashboard.funds.rows:
        yield from _progress("funds", row.code, row.progress)
        yield "funds", row.code, "last_year", row.last_year_usd, USD, ""
    if dashboard.line:
        yield from _line(dashboard.line)
    yield from _donors(dashboard)
    yield from _regions(dashboard)
    for place, core in enumerate(dashboard.core):
        block = ("core_with_assessed", "core_of_voluntary")[place]
        yield block, core.name, "core", core.core_usd, USD, core.formula
        yield block, core.name, "whole", core.whole_usd, USD, core.formula
        yield block, core.name, "share", _percent(core.percent), PERCENT, core.formula
    for one in dashboard.governments:
        years = f"{one.from_year}-{one.to_year}"
        yield "governments", years, "count", one.count, COUNT, ""
        yield "governments", years, "hoped_for", one.hoped_for, COUNT, ""
        yield "governments", years, "not_attributed", one.unattributed_usd, USD, ""
    yield from _period(dashboard)
    yield from sheets_blocks.lines(dashboard.blocks)
    yield from sheets_forecast.lines(dashboard)
    for figure in dashboard.printed:
        unit = USD if figure.unit == "usd" else PERCENT
        yield "printed", figure.code, "printed", figure.value, unit, figure.place
        books = figure.books_value if unit == USD else _percent(figure.books_value)
        yield "printed", figure.code, "books", books, unit, worded(figure.note)


def _progress(block: str, row: str, progress: Progress) -> Iterable[Line]:
    source = progress.goal.source if progress.goal else ""
    note = progress.refused
    return (
        (block, row, "actual", progress.actual_usd, USD, ""),
        (block, row, "target", progress.target_usd, USD, source),
        (block, row, "share", _percent(progress.percent), PERCENT, note),
        (block, row, "gap", progress.gap_usd, USD, note),
    )


def _line(line: CumulativeLine) -> Iterator[Line]:
    block = f"cumulative {line.code}"
    for place, month in enumerate(line.months):
        yield block, month.slug, "actual", line.actual[place], USD, ""
        if line.target:
            target = line.target[place]
            cents = None if target is None else target.quantize(Decimal("0.01"), "ROUND_HALF_UP")
            yield block, month.slug, "target", cents, USD, line.target_name
        if line.last_year:
            yield block, month.slug, "last_year", line.last_year[place], USD, ""


def _donors(dashboard: Dashboard) -> Iterator[Line]:
    for ranking in dashboard.rankings:
        block = f"donors {ranking.fund}"
        for donor in ranking.donors:
            yield block, donor.code, "rank", donor.rank, COUNT, donor.name
            yield block, donor.code, "actual", donor.amount_usd, USD, donor.name
            yield block, donor.code, "share", _percent(donor.percent), PERCENT, donor.name
        yield block, "other_donors", "actual", ranking.rest_usd, USD, ""
        yield block, "other_donors", "count", ranking.rest_count, COUNT, ""
        yield block, "not_attributed", "actual", ranking.unattributed_usd, USD, ""
        yield block, "named", "actual", ranking.named_usd, USD, ""
        yield block, "total", "actual", ranking.total_usd, USD, ""


def _regions(dashboard: Dashboard) -> Iterator[Line]:
    table = dashboard.regions
    for row in table.rows:
        yield "regions", row.code, "actual", row.amount_usd, USD, row.name
        yield "regions", row.code, "share", row.percent, PERCENT, row.name
    yield "regions", "allocated", "actual", table.allocated_usd, USD, ""
    yield "regions", "not_allocated", "actual", table.unallocated_usd, USD, ""
    yield "regions", "total", "actual", table.total_usd, USD, ""


def _period(dashboard: Dashboard) -> Iterator[Line]:
    if dashboard.period is None:
        return
    expected = _percent(dashboard.period.expected_percent)
    yield "period", dashboard.period.name, "expected_share", expected, PERCENT, _("arithmetic only")
    for one in dashboard.period.sets:
        for row in one.rows:
            yield from _progress(f"period {one.code}", row.name, row.progress)


def _percent(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent.quantize(PERCENT_PLACES, "ROUND_HALF_UP")
