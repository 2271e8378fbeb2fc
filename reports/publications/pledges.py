"""From pledged in a year to agreed in it: the lines between, each worked out by itself.

US dollars of entries in cash, apart by fund and donor. A pledge and the agreement that it becomes
are entries of the same contribution.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import ExtractYear

from income.vocabulary import Kind
from reports.figures.scope import Scope
from reports.figures.settlement import ZERO, Part, Parts

NOT_AGREED, AGREED_LATER = "pledged_not_agreed", "pledged_agreed_later"
AGREED_BEFORE, OTHER_AMOUNT = "pledged_agreed_before", "agreed_otherwise"
OF_EARLIER, WITHOUT = "agreed_pledged_earlier", "agreed_without_pledge"
Lines = dict[str, Parts]
LINES = (NOT_AGREED, AGREED_LATER, AGREED_BEFORE, OTHER_AMOUNT, OF_EARLIER, WITHOUT)


@dataclass
class _Promise:
    """One contribution: US dollars by year, pledged and agreed."""

    part: Part
    pledged: dict[int, Decimal] = field(default_factory=dict)
    agreed: dict[int, Decimal] = field(default_factory=dict)

    def line(self, year: int) -> tuple[str, Decimal]:
        """The one line that it stands in, and with how much."""
        pledged, agreed = self.pledged.get(year, ZERO), self.agreed.get(year, ZERO)
        if pledged and agreed:
            return OTHER_AMOUNT, agreed - pledged
        if pledged:
            return self._pledged_alone(year), -pledged
        return OF_EARLIER if _any(self.pledged, before=year) else WITHOUT, agreed

    def _pledged_alone(self, year: int) -> str:
        if _any(self.agreed, before=year):
            return AGREED_BEFORE
        return AGREED_LATER if any(self.agreed.values()) else NOT_AGREED


def _any(by_year: dict[int, Decimal], *, before: int) -> bool:
    return any(usd for year, usd in by_year.items() if year < before)


def pledge_lines(scope: Scope, year: int) -> Lines:
    """Every line from pledged in the year to agreed in it; one query."""
    lines: Lines = defaultdict(lambda: defaultdict(Decimal))
    for one in _promises(scope, year):
        code, usd = one.line(year)
        lines[code][one.part] += usd
    return lines


def _promises(scope: Scope, year: int) -> list[_Promise]:
    """Those with something pledged or agreed in the year; what has no contribution is by donor."""
    both = scope.entries().in_cash().filter(kind__in=[Kind.PLEDGE, Kind.AGREEMENT])
    inside = both.in_year(year)
    touched = inside.filter(contribution__isnull=False).order_by().values("contribution")
    rows = (
        (both.filter(contribution__in=touched) | inside.filter(contribution=None))
        .annotate(year=ExtractYear("value_date"))
        .order_by()
        .values_list("contribution", "fund", "donor", "kind", "year")
        .annotate(usd=Sum("amount_usd"))
    )
    found: dict[tuple[object, ...], _Promise] = {}
    for contribution, fund, donor, kind, of_year, usd in rows:
        key = (contribution, fund, donor, "" if contribution else kind)
        one = found.setdefault(key, _Promise((fund, donor)))
        (one.pledged if kind == Kind.PLEDGE else one.agreed)[of_year] = usd or ZERO
    return list(found.values())
