"""The data files that everybody may take: which there are, and what each column means.

The one source of the headers, of the column dictionary beside each file and of the descriptor.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """A column: its header, its type as data packages call it, its meaning, its unit."""

    name: str
    type: str
    meaning: str | Promise
    unit: str = ""


@dataclass(frozen=True)
class DataFile:
    """One file: its name without an ending, its title, the parts that have to be open, its columns.

    Every row of it also says `basis`, `as_at` and `sequence`.
    """

    name: str
    title: str | Promise
    needs: tuple[str, ...]
    own: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*self.own, *EVERYWHERE)

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


EVERYWHERE = (
    Column("basis", "string", _("What is counted: received is money that arrived, and allotted "
                                "regular budget")),
    Column("as_at", "yearmonth", _("The last month that is counted")),
    Column("sequence", "integer", _("The state of the books that the figures are of")),
)  # fmt: skip
FUND = (
    Column("fund", "string", _("Code of the fund")),
    Column("fund_name", "string", _("Name of the fund, in English")),
)
REGION = (
    Column("region", "string", _("Code of the region; empty where money is not allocated")),
    Column("region_name", "string", _("Name of the region, in English")),
)
YEAR = Column("year", "year", _("The calendar year of the day on which money arrived"))
AMOUNT = Column("amount_usd", "number", _("Amount, exact; below zero where more was paid back"),
                "USD")  # fmt: skip

FILES = (
    DataFile(
        "income-by-fund-and-month", _("Income by fund and month"), ("funds",),
        (Column("month", "yearmonth", _("The month of the day on which money arrived")), *FUND,
         AMOUNT),
    ),
    DataFile(
        "income-by-donor-and-year", _("Income by donor, fund and year"), ("donors",),
        (
            YEAR,
            Column("donor", "string", _("Code of the donor; “unnamed” for all that wish to stay "
                                        "unnamed, empty where no donor is named")),
            Column("donor_name", "string", _("Name of the donor, in English")),
            Column("donor_group", "string", _("Code of the contributor type; empty where no donor "
                                              "is named")),
            Column("donor_group_name", "string", _("Name of the contributor type, in English")),
            *FUND, AMOUNT,
        ),
    ),
    DataFile(
        "income-by-region-and-year", _("Income by region and year"), ("regions",),
        (YEAR, *REGION, *FUND, AMOUNT),
    ),
    DataFile(
        "targets", _("Targets of the year, and what was reached"), ("funds",),
        (
            YEAR,
            Column("target_set", "string", _("Code of the set of targets that the update measures "
                                             "against")),
            Column("document", "string", _("The document that the targets stand in")),
            *FUND,
            Column("target_usd", "number", _("Target of the whole year; empty where there is "
                                             "none"), "USD"),
            Column("actual_usd", "number", _("Income from January to the last month counted; "
                                             "empty where it is not reported"), "USD"),
        ),
    ),
    DataFile(
        "flows", _("From donor group through fund to region"), ("flows",),
        (
            YEAR,
            Column("group", "string", _("Code of the donor group: a contributor type, “allotted” "
                                        "or “not_attributed”")),
            Column("group_name", "string", _("Name of the donor group, in English")),
            *FUND, *REGION, AMOUNT,
        ),
    ),
)  # fmt: skip


def file_called(name: str) -> DataFile | None:
    """The file of that name, without its ending."""
    return next((one for one in FILES if one.name == name), None)
