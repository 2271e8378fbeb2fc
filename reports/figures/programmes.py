"""Programmes against what the strategy hopes to raise for each, over its period so far."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.models import Programme
from income.narrow import NONE, grouped
from income.periods import YearMonth
from income.totals import Span
from reports.figures.answering import Answering
from reports.figures.progress import percent_of
from reports.figures.provenance import Provenance
from reports.figures.sums import VOLUNTARY_FUNDS, ZERO
from reports.figures.voluntary import Amount, kind_of_voluntary, total_of_voluntary
from targets.models import StrategyPeriod

ByDonor = dict[int | None, Decimal]


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme: US dollars of it, its goal, and how many donors gave to it.

    The percentage is not rounded; None without a goal, and where percentages are refused.
    """

    code: str
    name: str
    amount: Amount
    goal_usd: Decimal | None
    percent: Decimal | None
    partners: int


@dataclass(frozen=True)
class ProgrammeTable:
    """Every programme with a goal or money, since the period began; the rest stands apart.

    Rows and `without` add up to `total`, all voluntary money of the time. `refused` says why
    nothing is compared with the goals; `begins_late` is the books' first month where they begin
    after the period.
    """

    provenance: Provenance
    period: str
    span: Span
    rows: tuple[ProgrammeRow, ...]
    without: Amount
    total: Amount
    refused: str
    begins_late: YearMonth | None

    def row(self, code: str) -> ProgrammeRow:
        """The row with the code. Raises KeyError."""
        for row in self.rows:
            if row.code == code:
                return row
        raise KeyError(code)


def programme_table(asked: Answering, period: StrategyPeriod) -> ProgrammeTable:
    """The sums by programme, fund and donor, the donors' merges, the programmes: a query each."""
    span = YearMonth(period.from_year, 1), asked.as_at
    cells = grouped(
        asked.ledger, [kind_of_voluntary(asked)], ("programme", "fund", "donor"), *span,
        asked.narrow, mode=asked.sums.mode,
    )  # fmt: skip
    funds: dict[str | None, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    donors: dict[str | None, ByDonor] = defaultdict(lambda: defaultdict(Decimal))
    merged = asked.merged_donors
    for (programme, fund, donor), usd in cells.items():
        if fund in VOLUNTARY_FUNDS:
            funds[programme][fund] += usd
            donors[programme][merged.get(donor, donor)] += usd
    refused = _why_not_compared(asked)
    rows = [
        _row(asked, one, funds.get(one.code, {}), donors.get(one.code, {}), span, refused)
        for one in Programme.objects.all()
    ]
    begins = asked.sums.begins
    return ProgrammeTable(
        provenance=asked.provenance.about(str(period)),
        period=str(period),
        span=span,
        rows=tuple(row for row in rows if row.amount.link or (row.goal_usd and not refused)),
        without=_amount(asked, NONE, funds.get(None, {}), span),
        total=total_of_voluntary(asked.sums, span),
        refused=refused,
        begins_late=begins if begins and begins.year > period.from_year else None,
    )


def _row(
    asked: Answering, one: Programme, by_fund: dict[str, Decimal], by_donor: ByDonor, span: Span,
    refused: str,
) -> ProgrammeRow:  # fmt: skip
    amount = _amount(asked, one.code, by_fund, span)
    can_compare = not refused and amount.usd >= 0
    return ProgrammeRow(
        code=one.code,
        name=str(one),
        amount=amount,
        goal_usd=one.goal_usd,
        percent=percent_of(amount.usd, one.goal_usd) if can_compare else None,
        partners=sum(usd > 0 for donor, usd in by_donor.items() if donor),
    )


def _amount(asked: Answering, code: str, by_fund: dict[str, Decimal], span: Span) -> Amount:
    held = [fund for fund, usd in by_fund.items() if usd]
    link = asked.sums.link(held, *span, programme=code)
    return Amount(sum(by_fund.values(), ZERO), link)


def _why_not_compared(asked: Answering) -> str:
    if asked.narrow.is_part:
        return _("The goals are for all money of a programme; only a part of it was asked for.")
    if asked.basis.is_promise:
        return _("The goals are for money that came in, not for what was promised.")
    return ""
