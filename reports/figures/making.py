"""Makes a dashboard: reads what it needs once, and hands it to those who make the parts."""

import datetime
from collections.abc import Mapping, Sequence
from functools import cached_property

from django.utils.translation import gettext as _

from donors.models import Region
from income.models import Entry, Fund, Ledger
from income.periods import YearMonth
from income.totals import (
    Span,
    adjusted,
    closed_months,
    expected_programme_support,
    not_converted,
)
from income.totals import is_audited as is_year_audited
from reports.figures import notes, printed
from reports.figures.answering import Answering
from reports.figures.blocks import blocks
from reports.figures.coming import Coming, read_coming
from reports.figures.coming_shown import Key, withheld
from reports.figures.core import core_shares
from reports.figures.forecast import Forecast, forecast
from reports.figures.funds import FundTable, FundTableMaker
from reports.figures.governments import Governments, governments
from reports.figures.headline import headline
from reports.figures.known import hash_at
from reports.figures.lines import CumulativeLine, cumulative_line
from reports.figures.of_donors import Donors
from reports.figures.paths import annual_targets
from reports.figures.period import PeriodMaker, PeriodProgress
from reports.figures.printed_notes import printed_notes
from reports.figures.progress import goal_of
from reports.figures.provenance import Basis, Provenance
from reports.figures.question import TOTAL, Question, QuestionWrong
from reports.figures.regions import region_table
from reports.figures.sums import Sums, kinds_of, months, total_of
from reports.figures.told import Dashboard
from targets.models import PublishedFigure, StrategyPeriod
from targets.selectors import (
    Coverage,
    GoalSet,
    coverages,
    goal_sets,
    governments_hoped_for,
    period_with,
    printed_figures,
    sets_for_year,
)

Measure = PublishedFigure.Measure


