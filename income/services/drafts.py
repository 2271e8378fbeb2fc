"""Maker and checker: a draft is written by one person and posted by another."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from accounts.permissions import Permission
from accounts.services import record
from income.errors import DraftChanged, NotAllowed
from income.models import Draft, Import, Ledger, Posting
from income.services.actors import Actors
from income.vocabulary import Act, DraftState
from jobs.models import Job

Poster = Callable[[Draft, Actors], Posting]
POSTING_JOBS = ("post_import", "undo_import")
MOST_REASON = 500
MOST_TITLE = 300
# Each of these acts makes a new version of a draft; the audit trail keeps them in their order.
NEW_VERSIONS = ("correct_draft", "withdraw_draft", "return_draft")


@transaction.atomic
def submit_draft(
    ledger: Ledger, *, act: Act, payload: dict[str, Any], title: str, token: str, by: User,
    corrects: Posting | None = None, because: str = "",
) -> Draft:  # fmt: skip
    """Write an act down for review. The same token again returns the first draft, unchanged.

    `corrects` is the posting that it is to stand instead of, `because` what was wrong with it.
    """
    return _write(
        ledger, DraftState.SUBMITTED, act=act, payload=payload, title=title, token=token, by=by,
        corrects=corrects, because=because,
    )  # fmt: skip


@transaction.atomic
def save_draft(
    ledger: Ledger, *, act: Act, payload: dict[str, Any], title: str, token: str, by: User,
    corrects: Posting | None = None, because: str = "",
) -> Draft:  # fmt: skip
    """Keep what was typed for later, complete or not: nobody else sees it until submitted."""
    return _write(
        ledger, DraftState.OPEN, act=act, payload=payload, title=title, token=token, by=by,
        corrects=corrects, because=because,
    )  # fmt: skip


def _write(
    ledger: Ledger, state: DraftState, *, act: Act, payload: dict[str, Any], title: str,
    token: str, by: User, corrects: Posting | None, because: str,
) -> Draft:  # fmt: skip
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))
    because = because.strip()[:MOST_REASON]
    if corrects and not because:
        raise NotAllowed(_("Say what is wrong with the posting that is to be corrected."))
    draft, is_new = Draft.objects.get_or_create(
        ledger=ledger,
        token=token,
        defaults={
            "act": act, "payload": payload, "title": title[:MOST_TITLE], "written_by": by,
            "state": state, "corrects": corrects, "because": because,
        },
    )  # fmt: skip
    if is_new:
        word = "submit_draft" if state == DraftState.SUBMITTED else "save_draft"
        after: dict[str, Any] = {"act": act, "title": title[:MOST_TITLE]}
        if corrects:
            after |= {"corrects": corrects.sequence, "because": because}
        record(word, draft, by=by, after=after)
    elif state == DraftState.SUBMITTED and draft.state == DraftState.OPEN:
        # Kept for later first, then the same form was submitted.
        return correct_draft(
            draft, act=act, payload=payload, title=title, version=draft.version, by=by,
            because=because,
        )  # fmt: skip
    return draft


@transaction.atomic
def correct_draft(
    draft: Draft, *, act: Act, payload: dict[str, Any], title: str, version: int, by: User,
    because: str = "", for_later: bool = False,
) -> Draft:  # fmt: skip
    """Change one's own draft that is not posted, and submit it again, or keep it for later.

    DraftChanged when `version` is not the one that stands: nothing is overwritten unseen.
    """
    locked = _own(draft, by, version)
    before = locked.payload
    locked.act, locked.payload, locked.title = act, payload, title[:MOST_TITLE]
    locked.version += 1
    locked.state = DraftState.OPEN if for_later else DraftState.SUBMITTED
    if locked.corrects_id:
        locked.because = because.strip()[:MOST_REASON] or locked.because
    locked.returned_because = ""
    locked.reviewed_by = locked.reviewed_at = None
    locked.save()
    record("correct_draft", locked, by=by, before=before, after=payload)
    return locked


@transaction.atomic
def withdraw_draft(draft: Draft, *, version: int, by: User) -> Draft:
    """Take one's own draft back from review; it can be written on, and submitted again."""
    locked = _own(draft, by, version)
    if locked.state != DraftState.SUBMITTED:
        raise DraftChanged()
    locked.state = DraftState.OPEN
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    record("withdraw_draft", locked, by=by)
    return locked


