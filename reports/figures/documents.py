"""What documents hold: target sets with their contradictions, and printed figures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from income.models import Ledger
from interface.formatting import joined
from reports.figures import printed
from reports.figures.history import open_months
from reports.figures.printed_notes import DocumentNotes, printed_notes
from reports.figures.provenance import Provenance
from reports.figures.question import Question
from reports.figures.sums import Sums
from targets.models import (
    AnnualTarget,
    PublishedFigure,
    TargetSet,
    TargetSetProposal,
)
from targets.paths import PathOfTarget, phasing_of
from targets.selectors import (
    Coverage,
    all_targets,
    approved_proposals,
    coverages,
    goal_sets,
    printed_figures,
)


@dataclass(frozen=True)
class SetWithTargets:
    """A target set and everything it hoped for.

    `proposal` says who entered and who approved it, where people did: for staff. `revises` is the
    earlier set that it revises, if any.
    """

    target_set: TargetSet
    targets: tuple[AnnualTarget, ...]
    proposal: TargetSetProposal | None = None
    revises: TargetSet | None = None

    @property
    def paths(self) -> tuple[PathOfTarget, ...]:
        """The targets that have an approved path through their year, month by month."""
        found = ((one, tuple(one.path.all())) for one in self.targets)
        return tuple(
            PathOfTarget(one.scope, one.from_year, tuple((p.month, p.cumulative_usd) for p in path))
            for one, path in found
            if path
        )

    @property
    def phasing(self) -> str:
        """How the amounts are spread, in words; several ways where the targets differ in it."""
        with_path = {(path.scope, path.from_year) for path in self.paths}
        ways = dict.fromkeys(
            phasing_of(
                one.from_year, one.to_year,
                has_path=one.from_year == one.to_year and (one.scope, one.from_year) in with_path,
            )
            for one in self.targets
        )  # fmt: skip
        return joined(ways)


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
    for target in all_targets().prefetch_related("path"):
        found[target.target_set].append(target)
    approved = approved_proposals()
    by_code = {one.code: one for one in found}
    return tuple(
        SetWithTargets(
            one, tuple(targets), proposal := approved.get(one.code),
            by_code.get(proposal.payload.get("revises", "")) if proposal else None,
        )
        for one, targets in found.items()
    )  # fmt: skip


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
        books_name=str(ledger),
        is_demonstration=ledger.is_demonstration,
        basis=question.basis,
        as_at=question.as_at,
        sequence=ledger.sequence,
        hash=ledger.head_hash,
        open_months=open_months(question),
        moved_at=ledger.moved_at,
    )
