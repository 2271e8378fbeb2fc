"""Whom a campaign may ask together, and what came of those it asked. Reads only."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from income.models import Approach, Campaign, Contribution, DonorTotal, Entry, Fund, Ledger
from income.money import to_usd
from income.rates import rate_in_force
from income.vocabulary import Answer, ContributionState, Kind

ZERO = Decimal(0)
CORE_FUND = "FNE"
GAVE = (Kind.RECEIPT, Kind.AUDITED_REVENUE)  # either shows that a donor gave; never added
CAME_OF_IT = (Kind.PLEDGE, Kind.AGREEMENT, Kind.RECEIPT)


class Group(models.TextChoices):
    """Donors that are asked together."""

    MEMBER_STATES = "member_states", _("all Member States")
    GAVE_CORE = "gave_core", _("all donors that gave core money in the last years")
    NEVER_CORE = "never_core", _("all Member States that never gave core money")


def member_group(
    group: str, ledger: Ledger, *, years: int, today: datetime.date
) -> QuerySet[Donor]:
    """The standing donors of a group, as these books have it on the day.

    `years` counts back from the present year, which is the first. Core money is that of the
    non-earmarked Foundation, received or in audited revenue.
    """
    standing = Donor.objects.standing().in_order()
    if group == Group.MEMBER_STATES:
        return standing.filter(is_member_state=True)
    if group == Group.GAVE_CORE:
        return standing.filter(pk__in=_gave(ledger, since=today.year - years + 1))
    return standing.filter(is_member_state=True).exclude(pk__in=_gave(ledger, since=0))


def _gave(ledger: Ledger, *, since: int) -> set[int]:
    """Donors (by primary key, as they stand today) with core money of one kind above zero."""
    rows = (
        DonorTotal.objects.filter(
            ledger=ledger, kind__in=GAVE, fund=CORE_FUND, year__gte=since, donor__isnull=False
        )
        .order_by()
        .values_list("donor", "kind")
        .annotate(usd=Sum("amount_usd"))
    )
    found = {donor for donor, _kind, usd in rows if usd > 0}
    return {donor.pk for donor in Donor.objects.become(found).values()}


def not_asked_yet(campaign: Campaign, donors: QuerySet[Donor]) -> QuerySet[Donor]:
    """Those of the donors that the campaign has not got."""
    return donors.exclude(pk__in=campaign.approaches.values("donor"))


@dataclass
class Outcome:
    """What came of an approach, or of several, in US dollars. The kinds stand side by side.

    `prospects` is at the rate in force on the day of asking, everything else at the rates of the
    entries. What has no rate is counted in `not_converted`, by currency, and is in no sum.
    """

    prospects: Decimal = ZERO
    pledged: Decimal = ZERO
    agreed: Decimal = ZERO
    received: Decimal = ZERO
    contributions: int = 0
    not_converted: dict[str, Decimal] = field(default_factory=dict)

    def add(self, other: "Outcome") -> None:
        """Take the other's sums into this one's, kind by kind."""
        for name in ("prospects", "pledged", "agreed", "received", "contributions"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for currency, amount in other.not_converted.items():
            self._leave_out(currency, amount)

    def _leave_out(self, currency: str, amount: Decimal) -> None:
        self.not_converted[currency] = self.not_converted.get(currency, ZERO) + amount


NAMES = {Kind.PLEDGE: "pledged", Kind.AGREEMENT: "agreed", Kind.RECEIPT: "received"}


def outcomes(
    campaign: Campaign, ledger: Ledger, today: datetime.date, *, of: Approach | None = None
) -> dict[int, Outcome]:
    """What came of each approach (by primary key) so far, in one set of books.

    Sums the entries of the contributions that name the approach; two queries, and one or two for
    the rate of each currency of a prospect.
    """
    found: dict[int, Outcome] = defaultdict(Outcome)
    asked: dict[str, object] = {"approach": of} if of else {"approach__campaign": campaign}
    contributions = Contribution.objects.filter(ledger=ledger, **asked)
    _add_prospects(found, contributions, ledger, today)
    _add_entries(found, ledger, asked)
    return found


def _add_prospects(
    found: dict[int, Outcome], rows: QuerySet[Contribution], ledger: Ledger, today: datetime.date
) -> None:
    is_prospect = Q(state=ContributionState.PROSPECT)
    cells = (
        rows.order_by()
        .values_list("approach", "currency")
        .annotate(count=Count("pk"), amount=Sum("amount", filter=is_prospect))
    )
    rates: dict[str, Decimal | None] = {}
    for approach, currency, count, amount in cells:
        found[approach].contributions += count
        if not amount:
            continue
        if currency not in rates:
            rate = rate_in_force(currency, today, ledger=ledger)
            rates[currency] = rate.units_per_usd if rate else None
        if units := rates[currency]:
            found[approach].prospects += to_usd(amount, units)
        else:
            found[approach].add(Outcome(not_converted={currency: amount}))


def _add_entries(found: dict[int, Outcome], ledger: Ledger, asked: dict[str, object]) -> None:
    conditions = {f"contribution__{name}": value for name, value in asked.items()}
    rows = (
        Entry.objects.in_books(ledger)
        .filter(kind__in=CAME_OF_IT, **conditions)
        .order_by()
        .values_list("contribution__approach", "kind", "currency")
        .annotate(usd=Sum("amount_usd"), left_out=Sum("amount", filter=Q(amount_usd=None)))
    )
    for approach, kind, currency, usd, left_out in rows:
        changed = Outcome(not_converted={currency: left_out} if left_out else {})
        setattr(changed, NAMES[Kind(kind)], usd or ZERO)
        found[approach].add(changed)


@dataclass(frozen=True)
class Summary:
    """A campaign in a few figures: what was asked for per currency, and how many answered what."""

    asked_for: tuple[tuple[str, Decimal, int], ...]  # currency, sum, number of donors
    answers: tuple[tuple[str, str, int], ...]  # value, label, number of donors
    donors: int
    written_to: int  # donors with a day on which they were asked


def summary(approaches: QuerySet[Approach]) -> Summary:
    """Counted over the approaches; two queries."""
    amounts = (
        approaches.filter(amount__isnull=False)
        .order_by("currency")
        .values_list("currency")
        .annotate(asked=Sum("amount"), count=Count("pk"))
    )
    rows = approaches.order_by().values_list("answer")
    counts = {
        answer: (count, dated)
        for answer, count, dated in rows.annotate(count=Count("pk"), dated=Count("asked_on"))
    }
    return Summary(
        asked_for=tuple((currency, asked, count) for currency, asked, count in amounts),
        answers=tuple(
            (one.value, str(one.label), counts.get(one.value, (0, 0))[0]) for one in Answer
        ),
        donors=sum(count for count, _dated in counts.values()),
        written_to=sum(dated for _count, dated in counts.values()),
    )


def attachable(approach: Approach, ledger: Ledger) -> QuerySet[Contribution]:
    """The donor's contributions in these books that came of no approach yet, newest first."""
    family = Donor.objects.with_merged(approach.donor)
    rows = Contribution.objects.filter(ledger=ledger, donor__in=family, approach=None)
    return rows.select_related("fund").order_by("-pk")


def total(found: Iterable[Outcome]) -> Outcome:
    """All of them together, kind by kind."""
    whole = Outcome()
    for one in found:
        whole.add(one)
    return whole


def core_fund() -> Fund:
    """The fund of core contributions."""
    return Fund.objects.get(code=CORE_FUND)
