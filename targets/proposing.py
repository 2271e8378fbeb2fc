"""Maker and checker of target sets: one person enters a set, another makes it stand for good."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from income.errors import NotAllowed
from interface.conflicts import EditConflict
from interface.errors import PortalError
from targets.forms.proposal import TargetSetForm
from targets.models import (
    AnnualTarget,
    Document,
    MonthlyTarget,
    ProposalState,
    TargetSet,
    TargetSetProposal,
)
from targets.proposed import NewDocument, ProposedSet

LONGEST_REASON = TargetSetProposal._meta.get_field("because").max_length or 0
LONGEST_WORDS = 28  # of a code, before the number of its proposal


class ProposalChanged(PortalError):
    """Somebody decides on another version than the one that stands."""

    def __init__(self) -> None:
        super().__init__(
            _("These targets changed in the meantime. Look at them again, then decide.")
        )


class ProposalWrong(PortalError):
    """What was entered cannot become a set; every reason, as the form says it."""


@transaction.atomic
def propose_targets(
    *, payload: dict[str, Any], by: User, token: uuid.UUID | None = None
) -> TargetSetProposal:
    """Write a target set down for another person's decision; it counts nowhere yet.

    `payload` is what was typed. The same token again returns the first proposal, unchanged.
    Raises NotAllowed, ProposalWrong.
    """
    _refuse_stranger(by)
    read(payload)
    proposal, is_new = TargetSetProposal.objects.get_or_create(
        uuid=token or uuid.uuid4(), defaults={"payload": payload, "entered_by": by}
    )
    if is_new:
        record("propose_targets", proposal, by=by, after=payload)
    elif proposal.entered_by_id != by.pk:
        raise NotAllowed(_("This form belongs to somebody else. Open a new one."))
    return proposal


@transaction.atomic
def change_proposal(
    proposal: TargetSetProposal, *, payload: dict[str, Any], version: int, by: User
) -> TargetSetProposal:
    """Change one's own proposal while it waits or after it was returned; it waits again.

    EditConflict when `version` is not the one that stands: nothing is overwritten unseen.
    """
    _refuse_stranger(by)
    locked = _locked(proposal)
    if locked.entered_by_id != by.pk:
        raise NotAllowed(_("Only the person who entered these targets changes them."))
    if locked.state == ProposalState.APPROVED:
        raise NotAllowed(_("These targets are approved and never change. Enter a revision."))
    if locked.version != version:
        raise EditConflict()
    read(payload)
    before = locked.payload
    locked.payload, locked.state, locked.because = payload, ProposalState.WAITING, ""
    locked.decided_by = locked.decided_at = None
    locked.version += 1
    locked.save()
    record("change_targets_proposal", locked, by=by, before=before, after=payload)
    return locked


@transaction.atomic
def return_proposal(
    proposal: TargetSetProposal, *, because: str, version: int, by: User, at: datetime.datetime
) -> TargetSetProposal:
    """Send a proposal back to who entered it, with the reason."""
    locked = _to_decide(proposal, version, by)
    if not because.strip() or len(because.strip()) > LONGEST_REASON:
        sentence = _("Say in at most %(most)s characters why the targets go back.")
        raise ProposalWrong(sentence % {"most": LONGEST_REASON}, field="because")
    locked.state, locked.because = ProposalState.RETURNED, because.strip()
    locked.decided_by, locked.decided_at = by, at
    locked.version += 1  # who is still writing on it learns that it came back
    locked.save()
    record("return_targets", locked, by=by, after={"because": locked.because})
    return locked


@transaction.atomic
def approve_proposal(
    proposal: TargetSetProposal, *, version: int, by: User, at: datetime.datetime
) -> TargetSet:
    """Make the set that another person entered, after checking all of it again.

    `version` is the one that was looked at. Raises NotAllowed, ProposalChanged, ProposalWrong;
    approving twice returns the first set.
    """
    done = TargetSetProposal.objects.filter(pk=proposal.pk, state=ProposalState.APPROVED).first()
    if done and done.target_set and done.decided_by_id == by.pk:
        return done.target_set
    locked = _to_decide(proposal, version, by)
    target_set = _made(read(locked.payload), locked)
    locked.state, locked.target_set = ProposalState.APPROVED, target_set
    locked.decided_by, locked.decided_at = by, at
    locked.save()
    record("approve_targets", locked, by=by, after={"target_set": target_set.code})
    return target_set


def may_decide(proposal: TargetSetProposal, user: User) -> bool:
    """Whether it waits for this person: one who approves targets and did not enter these."""
    is_waiting = proposal.state == ProposalState.WAITING
    return is_waiting and user.may(Permission.APPROVE_TARGETS) and proposal.entered_by_id != user.pk


def may_change(proposal: TargetSetProposal, user: User) -> bool:
    """Whether this person may still write on it."""
    is_open = proposal.state != ProposalState.APPROVED
    return is_open and user.may(Permission.ENTER_TARGETS) and proposal.entered_by_id == user.pk


def read(payload: dict[str, Any]) -> ProposedSet:
    """What was typed, through the form again. Raises ProposalWrong with the form's sentences."""
    form = TargetSetForm(payload)
    if form.is_valid() and form.proposed:
        return form.proposed
    raise ProposalWrong(" ".join(sentences(form)))


