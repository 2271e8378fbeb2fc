"""The whole relation with one donor, as one set of books holds it: given, promised, still due."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Fund, Ledger
from income.money import to_usd
from income.rates import RateInForce, rate_in_force
from income.totals import NotConverted, Span, reach
from income.vocabulary import Kind, RateType
from interface.formatting import format_amount, format_date, format_rate, joined
from reports.figures.balances import Balance, balances_of
from reports.figures.donor_entries import (
    GIVEN_KINDS,
    entries_of,
    not_cash_usd,
    not_converted,
    of_donor,
    standing_receipts,
    yearly_cells,
)
from reports.figures.statement_notes import not_in_cash, without_rate
from reports.figures.sums import ZERO
from reports.figures.ten_years import Figure
from reports.figures.words import amounts, dollars


@dataclass(frozen=True)
class GivenRow:
    """A year (or, without one, the total), with a figure per fund and that of all funds."""

    year: int | None
    by_fund: tuple[Figure, ...]
    total: Figure


@dataclass(frozen=True)
class GivenTable:
    """US dollars by year and fund, of one kind. `first` is the year in which the books begin."""

    kind: str
    first: int
    last: int
    funds: tuple[tuple[str, str], ...]  # code, name
    rows: tuple[GivenRow, ...]  # newest first
    total: GivenRow


@dataclass(frozen=True)
class StillDue:
    """What is outstanding in one currency, at the rate in force today where there is one."""

    currency: str
    amount: Decimal
    rate: RateInForce | None

    @property
    def amount_usd(self) -> Decimal | None:
        return to_usd(self.amount, self.rate.units_per_usd) if self.rate else None


@dataclass(frozen=True)
class Giving:
    """Everything the donor's page opens with. `years` are those with something to state."""

    donor: Donor
    ledger: Ledger
    today: datetime.date
    tables: tuple[GivenTable, ...]
    balances: tuple[Balance, ...]  # open ones first, then newest first
    still_due: tuple[StillDue, ...]
    years: tuple[int, ...]  # newest first, none in the future
    last_received_on: datetime.date | None
    not_converted: tuple[NotConverted, ...]  # receipts of all years
    not_cash_usd: Decimal  # of the receipts: goods, services and personnel

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the page must know."""
        found = without_rate(self.not_converted), not_in_cash(self.not_cash_usd), self._rates()
        return tuple(filter(None, found))

    def _rates(self) -> str:
        """At which rates the outstanding amounts were converted; US dollars need none."""
        used = [
            _("%(amount)s at %(rate)s of %(day)s (%(type)s)")
            % {
                "amount": format_amount(due.amount, due.currency),
                "rate": format_rate(due.rate.units_per_usd),
                "day": format_date(due.rate.on),
                "type": due.rate.rate_type.label,
            }
            for due in self.still_due
            if due.rate and due.rate.rate_type != RateType.PARITY
        ]
        if not used:
            return ""
        return _("Still due, converted at the rate in force today: %(used)s.") % {
            "used": joined(used, ";")
        }

    @property
    def still_due_usd(self) -> Decimal:
        """US dollars of what is outstanding and can be converted today."""
        return sum((due.amount_usd for due in self.still_due if due.amount_usd), ZERO)

    @property
    def given_year(self) -> int:
        """The last year in which something was given, or is stated; this year without any."""
        if self.last_received_on:
            return self.last_received_on.year
        return self.years[0] if self.years else self.today.year

    @property
    def not_converted_today(self) -> dict[str, Decimal]:
        """What is still due in currencies that have no rate today."""
        return {due.currency: due.amount for due in self.still_due if due.rate is None}

    @property
    def headline(self) -> str:
        """What was given, and what is still due."""
        if not self.years:
            return _("%(donor)s stands in no entry of these books.") % {"donor": self.donor.name}
        said = [self._given(table) for table in self.tables]
        return " ".join(filter(None, [*said, self._due()]))

    def _given(self, table: GivenTable) -> str:
        usd = table.total.total.amount_usd
        said: dict[str, object] = {"donor": self.donor.name}
        if table.kind == Kind.AUDITED_REVENUE:
            if usd is None:
                return _("No audited revenue from %(donor)s is reported.") % said
            said |= {"amount": dollars(usd, "exact"), "first": table.first, "last": table.last}
            return _("Audited revenue from %(donor)s, %(first)s to %(last)s: %(amount)s.") % said
        left_out = {cell.currency: cell.amount for cell in self.not_converted}
        said |= {"first": table.first, "amount": amounts(usd or None, left_out)}
        if not said["amount"]:
            return _("%(donor)s has given nothing since %(first)s in these books.") % said
        return _("%(donor)s has given %(amount)s since %(first)s in these books.") % said

    def _due(self) -> str:
        if not self.balances:
            return ""
        due = amounts(self.still_due_usd or None, self.not_converted_today)
        if not due:
            return _("Nothing that has fallen due is outstanding.")
        return _("Still due: %(amounts)s.") % {"amounts": due}


def giving(ledger: Ledger, donor: Donor, today: datetime.date) -> Giving:
    """The relation as it stands today. Rates are those in force today in these books."""
    spans = reach(ledger)
    balances = balances_of(ledger, donor, today)
    receipts = standing_receipts(ledger, donor)
    return Giving(
        donor=donor,
        ledger=ledger,
        today=today,
        tables=given_tables(ledger, donor, spans),
        balances=balances,
        still_due=_still_due(ledger, balances, today),
        years=_years(ledger, donor, today),
        last_received_on=receipts.aggregate(last=Max("value_date"))["last"],
        not_converted=not_converted(receipts),
        not_cash_usd=not_cash_usd(receipts),
    )


def _years(ledger: Ledger, donor: Donor, today: datetime.date) -> tuple[int, ...]:
    """Years of the donor's entries, converted or not, that were not reversed."""
    entries = of_donor(ledger, donor).filter(
        value_date__lte=today, posting__reverses=None, posting__reversed_by=None
    )
    years = entries.order_by("-value_date__year").values_list("value_date__year", flat=True)
    return tuple(years.distinct())


