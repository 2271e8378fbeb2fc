"""Year by year: income by fund, and how much of it has a named donor."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.models import Donor
from income.families import became
from income.leading import leaders
from income.models import Fund, Ledger, Month
from income.periods import YearMonth
from income.totals import Span, donor_sums
from income.yearly import YearSum, yearly_sums, years_without_totals
from reports.figures.donors import MOST, Ranking, rankings, rankings_as_reported
from reports.figures.levels import Level
from reports.figures.progress import percent_of
from reports.figures.provenance import Basis, Provenance
from reports.figures.question import Question
from reports.figures.sums import INCOME_FUNDS, ZERO, Sums, kinds_of, mode_of, months
from reports.figures.words import dollars, per_cent


@dataclass(frozen=True)
class HistoryCell:
    """US dollars of a fund in a year; None where the books report nothing."""

    amount_usd: Decimal | None
    link: str


@dataclass(frozen=True)
class HistoryYear:
    """One year: a cell per fund of the table, the total, and what is attributed to donors.

    `total_usd` is None for a year of which only named donors are known: no total was published.
    The percentage is that of named donors in the total, not rounded.
    """

    year: int
    cells: tuple[HistoryCell, ...]
    total_usd: Decimal | None
    named_usd: Decimal
    named_percent: Decimal | None
    link: str


@dataclass(frozen=True)
class History:
    """Every year the books hold on one basis; rankings are those of the question's year."""

    question: Question
    provenance: Provenance
    funds: tuple[tuple[str, str], ...]  # code and name
    years: tuple[HistoryYear, ...]
    rankings: tuple[Ranking, ...]

    @property
    def headline(self) -> str:
        """The latest year, and how much of it names its donors."""
        known = [year for year in self.years if year.total_usd is not None]
        if not known:
            return _("These books hold no income yet.")
        last = known[-1]
        words = {
            "year": last.year,
            "total": dollars(last.total_usd or ZERO, self.question.units),
            "percent": per_cent(last.named_percent) if last.named_percent is not None else "",
        }
        if last.named_percent is None:
            return _("In %(year)s income was %(total)s.") % words
        if self.provenance.basis is Basis.AUDITED:
            sentence = _(
                "In %(year)s audited revenue was %(total)s, and %(percent)s of it has a named "
                "donor."
            )
            return sentence % words
        return (
            _("In %(year)s income was %(total)s, and %(percent)s of it has a named donor.") % words
        )

    @property
    def all_years(self) -> tuple[int, ...]:
        return tuple(year.year for year in self.years)

    @property
    def period(self) -> str:
        """`2010 to 2021`; one year stands alone, none is empty."""
        years = self.all_years
        if len(years) < 2:
            return str(years[0]) if years else ""
        return _("%(first)s to %(last)s") % {"first": years[0], "last": years[-1]}


def history(question: Question) -> History:
    """The history the question's books hold on its basis, in a handful of queries."""
    ledger = Ledger.objects.get(pk=question.ledger.pk)
    provenance = Provenance(
        books=ledger.code,
        books_name=str(ledger),
        is_demonstration=ledger.is_demonstration,
        basis=question.basis,
        as_at=question.as_at,
        sequence=ledger.sequence,
        hash=ledger.head_hash,
        open_months=open_months(question),
        moved_at=ledger.moved_at,
        scope=_("all funds, with other revenue"),
    )
    names = {fund.code: str(fund) for fund in Fund.objects.all()}
    cells = [cell for kind in kinds_of(question.basis)
             for cell in yearly_sums(ledger, kind, mode=mode_of(question.basis))]  # fmt: skip
    funds = tuple(
        (code, names[code]) for code in INCOME_FUNDS if any(c.fund == code for c in cells)
    )
    is_audited = question.basis is Basis.AUDITED
    partial = years_without_totals(cells) if is_audited else frozenset[int]()
    sums = Sums(ledger.code, question.basis, None, {}, {}, {}, {}, partial)
    year = question.as_at.year
    span = YearMonth(year, 1), YearMonth(year, 12)
    return History(
        question=question,
        provenance=provenance,
        funds=funds,
        years=_years(cells, [code for code, _name in funds], sums, partial),
        rankings=_rankings(question, ledger, sums, names, provenance, span),
    )


def open_months(question: Question) -> tuple[YearMonth, ...]:
    """The months told of that can still change; none for audited figures."""
    if question.basis is Basis.AUDITED or question.span is None:
        return ()
    found = Month.objects.filter(ledger=question.ledger).values_list("month", flat=True)
    closed = {YearMonth.from_key(key) for key in found}
    return tuple(month for month in months(*question.span) if month not in closed)


def _rankings(
    question: Question, ledger: Ledger, sums: Sums, names: Mapping[str, str],
    provenance: Provenance, span: Span,
) -> tuple[Ranking, ...]:  # fmt: skip
    # An allotment has no donor, so the first kind is the only one with any.
    asked = ledger, kinds_of(question.basis)[0], *span
    said, mode = (sums, span, names, provenance), mode_of(question.basis)
    knows = question.knows_unnamed
    if question.level is Level.REPORTED:
        found = leaders(*asked, most=MOST, mode=mode, merged=became())
        shown = Donor.objects.in_bulk({donor for one in found for donor, _usd in one.donors})
        return rankings_as_reported(found, shown, *said, knows_unnamed=knows)
    return rankings(donor_sums(*asked, mode=mode), *said, question.level, knows_unnamed=knows)


def _years(
    cells: Iterable[YearSum], funds: list[str], sums: Sums, partial: frozenset[int]
) -> tuple[HistoryYear, ...]:
    by_year: dict[int, dict[str, YearSum]] = defaultdict(dict)
    for cell in cells:
        by_year[cell.year][cell.fund] = cell
    if not by_year:
        return ()
    return tuple(
        _year(year, by_year[year], funds, sums, is_partial=year in partial)
        for year in range(min(by_year), max(by_year) + 1)
    )


def _year(
    year: int, found: dict[str, YearSum], funds: list[str], sums: Sums, *, is_partial: bool
) -> HistoryYear:
    span = YearMonth(year, 1), YearMonth(year, 12)
    total = None if is_partial else sum((cell.amount_usd for cell in found.values()), ZERO)
    named = sum((cell.named_usd for cell in found.values()), ZERO)
    return HistoryYear(
        year=year,
        cells=tuple(
            HistoryCell(found[fund].amount_usd, sums.link((fund,), *span))
            if fund in found and not is_partial
            else HistoryCell(None, "")
            for fund in funds
        ),
        total_usd=total,
        named_usd=named,
        named_percent=percent_of(named, total),
        link=sums.link([fund for fund in funds if fund in found], *span),
    )
