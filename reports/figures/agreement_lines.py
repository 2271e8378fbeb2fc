"""From agreed in a year to due in it, and from received to audited revenue: the lines between.

US dollars of entries, apart by fund and donor. What falls due belongs to the agreement or amendment
that it was posted with.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import ExtractYear

from income.querysets import EntryQuerySet
from income.vocabulary import Kind, Mode
from reports.figures.scope import WITHOUT_DONORS, Scope
from reports.figures.settlement import ZERO, Part, Parts

DUE_IN_LATER, DUE_IN_EARLIER = "agreed_due_later", "agreed_due_earlier"
OF_EARLIER, OF_LATER = "due_agreed_earlier", "due_agreed_later"
RESCHEDULED, ROUNDING, UNSCHEDULED = "rescheduled", "rounding", "unscheduled"
LINES = (
    DUE_IN_LATER, DUE_IN_EARLIER, OF_EARLIER, OF_LATER, RESCHEDULED, ROUNDING, UNSCHEDULED,
)  # fmt: skip
IN_KIND, RECOGNISED_NOW, RECOGNISED_BEFORE = "not_cash", "recognised_now", "recognised_before"
CONDITIONAL, REMAINDER = "conditional", "remainder"
AUDITED_LINES = (IN_KIND, RECOGNISED_NOW, RECOGNISED_BEFORE, CONDITIONAL, REMAINDER)
CENT = Decimal("0.01")


@dataclass
class _Agreed:
    """One agreement or amendment as it was posted: US dollars by year, and by year due."""

    part: Part
    agreed: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    due: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    due_count: int = 0

    @property
    def year(self) -> int | None:
        """The year of its agreement; None for a change of schedule, which agrees to nothing."""
        return min(self.agreed, default=None)


def agreement_lines(scope: Scope, year: int) -> dict[str, Parts]:
    """Every line from agreed in the year to due in the year."""
    lines: dict[str, Parts] = defaultdict(lambda: defaultdict(Decimal))
    for one in _agreements(scope, year):
        _due_of_others(one, year, lines)
        _of_the_year(one, year, lines)
    return lines


def _of_the_year(one: _Agreed, year: int, lines: dict[str, Parts]) -> None:
    """What was agreed in the year and does not fall due in it."""
    scheduled = ZERO
    if one.year == year:
        lines[DUE_IN_LATER][one.part] -= sum((u for y, u in one.due.items() if y > year), ZERO)
        lines[DUE_IN_EARLIER][one.part] -= sum((u for y, u in one.due.items() if y < year), ZERO)
        scheduled = sum(one.due.values(), ZERO)
    difference = scheduled - one.agreed.get(year, ZERO)
    if difference:
        is_cents = abs(difference) <= CENT * one.due_count
        lines[ROUNDING if is_cents else UNSCHEDULED][one.part] += difference


def _due_of_others(one: _Agreed, year: int, lines: dict[str, Parts]) -> None:
    """What falls due in the year and was not agreed in it."""
    due = one.due.get(year, ZERO)
    if not due or one.year == year:
        return
    if one.year is None:
        lines[RESCHEDULED][one.part] += due
    else:
        lines[OF_EARLIER if one.year < year else OF_LATER][one.part] += due


def _agreements(scope: Scope, year: int) -> list[_Agreed]:
    """Every posting of an agreement with something agreed or due in the year; one query."""
    cash = scope.entries().in_cash()
    promises = cash.filter(kind__in=[Kind.AGREEMENT, Kind.DUE])
    rows = (
        promises.filter(posting__in=promises.in_year(year).order_by().values("posting"))
        .annotate(year=ExtractYear("value_date"))
        .order_by()
        .values_list("posting", "contribution", "fund", "donor", "kind", "year", "amount_usd")
    )
    found: dict[tuple[object, ...], _Agreed] = {}
    for posting, contribution, fund, donor, kind, of_year, usd in rows:
        key = (posting, contribution, fund, donor)
        one = found.setdefault(key, _Agreed((fund, donor)))
        if kind == Kind.DUE:
            one.due[of_year] += usd or ZERO
            one.due_count += 1
        else:
            one.agreed[of_year] += usd or ZERO
    return list(found.values())


def audited_lines(scope: Scope, year: int, until: datetime.date) -> dict[str, Parts]:
    """From money received to audited revenue, without the remainder.

    Revenue is recognised when an agreement becomes binding, whenever its money comes; money under
    a condition that is still open is not recognised yet.
    """
    lines: dict[str, Parts] = defaultdict(lambda: defaultdict(Decimal))
    entries = scope.entries().filter(value_date__lte=until).in_year(year)
    others = entries.receipts().exclude(mode=Mode.CASH).filter(amount_usd__isnull=False)
    rows = others.order_by().values_list("fund", "donor").annotate(usd=Sum("amount_usd"))
    for fund, donor, usd in rows:
        lines[IN_KIND][fund, donor] += usd
    conditional = _conditional(scope)
    for contribution, part, agreed, received in _contributions(entries):
        ahead = agreed - received
        if ahead >= 0:
            lines[RECOGNISED_NOW][part] += ahead
        else:
            is_open = contribution in conditional
            lines[CONDITIONAL if is_open else RECOGNISED_BEFORE][part] += ahead
    return lines


def _contributions(entries: EntryQuerySet) -> list[tuple[int, Part, Decimal, Decimal]]:
    """Per contribution: agreed and received in the time, in cash; one query."""
    rows = (
        entries.in_cash()
        .filter(contribution__isnull=False)
        .filter(kind__in=[Kind.AGREEMENT, Kind.RECEIPT])
        .order_by()
        .values_list("contribution", "fund", "donor")
        .annotate(
            agreed=Sum("amount_usd", filter=Q(kind=Kind.AGREEMENT)),
            received=Sum("amount_usd", filter=Q(kind=Kind.RECEIPT)),
        )
    )
    return [
        (contribution, (fund, donor), agreed or ZERO, received or ZERO)
        for contribution, fund, donor, agreed, received in rows
    ]


def _conditional(scope: Scope) -> set[int]:
    """Contributions with an amount under a condition that is still open."""
    rows = (
        scope.entries()
        .of_kind(Kind.CONDITIONAL)
        .filter(contribution__isnull=False)
        .order_by()
        .values_list("contribution")
        .annotate(open=Sum("amount"))
    )
    return {contribution for contribution, left in rows if left}


def audited(scope: Scope, year: int) -> Parts:
    """Audited revenue of the year, as published; empty where the books hold none."""
    found = scope.entries().of_kind(Kind.AUDITED_REVENUE).in_year(year)
    rows = found.exclude(fund__in=WITHOUT_DONORS).order_by().values_list("fund", "donor")
    return {(f, d): usd or ZERO for f, d, usd in rows.annotate(usd=Sum("amount_usd"))}
