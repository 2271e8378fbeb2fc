"""What documents and UN CEB published, as far as the demonstration is made from it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from donors.reference import FIXTURES, Row, read_rows, read_table
from income.money import Money

RECEIVED_2021 = "progress-2022-fig2-{fund}-2021"  # codes in published_figures.csv
FUNDS_2021 = ("RB", "FNE", "FE", "TC")
ByDonor = Mapping[str, Decimal]


@dataclass(frozen=True)
class Movement:
    """One contribution that paragraph 8 or 10 of the 2022 progress report names."""

    donor: str
    stage: str
    printed: Money | None  # None where the report prints no amount


@dataclass(frozen=True)
class Published:
    """Amounts are US dollars unless a currency stands beside them."""

    received_2021: ByDonor  # by fund: figure 2
    regions: ByDonor  # by region, in the printed order: figure 3
    ranked: Mapping[str, Sequence[str]]  # fund -> donors in the printed order
    movements: Sequence[Movement]
    by_donor: Mapping[tuple[int, str], ByDonor]  # (year, fund) -> donor -> UN CEB, net
    by_fund: Mapping[tuple[int, str], Decimal]  # (year, fund) -> UN CEB
    home_region: Mapping[str, str]  # donor -> region of its own country

    def printed(self, donor: str, stage: str) -> Money:
        """The amount that the report prints for a donor's contribution."""
        of_donor = (m.printed for m in self.movements if (m.donor, m.stage) == (donor, stage))
        return next(money for money in of_donor if money is not None)


def read_published(folder: Path = FIXTURES) -> Published:
    """Read the tables of fixtures/. Raises TableFileWrong."""
    figures = {row.text("code"): row for row in read_table(folder / "published_figures.csv")}
    return Published(
        received_2021={
            fund: figures[RECEIVED_2021.format(fund=fund.lower())].decimal("value", places=2)
            for fund in FUNDS_2021
        },
        regions={
            row.text("region"): row.decimal("amount_usd", places=2)
            for row in read_rows(folder, "demonstration_regions_2021.csv", unique=["region"])
        },
        ranked=_ranked(folder),
        movements=[_movement(row) for row in read_table(folder / "demonstration_movements.csv")],
        by_donor=_sums(
            read_table(folder / "history_by_donor.csv"), lambda row: row.required("donor")
        ),
        by_fund={
            (row.whole("year"), row.text("fund")): row.decimal("amount_usd", places=2)
            for row in read_rows(folder, "history_by_fund.csv", unique=["year", "fund"])
        },
        home_region=_home_regions(folder),
    )


def _movement(row: Row) -> Movement:
    printed = (
        Money(row.decimal("amount", places=2), row.required("currency"))
        if row.text("amount")
        else None
    )
    return Movement(row.required("donor"), row.required("stage"), printed)


def _ranked(folder: Path) -> dict[str, list[str]]:
    rows = read_rows(folder, "demonstration_rankings_2021.csv", unique=["fund", "rank"])
    ranked: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.whole("rank")):
        ranked[row.text("fund")].append(row.required("donor"))
    return ranked


def _sums(
    rows: Iterable[Row], key: Callable[[Row], str]
) -> dict[tuple[int, str], dict[str, Decimal]]:
    """Several rows of one donor (reported under two contributor types) are added."""
    sums: dict[tuple[int, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        year_and_fund = (row.whole("year"), row.required("fund"))
        sums[year_and_fund][key(row)] += row.decimal("amount_usd", places=2)
    return sums


def _home_regions(folder: Path) -> dict[str, str]:
    """The reporting region of a donor's country, or of the country whose body it is."""
    areas = {row.text("iso3"): row.text("region") for row in read_table(folder / "areas.csv")}
    donors = read_rows(folder, "donors.csv", unique=["code"])
    found = {
        row.text("code"): areas.get(row.text("iso3") or row.text("parent"), "") for row in donors
    }
    return {donor: region for donor, region in found.items() if region}
