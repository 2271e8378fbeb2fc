"""Indicators that are shares of money: pooled, service fees, raised within the country."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.naming import is_hidden, unnamed_together
from income.periods import YearMonth
from income.totals import Span
from interface.formatting import format_date
from reports.figures.progress import percent_of
from reports.figures.provenance import Basis
from reports.figures.scorecard.material import Domestic, Material, within
from reports.figures.scorecard.money import nothing_held
from reports.figures.scorecard.readings import USD, Part, Reading
from reports.figures.sums import INCOME_FUNDS, UNSPLIT, VOLUNTARY_FUNDS, ZERO
from reports.figures.words import dollars
from targets.models import EconomyList

TECHNICAL = "TC"
POOLED = "R03A"
# Codes that stand for several instruments, pooled funds among them: they tell nothing here.
COARSE = frozenset({"R03", "R07", "R08", "R09"})
FEES = "R04"
ALL_MONEY = INCOME_FUNDS  # the total, and other revenue, which service fees are part of


def pooled(m: Material, point: YearMonth) -> Reading:
    """C1: pooled funds' part of the year's technical cooperation income."""
    span = m.of_year(point)
    if why := nothing_held(m, span) or _not_split(m, span):
        return Reading(m.day(point), missing=why)
    whole = m.sums.of((TECHNICAL,), *span)
    if whole <= 0:
        return Reading(m.day(point), missing=_no_money(m, span))
    unknown = within(m.instrument_cells, span, lambda code, fund: fund == TECHNICAL
                     and (code is None or code in COARSE))  # fmt: skip
    if unknown == whole:
        return Reading(
            m.day(point),
            missing=_("No technical cooperation income of %(year)s names its instrument closely "
                      "enough to tell pooled funds from others.") % {"year": point.year},
        )  # fmt: skip
    part = within(m.instrument_cells, span, lambda code, fund: code == POOLED and fund == TECHNICAL)
    parts = (
        Part(_("From pooled funds (R03A)"), part, USD,
             m.sums.link((TECHNICAL,), *span, instrument=POOLED)),
        Part(_("All technical cooperation income"), whole, USD, m.sums.link((TECHNICAL,), *span)),
    )  # fmt: skip
    return Reading(m.day(point), _percent(part, whole), partial=_unnamed(unknown), parts=parts)


def _not_split(m: Material, span: Span) -> str:
    unsplit = m.sums.of((UNSPLIT,), *span)
    if not unsplit:
        return ""
    return _(
        "%(amount)s of earmarked money is not split between Foundation earmarked and technical "
        "cooperation in these books, so technical cooperation income is not known."
    ) % {"amount": dollars(unsplit)}


def _no_money(m: Material, span: Span) -> str:
    return _("These books hold no technical cooperation income of %(year)s.") % {
        "year": span[1].year
    }


def _unnamed(amount_usd: Decimal) -> str:
    if not amount_usd:
        return ""
    return _("%(amount)s names no instrument closely enough, and is not counted in the part.") % {
        "amount": dollars(amount_usd)
    }


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Per cent, with zero written as such."""
    found = percent_of(part, whole)
    return None if found is None else found + ZERO


def service_fees(m: Material, point: YearMonth) -> Reading:
    """D1: revenue from other activities, which service fees are, in all money of the year."""
    span = m.of_year(point)
    if why := nothing_held(m, span):
        return Reading(m.day(point), missing=why)
    if m.basis is Basis.AUDITED and m.sums.reported(ALL_MONEY, *span) is None:
        return Reading(m.day(point), missing=_total_not_known(span))
    whole = m.sums.of(ALL_MONEY, *span)
    codes = sorted({key[0] for key in m.instrument_cells if str(key[0]).startswith(FEES)})
    if not any(key[0] is not None for key in m.instrument_cells):
        return Reading(m.day(point), missing=_("No money in these books names its instrument."))
    if whole <= 0:
        return Reading(m.day(point), missing=_total_not_known(span))
    parts = [_fee_part(m, span, code) for code in codes]
    fees = sum((part.value or ZERO for part in parts), ZERO)
    unknown = within(m.instrument_cells, span, lambda code, _fund: code is None)
    everything = Part(_("All money"), whole, USD, m.sums.link(ALL_MONEY, *span))
    return Reading(
        m.day(point), _percent(fees, whole), partial=_unnamed(unknown),
        at_most=_(
            "These instruments hold other revenue beside service fees; the share of fees is at "
            "most this."
        ),
        parts=(*parts, everything),
    )  # fmt: skip


