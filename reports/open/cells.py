"""What was received and allotted in the published state, donor by donor, fund, region and year.

Read from the entries once for each state of the books. The sums of one state never change, so they
are kept in the cache; names, groups and the wish to stay unnamed are read anew each time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.db.models import F, Sum
from django.db.models.functions import ExtractYear

from donors.models import Donor
from income.vocabulary import Kind, Mode
from reports.figures.provenance import Basis
from reports.figures.sums import INCOME_FUNDS, TOTAL_FUNDS, ZERO, kind_of
from reports.open.state import Published

KEPT_FOR = 3600  # seconds
KINDS = (Kind.RECEIPT.value, Kind.ALLOTMENT.value)


@dataclass(frozen=True)
class Cell:
    """US dollars in cash. `donor` is a primary key, None where no donor is named; `region` a code,
    empty where nothing is allocated. The regular budget has no donor.
    """

    fund: str
    donor: int | None
    region: str
    year: int
    amount_usd: Decimal


@dataclass(frozen=True)
class Cells:
    """All cells of one published state, with the donors as they are today."""

    published: Published
    every: tuple[Cell, ...]
    donors: Mapping[int, Donor]  # by the primary key of a cell: who was merged is the other

    def of_year(self, year: int) -> tuple[Cell, ...]:
        """The cells of the total's funds in the year: they add up to the income page's total."""
        return tuple(c for c in self.every if c.year == year and c.fund in TOTAL_FUNDS)

    @property
    def years(self) -> tuple[int, ...]:
        """Every year with money in it, and that of the update; the latest first."""
        found = {cell.year for cell in self.every} | {self.published.as_at.year}
        return tuple(sorted(found, reverse=True))

    def donor_of(self, cell: Cell) -> Donor | None:
        """Whom the cell's money came from, as the donor is known today."""
        return self.donors.get(cell.donor) if cell.donor else None


def read_cells(published: Published) -> Cells:
    """The cells of the published state; three queries at most."""
    key = f"open-cells:{published.update.uuid}"
    every = cache.get(key)
    if every is None:
        every = _read(published)
        cache.set(key, every, KEPT_FOR)
    return Cells(published, every, _today({cell.donor for cell in every if cell.donor}))


def _today(donors: Iterable[int]) -> dict[int, Donor]:
    found = Donor.objects.become(donors)
    wanted = {donor.pk for donor in found.values()}
    full = Donor.objects.select_related("contributor_type", "area").in_bulk(wanted)
    return {pk: full[donor.pk] for pk, donor in found.items()}


def _read(published: Published) -> tuple[Cell, ...]:
    rows = (
        published.entries(KINDS)
        .filter(mode=Mode.CASH, amount_usd__isnull=False, fund__in=INCOME_FUNDS)
        .annotate(y=ExtractYear("value_date"))
        .order_by("y", "fund_id", "donor_id", "region_id")
        .values_list("kind", "fund_id", "donor_id", "region_id", "y")
        .annotate(usd=Sum(F("amount_usd")))
    )
    return tuple(
        Cell(fund, donor, region or "", year, usd or ZERO)
        for kind, fund, donor, region, year, usd in rows
        if usd and kind == kind_of(Basis.RECEIVED, fund)
    )
