"""The same for what the Board is told: updates, measurements, expenditure, the funding dialogue."""

import datetime
import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from income.models.ledger import GENESIS
from reports.models import (
    DialogueItem,
    Expenditure,
    ExpenditureLoad,
    MonthlyUpdate,
    Publication,
    PublicationFile,
    PublicBlock,
    UpdateFile,
    UpdateNotice,
)
from targets.models import EconomyList, Indicator, IndicatorOwner, Measurement, TargetSetProposal
from tests.factories import _numbers, ledger, user

A_DAY = datetime.date(2021, 3, 4)


def _entered(changed: dict[str, Any]) -> dict[str, Any]:
    return {"entered_by": changed.pop("entered_by", None) or user(), **changed}


def decided() -> dict[str, Any]:
    """What makes a row approved, by somebody else than who entered it."""
    return {"state": "approved", "decided_by": user(), "decided_at": timezone.now()}


def target_set_proposal(**changed: Any) -> TargetSetProposal:
    return TargetSetProposal.objects.create(**{"payload": {"name_en": "2022"}, **_entered(changed)})


def _indicator(changed: dict[str, Any], code: str) -> Indicator:
    return changed.pop("indicator", None) or Indicator.objects.get(code=code)


def measurement(**changed: Any) -> Measurement:
    """120,000 followers on 4 March 2021, waiting for a decision."""
    row: dict[str, Any] = {
        "indicator": _indicator(changed, "F2"), "measured_on": A_DAY, "value": 120_000,
        "evidence": "Count of the communications unit",
    }  # fmt: skip
    if changed.get("milestone"):
        row["value"] = None
    return Measurement.objects.create(**{**row, **_entered(changed)})


def indicator_owner(**changed: Any) -> IndicatorOwner:
    row: dict[str, Any] = {"indicator": _indicator(changed, "F2"), "name": "Communications unit"}
    row["named_by"] = changed.pop("named_by", None) or user()
    return IndicatorOwner.objects.create(**{**row, **changed})


def economy_list(**changed: Any) -> EconomyList:
    row: dict[str, Any] = {"source": "A list of countries", "dated_on": A_DAY}
    return EconomyList.objects.create(**{**row, **_entered(changed)})


def monthly_update(**changed: Any) -> MonthlyUpdate:
    """The provisional update of March 2021, prepared and not published."""
    row: dict[str, Any] = {
        "month": 202103, "status": "provisional", "sequence": 0, "hash": GENESIS,
        "known_on": datetime.date(2021, 4, 15),
        "ledger": changed.pop("ledger", None) or ledger(),
        "prepared_by": changed.pop("prepared_by", None) or user(),
    }  # fmt: skip
    return MonthlyUpdate.objects.create(**{**row, **changed})


def update_file(**changed: Any) -> UpdateFile:
    row: dict[str, Any] = {
        "name": f"figures-{next(_numbers)}.json", "content_type": "application/json",
        "content": b"{}", "sha256": hashlib.sha256(b"{}").hexdigest(),
        "update": changed.pop("update", None) or monthly_update(),
    }  # fmt: skip
    return UpdateFile.objects.create(**{**row, **changed})


def update_notice(**changed: Any) -> UpdateNotice:
    row: dict[str, Any] = {
        "update": changed.pop("update", None) or monthly_update(),
        "user": changed.pop("user", None) or user(),
    }
    return UpdateNotice.objects.create(**{**row, **changed})


def expenditure_load(**changed: Any) -> ExpenditureLoad:
    number = next(_numbers)
    row: dict[str, Any] = {"year": 2021, "source": "Audited accounts", "sha256": f"{number:064d}"}
    return ExpenditureLoad.objects.create(**{**row, **_entered(changed)})


def expenditure(**changed: Any) -> Expenditure:
    row: dict[str, Any] = {
        "place": "Kenya", "amount_usd": 1000,
        "load": changed.pop("load", None) or expenditure_load(),
    }  # fmt: skip
    return Expenditure.objects.create(**{**row, **changed})


def dialogue_item(**changed: Any) -> DialogueItem:
    row: dict[str, Any] = {
        "kind": "result", "year": 2021, "title": "Water points repaired",
        "text": "Forty water points were repaired.", "evidence": "Final report, page 3",
    }  # fmt: skip
    return DialogueItem.objects.create(**{**row, **_entered(changed)})


def public_block(**changed: Any) -> PublicBlock:
    """A part of the public pages that is closed."""
    return PublicBlock.objects.create(**{"code": f"part-{next(_numbers)}", **changed})


def publication(**changed: Any) -> Publication:
    """The UN CEB files of 2021, prepared and not published."""
    row: dict[str, Any] = {
        "kind": "ceb", "month": 202112, "sequence": 0, "hash": GENESIS,
        "ledger": changed.pop("ledger", None) or ledger(),
        "prepared_by": changed.pop("prepared_by", None) or user(),
    }  # fmt: skip
    return Publication.objects.create(**{**row, **changed})


def publication_file(**changed: Any) -> PublicationFile:
    """A file of one line."""
    content = changed.pop("content", b"year\r\n1")
    row: dict[str, Any] = {
        "name": f"ceb-{next(_numbers)}.csv", "content_type": "text/csv; charset=utf-8",
        "byte_count": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        "publication": changed.pop("publication", None) or publication(),
    }  # fmt: skip
    made = PublicationFile(**{**row, **changed})
    made.file.save(made.name, ContentFile(content), save=False)
    made.save()
    return made
