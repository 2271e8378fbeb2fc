"""The year's cumulative line by month, earlier years', the way to the target, the forecast."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.periods import YearMonth, months_of
from reports.figures.provenance import Basis, Provenance
from reports.figures.sums import Sums
from reports.figures.ways import Band
from targets.selectors import Goal

MONTHS = 12


@dataclass(frozen=True)
class EarlierLine:
    """An earlier year, US dollars since its January at the end of each month."""

    year: int
    amounts: tuple[Decimal, ...]
    links: tuple[str, ...]


@dataclass(frozen=True)
class CumulativeLine:
    """US dollars since January at the end of each month; None after the as-at month.

    `last_year` is empty where the books do not hold that year, `target` where there is no target
    that covers the same money. `is_path` tells an approved path from a straight line. `before`
    are the earlier years asked for that the books hold, last year first; `band` is what is
    forecast for December.
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
    before: tuple[EarlierLine, ...] = ()
    band: Band | None = None


def cumulative_line(
    sums: Sums,
    as_at: YearMonth,
    code: str,
    name: str,
    funds: tuple[str, ...],
    goal: Goal | None,
    provenance: Provenance,
    years: int = 1,
    band: Band | None = None,
) -> CumulativeLine | None:
    """The line of the funds; None for audited revenue, which is known by year only."""
    if sums.basis is Basis.AUDITED:
        return None
    months = tuple(months_of(as_at.year))
    january = months[0]
    target, target_name = _target(goal, months)
    found = (_earlier(sums, funds, as_at.year - back) for back in range(1, years + 1))
    before = tuple(one for one in found if one)
    last = next((one for one in before if one.year == as_at.year - 1), None)
    return CumulativeLine(
        code=code,
        name=name,
        provenance=provenance.about(name, goal.source if goal else ""),
        months=months,
        actual=tuple(sums.of(funds, january, m) if m <= as_at else None for m in months),
        last_year=last.amounts if last else (),
        target=target,
        target_name=target_name,
        is_path=bool(goal and goal.path),
        links=tuple(sums.link(funds, january, m) if m <= as_at else "" for m in months),
        before=before,
        band=band,
    )


def _earlier(sums: Sums, funds: tuple[str, ...], year: int) -> EarlierLine | None:
    months = tuple(months_of(year))
    if sums.reported(funds, months[0], months[-1]) is None:
        return None
    amounts = tuple(sums.of(funds, months[0], month) for month in months)
    links = tuple(
        sums.link(funds, months[0], month) if usd else ""
        for month, usd in zip(months, amounts, strict=True)
    )
    return EarlierLine(year, amounts, links)


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
