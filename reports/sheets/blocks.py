"""The blocks as rows of the dashboard's file: exact, one figure a row."""

from collections.abc import Iterator
from decimal import Decimal

from reports.figures.blocks import Blocks
from reports.figures.concentration import TenLargest
from reports.figures.movements import Movements
from reports.figures.owed_months import OwedMonths
from reports.figures.programmes import ProgrammeTable
from reports.figures.purposes import PurposeTable

USD, PERCENT, COUNT = "USD", "percent", "count"
PERCENT_PLACES = Decimal("0.000001")
Line = tuple[str, str, str, Decimal | int | None, str, str]


def lines(blocks: Blocks) -> Iterator[Line]:
    """Block, row, column, value, unit and note of every figure that the blocks show."""
    if blocks.months:
        for row in blocks.months.rows:
            for (fund, _name), cell in zip(blocks.months.funds, row.cells, strict=True):
                yield "months", row.slug, fund, cell.usd, USD, ""
            yield "months", row.slug, "total", row.total.usd, USD, ""
    if blocks.movements:
        yield from _movements(blocks.movements)
    for ten in (blocks.concentration.now, blocks.concentration.before):
        yield from _ten(ten)
    if blocks.purposes:
        yield from _purpose("earmarking", blocks.purposes.earmarking)
        yield from _purpose("instruments", blocks.purposes.instruments)
        yield from _purpose("areas", blocks.purposes.areas)
    if blocks.programmes:
        yield from _programmes(blocks.programmes)
    if blocks.owed:
        yield from _owed(blocks.owed)
    for name, reason in blocks.refusals.items():
        yield name, "", "refused", None, "", reason


def _movements(told: Movements) -> Iterator[Line]:
    for group in told.groups:
        name = group.movement.value
        yield "movements", name, "count", group.count, COUNT, ""
        yield "movements", name, "this_year", group.now_usd, USD, ""
        yield "movements", name, "last_year", group.before_usd, USD, ""
        for one in group.movers:
            yield f"movements {name}", one.code, "this_year", one.now.usd, USD, one.name
            yield f"movements {name}", one.code, "last_year", one.before.usd, USD, one.name
    for name, mover in (("not_attributed", told.unattributed), ("total", told.total)):
        yield "movements", name, "this_year", mover.now.usd, USD, ""
        yield "movements", name, "last_year", mover.before.usd, USD, ""


def _ten(ten: TenLargest) -> Iterator[Line]:
    block = f"concentration {ten.span[1].slug}"
    for one in ten.donors:
        yield block, one.code, "actual", one.amount.usd, USD, one.name
    yield block, "ten_largest", "actual", ten.usd, USD, ""
    yield block, "not_attributed", "actual", ten.unattributed.usd, USD, ""
    yield block, "total", "actual", ten.total.usd, USD, ""
    yield block, "ten_largest", "share", _percent(ten.percent), PERCENT, ten.refused


def _purpose(block: str, told: PurposeTable) -> Iterator[Line]:
    for row in told.rows:
        yield block, row.code, "actual", row.amount.usd, USD, row.name
        yield block, row.code, "share", row.percent, PERCENT, told.refused or row.name
    yield block, "total", "actual", told.total.usd, USD, ""


def _programmes(told: ProgrammeTable) -> Iterator[Line]:
    for row in told.rows:
        yield "programmes", row.code, "actual", row.amount.usd, USD, row.name
        yield "programmes", row.code, "goal", row.goal_usd, USD, row.name
        yield "programmes", row.code, "share", _percent(row.percent), PERCENT, told.refused
        yield "programmes", row.code, "donors", row.partners, COUNT, row.name
    yield "programmes", "without", "actual", told.without.usd, USD, ""
    yield "programmes", "total", "actual", told.total.usd, USD, ""


def _owed(told: OwedMonths) -> Iterator[Line]:
    for cell in (*told.cells, told.total):
        note = "withheld" if cell.amount_usd is None else ""
        yield "owed", cell.code or "total", "outstanding", cell.amount_usd, USD, note


def _percent(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent.quantize(PERCENT_PLACES, "ROUND_HALF_UP")
