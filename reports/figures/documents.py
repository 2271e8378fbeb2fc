"""What documents hold: target sets with their contradictions, and printed figures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from donors.names import in_language
from income.models import Ledger
from reports.figures import printed
from reports.figures.printed_notes import DocumentNotes, printed_notes
from reports.figures.provenance import Provenance
from reports.figures.question import Question
from reports.figures.sums import Sums
from targets.models import AnnualTarget, Comparison, PublishedFigure, TargetSet
from targets.selectors import (
    Coverage,
    all_targets,
    coverages,
    goal_sets,
    indicators_in_order,
    printed_figures,
)

# The units of the strategy's indicators, in words.
UNITS = {
    "usd": gettext_lazy("US$"),
    "percent": gettext_lazy("per cent"),
    "member_states": gettext_lazy("Member States"),
    "programmes": gettext_lazy("programmes"),
    "partners": gettext_lazy("partners"),
    "countries": gettext_lazy("countries"),
    "followers": gettext_lazy("followers"),
    "focal_points": gettext_lazy("focal points"),
    "milestone": gettext_lazy("milestone"),
}


@dataclass(frozen=True)
class SetWithTargets:
    """A target set and everything it hoped for."""

    target_set: TargetSet
    targets: tuple[AnnualTarget, ...]


@dataclass(frozen=True)
class Conflict:
    """The same money and years, for which documents name different amounts."""

    scope: str
    from_year: int
    to_year: int
    targets: tuple[AnnualTarget, ...]


def target_sets() -> tuple[SetWithTargets, ...]:
    """Every set in the order of the table; a set without targets is not shown."""
    found: dict[TargetSet, list[AnnualTarget]] = defaultdict(list)
    for target in all_targets():
        found[target.target_set].append(target)
    return tuple(SetWithTargets(one, tuple(targets)) for one, targets in found.items())


def conflicts() -> tuple[Conflict, ...]:
    """Where documents differ: kept side by side, and not resolved."""
    found: dict[tuple[str, int, int], list[AnnualTarget]] = defaultdict(list)
    for target in all_targets():
        found[str(target.scope), target.from_year, target.to_year].append(target)
    return tuple(
        Conflict(*key, tuple(targets))
        for key, targets in sorted(found.items(), key=lambda item: (item[0][1:], item[0][0]))
        if len({target.amount_usd for target in targets}) > 1
    )


@dataclass(frozen=True)
class PrintedList:
    """Every printed figure beside the books of the question, the newest year first."""

    question: Question
    provenance: Provenance
    figures: tuple[printed.Printed, ...]
    notes: tuple[DocumentNotes, ...]

    @property
    def headline(self) -> str:
        """How many of the figures that can be compared the books give."""
        compared = [one for one in self.figures if one.agrees is not None]
        if not compared:
            return _("These books hold nothing that documents have printed figures for.")
        agreeing = sum(1 for one in compared if one.agrees)
        return ngettext(
            "Of %(all)d printed figure that can be compared, the books give %(same)d.",
            "Of %(all)d printed figures that can be compared, the books give %(same)d.",
            len(compared),
        ) % {"all": len(compared), "same": agreeing}


def printed_list(question: Question) -> PrintedList:
    """All documents' figures, each compared at its own date."""
    ledger = Ledger.objects.get(pk=question.ledger.pk)
    span = question.span or (question.january, question.as_at)
    sums = Sums.read(ledger, question.basis, question.span, span[0], span[1])
    covered = coverages()
    figures = sorted(printed_figures(), key=lambda one: (-one.year, one.document_id, one.code))
    listed = [_beside(sums, covered, year, rows).all(rows) for year, rows in _by_year(figures)]
    flat = tuple(one for rows in listed for one in rows)
    return PrintedList(question, _provenance(question, ledger), flat, printed_notes(flat))


def _by_year(figures: Sequence[PublishedFigure]) -> list[tuple[int, list[PublishedFigure]]]:
    years: dict[int, list[PublishedFigure]] = defaultdict(list)
    for figure in figures:
        years[figure.year].append(figure)
    return list(years.items())


def _beside(
    sums: Sums, covered: dict[str, Coverage], year: int, figures: Sequence[PublishedFigure]
) -> printed.Beside:
    """Targets are read for the years of which a document prints a share of them."""
    has_share = any(one.measure == printed.Measure.SHARE_OF_TARGET for one in figures)
    return printed.Beside(sums, covered, goal_sets(year, covered) if has_share else ())


def _provenance(question: Question, ledger: Ledger) -> Provenance:
    return Provenance(
        books=ledger.code,
        books_name=ledger.name,
        is_demonstration=ledger.is_demonstration,
        basis=question.basis,
        as_at=question.as_at,
        sequence=ledger.sequence,
        hash=ledger.head_hash,
    )


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator as its text prints it; `target` is None where no number is printed."""

    code: str
    action: str
    action_name: str
    name: str
    comparison: str
    target: Decimal | None
    unit: str
    due_year: int | None
    note: str


def indicators() -> tuple[IndicatorRow, ...]:
    """Every indicator in the order of the strategy's actions, in the reader's language."""
    return tuple(
        IndicatorRow(
            code=one.code,
            action=one.action,
            action_name=in_language(one.action_names, get_language()),
            name=in_language(one.names, get_language()),
            comparison=str(Comparison(one.comparison).label),
            target=one.target,
            unit=str(UNITS.get(one.unit, one.unit.replace("_", " "))),
            due_year=one.due_year,
            note=one.note,
        )
        for one in indicators_in_order()
    )