class Maker:
    """Reads what the question needs, once, and hands it to those who make the parts."""

    def __init__(
        self, question: Question, ledger: Ledger, today: datetime.date | None = None
    ) -> None:
        self.question, self.ledger, self.today = question, ledger, today
        self.as_at, self.january = question.as_at, question.january
        self.coverages: Mapping[str, Coverage] = coverages()
        self.sets: Sequence[GoalSet] = goal_sets(self.as_at.year, self.coverages)
        self.choices = sets_for_year(self.sets, self.as_at.year)
        self.goal_set = self._chosen_set()
        self.period: StrategyPeriod | None = period_with(self.as_at.year)
        self.names = {fund.code: str(fund) for fund in Fund.objects.all()}
        self.sums = Sums.read(
            ledger, question.basis, question.span, self._since(), self.as_at, question.narrow
        )
        self.donors = Donors(question, ledger, self._since_period)
        self.closed = self._closed()
        self.adjusted = adjusted(
            question.narrow.apply(
                Entry.objects.in_books(ledger).filter(kind__in=kinds_of(question.basis))
            ),
            self.closed,
        )
        self.provenance = self._provenance()

    def _headline(self, table: FundTable) -> str:
        """A part of the money is named first, for the sentence may be read alone."""
        sentence = headline(table, self.as_at, self.question.units, self._forecast)
        return " · ".join([*notes.parts_asked(self.question), sentence])

    def make(self) -> Dashboard:
        table = self._funds()
        beside = printed.Beside(self.sums, self.coverages, self.sets).all(self._printed_figures())
        return Dashboard(
            question=self.question,
            provenance=self.provenance,
            headline=self._headline(table),
            goal_set=self.goal_set,
            choices=tuple(self.choices),
            funds=table,
            line=self._line(table),
            forecast=self._forecast,
            rankings=self.donors.rankings(self.sums, self.names, self.provenance),
            regions=region_table(self.sums, Region.objects.all(), self._span, self.provenance),
            core=core_shares(self.sums, self.as_at),
            blocks=blocks(self.answering, before=self.donors.before, today=self.today),
            governments=self._governments(),
            period=self._period(),
            notes=self._notes(),
            remarks=self._remarks(),
            printed=beside,
            printed_notes=printed_notes(beside),
        )  # fmt: skip

    @property
    def _span(self) -> tuple[YearMonth, YearMonth]:
        return self.january, self.as_at

    @property
    def answering(self) -> Answering:
        """What the parts made in modules of their own are made from."""
        return Answering(
            self.question, self.ledger, self.sums, self.donors.now, self.provenance, self.names,
            self.goal_set, self.period, self.donors.merged,
        )  # fmt: skip

    @cached_property
    def _coming(self) -> Coming | None:
        return read_coming(self.question, self.ledger, self.period)

    @cached_property
    def _forecast(self) -> Forecast:
        return forecast(self.answering, self._coming, self._hidden)

    @cached_property
    def _hidden(self) -> frozenset[Key]:
        """The sums of what is coming that this reader may not see."""
        return withheld(self._coming) if self._coming else frozenset()

    def _since(self) -> YearMonth:
        """The first month any part asks for: last January, or the period's first."""
        first = self.as_at.year - self.question.years
        return YearMonth(min(first, self.period.from_year) if self.period else first, 1)

    def _chosen_set(self) -> GoalSet | None:
        code = self.question.target_set
        if not code:
            return self.choices[0] if self.choices else None
        for one in self.sets:
            if one.code == code:
                return one
        raise QuestionWrong(
            _("There is no target set called “%(code)s”.") % {"code": code[:40]}, field="targets"
        )

    def _closed(self) -> dict[YearMonth, int]:
        if self.question.basis is Basis.AUDITED:
            return {}  # an audited figure does not wait for a month to close
        known = self.question.known
        closed = closed_months(
            self.ledger, self.as_at.year,
            until=known.sequence if known else None, on=known.on if known else None,
        )  # fmt: skip
        return {month: sequence for month, sequence in closed.items() if month <= self.as_at}

    def _provenance(self) -> Provenance:
        is_audited, known = self.question.basis is Basis.AUDITED, self.question.known
        still_open = tuple(m for m in months(*self._span) if m not in self.closed)
        return Provenance(
            books=self.ledger.code,
            books_name=str(self.ledger),
            is_demonstration=self.ledger.is_demonstration,
            basis=self.question.basis,
            as_at=self.as_at,
            sequence=known.sequence if known else self.ledger.sequence,
            hash=hash_at(self.ledger, known),
            open_months=() if is_audited else still_open,
            scope=_("all funds"),
            sources=(self.goal_set.document,) if self.goal_set else (),
            adjustments=sum(one.count for one in self.adjusted),
            is_reported=not is_audited or self.sums.holds(*self._span),
            begins=self.sums.begins,
            awaits_audit=not is_audited
            and not is_year_audited(
                self.ledger, self.as_at.year, known.sequence if known else None
            ),
            known=known,
            moved_at=None if known else self.ledger.moved_at,
        )

    def _funds(self) -> FundTable:
        is_received = self.question.basis is Basis.RECEIVED
        expected = (
            expected_programme_support(self.ledger, *self._span, self.question.narrow)
            if is_received
            else None
        )
        maker = FundTableMaker(
            self.sums, self.as_at, self.goal_set, self.names, self.provenance, self.question,
            self._coming, self._hidden,
        )  # fmt: skip
        return maker.make(expected)

    def _line(self, table: FundTable) -> CumulativeLine | None:
        code = self.question.fund
        funds = total_of(self.question.basis) if code == TOTAL else (code,)
        row = next((row for row in table.rows if row.code == code), None)
        goal = goal_of(self.goal_set, funds, self.as_at.year, self.as_at.year)
        if row is None or not row.progress.is_comparable:
            goal = None
        name = row.name if row else self.names.get(code, code)
        return cumulative_line(
            self.sums, self.as_at, code, name, funds, goal, self.provenance, self.question.years,
            self._forecast.shown_band(code),
        )  # fmt: skip

    def _governments(self) -> tuple[Governments, ...]:
        indicator = governments_hoped_for(self.period) if self.period else None
        is_whole = not self.question.narrow.is_part  # the number is hoped for of all the money
        hoped_for = indicator.target if indicator and is_whole else None
        spans = [self._span, *([self._since_period] if self.period else [])]
        return tuple(
            governments(counted, self.sums, span, hoped_for, self.provenance)
            for counted, span in zip(self.donors.core(*spans), spans, strict=True)
        )

    @property
    def _since_period(self) -> Span:
        return YearMonth(self.period.from_year if self.period else self.as_at.year, 1), self.as_at

    def _period(self) -> PeriodProgress | None:
        if self.period is None:
            return None
        from_year, to_year = self.period.from_year, self.period.to_year
        maker = PeriodMaker(
            self.sums, self.as_at, str(self.period), from_year, to_year, self.donors.by_type(),
            annual_targets(from_year, to_year),
        )  # fmt: skip
        return maker.make(self.sets, self.provenance)

    def _notes(self) -> tuple[str, ...]:
        left_out = not_converted(
            self.ledger, kinds_of(self.question.basis), *self._span, self.question.narrow
        )
        return tuple(
            filter(
                None,
                [
                    *notes.asked_for(self.question),
                    notes.provisional(self.provenance),
                    notes.adjusted(self.adjusted),
                    notes.without_rate(left_out),
                    notes.without_totals(self.sums, self.as_at.year),
                    *notes.uncounted(self.sums, *self._span),
                    notes.about_revision(self.goal_set),
                    *notes.about_targets(self.goal_set, self.as_at.year, self.choices),
                ],
            )
        )

    def _remarks(self) -> tuple[str, ...]:
        remarks = [notes.in_kind(self.sums, *self._span), notes.about_support(self.goal_set)]
        return tuple(filter(None, remarks))

    def _printed_figures(self) -> list[PublishedFigure]:
        """What was printed of this year up to the as-at month, in a measure these books count."""
        if self.question.narrow.is_part:
            return []  # documents print whole funds
        return [
            figure
            for figure in printed_figures(self.as_at.year)
            if printed.ASKED_OF.get(Measure(figure.measure)) is self.question.basis
            and (figure.as_at or YearMonth(figure.year, 12).last_day) <= self.as_at.last_day
        ]
