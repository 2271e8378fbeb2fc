"""What documents printed, beside the books. Every note comes out of the comparison."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.wording import worded
from income.periods import YearMonth
from interface.formatting import format_number
from reports.figures.progress import percent_of
from reports.figures.provenance import Basis
from reports.figures.sums import TOTAL_FUNDS, ZERO, Sums
from reports.figures.words import dollars, per_cent
from targets.models import PublishedFigure
from targets.selectors import Coverage, GoalSet, where

Measure, Unit = PublishedFigure.Measure, PublishedFigure.Unit
# Which books can be asked for a measure; income and pledges are counted in no books like these.
ASKED_OF = {
    Measure.RECEIVED: Basis.RECEIVED,
    Measure.ALLOCATED: Basis.RECEIVED,
    Measure.SHARE_OF_TARGET: Basis.RECEIVED,
    Measure.REVENUE: Basis.AUDITED,
}
COARSEST = Decimal(100_000)  # what "rounded to a tenth of a million" means


@dataclass(frozen=True)
class Printed:
    """One printed figure; `books_value` in the same unit, None where the books have none.

    The difference is what the document prints less what the books give. `agrees` is None where
    the two cannot be compared; `note` then says why.
    """

    code: str
    document: str
    paragraph: str
    subject: str
    measure: str
    measure_code: str
    basis: str
    year: int
    as_at: datetime.date | None
    value: Decimal
    unit: str
    books_value: Decimal | None
    difference: Decimal | None
    agrees: bool | None
    note: str
    link: str
    target_usd: Decimal | None  # of a printed share: the document's own target

    @property
    def place(self) -> str:
        """The document and the paragraph."""
        return where(self.document, self.paragraph)

    @property
    def printed_text(self) -> str:
        return _in_unit(self.value, self.unit, self.value)

    @property
    def books_text(self) -> str:
        return "" if self.books_value is None else _in_unit(self.books_value, self.unit, self.value)


@dataclass(frozen=True)
class Beside:
    """Puts printed figures beside the books of one basis; `goal_sets` are those of the year."""

    sums: Sums
    coverages: Mapping[str, Coverage]
    goal_sets: Sequence[GoalSet]

    def all(self, figures: Iterable[PublishedFigure]) -> tuple[Printed, ...]:
        return tuple(self.one(figure) for figure in figures)

    def one(self, figure: PublishedFigure) -> Printed:
        value, reason = self._value(figure)
        return Printed(
            code=figure.code,
            document=str(figure.document),
            paragraph=worded(figure.paragraph),
            subject=self._subject(figure),
            measure=str(Measure(figure.measure).label),
            measure_code=figure.measure,
            basis=worded(figure.basis),
            year=figure.year,
            as_at=figure.as_at,
            value=figure.value,
            unit=figure.unit,
            books_value=value,
            difference=None if value is None else figure.value - value,
            agrees=None if reason or value is None else _agree(figure, value),
            note=reason,
            link="" if value is None else self._link(figure),
            target_usd=self._own_target(figure),
        )

    def _subject(self, figure: PublishedFigure) -> str:
        if figure.region:
            return str(figure.region)
        scope = self.coverages.get(figure.scope_id or "")
        return scope.name if scope else ""

    def _value(self, figure: PublishedFigure) -> tuple[Decimal | None, str]:
        """The books' value, and why it cannot be compared (empty where it can)."""
        if ASKED_OF.get(Measure(figure.measure)) is not self.sums.basis:
            reason = _("the books count %(basis)s, which is not the same measure") % {
                "basis": self.sums.basis.label
            }
            return None, reason
        if figure.as_at and figure.as_at != YearMonth.of(figure.as_at).last_day:
            return None, _("the books are asked at the end of a month only")
        value = self._in_books(figure)
        if value is None:
            return None, _("these books hold nothing to compare it with")
        return value, ""

    def _in_books(self, figure: PublishedFigure) -> Decimal | None:
        span = _span(figure)
        if self.sums.begins is None or not self._reaches(figure):
            return None
        if figure.measure == Measure.ALLOCATED:
            return self._allocated(figure, span)
        scope = self.coverages.get(figure.scope_id or "")
        if scope is None or scope.contributor_types or not scope.funds:
            return None
        actual = self.sums.reported(scope.funds, *span)
        if figure.measure != Measure.SHARE_OF_TARGET:
            return actual
        return percent_of(actual, self._own_target(figure))

    def _reaches(self, figure: PublishedFigure) -> bool:
        return self.sums.holds(*_span(figure))

    def _allocated(
        self, figure: PublishedFigure, span: tuple[YearMonth, YearMonth]
    ) -> Decimal | None:
        regions = {region for region, _fund, _month in self.sums.by_region if region}
        usd = self.sums.of_region(figure.region_id, *span)
        if figure.unit == Unit.USD:
            return usd if regions else None
        return percent_of(usd, sum((self.sums.of_region(r, *span) for r in regions), ZERO))

    def _own_target(self, figure: PublishedFigure) -> Decimal | None:
        """Of a printed share: its own document's target for the same money and year."""
        scope = self.coverages.get(figure.scope_id or "")
        if scope is None or figure.measure != Measure.SHARE_OF_TARGET:
            return None
        for goal_set in self.goal_sets:
            if goal_set.document_code == figure.document_id:
                goal = goal_set.goal_for(scope.funds, figure.year, figure.year)
                if goal:
                    return goal.amount_usd
        return None

    def _link(self, figure: PublishedFigure) -> str:
        span = _span(figure)
        if figure.measure == Measure.ALLOCATED:
            return self.sums.region_link(figure.region_id, *span)
        funds = self.coverages[figure.scope_id or ""].funds
        return self.sums.link(
            [f for f in TOTAL_FUNDS if f in funds and self.sums.of((f,), *span)], *span
        )


def _span(figure: PublishedFigure) -> tuple[YearMonth, YearMonth]:
    end = YearMonth.of(figure.as_at) if figure.as_at else YearMonth(figure.year, 12)
    return YearMonth(figure.year, 1), end


def _agree(figure: PublishedFigure, books: Decimal) -> bool:
    """Whether the books give the printed value once rounded as the document rounds."""
    step = _step(figure.value) if figure.unit == Unit.USD else last_place(figure.value)
    return rounds_to(books, figure.value, step)


def rounds_to(value: Decimal, printed: Decimal, step: Decimal) -> bool:
    return (value / step).quantize(Decimal(1), "ROUND_HALF_UP") * step == printed


def _step(value: Decimal) -> Decimal:
    """The unit that an amount is printed in: its last digit that is not zero, at most a tenth
    of a million."""
    step = Decimal(1)
    while step < COARSEST and value and value % (step * 10) == 0:
        step *= 10
    return step if value == value.to_integral_value() else Decimal("0.01")


def last_place(value: Decimal) -> Decimal:
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


def _in_unit(value: Decimal, unit: str, printed: Decimal) -> str:
    """A value in words, with the digits of the printed one and one more where they would hide
    that the two differ."""
    if unit == Unit.PERCENT:
        digits = -int(last_place(printed).as_tuple().exponent)
        return per_cent(value, digits if value == printed else max(digits, 1))
    if abs(printed) < COARSEST:
        return _("US$ %(amount)s") % {"amount": format_number(value, digits=0)}
    places = 6 - max(int(_step(printed).log10()), 0)
    return dollars(value, digits=max(places, 1))
