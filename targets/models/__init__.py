"""What was hoped for and what was measured; each module holds one subject."""

from targets.models.measurements import (
    EconomyList,
    IndicatorOwner,
    Measurement,
    Milestone,
)
from targets.models.proposals import ProposalState, TargetSetProposal
from targets.models.sets import (
    AnnualTarget,
    Comparison,
    Document,
    Indicator,
    MonthlyTarget,
    PublishedFigure,
    Scope,
    StrategyPeriod,
    SupportTreatment,
    TargetKind,
    TargetSet,
)

__all__ = [
    "AnnualTarget",
    "Comparison",
    "Document",
    "EconomyList",
    "Indicator",
    "IndicatorOwner",
    "Measurement",
    "Milestone",
    "MonthlyTarget",
    "ProposalState",
    "PublishedFigure",
    "Scope",
    "StrategyPeriod",
    "SupportTreatment",
    "TargetKind",
    "TargetSet",
    "TargetSetProposal",
]
