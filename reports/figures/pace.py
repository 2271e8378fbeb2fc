"""Whether a fund is on schedule: what was expected by now, beside what came in.

Expected is what instalments fell due, and of the rest of the target the part that earlier years
had by then. Without such years only the instalments are spoken of: a target is never divided by
the months of the year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.periods import YearMonth
from income.vocabulary import Kind, Mode
from interface.formatting import Units
from reports.figures import coming_shown as shown
from reports.figures import links
from reports.figures.coming import Coming
from reports.figures.dues import AHEAD, CAME, DUE, WHOLE
from reports.figures.progress import Progress
from reports.figures.provenance import Basis
from reports.figures.question import Question
from reports.figures.seasons import ALL, Season, Share
from reports.figures.sums import ZERO
from reports.figures.words import dollars

TOLERANCE = Decimal("0.10")
CENT = Decimal("0.01")


class Verdict(StrEnum):
    AHEAD = "ahead"
    ON_SCHEDULE = "on_schedule"
    BEHIND = "behind"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return str(_VERDICTS[self])


_VERDICTS = {
    Verdict.AHEAD: gettext_lazy("ahead"),
    Verdict.ON_SCHEDULE: gettext_lazy("on schedule"),
    Verdict.BEHIND: gettext_lazy("behind"),
    Verdict.UNKNOWN: gettext_lazy("cannot be said"),
}
# Of a year that is over.
_OUTCOMES = {
    Verdict.AHEAD: gettext_lazy("above target"),
    Verdict.ON_SCHEDULE: gettext_lazy("near target"),
    Verdict.BEHIND: gettext_lazy("short of target"),
}


class Method(StrEnum):
    """How a verdict was come to; NONE where there is none."""

    YEAR_OVER = "year_over"
    PATH = "path"
    SEASON = "season"
    INSTALMENTS = "instalments"
    NONE = "none"


@dataclass(frozen=True)
class Pace:
    """The verdict on one row, US dollars. Amounts are None where there are none, or withheld.

    Expected lies between low and high where earlier years differ. `due_usd` is what instalments
    fell due in the year so far, `came_usd` what was paid of them or, ahead of time, of later ones.
    `years` are the earlier ones that taught the season, `why_not` says why none did.
    """

    verdict: Verdict
    method: Method
    said: str
    expected_usd: Decimal | None = None
    low_usd: Decimal | None = None
    high_usd: Decimal | None = None
    due_usd: Decimal | None = None
    due_link: str = ""
    came_usd: Decimal | None = None
    is_withheld: bool = False
    years: tuple[int, ...] = ()
    why_not: str = ""

    @property
    def label(self) -> str:
        """The verdict in a cell; what is told of instalments alone, or of a whole year, says so."""
        if self.method is Method.YEAR_OVER:
            return str(_OUTCOMES[self.verdict])
        if self.method is Method.INSTALMENTS:
            return _("instalments %(verdict)s") % {"verdict": self.verdict.label}
        return self.verdict.label


@dataclass(frozen=True)
class PaceMaker:
    """Says how each row of the fund table stands."""

    coming: Coming | None
    hidden: frozenset[shown.Key]
    why_not: str
    units: Units

    @classmethod
    def of(
        cls, question: Question, coming: Coming | None, hidden: frozenset[shown.Key]
    ) -> "PaceMaker":
        """`hidden` is what `coming_shown.withheld` says of what was read."""
        return cls(coming, hidden, _why_not(question), question.units)

    def pace(self, code: str, funds: Sequence[str], progress: Progress) -> Pace:
        """How the row with the funds stands."""
        if self.coming is None or progress.actual_usd is None:
            why_not = self.why_not or _("The books report nothing of this year.")
            return Pace(Verdict.UNKNOWN, Method.NONE, why_not)
        season, hides = self.coming.season(funds), (DUE, code) in self.hidden
        row = _Row(self.coming, tuple(funds), self.units, hides, season)
        share, planned = row.share, row.planned(progress)
        if planned is not None:
            return row.by_target(progress.actual_usd, planned, Share(ALL, ALL, ALL), planned)
        if share and progress.is_comparable and progress.target_usd is not None:
            # What was expected would give away what is due in the whole year.
            row = replace(row, hides=hides or (WHOLE, code) in self.hidden)
            return row.by_target(progress.actual_usd, progress.target_usd, share)
        return row.by_instalments()


@dataclass(frozen=True)
class _Row:
    """One row's instalments and season."""

    coming: Coming
    funds: tuple[str, ...]
    units: Units
    hides: bool
    season: Season

    @property
    def is_over(self) -> bool:
        return self.coming.as_at.month == 12

    @property
    def share(self) -> Share | None:
        """At the end of the year all of a year's money has come, whatever its season."""
        return Share(ALL, ALL, ALL) if self.is_over else self.season.at(self.coming.as_at.month)

    def sum_of(self, measure: str) -> Decimal:
        return shown.measured(self.coming, measure, self.funds)

    def planned(self, progress: Progress) -> Decimal | None:
        """What an approved monthly path of the target holds by now, before the year is over."""
        if self.is_over or not progress.is_comparable or progress.goal is None:
            return None
        return dict(progress.goal.path).get(self.coming.as_at.key)

    def by_target(
        self, actual_usd: Decimal, target_usd: Decimal, share: Share,
        planned: Decimal | None = None,
    ) -> Pace:  # fmt: skip
        due = self.sum_of(DUE)
        rest = max(target_usd - self.sum_of(WHOLE), ZERO)
        expected, low, high = (
            (due + rest * one).quantize(CENT, "ROUND_HALF_UP")
            for one in (share.mean, share.low, share.high)
        )
        is_fixed = self.is_over or planned is not None
        if is_fixed:  # what was expected stands in the target, of the year or by month
            expected = low = high = target_usd
        hides = self.hides and not is_fixed
        words = {
            "expected": dollars(expected, self.units),
            "actual": dollars(actual_usd, self.units),
        }
        sentence = (
            _("Hoped for: %(expected)s; came in: %(actual)s.")
            if self.is_over
            else _("Expected by now: %(expected)s; came in: %(actual)s.")
        )
        shows_due = bool(due) and not self.hides and not self.is_over
        in_year = Method.SEASON if planned is None else Method.PATH
        return Pace(
            verdict=_verdict(actual_usd, expected, low, high),
            method=Method.YEAR_OVER if self.is_over else in_year,
            said=_withheld() if hides else sentence % words,
            expected_usd=None if hides else expected,
            low_usd=None if hides else low,
            high_usd=None if hides else high,
            due_usd=due if shows_due else None,
            due_link=self.link if shows_due else "",
            is_withheld=hides,
            years=() if is_fixed else self.season.years,
        )

    def by_instalments(self) -> Pace:
        """Never against the target: only what fell due is known to have been expected."""
        due, why_not = self.sum_of(DUE), self.season.why_not
        if due <= 0:
            nothing = _("No instalment fell due in the year so far.")
            said = f"{nothing} {why_not}" if why_not else nothing
            return Pace(Verdict.UNKNOWN, Method.NONE, said)
        ahead, came = self.sum_of(AHEAD), self.sum_of(CAME)
        verdict = _verdict(came + ahead, due, due, due)
        if self.hides:
            return Pace(verdict, Method.INSTALMENTS, _withheld(), is_withheld=True, why_not=why_not)
        return Pace(
            verdict=verdict,
            method=Method.INSTALMENTS,
            said=_said(due, came, ahead, self.units),
            expected_usd=due,
            low_usd=due,
            high_usd=due,
            due_usd=due,
            due_link=self.link,
            came_usd=came + ahead,
            why_not=why_not,
        )

    @property
    def link(self) -> str:
        """The instalments behind the sum: for who may see what was promised."""
        if not self.coming.sees_promises:
            return ""
        as_at = self.coming.as_at
        funds = [f for f in self.funds if shown.measured(self.coming, DUE, [f])]
        return links.entries(
            self.coming.books, [Kind.DUE], funds, YearMonth(as_at.year, 1), as_at, mode=Mode.CASH,
            narrow=self.coming.narrow.address,
        )  # fmt: skip


def _verdict(actual: Decimal, expected: Decimal, low: Decimal, high: Decimal) -> Verdict:
    """On schedule within ten per cent of what was expected, or within what earlier years had."""
    margin = abs(expected) * TOLERANCE
    if actual > max(high, expected + margin):
        return Verdict.AHEAD
    if actual < min(low, expected - margin):
        return Verdict.BEHIND
    return Verdict.ON_SCHEDULE


def _said(due: Decimal, came: Decimal, ahead: Decimal, units: Units) -> str:
    words = {"due": dollars(due, units), "came": dollars(came, units),
             "ahead": dollars(ahead, units)}  # fmt: skip
    if ahead:
        return (
            _(
                "Of %(due)s due by then, %(came)s came in; %(ahead)s of later instalments was "
                "paid ahead of time."
            )
            % words
        )
    return _("Of %(due)s due by then, %(came)s came in.") % words


def _withheld() -> str:
    return _("The sum is not shown: it could give away what a single donor promised.")


def _why_not(question: Question) -> str:
    if question.basis is not Basis.RECEIVED:
        return _("The pace is told of money received and allotted only.")
    if question.narrow.is_part:
        return _("The target covers all regions, programmes and donors, and this is a part.")
    return ""
