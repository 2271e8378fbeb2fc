"""The same for sealed reports, invitations, questions about figures, and orders of many reports."""

import datetime
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from donors.models import Invitation
from income.models.ledger import GENESIS
from reports.models import (
    BulkItem,
    BulkOrder,
    FigureQuestion,
    ReportDownload,
    SealedReport,
    SupersededNotice,
)
from tests.factories import _numbers, donor, ledger, user


def invitation(**changed: Any) -> Invitation:
    """For one donor, valid for two weeks."""
    donors = changed.pop("donors", None) or [donor()]
    row: dict[str, Any] = {
        "email": f"invited{next(_numbers)}@example.org", "name": "A counsellor",
        "token_hash": uuid.uuid4().hex * 2,
        "expires_at": timezone.now() + datetime.timedelta(days=14),
        "invited_by": changed.pop("invited_by", None) or user(),
    }  # fmt: skip
    made = Invitation.objects.create(**{**row, **changed})
    made.donors.set(donors)
    return made


def sealed_report(**changed: Any) -> SealedReport:
    """The first version of a statement of 2021 in English, of six bytes."""
    row: dict[str, Any] = {
        "code": uuid.uuid4().hex[:12].upper(), "type": "statement", "language": "en",
        "from_on": datetime.date(2021, 1, 1), "until_on": datetime.date(2021, 12, 31),
        "version": 1, "as_at_on": datetime.date(2021, 12, 31), "sequence": 0, "hash": GENESIS,
        "content_sha256": GENESIS, "sha256": GENESIS, "byte_count": 6, "made_at": timezone.now(),
        "ledger": changed.pop("ledger", None) or ledger(),
        "donor": changed.pop("donor", None) or donor(),
    }  # fmt: skip
    made = SealedReport(**{**row, **changed})
    made.file.save("report.pdf", ContentFile(b"%PDF-1"), save=False)
    made.save()
    return made


def report_download(**changed: Any) -> ReportDownload:
    row: dict[str, Any] = {
        "report": changed.pop("report", None) or sealed_report(),
        "user": changed.pop("user", None) or user(),
    }
    return ReportDownload.objects.create(**{**row, **changed})


def superseded_notice(**changed: Any) -> SupersededNotice:
    row: dict[str, Any] = {
        "report": changed.pop("report", None) or sealed_report(),
        "user": changed.pop("user", None) or user(),
    }
    return SupersededNotice.objects.create(**{**row, **changed})


def figure_question(**changed: Any) -> FigureQuestion:
    row: dict[str, Any] = {
        "donor": changed.pop("donor", None) or donor(), "figure": "Received in 2021",
        "ledger": changed.pop("ledger", None) or ledger(), "shown": "100.00", "sequence": 0,
        "text": "We paid twice as much.", "asked_by": changed.pop("asked_by", None) or user(),
    }  # fmt: skip
    return FigureQuestion.objects.create(**{**row, **changed})


def bulk_order(**changed: Any) -> BulkOrder:
    row: dict[str, Any] = {
        "type": "statement", "from_on": datetime.date(2021, 1, 1),
        "until_on": datetime.date(2021, 12, 31), "languages": ["en"],
        "ledger": changed.pop("ledger", None) or ledger(),
        "asked_by": changed.pop("asked_by", None) or user(),
    }  # fmt: skip
    return BulkOrder.objects.create(**{**row, **changed})


def finished_order(**changed: Any) -> BulkOrder:
    """An order that is over, with an archive of four bytes and one item whose report is made."""
    made = bulk_order(**changed)
    made.file.save(f"{made.uuid}.zip", ContentFile(b"PK\x05\x06"), save=False)
    made.sha256, made.finished_at = GENESIS, timezone.now()
    made.save()
    bulk_item(order=made, report=sealed_report(ledger=made.ledger))
    return made


def bulk_item(**changed: Any) -> BulkItem:
    row: dict[str, Any] = {
        "order": changed.pop("order", None) or bulk_order(), "language": "en",
        "donor": changed.pop("donor", None) or donor(),
    }  # fmt: skip
    return BulkItem.objects.create(**{**row, **changed})
