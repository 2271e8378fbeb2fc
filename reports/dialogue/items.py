"""Results, joint programmes, progress and measures: entered by one person, approved by another."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from income.models import Programme
from reports.dialogue.deciding import DialogueWrong, decide, may_enter
from reports.models import DialogueItem


@transaction.atomic
def enter_item(
    *, kind: str, year: int, title: str, text: str, evidence: str, by: User,
    programme: Programme | None = None, evidence_url: str = "",
) -> DialogueItem:  # fmt: skip
    """Keep an item for another person's decision. A change is a new entry.

    Raises PermissionDenied, DialogueWrong.
    """
    may_enter(by)
    if not evidence.strip():
        raise DialogueWrong(_("Name the evidence: a document and its page."), field="evidence")
    item = DialogueItem.objects.create(
        kind=kind, year=year, title=title.strip(), text=text.strip(), programme=programme,
        evidence=evidence.strip(), evidence_url=evidence_url, entered_by=by,
    )  # fmt: skip
    record("enter_dialogue_item", item, by=by, after=_told(item))
    return item


@transaction.atomic
def decide_item(item: DialogueItem, *, approve: bool, by: User, because: str = "") -> DialogueItem:
    """Approve an item, or return it with the reason. Raises PermissionDenied, DialogueWrong."""
    row = DialogueItem.objects.select_for_update().get(pk=item.pk)
    before = _told(row)
    decide(row, approve=approve, because=because, by=by)
    row.save()
    record("decide_dialogue_item", row, by=by, before=before, after=_told(row))
    return row


def _told(item: DialogueItem) -> dict[str, object]:
    return {
        "kind": item.kind, "year": item.year, "title": item.title, "text": item.text,
        "programme": item.programme_id, "evidence": item.evidence,
        "evidence_url": item.evidence_url, "state": item.state, "because": item.because,
    }  # fmt: skip
