"""Indicators of money and of who gave it: A1, A2, H1, I1, K1."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from income.periods import YearMonth
from income.totals import DonorSum, Span
from reports.figures.governments import core_of, governments
from reports.figures.levels import Level, leveled
from reports.figures.provenance import Basis
from reports.figures.scorecard.material import Material
from reports.figures.scorecard.readings import USD, Part, Reading
from reports.figures.sums import INCOME_FUNDS, NON_EARMARKED, VOLUNTARY_FUNDS, ZERO
from reports.figures.words import dollars

ACADEMIC = frozenset({"C07"})


def non_earmarked(m: Material, point: YearMonth) -> Reading:
    """A1: non-earmarked money since the period began, year by year."""
    span = m.since(point)
    if why := nothing_held(m, span):
        return Reading(m.day(point), missing=why)
    value = m.sums.of((NON_EARMARKED,), *span)
    if m.basis is Basis.AUDITED and m.sums.reported((NON_EARMARKED,), *span) is None:
        return Reading(m.day(point), missing=_not_reported(span))
    parts = tuple(
        Part(str(year[0].year), m.sums.of((NON_EARMARKED,), *year),
             link=m.sums.link((NON_EARMARKED,), *year))
        for year in years_of(span)
    )  # fmt: skip
    return Reading(
        m.day(point), value, partial=begins_late(m, span), parts=parts,
        link=m.sums.link((NON_EARMARKED,), *span),
    )  # fmt: skip


def core_governments(m: Material, point: YearMonth) -> Reading:
    """A2: Member States whose non-earmarked money of the year is above zero."""
    span = m.of_year(point)
    if why := nothing_held(m, span):
        return Reading(m.day(point), missing=why)
    given = m.given(span)
    counted = governments(core_of(given), m.sums, span, None, m.provenance)
    if counted.count is None:
        return Reading(m.day(point), missing=_not_reported(span))
    parts = _givers(m, [one for one in given if _is_government(one)], span)
    since = m.since(point)
    of_period = governments(core_of(m.given(since)), m.sums, since, None, m.provenance)
    notes = [
        _("Since %(year)s: %(count)d governments.")
        % {"year": since[0].year, "count": of_period.count or 0}
    ]
    if counted.unattributed_usd:
        notes.append(not_attributed(counted.unattributed_usd))
    return Reading(
        m.day(point), Decimal(counted.count), parts=parts, link=counted.link, notes=tuple(notes)
    )


def corporate(m: Material, point: YearMonth) -> Reading:
    """H1: voluntary money of named private sector donors since the period began."""
    return _of_scope(m, point, "CORPORATE")


def foundations(m: Material, point: YearMonth) -> Reading:
    """I1: voluntary money of named foundations since the period began."""
    return _of_scope(m, point, "FOUNDATIONS")


def academia(m: Material, point: YearMonth) -> Reading:
    """K1: voluntary money of named academic donors since the period began; no target."""
    return _of_types(m, point, frozenset(VOLUNTARY_FUNDS), ACADEMIC)


def _of_scope(m: Material, point: YearMonth, code: str) -> Reading:
    coverage = m.coverages.get(code)
    if coverage is None or not coverage.contributor_types:
        return Reading(m.day(point), missing=_("No contributor types are named for these donors."))
    return _of_types(m, point, coverage.funds, coverage.contributor_types)


def _of_types(
    m: Material, point: YearMonth, funds: frozenset[str], types: frozenset[str]
) -> Reading:
    span = m.since(point)
    if why := nothing_held(m, span):
        return Reading(m.day(point), missing=why)
    parts = tuple(
        Part(str(year[0].year), _sum_of(m.given(year), funds, {code}),
             link=m.sums.link(_ordered(funds), *year, donor_type=code), group=group)
        for code, group in _groups(types)
        for year in years_of(span)
    )  # fmt: skip
    unattributed = sum(
        (one.amount_usd for one in m.given(span) if one.fund in funds and one.donor is None), ZERO
    )
    link = m.sums.link(_ordered(funds), *span, donor_type=next(iter(types)))
    return Reading(
        m.day(point), sum((part.value or ZERO for part in parts), ZERO),
        partial=begins_late(m, span), parts=parts, link=link if len(types) == 1 else "",
        notes=(not_attributed(unattributed),) if unattributed else (),
    )  # fmt: skip


def _groups(types: Iterable[str]) -> list[tuple[str, str]]:
    """The types, each with a heading where there are several."""
    codes = sorted(types)
    return [(code, code if len(codes) > 1 else "") for code in codes]


def _sum_of(given: Iterable[DonorSum], funds: Iterable[str], types: Iterable[str]) -> Decimal:
    return sum(
        (one.amount_usd for one in given
         if one.fund in funds and one.donor and one.donor.contributor_type_id in types),
        ZERO,
    )  # fmt: skip


def _ordered(funds: Iterable[str]) -> list[str]:
    return [fund for fund in INCOME_FUNDS if fund in set(funds)]


def _is_government(one: DonorSum) -> bool:
    return one.fund == NON_EARMARKED and one.donor is not None and one.donor.is_member_state


def _givers(m: Material, given: Iterable[DonorSum], span: Span) -> tuple[Part, ...]:
    """Those counted, the largest first; who wishes to stay unnamed has neither name nor link."""
    sums = leveled(given, Level.REPORTED, knows_unnamed=m.question.knows_unnamed)
    counted = [one for one in sums if one.giver and one.amount_usd > 0]
    counted.sort(key=lambda one: (-one.amount_usd, one.giver.name if one.giver else ""))
    return tuple(
        Part(one.giver.name, one.amount_usd, USD, group=_("Governments counted"),
             link=m.sums.link((one.fund,), *span, donor=one.giver.donor) if one.giver.donor else "")
        for one in counted
        if one.giver
    )  # fmt: skip


def years_of(span: Span) -> list[Span]:
    """The years of the months, the last one up to its month."""
    return [
        (YearMonth(year, 1), min(YearMonth(year, 12), span[1]))
        for year in range(span[0].year, span[1].year + 1)
    ]


def nothing_held(m: Material, span: Span) -> str:
    """Why nothing can be said of the months at all; empty where something can."""
    if m.sums.begins is None:
        return _("These books hold no money on this basis (%(basis)s).") % {"basis": m.basis.label}
    if m.sums.begins > span[1]:
        return _("These books begin in %(month)s.") % {"month": m.sums.begins}
    if m.basis is Basis.AUDITED and not m.sums.holds(*years_of(span)[-1]):
        return _("Audited revenue of %(year)s is not in these books.") % {"year": span[1].year}
    return ""


def begins_late(m: Material, span: Span) -> str:
    """Said where the books begin after the first year asked for."""
    if m.sums.begins is None or m.sums.begins.year <= span[0].year:
        return ""
    return _("These books begin in %(month)s: money of the period before is not counted.") % {
        "month": m.sums.begins
    }


def not_attributed(amount_usd: Decimal) -> str:
    return _("%(amount)s of the same money is not attributed to a donor, and not counted.") % {
        "amount": dollars(amount_usd)
    }


def _not_reported(span: Span) -> str:
    years = str(span[0].year) if span[0].year == span[1].year else f"{span[0].year}–{span[1].year}"
    return _("Non-earmarked money of %(years)s is not reported in these books.") % {"years": years}
