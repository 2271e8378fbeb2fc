"""The Funding Compact's shares, as far as the books can answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from income.models import Entry
from income.narrow import grouped
from income.periods import YearMonth
from income.totals import donor_sums
from income.vocabulary import Kind, Mode
from interface.formatting import format_number
from reports.figures.dashboard import Dashboard
from reports.figures.disclosure import Cells, families
from reports.figures.progress import percent_of
from reports.figures.question import Question
from reports.figures.sums import EARMARKED_FUNDS, NON_EARMARKED, ZERO, Sums, kinds_of, mode_of
from reports.figures.words import dollars

POOLED, THEMATIC = "R03A", "R03B"
COARSE = frozenset({None, "R03", "R07"})  # say earmarked, and not by which instrument
# The compact of 2019, as a report of 21 March 2019 tells it; the pack prints nothing else of it.
DOCUMENT = "A/74/73/Add.1"


@dataclass(frozen=True)
class CompactLine:
    """One measure: a share (part over whole, US dollars, per cent not rounded) or a count.

    `target` is the compact's own, in words; empty where the pack knows none. `note` says why
    there is no figure, or what the figure leaves out.
    """

    code: str
    name: str
    formula: str
    part_usd: Decimal | None = None
    whole_usd: Decimal | None = None
    percent: Decimal | None = None
    count: int | None = None
    target: str = ""
    note: str = ""
    part_link: str = ""
    whole_link: str = ""


def compact_lines(question: Question, answer: Dashboard, sums: Sums) -> tuple[CompactLine, ...]:
    """What the books say of the compact in the year up to the as-at month; three queries."""
    return (
        *_core(answer),
        *_instruments(question, sums),
        _multi_year(question),
        *_donors(question, answer, sums),
    )


def _core(answer: Dashboard) -> Iterable[CompactLine]:
    target = _("at least 30 per cent in five years from 2019")
    for code, core in zip(("core_total", "core_voluntary"), answer.core, strict=True):
        yield CompactLine(
            code, core.name, core.formula, core.core_usd, core.whole_usd, core.percent,
            target=target, part_link=core.core_link, whole_link=core.whole_link,
            note="" if core.percent is not None else _("Not all of its funds are reported."),
        )  # fmt: skip


def _instruments(question: Question, sums: Sums) -> Iterable[CompactLine]:
    """Of earmarked money whose instrument is stated; without any the share is not known."""
    span, basis = (question.january, question.as_at), question.basis
    cells = grouped(
        question.ledger, kinds_of(basis)[:1], ("fund", "instrument"), *span, question.narrow,
        mode=mode_of(basis),
    )  # fmt: skip
    by_code: dict[str | None, Decimal] = defaultdict(Decimal)
    for (fund, instrument), usd in cells.items():
        if fund in EARMARKED_FUNDS:
            by_code[instrument] += usd
    stated = {code: usd for code, usd in by_code.items() if code not in COARSE}
    whole, unstated = sum(stated.values(), ZERO), sum(by_code.values(), ZERO)
    unstated -= whole
    note = _not_stated(whole, unstated)
    named = (
        (POOLED, _("Pooled share of earmarked money"), _("inter-agency pooled funds (R03A)")),
        (THEMATIC, _("Thematic share of earmarked money"),
         _("single-agency thematic funds (R03B)")),
    )  # fmt: skip
    for code, name, part_name in named:
        part = stated.get(code, ZERO)
        fits = 0 <= part <= whole
        funds = {fund for fund, instrument in cells if instrument == code}
        yield CompactLine(
            f"instrument_{code}", name,
            _("%(part)s, over earmarked money whose instrument is stated") % {"part": part_name},
            part if stated else None, whole if stated else None,
            percent_of(part, whole) if fits else None,
            target=_("double the money of pooled and thematic funds together"), note=note,
            part_link=sums.link(_ordered(funds), *span, instrument=code) if part else "",
        )  # fmt: skip


def _ordered(funds: Collection[str]) -> list[str]:
    return [fund for fund in EARMARKED_FUNDS if fund in funds]


def _not_stated(whole: Decimal, unstated: Decimal) -> str:
    if not whole and not unstated:
        return _("These books hold no earmarked money of this time.")
    if not whole:
        return _("These books do not say by which instrument earmarked money came.")
    if not unstated:
        return ""
    return _("%(amount)s of earmarked money does not say its instrument and is left out.") % {
        "amount": dollars(unstated)
    }


def _multi_year(question: Question) -> CompactLine:
    """By US dollars agreed in the year. The Board sees no sum that gives away one donor.

    Neither does it by subtraction: of two months, of two states of the books, or of this and the
    whole year, which the page of the three bases tells.
    """
    name = _("Multi-year share of agreements")
    formula = _(
        "agreements signed in the year whose instalments fall due in more than one calendar year, "
        "over all agreements signed in it, by US dollars agreed"
    )
    line = CompactLine("multi_year", name, formula, target=_("more money over several years"))
    agreed = _agreed(question, question.january, question.as_at)
    if not agreed:
        return replace(line, note=_("These books hold no agreement of this time."))
    long = _of_several_years(question, {contribution for contribution, _donor in agreed})
    amounts = _by_family(question, agreed, long)
    if not _is_one_of_its_year(question) or _gives_away(amounts):
        note = _("Withheld: the figure would give away what a single donor agreed.")
        return replace(line, note=note)
    part, whole = (sum(amounts[key].values(), ZERO) for key in ("long", "all"))
    percent = percent_of(part, whole) if 0 <= part <= whole else None
    return replace(line, part_usd=part, whole_usd=whole, percent=percent)


Agreed = Mapping[tuple[int | None, int | None], Decimal]  # by contribution and donor
Amounts = Mapping[str, Mapping[int | None, Decimal]]


def _is_one_of_its_year(question: Question) -> bool:
    """Whether no other month of the year, and no earlier state, is told beside it."""
    is_last = question.as_at.month == 12 or question.as_at == question.choices[0]
    return is_last and question.known is None


def _by_family(question: Question, agreed: Agreed, long: Collection[int | None]) -> Amounts:
    """Of several years and of one, both together, and with the rest of the year."""
    december = YearMonth(question.as_at.year, 12)
    rest = {} if question.as_at == december else _agreed(question, question.as_at.next, december)
    above = families({donor for _contribution, donor in (*agreed, *rest)})
    amounts: dict[str, dict[int | None, Decimal]] = {
        key: defaultdict(Decimal) for key in ("long", "short", "all", "rest", "year")
    }
    for (contribution, donor), usd in agreed.items():
        for key in ("long" if contribution in long else "short", "all", "year"):
            amounts[key][above.get(donor)] += usd
    for (_contribution, donor), usd in rest.items():
        for key in ("rest", "year"):
            amounts[key][above.get(donor)] += usd
    return amounts


def _gives_away(amounts: Amounts) -> bool:
    equations = [
        [("long", 1), ("short", 1), ("all", -1)], [("all", 1), ("rest", 1), ("year", -1)],
    ]  # fmt: skip
    hidden = Cells(amounts, equations, frozenset({"year"})).withheld()
    return not hidden.isdisjoint({"long", "short", "all"})


def _agreed(question: Question, first: YearMonth, last: YearMonth) -> Agreed:
    """US dollars agreed in these months, by contribution and donor."""
    entries = question.narrow.apply(Entry.objects.in_books(question.ledger)).filter(
        kind=Kind.AGREEMENT, mode=Mode.CASH, amount_usd__isnull=False,
        value_date__gte=first.first_day, value_date__lte=last.last_day,
    )  # fmt: skip
    rows = entries.order_by().values_list("contribution", "donor").annotate(usd=Sum("amount_usd"))
    return {(contribution, donor): usd for contribution, donor, usd in rows if usd}


def _of_several_years(
    question: Question, contributions: Collection[int | None]
) -> frozenset[int | None]:
    """Those with money due in more than one calendar year, as the books knew the schedule."""
    due = question.narrow.apply(Entry.objects.in_books(question.ledger)).filter(
        kind=Kind.DUE, contribution__in=[one for one in contributions if one is not None]
    )
    years: dict[int | None, set[int]] = defaultdict(set)
    rows = due.order_by().values_list("contribution", "value_date__year")
    for contribution, year, usd in rows.annotate(usd=Sum("amount")):
        if usd:
            years[contribution].add(year)
    return frozenset(one for one, several in years.items() if len(several) > 1)


def _donors(question: Question, answer: Dashboard, sums: Sums) -> Iterable[CompactLine]:
    span = question.january, question.as_at
    link = sums.link((NON_EARMARKED,), *span)
    is_told = sums.reported((NON_EARMARKED,), *span) is not None
    givers = donor_sums(
        question.ledger, kinds_of(question.basis)[0], *span, funds=(NON_EARMARKED,),
        mode=mode_of(question.basis), narrow=question.narrow,
    )  # fmt: skip
    count = sum(1 for one in givers if one.donor and one.amount_usd > 0)
    note = "" if is_told else _("The books report no core money of this time.")
    yield CompactLine(
        "core_donors", _("Donors of core money"),
        _("named donors whose non-earmarked money of the year is above zero"),
        count=count if is_told else None, note=note, part_link=link if is_told else "",
    )  # fmt: skip
    for one in answer.governments[:1]:
        hoped_for = _("The strategy hopes for %(count)s.") % {"count": format_number(one.hoped_for)}
        yield CompactLine(
            "core_governments", _("Member States among them"),
            _("Member States whose non-earmarked money of the year is above zero"),
            count=one.count, note=note or (hoped_for if one.hoped_for else ""),
            part_link=one.link,
        )  # fmt: skip
