"""The Board's dashboard as one object: page, chart, file and API render it."""

from dataclasses import dataclass

from reports.figures.blocks import Blocks
from reports.figures.core import CoreShare
from reports.figures.donors import Ranking
from reports.figures.forecast import Forecast
from reports.figures.funds import FundTable
from reports.figures.governments import Governments
from reports.figures.lines import CumulativeLine
from reports.figures.period import PeriodProgress
from reports.figures.printed import Printed
from reports.figures.printed_notes import DocumentNotes
from reports.figures.provenance import Provenance
from reports.figures.question import Question
from reports.figures.regions import RegionTable
from targets.selectors import GoalSet


@dataclass(frozen=True)
class Dashboard:
    """Everything the page shows. Amounts are US dollars, percentages are not rounded.

    `goal_set` is the target set in use, `choices` those with a target for the year. `line` is
    None for audited revenue. `governments` are those of the year, then those of the period.
    `notes` warn, `remarks` explain, `printed_notes` tell what documents print otherwise.
    """

    question: Question
    provenance: Provenance
    headline: str
    goal_set: GoalSet | None
    choices: tuple[GoalSet, ...]
    funds: FundTable
    line: CumulativeLine | None
    forecast: Forecast
    rankings: tuple[Ranking, ...]
    regions: RegionTable
    core: tuple[CoreShare, ...]
    blocks: Blocks
    governments: tuple[Governments, ...]
    period: PeriodProgress | None
    notes: tuple[str, ...]
    remarks: tuple[str, ...]
    printed: tuple[Printed, ...]
    printed_notes: tuple[DocumentNotes, ...]

    @property
    def address(self) -> str:
        """The question with everything the page chose itself, for sharing."""
        chosen = self.goal_set.code if self.goal_set else ""
        return self.question.query(target_set=chosen)