def _fee_part(m: Material, span: Span, code: str) -> Part:
    by_fund = {
        fund: within(m.instrument_cells, span, lambda c, of, f=fund: c == code and of == f)
        for fund in ALL_MONEY
    }
    funds = [fund for fund, usd in by_fund.items() if usd]
    return Part(
        _("Service fees and other activities (%(code)s)") % {"code": code},
        sum(by_fund.values(), ZERO), USD, m.sums.link(funds, *span, instrument=code),
    )  # fmt: skip


def _total_not_known(span: Span) -> str:
    return _("The total of %(year)s is not known in these books.") % {"year": span[1].year}


def raised_within(m: Material, point: YearMonth) -> Reading:
    """E2: what emerging economies paid themselves, in all that came for them in the year."""
    span, day = m.of_year(point), m.day(point)
    if why := nothing_held(m, span):
        return Reading(day, missing=why)
    if m.basis is Basis.AUDITED:
        return Reading(day, missing=_("Audited revenue does not say which country money is for."))
    in_force = next((one for one in m.lists if one.dated_on <= day), None)
    if in_force is None:
        return Reading(day, missing=_("No list of emerging economies dated %(day)s or before is "
                                      "approved.") % {"day": format_date(day)})  # fmt: skip
    rows = _rows(m, span, in_force)
    whole = sum((one.amount_usd for one in rows), ZERO)
    if whole <= 0:
        return Reading(day, missing=_("No money of %(year)s names one of the countries listed.")
                       % {"year": point.year})  # fmt: skip
    parts = _paid_at_home(m, rows, span) + _by_country(m, rows, span)
    own = sum((one.amount_usd for one in rows if one.is_own), ZERO)
    told = _("Emerging economies: %(source)s, %(day)s.") % {
        "source": in_force.source, "day": format_date(in_force.dated_on),
    }  # fmt: skip
    return Reading(day, _percent(own, whole), parts=parts, notes=(told,))


def _rows(m: Material, span: Span, in_force: EconomyList) -> list[Domestic]:
    listed = m.listed[in_force.pk]
    return [
        replace(one, donor=m.donors[one.donor].pk if one.donor else None)
        for one in m.domestic
        if one.area in listed and span[0].key <= one.month <= span[1].key
    ]


def _paid_at_home(m: Material, rows: list[Domestic], span: Span) -> tuple[Part, ...]:
    """By country and donor; those that wish to stay unnamed together, without a country.

    Entries open where all that the donor gave there is the country's own money: otherwise the
    same address would show other money too.
    """
    group, knows = _("Raised within the country"), m.question.knows_unnamed
    standing = {donor.pk: donor for donor in m.donors.values()}
    parts, hidden = [], ZERO
    for area, pk in sorted({(one.area, one.donor or 0) for one in rows if one.is_own}):
        of_both = [one for one in rows if (one.area, one.donor or 0) == (area, pk)]
        usd = sum((one.amount_usd for one in of_both if one.is_own), ZERO)
        donor = standing.get(pk)
        if donor and is_hidden(donor, knows=knows):
            hidden += usd
            continue
        is_open = donor is not None and all(one.is_own for one in of_both)
        parts.append(
            Part(
                f"{m.areas.get(area, area)}: {donor or _('Not attributed to a donor')}", usd, USD,
                m.sums.link(VOLUNTARY_FUNDS, *span, donor=donor.code, area=area)
                if donor and is_open else "",
                group,
                "" if is_open else _("Its entries stand among other money for the country."),
            )
        )  # fmt: skip
    if hidden:
        parts.append(Part(unnamed_together(), hidden, USD, "", group))
    return tuple(parts)


def _by_country(m: Material, rows: Iterable[Domestic], span: Span) -> tuple[Part, ...]:
    found = list(rows)
    return tuple(
        Part(m.areas.get(area, area),
             sum((one.amount_usd for one in found if one.area == area), ZERO), USD,
             m.sums.link(VOLUNTARY_FUNDS, *span, area=area), _("All money for these countries"))
        for area in sorted({one.area for one in found})
    )  # fmt: skip
