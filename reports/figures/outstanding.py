"""What was agreed and has not been received: by fund, by the month it falls due, and by age.

Amounts stand in the agreement's currency and, at the rate in force on the day, in US dollars. In
cash only. Conditional amounts are not owed yet and are not in it. The Board sees sums that give
away no single donor (`disclosure`), staff every instalment.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Contribution, Instalment, Ledger
from income.money import to_usd
from income.periods import YearMonth
from income.rates import RateInForce
from income.totals import NotConverted
from income.vocabulary import Kind, RateType
from reports.figures.current_rates import rates_on
from reports.figures.disclosure import Cells, families
from reports.figures.scope import Scope, State, fund_names, of_one_state
from reports.figures.words import dollars

ZERO = Decimal(0)
TOTAL = ""
# Days overdue, the last of each span; what falls due later comes first.
NOT_YET, SPANS = "not_yet", (30, 90, 365)


@dataclass(frozen=True)
class Owed:
    """What is outstanding of one instalment. `amount_usd` is None without a rate on the day."""

    contribution: Contribution
    donor: Donor
    instalment: Instalment
    amount: Decimal
    rate: RateInForce | None
    today: datetime.date

    @property
    def currency(self) -> str:
        return self.contribution.currency_id

    @property
    def fund(self) -> str:
        return self.contribution.fund_id

    @property
    def amount_usd(self) -> Decimal | None:
        return to_usd(self.amount, self.rate.units_per_usd) if self.rate else None

    @property
    def days_overdue(self) -> int:
        """Days since it should have been there; zero when it falls due today or later."""
        return max((self.today - self.instalment.due_on).days, 0)

    @property
    def age(self) -> str:
        """`not_yet`, or the last day of the span it is overdue by: 30, 90, 365, more."""
        if not self.days_overdue:
            return NOT_YET
        return next((str(span) for span in SPANS if self.days_overdue <= span), "more")


AGES = (NOT_YET, *(str(span) for span in SPANS), "more")


def age_label(age: str) -> str:
    """How a span of days is called."""
    if age == NOT_YET:
        return _("Not due yet")
    if age == "more":
        return _("More than %(days)s days overdue") % {"days": SPANS[-1]}
    before = {"30": 1, "90": 31, "365": 91}[age]
    return _("%(first)s to %(last)s days overdue") % {"first": before, "last": age}


@dataclass(frozen=True)
class OwedCell:
    """A sum of what is outstanding, US dollars; None where it is withheld."""

    code: str
    name: str
    amount_usd: Decimal | None


@dataclass(frozen=True)
class Outstanding:
    """By fund, by age and, for staff, by month due and instalment by instalment.

    Each list adds up to the total; `not_converted` is in no sum of US dollars.
    """

    state: State
    today: datetime.date
    total: OwedCell
    overdue: OwedCell
    funds: tuple[OwedCell, ...]
    ages: tuple[OwedCell, ...]
    months: tuple[OwedCell, ...]
    owed: tuple[Owed, ...]  # the longest overdue first
    not_converted: tuple[NotConverted, ...]
    rates: tuple[RateInForce, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def withholds(self) -> bool:
        cells = (self.total, self.overdue, *self.funds, *self.ages)
        return any(cell.amount_usd is None for cell in cells)

    @property
    def headline(self) -> str:
        if self.total.amount_usd is None:
            return _("Outstanding agreements are not shown: too few donors stand behind them.")
        said = {"total": dollars(self.total.amount_usd, digits=2)}
        if self.overdue.amount_usd is None:
            return _("Agreed and not received yet: %(total)s.") % said
        said["overdue"] = dollars(self.overdue.amount_usd, digits=2)
        return _("Agreed and not received yet: %(total)s, of which %(overdue)s is overdue.") % said


def outstanding(scope: Scope, today: datetime.date, *, sees_everything: bool = True) -> Outstanding:
    """As the books stand now, at the rates in force today; eight queries, whatever there is."""

    def make(ledger: Ledger) -> Outstanding:
        found = owed_on(scope, ledger, today)
        return _told(found, ledger, today, sees_everything=sees_everything)

    return of_one_state(scope.ledger, make)


def owed_on(scope: Scope, ledger: Ledger, today: datetime.date) -> list[Owed]:
    """Every instalment with something outstanding, the longest overdue first; four queries."""
    sums = _sums(scope)
    instalments = (
        Instalment.objects.filter(pk__in=sums)
        .select_related("contribution__donor", "contribution__fund", "contribution__currency")
        .order_by("due_on", "pk")
    )
    found = list(instalments)
    donors = Donor.objects.become({one.contribution.donor_id for one in found})
    rates = rates_on(ledger, {one.contribution.currency_id for one in found}, today)
    return [
        Owed(
            one.contribution, donors[one.contribution.donor_id], one, sums[one.pk],
            rates.get(one.contribution.currency_id), today,
        )
        for one in found
    ]  # fmt: skip


def _sums(scope: Scope) -> dict[int, Decimal]:
    """What is due of each instalment and was not credited yet; one query."""
    rows = (
        scope.entries()
        .in_cash()
        .filter(kind__in=[Kind.DUE, Kind.RECEIPT], instalment__isnull=False)
        .order_by()
        .values_list("instalment")
        .annotate(
            due=Sum("amount", filter=Q(kind=Kind.DUE)),
            credited=Sum("credited_amount", filter=Q(kind=Kind.RECEIPT)),
        )
    )
    left = {pk: (due or ZERO) - (credited or ZERO) for pk, due, credited in rows}
    return {pk: amount for pk, amount in left.items() if amount > 0}


def _told(
    found: list[Owed], ledger: Ledger, today: datetime.date, *, sees_everything: bool
) -> Outstanding:
    """The sums, and what of them is withheld."""
    amounts = amounts_by_donor(found)
    withheld = frozenset() if sees_everything else withheld_of(amounts)
    names = fund_names()

    def cell(key: tuple[str, str], name: str) -> OwedCell:
        usd = sum(amounts.get(key, {}).values(), ZERO)
        return OwedCell(key[1], name, None if key in withheld else usd)

    months = sorted({YearMonth.of(one.instalment.due_on) for one in found})
    return Outstanding(
        state=State.of(ledger),
        today=today,
        total=cell(("total", TOTAL), _("Total")),
        overdue=cell(("overdue", TOTAL), _("Overdue")),
        funds=tuple(cell(("fund", f), n) for f, n in names.items() if ("fund", f) in amounts),
        ages=tuple(cell(("age", a), age_label(a)) for a in AGES if ("age", a) in amounts),
        months=tuple(cell(("month", m.slug), str(m)) for m in months) if sees_everything else (),
        owed=tuple(found) if sees_everything else (),
        not_converted=not_converted_of(found) if sees_everything else (),
        rates=_rates(found) if sees_everything else (),
        names=names,
    )


Amounts = dict[tuple[str, str], dict[int | None, Decimal]]


def amounts_by_donor(found: Iterable[Owed]) -> Amounts:
    """US dollars by cell and donor: total, overdue, each fund, age and month due."""
    amounts: Amounts = defaultdict(lambda: defaultdict(Decimal))
    for one in found:
        usd = one.amount_usd
        if usd is None:
            continue
        keys = [("total", TOTAL), ("fund", one.fund), ("age", one.age)]
        keys.append(("month", YearMonth.of(one.instalment.due_on).slug))
        if one.days_overdue:
            keys.append(("overdue", TOTAL))
        for key in keys:
            amounts[key][one.donor.pk] += usd
    return amounts


def withheld_of(amounts: Amounts) -> frozenset[object]:
    """What the Board does not see. Funds and ages add up to the total, overdue ages to overdue."""
    above = families({donor for cell in amounts.values() for donor in cell})
    counted: dict[tuple[str, str], dict[int | None, Decimal]] = {}
    for key, by_donor in amounts.items():
        if key[0] != "month":
            cell = counted.setdefault(key, defaultdict(Decimal))
            for donor, usd in by_donor.items():
                cell[above[donor]] += usd
    of = {name: [(k, 1) for k in counted if k[0] == name] for name in ("fund", "age")}
    late = [(key, sign) for key, sign in of["age"] if key[1] != NOT_YET]
    early = [(key, sign) for key, sign in of["age"] if key[1] == NOT_YET]
    total, overdue = (("total", TOTAL), -1), (("overdue", TOTAL), -1)
    equations = [
        [*of["fund"], total], [*of["age"], total], [*late, overdue],
        [(("overdue", TOTAL), 1), *early, total],
    ]  # fmt: skip
    known = [[(key, sign) for key, sign in one if key in counted] for one in equations]
    return Cells(counted, known).withheld()


def _rates(found: Iterable[Owed]) -> tuple[RateInForce, ...]:
    """The rates that were used; US dollars need none."""
    used = {one.rate.currency: one.rate for one in found if one.rate}
    return tuple(rate for rate in used.values() if rate.rate_type != RateType.PARITY)


def not_converted_of(found: Iterable[Owed]) -> tuple[NotConverted, ...]:
    """What has no rate on the day, by currency."""
    left: dict[str, list[Decimal]] = defaultdict(list)
    for one in found:
        if one.rate is None:
            left[one.currency].append(one.amount)
    return tuple(NotConverted(c, len(a), sum(a, ZERO)) for c, a in sorted(left.items()))
