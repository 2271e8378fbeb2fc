"""What was told to whom, and what was told beside the books; each module holds one subject."""

from reports.models.bulk import BulkItem, BulkOrder
from reports.models.dialogue import DialogueItem, DialogueKind, Expenditure, ExpenditureLoad
from reports.models.questions import FigureQuestion
from reports.models.sealed import (
    ReportDownload,
    ReportType,
    SealedReport,
    SupersededNotice,
    report_storage,
)
from reports.models.statements import DonorStatement
from reports.models.updates import (
    MonthlyUpdate,
    UpdateFile,
    UpdateNotice,
    UpdateState,
    UpdateStatus,
)

__all__ = [
    "BulkItem",
    "BulkOrder",
    "DialogueItem",
    "DialogueKind",
    "DonorStatement",
    "Expenditure",
    "ExpenditureLoad",
    "FigureQuestion",
    "MonthlyUpdate",
    "ReportDownload",
    "ReportType",
    "SealedReport",
    "SupersededNotice",
    "UpdateFile",
    "UpdateNotice",
    "UpdateState",
    "UpdateStatus",
    "report_storage",
]
