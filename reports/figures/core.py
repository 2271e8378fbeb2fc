"""How free the money is: the share of core money."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.periods import YearMonth
from reports.figures.progress import percent_of
from reports.figures.sums import (
    NON_EARMARKED,
    REGULAR_BUDGET,
    TOTAL_FUNDS,
    VOLUNTARY_FUNDS,
    Sums,
)


@dataclass(frozen=True)
class CoreShare:
    """The share of core money in per cent, not rounded, with what it is made of, US dollars.

    A part is None where one of its funds is not reported.
    """

    name: str
    formula: str
    core_usd: Decimal | None
    whole_usd: Decimal | None
    percent: Decimal | None
    core_link: str
    whole_link: str


def core_shares(sums: Sums, as_at: YearMonth) -> tuple[CoreShare, CoreShare]:
    """With assessed money (over the total) and without (over voluntary contributions).

    Nobody promises the regular budget: of promises there is no share with assessed money.
    """
    first = YearMonth(as_at.year, 1)

    def share(name: str, formula: str, core: Sequence[str], whole: Sequence[str]) -> CoreShare:
        part = sums.of(core, first, as_at) if _all_reported(sums, core, first, as_at) else None
        has_whole = REGULAR_BUDGET not in whole or not sums.basis.is_promise
        total = sums.reported(whole, first, as_at) if has_whole else None
        # A part above its whole, or below zero, has no share: some money was paid back.
        fits = part is not None and total is not None and 0 <= part <= total
        percent = percent_of(part, total) if fits else None
        links = [
            sums.link([f for f in funds if sums.of((f,), first, as_at)], first, as_at)
            for funds in (core, whole)
        ]
        return CoreShare(name, formula, part, total, percent, *links)

    return (
        share(
            _("Core share with assessed money"),
            _("regular budget and Foundation non-earmarked, over the total"),
            (REGULAR_BUDGET, NON_EARMARKED),
            TOTAL_FUNDS,
        ),
        share(
            _("Core share of voluntary money"),
            _("Foundation non-earmarked, over voluntary contributions"),
            (NON_EARMARKED,),
            VOLUNTARY_FUNDS,
        ),
    )


def _all_reported(sums: Sums, funds: Sequence[str], first: YearMonth, last: YearMonth) -> bool:
    if sums.basis.is_promise and REGULAR_BUDGET in funds:
        return False
    return all(sums.reported((fund,), first, last) is not None for fund in funds)
