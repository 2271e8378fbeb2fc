"""What the parts of one answer are made from: read once, handed to each of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from income.families import became
from income.models import Ledger
from income.narrow import Narrow
from income.periods import YearMonth
from income.totals import DonorSum, Span
from reports.figures.provenance import Basis, Provenance
from reports.figures.question import Question
from reports.figures.sums import Sums
from targets.models import StrategyPeriod
from targets.selectors import GoalSet


@dataclass(frozen=True)
class Answering:
    """One question and what was read for it. Amounts are US dollars.

    `sums` reach back to the first month that any part asks for; `donors` are the sums by donor of
    January to the as-at month. `names` are the funds' by code. `goal_set` is the target set in
    use, `period` the strategy period of the year; None where there is none. `merged` are the donors
    of `families.became`, None where nobody read them yet.
    """

    question: Question
    ledger: Ledger
    sums: Sums
    donors: tuple[DonorSum, ...]
    provenance: Provenance
    names: Mapping[str, str]
    goal_set: GoalSet | None
    period: StrategyPeriod | None
    merged: Mapping[int, int] | None = None

    @property
    def basis(self) -> Basis:
        return self.question.basis

    @property
    def as_at(self) -> YearMonth:
        return self.question.as_at

    @property
    def span(self) -> Span:
        """January to the as-at month."""
        return self.question.january, self.question.as_at

    @property
    def merged_donors(self) -> Mapping[int, int]:
        """Each donor that was merged, by primary key, with the one it is today."""
        return became() if self.merged is None else self.merged

    @property
    def narrow(self) -> Narrow:
        return self.question.narrow