def given_tables(ledger: Ledger, donor: Donor, spans: Mapping[str, Span]) -> tuple[GivenTable, ...]:
    cells: dict[str, dict[tuple[int, str], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    held = [kind for kind in GIVEN_KINDS if kind in spans]
    first = min((spans[kind][0].year for kind in held), default=0)
    last = max((spans[kind][1].year for kind in held), default=0)
    for kind, year, fund, _mode, usd in yearly_cells(ledger, donor, GIVEN_KINDS, first, last):
        cells[kind][year, fund] += usd
    names = {fund.code: str(fund) for fund in Fund.objects.all()}
    return tuple(_table(ledger, donor, kind, spans[kind], cells[kind], names) for kind in held)


def _table(
    ledger: Ledger, donor: Donor, kind: str, span: Span,
    cells: Mapping[tuple[int, str], Decimal], names: Mapping[str, str],
) -> GivenTable:  # fmt: skip
    """`names` are in the funds' order. Audited revenue that nobody reported is not zero."""
    first, last = span[0].year, span[1].year
    codes = [code for code in names if any(fund == code for _year, fund in cells)]

    def row(from_year: int, to_year: int, label: int | None) -> GivenRow:
        def figure(funds: list[str]) -> Figure:
            found = [
                usd for (year, fund), usd in cells.items()
                if from_year <= year <= to_year and fund in funds
            ]  # fmt: skip
            if not found:
                return Figure(None if kind == Kind.AUDITED_REVENUE else ZERO)
            return Figure(
                sum(found, ZERO), entries_of(ledger, donor, kind, funds, from_year, to_year)
            )

        return GivenRow(label, tuple(figure([code]) for code in codes), figure(codes))

    return GivenTable(
        kind=kind,
        first=first,
        last=last,
        funds=tuple((code, names[code]) for code in codes),
        rows=tuple(row(year, year, year) for year in range(last, first - 1, -1)),
        total=row(first, last, None),
    )


def _still_due(
    ledger: Ledger, balances: Iterable[Balance], today: datetime.date
) -> tuple[StillDue, ...]:
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for balance in balances:
        amounts[balance.contribution.currency_id] += balance.outstanding
    return tuple(
        StillDue(currency, amount, rate_in_force(currency, today, ledger=ledger))
        for currency, amount in sorted(amounts.items())
        if amount
    )
