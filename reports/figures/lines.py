"""The year's cumulative line by month, last year's, and the way to the target."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.periods import YearMonth, months_of
from reports.figures.provenance import Basis, Provenance
from reports.figures.sums import Sums
from targets.selectors import Goal

MONTHS = 12


@dataclass(frozen=True)
class CumulativeLine:
    """US dollars since January at the end of each month; None after the as-at month.

    `last_year` is empty where the books do not hold that year, `target` where there is no target
    that covers the same money. `is_path` tells an approved path from a straight line.
    """

    code: str
    name: str
    provenance: Provenance
    months: tuple[YearMonth, ...]
    actual: tuple[Decimal | None, ...]
    last_year: tuple[Decimal, ...]
    target: tuple[Decimal | None, ...]
    target_name: str
    is_path: bool
    links: tuple[str, ...]


def cumulative_line(
    sums: Sums,
    as_at: YearMonth,
    code: str,
    name: str,
    funds: tuple[str, ...],
    goal: Goal | None,
    provenance: Provenance,
) -> CumulativeLine | None:
    """The line of the funds; None for audited revenue, which is known by year only."""
    if sums.basis is Basis.AUDITED:
        return None
    months = tuple(months_of(as_at.year))
    january = months[0]
    target, target_name = _target(goal, months)
    reported_before = sums.reported(funds, january.a_year_before, months[-1].a_year_before)
    return CumulativeLine(
        code=code,
        name=name,
        provenance=provenance.about(name, goal.source if goal else ""),
        months=months,
        actual=tuple(sums.of(funds, january, m) if m <= as_at else None for m in months),
        last_year=()
        if reported_before is None
        else tuple(sums.of(funds, january.a_year_before, m.a_year_before) for m in months),
        target=target,
        target_name=target_name,
        is_path=bool(goal and goal.path),
        links=tuple(sums.link(funds, january, m) if m <= as_at else "" for m in months),
    )


def _target(
    goal: Goal | None, months: tuple[YearMonth, ...]
) -> tuple[tuple[Decimal | None, ...], str]:
    if goal is None:
        return (), ""
    if goal.path:
        path = dict(goal.path)
        return tuple(path.get(month.key) for month in months), _("target: approved monthly path")
    line = tuple(goal.amount_usd * month.month / MONTHS for month in months)
    return line, _("target: straight line, arithmetic only: no monthly path was approved")
