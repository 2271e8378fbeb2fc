"""What a reader of the page must know, made from the figures and never written by hand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donors.models import ContributorType, Region
from income.models import Programme
from income.narrow import NONE
from income.periods import YearMonth
from income.totals import Adjusted, NotConverted
from income.vocabulary import Kind, Mode
from interface.formatting import format_amount, joined
from reports.figures.provenance import Provenance
from reports.figures.question import Question
from reports.figures.sums import ZERO, Sums, months
from reports.figures.words import amounts, dollars, months_said
from targets.models import SupportTreatment
from targets.selectors import GoalSet, revision_of


def provisional(provenance: Provenance) -> str:
    """Which months can still change, or that the audit is still to come; empty when neither."""
    if not provenance.is_provisional:
        return ""
    if not provenance.open_months:
        return _(
            "All months are closed. The figures stay provisional until the year's audited revenue "
            "is in the same books."
        )
    return _("Provisional: these months are still open and can change: %(months)s.") % {
        "months": months_said(provenance.open_months)
    }


def asked_for(question: Question) -> Iterable[str]:
    """What the reader asked for that makes the figures others than those of the first page."""
    if question.known:
        yield _(
            "These are the figures %(known)s. What was posted later is not in them; the names of "
            "donors and their groups are today's."
        ) % {"known": question.known.label}
    if question.narrow.is_part:
        yield _("Only a part of the money was asked for: no sum here is the whole of a fund.")
        yield from parts_asked(question)


def parts_asked(question: Question) -> tuple[str, ...]:
    """Which part of the money was asked for, by name: `Region: Africa`; empty for all of it."""
    asked = (
        (_("Region"), Region, question.region, _("not allocated")),
        (_("Programme"), Programme, question.programme, _("no programme")),
        (_("Donor group"), ContributorType, question.group, _("not allocated")),
    )
    return tuple(
        f"{label}: {nothing if code == NONE else model.objects.get(code=code)}"
        for label, model, code, nothing in asked
        if code
    )


def adjusted(found: Iterable[Adjusted]) -> str:
    """How much was posted after its month was closed; empty when nothing was.

    `found` are kinds that may stand in one sum.
    """
    found = list(found)
    count = sum(one.count for one in found)
    if not count:
        return ""
    left_out: dict[str, Decimal] = defaultdict(Decimal)
    for cell in (cell for one in found for cell in one.not_converted):
        left_out[cell.currency] += cell.amount
    is_converted = count > sum(cell.count for one in found for cell in one.not_converted)
    usd = sum((one.amount_usd for one in found), ZERO) if is_converted else None
    return ngettext(
        "Adjusted after closing: %(count)d entry, %(amount)s.",
        "Adjusted after closing: %(count)d entries, %(amount)s.",
        count,
    ) % {"count": count, "amount": amounts(usd, left_out)}


def without_rate(cells: Sequence[NotConverted]) -> str:
    """How much money stands in no figure for want of an exchange rate; empty when none."""
    count = sum(cell.count for cell in cells)
    if not count:
        return ""
    sentence = ngettext(
        "%(count)d record of the year has no exchange rate and is in no figure: %(amounts)s.",
        "%(count)d records of the year have no exchange rate and are in no figure: %(amounts)s.",
        count,
    )
    amounts = joined([format_amount(cell.amount, cell.currency) for cell in cells], ";")
    return sentence % {"count": count, "amounts": amounts}


def in_kind(sums: Sums, first: YearMonth, last: YearMonth) -> str:
    """How much of the income is not cash; empty when all is."""
    usd = sums.not_cash(first, last)
    if not usd:
        return ""
    if sums.mode == Mode.CASH:
        return _("Income in kind and personnel is in no sum here: %(amount)s.") % {
            "amount": dollars(usd, digits=2)
        }
    return _("Income in kind is counted: %(amount)s.") % {"amount": dollars(usd, digits=2)}


def uncounted(sums: Sums, first: YearMonth, last: YearMonth) -> Iterable[str]:
    """Entries of a kind that is not the income of their fund: they stand in no figure."""
    wanted = {month.key for month in months(first, last)}
    found: dict[tuple[str, str], Decimal] = {}
    for (kind, fund, month), usd in sums.uncounted.items():
        if month in wanted:
            found[kind, fund] = found.get((kind, fund), ZERO) + usd
    for (kind, fund), usd in sorted(found.items()):
        if usd:
            yield _(
                "%(amount)s was booked as “%(kind)s” in fund %(fund)s and stands in no figure here."
            ) % {"amount": dollars(usd, digits=2), "kind": Kind(kind).label, "fund": fund}


def about_targets(chosen: GoalSet | None, year: int, others: Sequence[GoalSet]) -> Iterable[str]:
    """What the chosen set says of itself, or why there is no target."""
    if chosen is None:
        yield _("No document holds a target for %(year)s: there is nothing to compare with.") % {
            "year": year
        }
        return
    if not chosen.annual(year):
        sentence = _("“%(set)s” has no target for %(year)s.") % {"set": chosen.name, "year": year}
        if others:
            names = joined([str(one.name) for one in others], ";")
            sentence = _("%(sentence)s There are: %(names)s.") % {
                "sentence": sentence,
                "names": names,
            }
        yield sentence


def about_revision(chosen: GoalSet | None) -> str:
    """That the set in use was revised; both stay, and the reader chooses."""
    newer = revision_of(chosen.code) if chosen else None
    if newer is None or chosen is None:
        return ""
    return _("“%(set)s” was revised: “%(newer)s” can be chosen as well.") % {
        "set": chosen.name, "newer": newer,
    }  # fmt: skip


def about_support(chosen: GoalSet | None) -> str:
    """Said of a set that leaves open where programme support stands."""
    if chosen is None or chosen.support != SupportTreatment.NOT_STATED:
        return ""
    return _("“%(set)s” does not state where programme support stands.") % {"set": chosen.name}


def without_totals(sums: Sums, year: int) -> str:
    """Said of a year of which only named donors are known."""
    if year not in sums.without_totals:
        return ""
    return _(
        "For %(year)s only the money of named donors is known: no total was published, so nothing "
        "is compared or shared out."
    ) % {"year": year}
