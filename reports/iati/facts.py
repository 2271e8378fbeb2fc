"""What the file says of an activity beside its transactions, read for some hundred at a time."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import ExtractYear

from donors.models import Area, Region
from income.models import Contribution, Entry, Fund
from income.vocabulary import Kind, Reason
from reports.iati.organisations import UNNAMED, Organisation, Organisations
from reports.iati.places import Part
from reports.iati.sums import KINDS
from reports.open.state import Published

AT_ONCE = 500
Key = tuple[int | None, str]  # contribution and fund: what an activity is
ZERO = Decimal(0)
RELATED = ("donor", "channel", "fund", "instrument", "earmarking", "programme__domain", "region",
           "area")  # fmt: skip


@dataclass(frozen=True)
class Budget:
    """What is due in a calendar year, in the currency of the agreement."""

    year: int
    currency: str
    amount: Decimal
    is_revised: bool


@dataclass
class Facts:
    """Of one activity. Days and places are those of its public entries.

    `contribution` is None for the money of a fund that no contribution holds; then `funding` are
    all who gave it.
    """

    fund: Fund
    contribution: Contribution | None = None
    first: datetime.date | None = None  # day of its first public entry
    agreed: datetime.date | None = None  # day of its first public agreement entry
    funding: list[Organisation] = field(default_factory=list)
    channel: Organisation | None = None
    parts: list[Part] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)


class FactsReader:
    """Gives the facts of activities that are asked for in the order of their contributions."""

    def __init__(self, published: Published, organisations: Organisations) -> None:
        self._published, self._organisations = published, organisations
        self._window: dict[Key, Facts] = {}
        self._until = 0  # the last contribution of the window
        self._funds = Fund.objects.in_bulk()
        self._regions, self._areas = Region.objects.in_bulk(), Area.objects.in_bulk()

    def of(self, key: Key) -> Facts:
        """Raises KeyError for an activity without public entries."""
        contribution, _fund = key
        if contribution is None:
            if key not in self._window:
                self._window = self._read(None)
        elif contribution > self._until:
            self._window = self._read(self._next(contribution))
        return self._window[key]

    def _next(self, first: int) -> list[Contribution]:
        rows = Contribution.objects.filter(ledger=self._published.ledger, pk__gte=first)
        related = rows.select_related(*RELATED).prefetch_related(
            "allocations__region", "allocations__area", "allocations__programme__domain"
        )
        found = list(related.order_by("pk")[:AT_ONCE])
        self._until = found[-1].pk
        return found

    def _read(self, contributions: list[Contribution] | None) -> dict[Key, Facts]:
        """The activities of these contributions, or of the money without one."""
        scope = Q(contribution=None) if contributions is None else Q(contribution__in=contributions)
        known = {one.pk: one for one in contributions or ()}
        found: dict[Key, Facts] = {}
        for key, row in self._groups(scope):
            facts = found.setdefault(key, Facts(self._funds[key[1]], known.get(key[0] or 0)))
            self._add(facts, row)
        for facts in found.values():
            if facts.contribution:
                self._describe(facts, facts.contribution)
        for contribution, fund, donor in self._donors() if contributions is None else ():
            found[contribution, fund].funding.append(self._organisations.of(donor))
        if contributions:
            self._add_budgets(scope, found)
        return found

    def _groups(self, scope: Q) -> Iterator[tuple[Key, dict[str, Any]]]:
        """Some rows per activity, whatever the number of its entries."""
        rows: Any = (
            self._published.entries(KINDS).filter(scope)
            .order_by().values("contribution", "fund", "region", "area")
            .annotate(
                first=Min("value_date"), usd=Sum("amount_usd"),
                agreed=Min("value_date", filter=Q(kind=Kind.AGREEMENT)),
            ).order_by("contribution", "fund", "region", "area")
        )  # fmt: skip
        for row in rows:
            yield (row["contribution"], row["fund"]), row

    def _add(self, facts: Facts, row: dict[str, Any]) -> None:
        facts.first = _least(facts.first, row["first"])
        facts.agreed = _least(facts.agreed, row["agreed"])
        region = self._regions.get(str(row["region"]))
        area = self._areas.get(str(row["area"]))
        facts.parts.append(Part(area, region, row["usd"] or ZERO))

    def _describe(self, facts: Facts, contribution: Contribution) -> None:
        donor = self._organisations.of(contribution.donor_id)
        facts.funding = [donor]
        if contribution.channel_id and donor != UNNAMED:
            channel = self._organisations.of(contribution.channel_id)
            facts.channel = channel if channel != UNNAMED else None
        if allocations := list(contribution.allocations.all()):
            facts.parts = [Part(one.area, one.region, one.amount) for one in allocations]
        elif contribution.area or contribution.region:
            facts.parts = [Part(contribution.area, contribution.region, contribution.amount)]

    def _donors(self) -> Iterable[tuple[int | None, str, int]]:
        """Who gave money without a contribution, by fund."""
        rows = self._published.entries(KINDS).filter(contribution=None, donor__isnull=False)
        return (
            rows.order_by("fund", "donor__code").values_list("contribution", "fund", "donor")
            .distinct()
        )  # fmt: skip

    def _add_budgets(self, scope: Q, found: dict[Key, Facts]) -> None:
        """What was due by year, as known in the published state; years without any are left out."""
        rows = (
            Entry.objects.in_books(self._published.ledger)
            .filter(scope, kind=Kind.DUE, posting__sequence__lte=self._published.sequence)
            .order_by().values_list("contribution", "fund", ExtractYear("value_date"), "currency")
            .annotate(total=Sum("amount"), changed=Count("pk", filter=~Q(reason=Reason.ORDINARY)))
            .order_by("contribution", "fund", "currency", ExtractYear("value_date"))
        )  # fmt: skip
        for contribution, fund, year, currency, total, changed in rows:
            facts = found.get((contribution, fund))
            if facts and facts.agreed and total > 0:
                facts.budgets.append(Budget(year, currency, total, changed > 0))


def _least(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    return min((day for day in (one, other) if day), default=None)
