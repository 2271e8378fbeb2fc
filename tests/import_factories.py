"""The same for what is imported: files, their rows, exchange rates."""

import datetime
import hashlib
import uuid
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from income.models import Import, ImportedRow, ImportLayout, RateCorrection, RateLoad
from income.vocabulary import RateType
from tests.factories import _numbers, ledger, posting, user


def import_layout(**changed: Any) -> ImportLayout:
    number = next(_numbers)
    row = {"name": f"Layout {number}", "signature": f"{number:064d}", "plan": {"kind": "receipt"}}
    return ImportLayout.objects.create(**{**row, **changed})


def import_(**changed: Any) -> Import:
    """An uploaded CSV file of two columns, not yet checked."""
    content = changed.pop("content", b"donor,amount\nSweden,100\n")
    row: dict[str, Any] = {
        "ledger": changed.pop("ledger", None) or ledger(),
        "file_name": "receipts.csv", "byte_count": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "uploaded_by": changed.pop("uploaded_by", None) or user(),
    }  # fmt: skip
    made = Import(**{**row, **changed})
    made.file.save("", ContentFile(content), save=False)
    made.save()
    return made


def imported_row(**changed: Any) -> ImportedRow:
    row: dict[str, Any] = {
        "fingerprint": uuid.uuid4(), "content": uuid.uuid4(), "sheet": 0, "row": 2, "line": 1,
        "source": changed.pop("source", None) or import_(),
        "posting": changed.pop("posting", None) or posting(ledger()),
    }  # fmt: skip
    return ImportedRow.objects.create(**{**row, **changed})


def rate_correction(**changed: Any) -> RateCorrection:
    """Asked for, not decided."""
    row: dict[str, Any] = {
        "currency_id": "SEK", "effective_on": datetime.date(2016, 3, 1),
        "rate_type": RateType.UN_OPERATIONAL, "was": Decimal("8.5"),
        "units_per_usd": Decimal("8.6"), "source": "Treasury circular", "because": "Misread.",
        "asked_by": changed.pop("asked_by", None) or user(),
    }  # fmt: skip
    return RateCorrection.objects.create(**{**row, **changed})


def rate_load(**changed: Any) -> RateLoad:
    row = {
        "way": "file", "rate_type": RateType.UN_OPERATIONAL, "origin": "rates.csv",
        "loaded_at": timezone.now(), "has_succeeded": True, "added": 1,
    }  # fmt: skip
    return RateLoad.objects.create(**{**row, **changed})
