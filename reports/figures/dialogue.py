"""The funding-dialogue pack: what paragraph 20 of the strategy lists, as one object."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from income.models import Ledger
from income.periods import YearMonth
from reports.dialogue.selectors import items_told
from reports.figures.compact import CompactLine, compact_lines
from reports.figures.dashboard import Dashboard, dashboard
from reports.figures.funds import FundRow, Part
from reports.figures.one_state import TRIES, BooksMoving
from reports.figures.provenance import Provenance
from reports.figures.question import TOTAL, Question, QuestionWrong
from reports.figures.spending import YEARS, Spending, spending
from reports.figures.sums import Sums
from reports.models import DialogueItem, DialogueKind
from targets.selectors import GoalSet

SHOWN_PARTS = (Part.FUND, Part.SUBTOTAL, Part.TOTAL)


@dataclass(frozen=True)
class Dialogue:
    """Everything a pack tells. Amounts are US dollars, percentages are not rounded.

    `goal_set` is the target set in use, `choices` those with a target for the year.
    `rows` are income by fund against its targets, the total last; `gaps` those of them that are
    behind their target. `items` are approved, by kind; `missing` says of a kind, in a sentence,
    that nothing was entered. `notes` are those of the income, and what else a reader must know.
    """

    question: Question
    on: datetime.date
    provenance: Provenance
    headline: str
    goal_set: GoalSet | None
    choices: tuple[GoalSet, ...]
    rows: tuple[FundRow, ...]
    spending: Spending
    compact: tuple[CompactLine, ...]
    items: Mapping[str, tuple[DialogueItem, ...]]
    missing: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def year(self) -> int:
        return self.question.as_at.year

    @property
    def target_name(self) -> str:
        """The target set in use, empty without one."""
        return self.goal_set.name if self.goal_set else ""

    @property
    def is_demonstration(self) -> bool:
        return self.provenance.is_demonstration

    @property
    def gaps(self) -> tuple[FundRow, ...]:
        """Rows whose target is above what came in."""
        return tuple(row for row in self.rows if (row.progress.gap_usd or 0) > 0)

    def of_kind(self, kind: DialogueKind) -> tuple[DialogueItem, ...]:
        return self.items.get(kind.value, ())


def dialogue(question: Question, today: datetime.date) -> Dialogue:
    """The pack of one state of the books, prepared today. Raises QuestionWrong, BooksMoving.

    It is about all of the money: what narrows the question is left out. Expenditure and items
    are told as they stand today, whatever state of the books is asked for.
    """
    if question.basis.is_promise:
        raise QuestionWrong(
            _("A pack tells what was received, or audited revenue. Choose one of the two."),
            field="basis",
        )
    whole = replace(question, region="", programme="", group="", fund=TOTAL)
    for _attempt in range(TRIES):
        told = _made(whole, today)
        standing = Ledger.objects.get(pk=question.ledger.pk).sequence
        if question.known or told.provenance.sequence == standing:
            return told
    raise BooksMoving()


def _made(question: Question, today: datetime.date) -> Dialogue:
    answer = dashboard(question)
    as_at = question.as_at
    sums = Sums.read(
        question.ledger, question.basis, question.span, YearMonth(as_at.year - YEARS + 1, 1), as_at,
        question.narrow,
    )  # fmt: skip
    is_demonstration = question.ledger.is_demonstration
    spent = spending(
        sums, as_at, answer.regions, is_demonstration=is_demonstration,
        without=_("Without a region"),
    )  # fmt: skip
    items = _items(items_told(is_demonstration=is_demonstration, year=as_at.year))
    return Dialogue(
        question=question,
        on=today,
        provenance=answer.provenance,
        headline=answer.headline,
        goal_set=answer.goal_set,
        choices=answer.choices,
        rows=_rows(answer),
        spending=spent,
        compact=compact_lines(question, answer, sums),
        items=items,
        missing=_missing(as_at.year, items),
        notes=(*answer.notes, *_notes(question, spent)),
    )


def _rows(answer: Dashboard) -> tuple[FundRow, ...]:
    """Funds and what sums them; memos and what stands outside the total are left to the page."""
    shown = [row for row in answer.funds.rows if row.part in SHOWN_PARTS]
    return tuple(sorted(shown, key=lambda row: row.part is Part.TOTAL))


def _items(rows: Iterable[DialogueItem]) -> Mapping[str, tuple[DialogueItem, ...]]:
    every = tuple(rows)
    return {kind: tuple(row for row in every if row.kind == kind) for kind in DialogueKind.values}


def _missing(year: int, items: Mapping[str, Sequence[DialogueItem]]) -> Mapping[str, str]:
    nothing = {
        DialogueKind.RESULT: _("No results were entered for %(year)s."),
        DialogueKind.JOINT_PROGRAMME: _("No joint programmes were entered for %(year)s."),
        DialogueKind.COMPACT: _("No progress on the Funding Compact was entered for %(year)s."),
        DialogueKind.MEASURE: _("No measures on the gaps were entered for %(year)s."),
    }
    return {
        kind.value: told % {"year": year} for kind, told in nothing.items() if not items[kind.value]
    }


def _notes(question: Question, spent: Spending) -> Iterable[str]:
    if question.ledger.is_demonstration:
        yield _(
            "UN-Habitat's audited expenditure is real and is not shown beside the income of a "
            "demonstration: open the pack of the real books."
        )
    else:
        for missing in spent.missing:
            yield _("No expenditure was loaded for %(year)s.") % {"year": missing}
    if question.known:
        yield _(
            "Expenditure, results, programmes and measures are told as they stand today, not as "
            "they were known earlier."
        )
