"""Tables of one load of expenditure, and of a file before it is kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from donors.models import Region
from interface.formatting import format_usd
from interface.tables import Cell, Column, Row, Table
from reports.dialogue.lines import Spent
from reports.figures.words import units_label
from reports.models import ExpenditureLoad

ZERO = Decimal(0)


@dataclass(frozen=True)
class LoadRow:
    """A load of the list with its total in US dollars."""

    load: ExpenditureLoad
    total_usd: Decimal
    is_in_force: bool

    @property
    def is_demonstration(self) -> bool:
        """Whether an account of the demonstration entered it."""
        return bool(self.load.entered_by and self.load.entered_by.is_demonstration)


def load_rows(loads: QuerySet[ExpenditureLoad], in_force: Collection[int]) -> list[LoadRow]:
    """Newest year first."""
    rows = loads.annotate(total_usd=Sum("lines__amount_usd")).order_by("-year", "-entered_at")
    return [LoadRow(load, load.total_usd or ZERO, load.pk in in_force) for load in rows]


def regions_table(load: ExpenditureLoad) -> Table:
    """Totals of a load by region."""
    cells: dict[str | None, Decimal] = defaultdict(Decimal)
    for region, usd in load.lines.order_by().values_list("region", "amount_usd"):
        cells[region] += usd
    return _by_region(load.year, cells)


def preview_tables(lines: Sequence[Spent]) -> list[Table]:
    """The same for each year of a file that was checked."""
    years: dict[int, dict[str | None, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        years[line.year][line.region] += line.amount_usd
    return [_by_region(year, years[year]) for year in sorted(years)]


def _by_region(year: int, cells: Mapping[str | None, Decimal]) -> Table:
    names = [*((one.code, str(one)) for one in Region.objects.all()),
             (None, _("Without a region"))]  # fmt: skip
    rows = [_row(name, cells[code]) for code, name in names if code in cells]
    return Table(
        identifier=f"spent-{year}",
        caption=_("Expenditure of %(year)s by region") % {"year": year},
        columns=(Column(_("Region")), Column(_("Amount"), is_numeric=True)),
        rows=(*rows, _row(_("Total"), sum(cells.values(), ZERO), is_total=True)),
        unit_note=units_label("exact"),
    )


def _row(name: str, usd: Decimal, *, is_total: bool = False) -> Row:
    return Row((Cell(name), Cell(format_usd(usd))), is_total=is_total)


def lines_table(load: ExpenditureLoad) -> Table:
    """Every line; places by the name that the United Nations gives them, where there is one."""
    lines = list(load.lines.select_related("area", "region").order_by("place"))
    return Table(
        identifier="spent-lines",
        caption=_("Places"),
        columns=(
            Column(_("Place")), Column(_("Region")), Column(_("Amount"), is_numeric=True),
        ),
        rows=(*(_line(str(one.area or one.place), one.region, one.amount_usd) for one in lines),),
        unit_note=units_label("exact"),
        footnotes=tuple(_below_zero(one.amount_usd for one in lines)),
        empty=_("There are no lines."),
    )  # fmt: skip


def _line(place: str, region: Region | None, usd: Decimal) -> Row:
    where = Cell(str(region)) if region else Cell("–", is_missing=True)
    return Row((Cell(place), where, Cell(format_usd(usd))))


def _below_zero(amounts: Iterable[Decimal]) -> Iterable[str]:
    if any(usd < 0 for usd in amounts):
        yield _("Below zero: more was taken back than was spent in the year.")
