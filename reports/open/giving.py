"""Who gave, as everybody may see it: the list of donors, and one donor's page."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from donors.models import Donor
from donors.names import searchable
from donors.naming import is_hidden
from interface.sorting import order_key
from reports.figures.sums import INCOME_FUNDS, REGULAR_BUDGET, ZERO
from reports.open.cells import Cell, Cells

DONOR_FUNDS = tuple(fund for fund in INCOME_FUNDS if fund != REGULAR_BUDGET)


@dataclass(frozen=True)
class Given:
    """US dollars received from one named donor, in the update's year and in all years."""

    donor: Donor
    year_usd: Decimal
    all_usd: Decimal


@dataclass(frozen=True)
class GivenList:
    """Named donors and, each as one line, those who stay unnamed and what nobody is named for.

    Everything together is `year_usd` and `all_usd`.
    """

    year: int
    first_year: int
    donors: tuple[Given, ...]
    unnamed: tuple[Decimal, Decimal]
    nobodys: tuple[Decimal, Decimal]

    @property
    def year_usd(self) -> Decimal:
        return sum((one.year_usd for one in self.donors), self.unnamed[0] + self.nobodys[0])

    @property
    def all_usd(self) -> Decimal:
        return sum((one.all_usd for one in self.donors), self.unnamed[1] + self.nobodys[1])

    def found(self, text: str, *, by_amount: bool) -> list[Given]:
        """Those with the text in a name of theirs or as their code; A to Z, or largest first."""
        wanted = searchable(text)
        rows = [one for one in self.donors if not wanted or _is_called(one.donor, wanted)]
        rows.sort(key=lambda one: order_key(one.donor.name))
        return sorted(rows, key=lambda one: -one.all_usd) if by_amount else rows


@dataclass(frozen=True)
class DonorYears:
    """One donor: US dollars by year and fund; `funds` and `years` are those with money."""

    donor: Donor
    funds: tuple[str, ...]
    years: tuple[int, ...]  # the latest first
    amounts: dict[tuple[int, str], Decimal]

    def of(self, year: int | None = None, fund: str | None = None) -> Decimal:
        """The sum over the year and fund; all of them where none is named."""
        return sum(
            (
                usd
                for (in_year, of_fund), usd in self.amounts.items()
                if year in (None, in_year) and fund in (None, of_fund)
            ),
            ZERO,
        )


def given_list(cells: Cells) -> GivenList:
    """Everybody whose money stands in the published state."""
    year = cells.published.as_at.year
    sums: dict[int | None, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    unnamed = [ZERO, ZERO]
    for cell in _from_donors(cells):
        donor = cells.donor_of(cell)
        place = unnamed if donor and is_hidden(donor) else sums[donor.pk if donor else None]
        place[0] += cell.amount_usd if cell.year == year else ZERO
        place[1] += cell.amount_usd
    nobodys = sums.pop(None, [ZERO, ZERO])
    by_pk = {donor.pk: donor for donor in cells.donors.values()}
    return GivenList(
        year=year,
        first_year=min(cells.years),
        donors=tuple(Given(by_pk[pk], *usd) for pk, usd in sums.items() if pk),
        unnamed=(unnamed[0], unnamed[1]),
        nobodys=(nobodys[0], nobodys[1]),
    )


def donor_years(cells: Cells, code: str) -> DonorYears | None:
    """The donor's money; None of who stays unnamed and of whom no published money came."""
    amounts: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    found = None
    for cell in _from_donors(cells):
        donor = cells.donor_of(cell)
        if donor and donor.code == code and not is_hidden(donor):
            found = donor
            amounts[cell.year, cell.fund] += cell.amount_usd
    if found is None:
        return None
    years = tuple(sorted({year for year, _fund in amounts}, reverse=True))
    funds = tuple(one for one in DONOR_FUNDS if any(fund == one for _year, fund in amounts))
    return DonorYears(found, funds, years, dict(amounts))


def survivor_of(cells: Cells, code: str) -> str:
    """The code of whom a merged donor became, where that one has a page; empty otherwise."""
    merged = Donor.objects.filter(code=code, is_unnamed=False, merged_into__isnull=False).first()
    if merged is None:
        return ""
    became = Donor.objects.become([merged.pk])[merged.pk]
    return became.code if donor_years(cells, became.code) else ""


def _from_donors(cells: Cells) -> list[Cell]:
    return [cell for cell in cells.every if cell.fund in DONOR_FUNDS]


def _is_called(donor: Donor, wanted: str) -> bool:
    names = [*donor.names.values(), donor.code]
    return any(wanted in searchable(str(name)) for name in names)
