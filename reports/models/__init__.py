"""What was told to whom, and what was told beside the books; each module holds one subject."""

from reports.models.bulk import BulkItem, BulkOrder
from reports.models.dialogue import DialogueItem, DialogueKind, Expenditure, ExpenditureLoad
from reports.models.publications import (
    Publication,
    PublicationFile,
    PublicationKind,
    PublicationState,
    PublicBlock,
)
from reports.models.questions import FigureQuestion
from reports.models.sealed import (
    ReportDownload,
    ReportType,
    SealedReport,
    SupersededNotice,
    report_storage,
)
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
    "Expenditure",
    "ExpenditureLoad",
    "FigureQuestion",
    "MonthlyUpdate",
    "PublicBlock",
    "Publication",
    "PublicationFile",
    "PublicationKind",
    "PublicationState",
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
