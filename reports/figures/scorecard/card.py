"""The scorecard: every indicator of the strategy as at a month, one object, few queries."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from donors.names import in_language
from donors.wording import worded
from income.models import Ledger
from income.periods import YearMonth
from income.totals import closed_months, is_audited
from reports.figures.known import hash_at
from reports.figures.one_state import TRIES, BooksMoving
from reports.figures.provenance import Basis, Provenance
from reports.figures.question import Question, QuestionWrong
from reports.figures.scorecard.formulas import FORMULAS, Formula, formula_of
from reports.figures.scorecard.judging import Status, Trend, status_of, trend_of
from reports.figures.scorecard.material import Material, read
from reports.figures.scorecard.measured import approved, reading_at, reading_before, reading_of
from reports.figures.scorecard.readings import Part, Reading
from reports.figures.sums import months
from targets.models import (
    Comparison,
    Document,
    Indicator,
    IndicatorOwner,
    Measurement,
    StrategyPeriod,
)
from targets.units import is_measured

STRATEGY = "strategy-2020-2023"


@dataclass(frozen=True)
class Standing:
    """One indicator. `now` is its last value, `before` what the trend compares it with.

    `by_year` holds the value at the end of each year of the period (the last one: as at the
    month). `beside` are computed amounts that are not its value; `quality` is what was measured of
    a computed indicator, None where nothing has to be. Owner is empty where nobody is named.
    """

    code: str
    action: str
    action_name: str
    name: str
    unit: str
    comparison: str
    target: Decimal | None
    due_year: int | None
    note: str
    owner: str
    formula: str
    is_computed: bool
    takes_measurements: bool
    now: Reading
    before: Reading | None
    trend: Trend
    status: Status
    by_year: tuple[tuple[int, Reading], ...]
    beside: tuple[Part, ...] = ()
    quality: Reading | None = None
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scorecard:
    """Every indicator of one strategy period, in the order of the actions."""

    question: Question
    provenance: Provenance
    period: str
    source: str
    standings: tuple[Standing, ...]

    def counts(self) -> Mapping[Status, int]:
        """How many stand how."""
        stands = [one.status for one in self.standings]
        return {status: stands.count(status) for status in Status}

    def of(self, code: str) -> Standing | None:
        return next((one for one in self.standings if one.code == code), None)


def scorecard(question: Question, today: datetime.date) -> Scorecard:
    """The answer, of one state of the books. Raises QuestionWrong, BooksMoving.

    The part of the money that a question may name (region, programme, group) is left aside:
    indicators speak of all of it.
    """
    if question.basis.is_promise:
        raise QuestionWrong(
            _("Indicators are told by what was received, or by audited revenue."), field="basis"
        )
    question = replace(question, region="", programme="", group="")
    before = question.ledger
    for _attempt in range(TRIES):
        answer = _made(question, before, today)
        after = Ledger.objects.get(pk=before.pk)
        if after.sequence == before.sequence:
            return answer
        before = after
    raise BooksMoving()


def _made(question: Question, ledger: Ledger, today: datetime.date) -> Scorecard:
    period = _period(question.as_at.year)
    provenance = _provenance(question, ledger)
    document = Document.objects.filter(code=STRATEGY).first()
    source = str(document) if document else ""
    if period is None:
        return Scorecard(question, provenance, "", source, ())
    rows = list(Indicator.objects.filter(period=period).select_related("period"))
    material = read(question, ledger, period, provenance, today)
    measured = approved(question.known, is_demonstration=ledger.is_demonstration)
    owners = dict(IndicatorOwner.objects.values_list("indicator_id", "name"))
    conflicts = _conflicts(rows)
    standings = tuple(
        _Judge(one, material, measured.get(one.code, ()), owners.get(one.code, "")).standing(
            conflicts.get(one.code, ())
        )
        for one in rows
    )
    return Scorecard(question, provenance, str(period), source, standings)


def _period(year: int) -> StrategyPeriod | None:
    """The period of the year, else the last one before it, else the first; with indicators."""
    periods = list(StrategyPeriod.objects.filter(indicator__isnull=False).distinct())
    begun = [one for one in periods if one.from_year <= year]
    return begun[-1] if begun else next(iter(periods), None)


def _conflicts(rows: Sequence[Indicator]) -> dict[str, tuple[str, ...]]:
    """Indicators that measure the same thing and fall due in different years: both are kept."""
    found: dict[str, tuple[str, ...]] = {}
    for one in rows:
        compute = FORMULAS[one.code].compute if one.code in FORMULAS else None
        found[one.code] = tuple(
            _("The strategy contradicts itself: it hopes for the same by %(year)s here, and by "
              "%(other_year)s in indicator %(other)s.")
            % {"year": one.due_year, "other_year": other.due_year, "other": other.code}
            for other in rows
            if compute and other.code in FORMULAS and FORMULAS[other.code].compute is compute
            and other.due_year != one.due_year
        )  # fmt: skip
    return found


class _Judge:
    """Makes one indicator's standing from what was read."""

    def __init__(
        self, indicator: Indicator, material: Material, rows: Sequence[Measurement], owner: str
    ) -> None:
        self.indicator, self.material, self.rows, self.owner = indicator, material, rows, owner
        self.formula: Formula = formula_of(indicator.code, indicator.unit)
        self.as_at = material.question.as_at
        self.last = min(self.as_at, YearMonth(material.period.to_year, 12))
        # A measurement may be of a day after the period; money counts up to its end.
        self.day = material.day(self.as_at)

    def standing(self, conflicts: tuple[str, ...]) -> Standing:
        indicator, now, before = self.indicator, self._now(), self._before()
        quality = reading_at(self.rows, self.day) if self.formula.needs_quality else None
        language = get_language()
        return Standing(
            code=indicator.code,
            action=indicator.action,
            action_name=in_language(indicator.action_names, language),
            name=in_language(indicator.names, language),
            unit=indicator.unit,
            comparison=Comparison(indicator.comparison).value,
            target=indicator.target,
            due_year=indicator.due_year,
            note=worded(indicator.note),
            owner=self.owner,
            formula=str(self.formula.words),
            is_computed=self.formula.compute is not None,
            takes_measurements=is_measured(indicator.code),
            now=now,
            before=before,
            trend=trend_of(now, before),
            status=status_of(indicator, now, self.as_at, quality=quality),
            by_year=self._by_year(),
            beside=self.formula.beside(self.material, self.last) if self.formula.beside else (),
            quality=quality,
            conflicts=conflicts,
        )

    def _now(self) -> Reading:
        if self.formula.compute:
            return self.formula.compute(self.material, self.last)
        return reading_at(self.rows, self.day)

    def _before(self) -> Reading | None:
        if self.formula.compute is None:
            return reading_before(self.rows, self.day)
        if self.last.year <= self.material.period.from_year:
            return None
        found = self.formula.compute(self.material, self.last.a_year_before)
        return found if found.is_there else None

    def _by_year(self) -> tuple[tuple[int, Reading], ...]:
        years = range(self.material.period.from_year, self.last.year + 1)
        points = [(year, min(YearMonth(year, 12), self.last)) for year in years]
        if self.formula.compute:
            return tuple((y, self.formula.compute(self.material, point)) for y, point in points)
        return tuple(
            (year, reading_of(year, self.rows, self.material.day(point))) for year, point in points
        )


def _provenance(question: Question, ledger: Ledger) -> Provenance:
    """Of the months of the year up to the as-at month, as the dashboard tells it."""
    audited, known, as_at = question.basis is Basis.AUDITED, question.known, question.as_at
    until = known.sequence if known else None
    closed = (
        {}
        if audited
        else closed_months(ledger, as_at.year, until=until, on=known.on if known else None)
    )
    still_open = () if audited else tuple(
        month for month in months(question.january, as_at) if month not in closed
    )  # fmt: skip
    return Provenance(
        books=ledger.code, books_name=str(ledger), is_demonstration=ledger.is_demonstration,
        basis=question.basis, as_at=as_at, sequence=known.sequence if known else ledger.sequence,
        hash=hash_at(ledger, known), open_months=still_open, scope=_("indicators"),
        begins=question.span[0] if question.span else None,
        awaits_audit=not audited and not is_audited(ledger, as_at.year, until), known=known,
    )  # fmt: skip
