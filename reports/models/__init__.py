"""What was told to whom, and what was told beside the books; each module holds one subject."""

from reports.models.dialogue import DialogueItem, DialogueKind, Expenditure, ExpenditureLoad
from reports.models.statements import DonorStatement
from reports.models.updates import (
    MonthlyUpdate,
    UpdateFile,
    UpdateNotice,
    UpdateState,
    UpdateStatus,
)

__all__ = [
    "DialogueItem",
    "DialogueKind",
    "DonorStatement",
    "Expenditure",
    "ExpenditureLoad",
    "MonthlyUpdate",
    "UpdateFile",
    "UpdateNotice",
    "UpdateState",
    "UpdateStatus",
]
