"""Maker and checker: a draft is written by one person and posted by another."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from income.errors import DraftChanged, NotAllowed
from income.models import Draft, Ledger, Posting
from income.services.actors import Actors
from income.vocabulary import Act, DraftState

Poster = Callable[[Draft, Actors], Posting]


@transaction.atomic
def submit_draft(
    ledger: Ledger, *, act: Act, payload: dict[str, Any], title: str, token: str, by: User
) -> Draft:
    """Write an act down for review. The same token again returns the first draft, unchanged."""
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))
    draft, is_new = Draft.objects.get_or_create(
        ledger=ledger,
        token=token,
        defaults={"act": act, "payload": payload, "title": title[:300], "written_by": by},
    )
    if is_new:
        record("submit_draft", draft, by=by, after={"act": act, "title": title[:300]})
    return draft


@transaction.atomic
def correct_draft(
    draft: Draft, *, act: Act, payload: dict[str, Any], title: str, version: int, by: User
) -> Draft:
    """Change a draft that was returned, or not yet reviewed, and submit it again."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.written_by_id != by.pk:
        raise NotAllowed(_("Only the person who wrote a draft changes it."))
    if locked.version != version or locked.state == DraftState.POSTED:
        raise DraftChanged()
    before = locked.payload
    locked.act, locked.payload, locked.title = act, payload, title[:300]
    locked.version += 1
    locked.state = DraftState.SUBMITTED
    locked.returned_because = ""
    locked.reviewed_by = locked.reviewed_at = None
    locked.save()
    record("correct_draft", locked, by=by, before=before, after=payload)
    return locked


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
    if locked.version != version or locked.state != DraftState.SUBMITTED:
        raise DraftChanged()
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
    locked = _reviewable(draft, by)
    if locked.version != version or locked.state != DraftState.SUBMITTED:
        raise DraftChanged()
    if not because.strip():
        raise NotAllowed(_("Say why the draft goes back, so that it can be corrected."))
    locked.state, locked.returned_because = DraftState.RETURNED, because.strip()[:500]
    locked.reviewed_by, locked.reviewed_at = by, at
    locked.save()
    record("return_draft", locked, by=by, after={"because": locked.returned_because})
    return locked


def _reviewable(draft: Draft, by: User) -> Draft:
    """The draft, locked, when this person may review it."""
    locked = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("written_by", "ledger")
        .get(pk=draft.pk)
    )
    if not by.may(Permission.REVIEW_INCOME):
        raise NotAllowed(_("Your account may not review drafts."))
    if locked.written_by_id == by.pk:
        raise NotAllowed(_("Nobody approves their own draft. Ask a colleague to review it."))
    return locked
