"""Which entries stand behind a figure, as an address says it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import QueryDict

from accounts.models import User
from donors.models import Donor
from donors.naming import knows_unnamed
from income.families import family_of, of_type
from income.origin import NONE, Origin
from income.periods import YearMonth
from income.purpose import Purpose
from income.querysets import EntryQuerySet
from income.vocabulary import Kind, Mode

MEMBER_STATES = "member_states"
PARENT = "parent"  # the donor with its parts, as rankings by parent count it
NOT_CASH = "not_cash"
NAMES = frozenset(
    {"books", "kind", "fund", "donor", "donors", "donor_type", "level", "region", "mode", "from",
     "to", "page", *Purpose.NAMES, *Origin.NAMES}
)  # fmt: skip


@dataclass(frozen=True)
class Totals:
    """What entries add up to: US dollars, and amounts by currency that are not converted.

    `support_usd` is the programme support expected inside, zero where there is none.
    """

    count: int
    amount_usd: Decimal
    not_converted: list[tuple[str, int, Decimal]]  # currency, how many, amount
    support_usd: Decimal = Decimal(0)


@dataclass(frozen=True)
class EntryFilter:
    """Parameters of the address; each narrows. What cannot be understood is left out and told."""

    kinds: tuple[str, ...] = ()
    funds: tuple[str, ...] = ()
    donor: str = ""
    region: str = ""
    mode: str = ""
    member_states: bool = False
    donor_type: str = ""
    with_parts: bool = False  # the donor stands for its parts too
    purpose: Purpose = field(default_factory=Purpose)
    origin: Origin = field(default_factory=Origin)
    since: YearMonth | None = None
    until: YearMonth | None = None
    misunderstood: tuple[str, ...] = field(default=())
    knows_unnamed: bool = False  # of the reader, not of the address: see `donors.naming`

    @classmethod
    def parse(cls, query: QueryDict, *, besides: Collection[str] = ()) -> "EntryFilter":
        """From `kind`, `fund` (both repeatable), `donor`, `region`, `mode`, `from`, `to` and more.

        `donor_type` and `level=parent` widen the donor to a contributor type or to a family; what
        `Origin` reads says from which agreement, instalment and posting an entry comes.
        `besides` are names that may stand in the address and are somebody else's to read.
        """
        unknown = sorted(set(query) - NAMES - set(besides))
        wrong = [f"{name}={query.get(name, '')}" for name in unknown]
        kinds = tuple(k for k in query.getlist("kind") if k)
        wrong += [k for k in kinds if k not in Kind.values]
        return cls(
            kinds=tuple(k for k in kinds if k in Kind.values),
            funds=tuple(f for f in query.getlist("fund") if f),
            donor=query.get("donor", ""),
            region=query.get("region", ""),
            mode=_one_of(query, "mode", (*Mode.values, NOT_CASH), wrong),
            member_states=bool(_one_of(query, "donors", (MEMBER_STATES,), wrong)),
            donor_type=query.get("donor_type", ""),
            with_parts=bool(_one_of(query, "level", (PARENT,), wrong)),
            purpose=Purpose.parse(query),
            origin=Origin.parse(query, wrong),
            since=_month(query, "from", wrong),
            until=_month(query, "to", wrong),
            misunderstood=tuple(wrong),
        )

    def read_by(self, user: User) -> "EntryFilter":
        """The same for a reader: who may not read unnamed donors' names is told of no family."""
        return replace(self, knows_unnamed=knows_unnamed(user))

    def apply(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that fit; none when a part of the address was not understood."""
        if self.misunderstood:
            return entries.none()
        wanted = self._of_donors()
        if self.kinds:
            wanted &= Q(kind__in=self.kinds)
        if self.funds:
            wanted &= Q(fund__in=self.funds)
        if self.region:
            wanted &= Q(region=None) if self.region == NONE else Q(region=self.region)
        if self.mode:
            wanted &= ~Q(mode=Mode.CASH) if self.mode == NOT_CASH else Q(mode=self.mode)
        if self.since:
            wanted &= Q(value_date__gte=self.since.first_day)
        if self.until:
            wanted &= Q(value_date__lte=self.until.last_day)
        return self.origin.apply(self.purpose.apply(entries.filter(wanted)))

    @property
    def asks_of_promises(self) -> bool:
        """Whether the answer would tell what was agreed or due: for who sees every kind only."""
        return self.origin.asks_of_promises

    def _of_donors(self) -> Q:
        wanted = self._of_donor() if self.donor else Q()
        if self.member_states:
            wanted &= Q(donor__is_member_state=True)
        if self.donor_type:
            wanted &= Q(donor__in=of_type(self.donor_type))
        return wanted

    def _of_donor(self) -> Q:
        """Of the donor as it is today: entries of those merged into it are its own."""
        if self.donor == NONE:
            return Q(donor=None)
        donor = Donor.objects.filter(code=self.donor).first()
        if donor is None:
            return Q(pk__in=())
        if self.with_parts:
            return Q(donor__in=family_of(donor, hides_unnamed=not self.knows_unnamed))
        return Q(donor__in=Donor.objects.with_merged(donor))

    def totals(self, entries: EntryQuerySet) -> Totals:
        """What they add up to. Kinds are never summed together: several kinds give no sum."""
        summed = entries.aggregate(
            count=Count("pk"), usd=Sum("amount_usd"), support=Sum("programme_support_usd")
        )
        left_out = (
            entries.not_converted().order_by().values("currency")
            .annotate(count=Count("pk"), amount=Sum("amount")).order_by("currency")
        )  # fmt: skip
        return Totals(
            summed["count"],
            summed["usd"] or Decimal(0),
            [(row["currency"], row["count"], row["amount"]) for row in left_out],
            summed["support"] or Decimal(0),
        )

    @property
    def adds_kinds(self) -> bool:
        """Whether the entries are of kinds that must not be summed together.

        Receipts and allotments are the one pair that is put side by side, as *received and
        allotted*: the two never hold the same money.
        """
        return set(self.kinds) not in (*({k} for k in Kind.values), {Kind.RECEIPT, Kind.ALLOTMENT})


def _one_of(query: Mapping[str, Any], name: str, choices: Collection[str], wrong: list[str]) -> str:
    text = query.get(name, "")
    if not text or text in choices:
        return str(text)
    wrong.append(text)
    return ""


def _month(query: Mapping[str, Any], name: str, wrong: list[str]) -> YearMonth | None:
    if not query.get(name):
        return None
    try:
        return YearMonth.parse(query[name])
    except ValueError:
        wrong.append(query[name])
        return None
