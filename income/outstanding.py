"""What should have arrived before a day and did not, with US dollars at the rates of that day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from accounts.models import User
from donors.models import Donor
from income.models import Contribution, Entry, ExchangeRate, Instalment, Ledger
from income.money import USD, to_usd
from income.periods import YearMonth
from income.rates import RANKED, RANKED_IN_DEMONSTRATION, UN_RATE_LASTS, RateInForce, last_day_of
from income.vocabulary import Kind, RateType


@dataclass(frozen=True)
class Overdue:
    """An instalment that is overdue: `amount` in the contribution's currency.

    `amount_usd` is at the rate in force on the day that was asked about; None where there is none.
    """

    instalment: Instalment
    amount: Decimal
    amount_usd: Decimal | None
    days: int  # since it fell due

    @property
    def contribution(self) -> Contribution:
        return self.instalment.contribution

    @property
    def donor(self) -> Donor:
        return self.contribution.donor


def overdue_instalments(books: Ledger, user: User, today: datetime.date) -> list[Overdue]:
    """What is due before today and not received, the oldest first; three queries."""
    owed = _owed_before(books, user, today)
    rows = Instalment.objects.filter(pk__in=owed).order_by("due_on", "pk")
    found = list(rows.select_related("contribution__donor"))
    rates = rates_in_force({row.contribution.currency_id for row in found}, today, ledger=books)
    return [_overdue(row, owed[row.pk], rates, today) for row in found]


def _owed_before(books: Ledger, user: User, today: datetime.date) -> dict[int, Decimal]:
    """By instalment, what its due entries add up to beyond what receipts were credited to it."""
    seen = Contribution.objects.in_books(books).for_user(user, today)
    sums: QuerySet[Entry, tuple[int, Decimal, Decimal | None]] = (
        Entry.objects.in_books(books)
        .filter(
            contribution__in=seen.values("pk"),
            instalment__due_on__lt=today,
            kind__in=[Kind.DUE, Kind.RECEIPT],
        )
        .order_by()
        .values("instalment")
        .annotate(
            due=Sum("amount", filter=Q(kind=Kind.DUE)),
            credited=Sum("credited_amount", filter=Q(kind=Kind.RECEIPT)),
        )
        .filter(Q(credited=None, due__gt=0) | Q(due__gt=F("credited")))
        .values_list("instalment", "due", "credited")
    )
    return {key: due - (credited or Decimal(0)) for key, due, credited in sums}


def _overdue(
    row: Instalment, amount: Decimal, rates: dict[str, RateInForce], today: datetime.date
) -> Overdue:
    rate = rates.get(row.contribution.currency_id)
    usd = to_usd(amount, rate.units_per_usd) if rate else None
    return Overdue(row, amount, usd, (today - row.due_on).days)


def rates_in_force(
    currencies: Iterable[str], on: datetime.date, *, ledger: Ledger
) -> dict[str, RateInForce]:
    """The rate of each currency on the day, as `rate_in_force` finds it; one query for all.

    A currency without a rate in force is not in the answer.
    """
    wanted = set(currencies)
    ranked = RANKED_IN_DEMONSTRATION if ledger.is_demonstration else RANKED
    earliest = min(on - UN_RATE_LASTS, YearMonth.of(on).first_day)
    rows = ExchangeRate.objects.filter(
        currency__in=wanted - {USD}, rate_type__in=ranked,
        effective_on__gte=earliest, effective_on__lte=on,
    ).order_by("effective_on", "revision")  # fmt: skip
    found: dict[str, RateInForce] = {}
    for rate_type in reversed(ranked):
        for row in rows:
            if row.rate_type == rate_type and on <= last_day_of(rate_type, row.effective_on):
                found[row.currency_id] = RateInForce(
                    row.currency_id, row.units_per_usd, row.effective_on, rate_type, row.source
                )
    if USD in wanted:
        found[USD] = RateInForce(USD, Decimal(1), on, RateType.PARITY)
    return found
