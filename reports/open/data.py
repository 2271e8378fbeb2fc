"""The rows of the data files, and the files as bytes: in English, exact, the same for everybody."""

import datetime
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import override

from donors.models import ContributorType, Region
from donors.naming import UNNAMED, is_hidden, unnamed_together
from income.models import Fund
from income.narrow import Narrow
from income.periods import YearMonth
from income.totals import monthly_sums
from income.vocabulary import Mode
from interface.sheets import csv_bytes
from interface.workbooks import xlsx_bytes
from reports.figures.provenance import Basis
from reports.figures.sums import INCOME_FUNDS, REGULAR_BUDGET, ZERO, kind_of
from reports.open.asking import donors_mark, income_of
from reports.open.cells import KINDS, Cell, Cells, read_cells
from reports.open.dictionary import FILES, DataFile
from reports.open.flows import NOWHERE, flows
from reports.open.responses import Opened
from reports.open.state import Published

NEUTRAL = "en"
KEPT_FOR = 600  # seconds
LINES = ("fund", "total")  # rows of the fund table that stand in the file of targets
Line = tuple[object, ...]


@dataclass(frozen=True)
class Made:
    """A data file as bytes."""

    file: DataFile
    content: bytes

    @property
    def address(self) -> str:
        return f"/data/{self.file.name}.csv"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def open_files(opened: Opened) -> tuple[DataFile, ...]:
    """The files that everybody may take now."""
    return tuple(one for one in FILES if opened.has("data", *one.needs))


def csv_of(file: DataFile, published: Published) -> Made:
    """The file as CSV: UTF-8 without a mark, as programs read it."""
    key = f"open-data:{file.name}:{published.update.uuid}:{donors_mark()}"
    content = cache.get(key)
    if content is None:
        content = csv_bytes(file.header, rows_of(file, published), bom=False)
        cache.set(key, content, KEPT_FOR)
    return Made(file, content)


def xlsx_of(file: DataFile, published: Published) -> bytes:
    """The same as a workbook, with what it is on top."""
    with override(NEUTRAL):
        preamble: list[Line] = [(str(file.title),), *((mark,) for mark in marks(published))]
    day = published.published_on
    made_at = datetime.datetime(day.year, day.month, day.day)  # noqa: DTZ001  the file's own date
    rows = rows_of(file, published)
    return xlsx_bytes(file.name, file.header, rows, preamble=preamble, made_at=made_at)


def marks(published: Published) -> Iterable[str]:
    """What a reader has to know of any of the files."""
    if published.ledger.is_demonstration:
        yield _("DEMONSTRATION BOOKS – not UN-Habitat's figures")
    yield str(published.ledger)


def rows_of(file: DataFile, published: Published) -> list[Line]:
    """The rows of the file, in its columns' order; names in English."""
    with override(NEUTRAL):
        cells = read_cells(published)
        tail = (Basis.RECEIVED.value, published.as_at.slug, published.sequence)
        return [(*line, *tail) for line in ROWS[file.name](cells)]


def _fund_names() -> dict[str, str]:
    return {fund.code: str(fund) for fund in Fund.objects.all()}


def _by_month(cells: Cells) -> list[Line]:
    published, names = cells.published, _fund_names()
    first = YearMonth(min(cells.years), 1)
    known = Narrow(until=published.sequence)
    sums: dict[tuple[int, str], Decimal] = {}
    for one in monthly_sums(published.ledger, KINDS, first, published.as_at, known):
        if one.kind == kind_of(Basis.RECEIVED, one.fund) and one.mode == Mode.CASH:
            sums[one.month, one.fund] = sums.get((one.month, one.fund), ZERO) + one.amount_usd
    return [
        (YearMonth.from_key(month).slug, fund, names[fund], sums[month, fund])
        for month in sorted({month for month, _fund in sums})
        for fund in INCOME_FUNDS
        if sums.get((month, fund))
    ]


def _by_donor(cells: Cells) -> list[Line]:
    names = _fund_names()
    groups = {one.code: str(one) for one in ContributorType.objects.all()}
    sums: dict[Line, Decimal] = {}
    for cell in cells.every:
        if cell.fund == REGULAR_BUDGET:
            continue
        key = (cell.year, *_donor(cells, cell, groups), cell.fund, names[cell.fund])
        sums[key] = sums.get(key, ZERO) + cell.amount_usd
    return _listed(sums)


def _donor(cells: Cells, cell: Cell, groups: dict[str, str]) -> tuple[str, str, str, str]:
    donor = cells.donor_of(cell)
    if donor is None:
        return "", _("Not attributed to a donor"), "", ""
    if is_hidden(donor):
        return UNNAMED, unnamed_together(), "", ""
    group = donor.contributor_type_id
    return donor.code, str(donor.name), group, groups[group]


def _by_region(cells: Cells) -> list[Line]:
    names, regions = _fund_names(), {one.code: str(one) for one in Region.objects.all()}
    sums: dict[Line, Decimal] = {}
    for cell in cells.every:
        region = (cell.region, regions.get(cell.region, _("Not allocated")))
        key = (cell.year, *region, cell.fund, names[cell.fund])
        sums[key] = sums.get(key, ZERO) + cell.amount_usd
    return _listed(sums)


def _listed(sums: dict[Line, Decimal]) -> list[Line]:
    return [(*key, sums[key]) for key in sorted(sums, key=str) if sums[key]]


def _targets(cells: Cells) -> list[Line]:
    published = cells.published
    income = income_of(published, published.as_at.year)
    goals = income.goal_set
    named = (goals.code, goals.document) if goals else ("", "")
    return [
        (published.as_at.year, *named, row.code, row.name, row.progress.target_usd,
         row.progress.actual_usd)
        for row in income.funds.rows
        if row.part in LINES
    ]  # fmt: skip


def _flows(cells: Cells) -> list[Line]:
    return [
        (year, row.group.code, row.group.name, row.fund.code, row.fund.name,
         "" if row.region.code == NOWHERE else row.region.code, row.region.name, row.amount_usd)
        for year in reversed(cells.years)
        for row in flows(cells, year).rows
    ]  # fmt: skip


ROWS: dict[str, Callable[[Cells], list[Line]]] = {
    "income-by-fund-and-month": _by_month,
    "income-by-donor-and-year": _by_donor,
    "income-by-region-and-year": _by_region,
    "targets": _targets,
    "flows": _flows,
}
