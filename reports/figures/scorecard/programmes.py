"""Indicators of the flagship programmes: how many there are, who gives to each, and how much."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from income.models import Programme
from income.periods import YearMonth
from income.totals import Span
from reports.figures.scorecard.material import Material
from reports.figures.scorecard.money import begins_late, nothing_held
from reports.figures.scorecard.readings import COUNT, USD, Part, Reading
from reports.figures.sums import INCOME_FUNDS, REGULAR_BUDGET, ZERO
from reports.figures.words import dollars

# Nobody gives the regular budget to a programme: it is allotted, without one.
FUNDS = tuple(fund for fund in INCOME_FUNDS if fund != REGULAR_BUDGET)


def established(m: Material, point: YearMonth) -> Reading:
    """B1: flagship programmes with a signed agreement, or with money that came in."""
    span = m.since(point)
    if why := _nothing_said(m, span):
        return Reading(m.day(point), missing=why)
    signed = {code for code, on in m.signed if on <= m.day(point)}
    came = _came(m, span)
    is_there = [one.code in signed or came[one.code].usd > 0 for one in m.programmes]
    parts = tuple(
        replace(part, note=_state(part, is_signed=one.code in signed))
        for one, part in zip(m.programmes, _income(m, span, came), strict=True)
    )
    return Reading(m.day(point), Decimal(sum(is_there)), parts=parts)


def partners(m: Material, point: YearMonth) -> Reading:
    """B2: the smallest number of donors that one of the programmes with money has."""
    span = m.since(point)
    if why := _nothing_said(m, span):
        return Reading(m.day(point), missing=why)
    came = _came(m, span)
    with_money = [one.givers for one in came.values() if one.givers]
    if not with_money:
        return Reading(m.day(point), missing=_("No flagship programme has received money yet."))
    parts = tuple(
        Part(
            str(one), Decimal(came[one.code].givers), COUNT, _link(m, one, span, came[one.code]),
            _("Donors by programme"),
        )
        for one in m.programmes
    )  # fmt: skip
    return Reading(
        m.day(point), Decimal(min(with_money)), partial=begins_late(m, span), parts=parts
    )


def _income(m: Material, span: Span, came: Mapping[str, "_Came"]) -> tuple[Part, ...]:
    """What came in for each flagship programme: income, not investment."""
    return tuple(
        Part(
            str(one), came[one.code].usd, USD, _link(m, one, span, came[one.code]),
            _("Income by programme since %(year)s") % {"year": span[0].year}, _goal(one),
        )
        for one in m.programmes
    )  # fmt: skip


def income_beside(m: Material, point: YearMonth) -> tuple[Part, ...]:
    """B3: the same, beside what was measured; nothing where no money names a programme."""
    span = m.since(point)
    return () if _nothing_said(m, span) else _income(m, span, _came(m, span))


def _goal(programme: Programme) -> str:
    if programme.goal_usd is None:
        return ""
    return _("of %(amount)s hoped for") % {"amount": dollars(programme.goal_usd)}


def _state(part: Part, *, is_signed: bool) -> str:
    if is_signed:
        return _("an agreement is signed")
    return _("money came in") if part.value and part.value > 0 else _("not established yet")


def _nothing_said(m: Material, span: Span) -> str:
    """Why nothing can be said of programmes."""
    if why := nothing_held(m, span):
        return why
    names_one = any(key[0] is not None for key in m.programme_cells) or bool(m.signed)
    if not m.programmes or not names_one:
        return _("No entry and no agreement in these books names the programme it is for.")
    return ""


def _came(m: Material, span: Span) -> dict[str, "_Came"]:
    """What came for each flagship programme over the months, in one pass."""
    found = {one.code: _Came() for one in m.programmes}
    for (code, fund, donor, month), usd in m.programme_cells.items():
        if code in found and fund in FUNDS and span[0].key <= month <= span[1].key:
            found[code].by_fund[fund] += usd
            if donor is not None:
                found[code].by_donor[m.donors[donor].pk] += usd
    return found


@dataclass(frozen=True)
class _Came:
    """US dollars for one programme by fund, and by donor where one is known."""

    by_fund: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    by_donor: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def usd(self) -> Decimal:
        return sum(self.by_fund.values(), ZERO)

    @property
    def givers(self) -> int:
        """Donors whose money, less what was paid back, is above zero."""
        return sum(1 for usd in self.by_donor.values() if usd > 0)


def _link(m: Material, programme: Programme, span: Span, came: _Came) -> str:
    funds = [fund for fund in FUNDS if came.by_fund.get(fund)]
    return m.sums.link(funds, *span, programme=programme.code)