@transaction.atomic
def discard_draft(draft: Draft, *, version: int, by: User) -> None:
    """Throw one's own draft away that is not under review; the audit trail keeps what it said."""
    locked = _own(draft, by, version)
    if locked.state not in (DraftState.OPEN, DraftState.RETURNED):
        raise NotAllowed(_("A draft under review is taken back before it is thrown away."))
    record("discard_draft", locked, by=by, before=locked.payload)
    locked.delete()


@transaction.atomic
def approve_draft(
    draft: Draft, *, version: int, by: User, at: datetime.datetime, post_it: Poster
) -> Posting:
    """Post a draft that somebody else wrote, after checking all of it again.

    `version` is the one the reviewer looked at: DraftChanged when it changed since. Approving
    twice returns the first posting.
    """
    locked = _reviewable(draft, by)
    if locked.posting:
        return locked.posting
    _refuse_changed(locked, version)
    posting = post_it(locked, Actors(prepared_by=locked.written_by, approved_by=by))
    locked.posting, locked.state = posting, DraftState.POSTED
    locked.reviewed_by, locked.reviewed_at = by, at
    locked.save()
    record("approve_draft", locked, by=by, after={"sequence": posting.sequence})
    return posting


@transaction.atomic
def return_draft(
    draft: Draft, *, because: str, version: int, by: User, at: datetime.datetime
) -> Draft:
    """Send a draft back to who wrote it, with the reason."""
    locked = lock_for_review(draft, version=version, by=by)
    _refuse_under_way(locked)
    if not because.strip():
        raise NotAllowed(_("Say why the draft goes back, so that it can be corrected."))
    locked.state, locked.returned_because = DraftState.RETURNED, because.strip()[:MOST_REASON]
    locked.reviewed_by, locked.reviewed_at = by, at
    locked.version += 1  # who is still writing on it learns that it came back
    locked.save()
    record("return_draft", locked, by=by, after={"because": locked.returned_because})
    return locked


def payload_of_version(draft: Draft, version: int) -> Mapping[str, Any] | None:
    """What the draft said in that version, as the audit trail keeps it; None if it is not there."""
    if not 0 < version <= draft.version:
        return None
    events = AuditEvent.objects.filter(
        act__in=NEW_VERSIONS, subject=Draft._meta.label_lower, subject_id=str(draft.pk)
    ).order_by("pk")
    for event in events[version - 1 :]:
        if event.act == "correct_draft":
            return dict(event.before)
    return dict(draft.payload)


def _own(draft: Draft, by: User, version: int) -> Draft:
    """One's own draft, locked, not posted, in the version that one looked at."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.written_by_id != by.pk:
        raise NotAllowed(_("Only the person who wrote a draft changes it."))
    if locked.version != version or locked.state == DraftState.POSTED:
        raise DraftChanged()
    _refuse_under_way(locked)
    return locked


def posting_job(draft: Draft) -> Job | None:
    """The job that posts the draft, as long as it waits or runs; forms are posted at once."""
    of_draft = Q(draft=draft.pk) | Q(undo_draft=draft.pk)
    imports = Import.objects.filter(of_draft, job__kind__in=POSTING_JOBS)
    return Job.objects.unfinished().filter(pk__in=imports.values("job")).first()


def _refuse_under_way(draft: Draft) -> None:
    if draft.act in (Act.IMPORT_ROWS, Act.UNDO_IMPORT) and posting_job(draft):
        raise NotAllowed(_("This draft is being posted. Wait until that is done."))


def lock_for_review(draft: Draft, *, version: int, by: User) -> Draft:
    """The draft, locked, when this person may decide on the version they looked at.

    Raises NotAllowed, and DraftChanged where it is another version or decided.
    """
    locked = _reviewable(draft, by)
    _refuse_changed(locked, version)
    return locked


def _refuse_changed(draft: Draft, version: int) -> None:
    if draft.version != version or draft.state != DraftState.SUBMITTED:
        raise DraftChanged()


def _reviewable(draft: Draft, by: User) -> Draft:
    """The draft, locked, when this person may review it."""
    locked = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("written_by", "ledger", "corrects")
        .get(pk=draft.pk)
    )
    if not by.may(Permission.REVIEW_INCOME):
        raise NotAllowed(_("Your account may not review drafts."))
    if locked.written_by_id == by.pk:
        raise NotAllowed(_("Nobody approves their own draft. Ask a colleague to review it."))
    return locked