def sentences(form: TargetSetForm) -> list[str]:
    """What is wrong, each with the field it is about: there is no field beside it to point at."""
    return [
        f"{form.fields[name].label} – {text}" if name in form.fields else str(text)
        for name, texts in form.errors.items()
        for text in texts
    ]


def new_document_code(proposal: TargetSetProposal) -> str:
    """The code of the document that came with the set; empty where it was in the list."""
    title = str(proposal.payload.get("document_title", "")).strip()
    return _code(title, proposal) if title else ""


def _refuse_stranger(by: User) -> None:
    if not by.may(Permission.ENTER_TARGETS):
        raise NotAllowed(_("Your account may not enter targets."))


def _locked(proposal: TargetSetProposal) -> TargetSetProposal:
    rows = TargetSetProposal.objects.select_for_update(of=("self",)).select_related("entered_by")
    return rows.get(pk=proposal.pk)


def _to_decide(proposal: TargetSetProposal, version: int, by: User) -> TargetSetProposal:
    """The proposal, locked, when this person may decide on the version they looked at."""
    if not by.may(Permission.APPROVE_TARGETS):
        raise NotAllowed(_("Your account may not approve targets."))
    locked = _locked(proposal)
    if locked.entered_by_id == by.pk:
        raise NotAllowed(_("You entered these targets. Another person decides on them."))
    if locked.version != version or locked.state != ProposalState.WAITING:
        raise ProposalChanged()
    return locked


def _made(proposed: ProposedSet, proposal: TargetSetProposal) -> TargetSet:
    """The rows of the set: its document if it is new, its targets, and their paths."""
    names = proposed.names
    if proposal.entered_by.is_demonstration:
        names = {code: _marked(name) for code, name in names.items()}
    last = TargetSet.objects.aggregate(last=Max("order"))["last"] or 0
    target_set = TargetSet.objects.create(
        code=_code(proposed.names["en"], proposal).upper(), names=names, kind=proposed.kind,
        document=_document(proposed.document, proposal), from_year=proposed.from_year,
        to_year=proposed.to_year, programme_support=proposed.programme_support,
        covers=proposed.covers, order=last + 1,
    )  # fmt: skip
    for one in proposed.targets:
        target = AnnualTarget.objects.create(
            target_set=target_set, scope=one.scope, from_year=one.from_year, to_year=one.to_year,
            amount_usd=one.amount_usd, paragraph=one.paragraph, note=one.note,
        )  # fmt: skip
        MonthlyTarget.objects.bulk_create(
            MonthlyTarget(target=target, month=month, cumulative_usd=usd) for month, usd in one.path
        )
    return target_set


def _document(document: Document | NewDocument, proposal: TargetSetProposal) -> Document:
    if isinstance(document, Document):
        return document
    return Document.objects.create(
        code=_code(document.title, proposal), names={"en": document.title},
        symbol=document.symbol, dated_on=document.dated_on, url=document.url,
    )  # fmt: skip


def _code(name: str, proposal: TargetSetProposal) -> str:
    """Words of the name, and the proposal's number, which nothing else in the tables has."""
    words = slugify(name).replace("_", "-")[:LONGEST_WORDS].strip("-")
    return f"{words or 'targets'}-p{proposal.pk}"


def _marked(name: str) -> str:
    """What a demonstration account enters says so wherever it shows."""
    return f"{name} (demonstration)"
