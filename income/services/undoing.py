"""What a reversal puts back in the rows that describe promises and money."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import AuditEvent
from accounts.services import record
from income.errors import PostingWrong
from income.finding import keep_starts
from income.models import Amendment, Condition, Contribution, Entry, ParkedReceipt, Posting
from income.services.actors import Actors
from income.services.promised_rows import TOLD, told
from income.vocabulary import Act, ConditionState, ContributionState, Kind, ParkedState, Reason

PROMISES = (
    Act.RECORD_PLEDGE, Act.SIGN_AGREEMENT, Act.RECORD_GIFT, Act.RECORD_ONLINE_GIFTS,
)  # fmt: skip
CHANGES = (Act.AMEND_AGREEMENT, Act.CANCEL_CONTRIBUTION, Act.WRITE_OFF, Act.SETTLE_CONDITION)


def contributions_of(posting: Posting) -> list[Contribution]:
    """The contributions that a posting is about, locked against receipts and changes."""
    keys = set(posting.entries.values_list("contribution", flat=True))
    rows = Contribution.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(rows.order_by("pk"))


def refuse_out_of_order(posting: Posting, contribution: Contribution) -> None:
    """What came later rests on this: it is reversed first, the newest before the older."""
    if posting.act not in (*PROMISES, *CHANGES):
        return
    later = (
        Posting.objects.filter(
            pk__in=contribution.entries.values("posting"), act__in=(*PROMISES, *CHANGES),
            sequence__gt=posting.sequence, reversed_by=None,
        )
        .order_by("-sequence")
        .first()
    )  # fmt: skip
    if later:
        raise PostingWrong(
            _("%(number)s was changed afterwards. Reverse posting %(sequence)s first."),
            number=contribution.number,
            sequence=later.sequence,
        )


def refuse_uncovered(contributions: Iterable[Contribution]) -> None:
    """After receipts were taken out: what was returned, or found its instalment, had arrived.

    Otherwise more would have left than came, or an instalment would look paid with no money.
    """
    for contribution in contributions:
        received = Entry.objects.receipts().filter(contribution=contribution)
        nets = received.order_by().values_list("currency").annotate(total=Sum("amount"))
        loose = received.filter(instalment=None).aggregate(total=Sum("credited_amount"))["total"]
        is_short = any(total < 0 for _code, total in nets)
        if not is_short and (loose or 0) >= 0:
            continue
        leaving = received.filter(
            amount__lt=0, posting__reverses=None, posting__reversed_by=None
        ).order_by("-posting__sequence")
        own = leaving.exclude(reason=Reason.ORDINARY) if is_short else leaving.filter(
            reason=Reason.ORDINARY, instalment=None
        )  # fmt: skip
        if last := own.select_related("posting").first():
            raise PostingWrong(
                _("%(number)s was changed afterwards. Reverse posting %(sequence)s first."),
                number=contribution.number,
                sequence=last.posting.sequence,
            )


def put_back(posting: Posting, contribution: Contribution, actors: Actors) -> None:
    """After the mirror image is posted: the contribution's rows as they were before the act."""
    if posting.act in PROMISES:
        _promise(posting, contribution, actors)
    elif posting.act == Act.SETTLE_CONDITION:
        _condition(posting, contribution, actors)
    elif posting.act in CHANGES:
        _amendment(posting, contribution, actors)
    elif posting.act == Act.RECORD_RECEIPT and contribution.state == ContributionState.CLOSED:
        reopen(contribution, actors)


def _promise(posting: Posting, contribution: Contribution, actors: Actors) -> None:
    """Back to the pledge or prospect it came from, else cancelled."""
    if _standing_receipts(contribution):
        raise PostingWrong(
            _("Money was received under %(number)s. Reverse its receipts first."),
            number=contribution.number,
        )
    now = told(contribution)
    before = _told_before(posting, contribution)
    if before:
        for name in TOLD:
            if name in before:
                setattr(contribution, name, _read(contribution, name, before[name]))
        contribution.allocations.all().delete()
        contribution.conditions.all().delete()
        contribution.report_clauses.all().delete()
        contribution.reports_due.filter(submitted_on=None).delete()
        contribution.version += 1
        contribution.save()
        keep_starts([contribution])
    else:
        contribution.state = ContributionState.CANCELLED
        contribution.save(update_fields=["state"])
    _audit(
        "cancel_contribution" if not before else "reopen_contribution", contribution, now, actors
    )


def _standing_receipts(contribution: Contribution) -> bool:
    """Whether a receipt stands, also one of which all was returned."""
    received = contribution.entries.filter(
        kind=Kind.RECEIPT, posting__reverses=None, posting__reversed_by=None
    )
    return received.exists()


def _told_before(posting: Posting, contribution: Contribution) -> dict[str, Any]:
    """The row as it was before the act, from the audit trail; nothing for a new row."""
    event = (
        AuditEvent.objects.filter(
            subject=Contribution._meta.label_lower, subject_id=str(contribution.pk),
            act=posting.act,
        )
        .order_by("-pk")
        .first()
    )  # fmt: skip
    return event.before if event else {}


def _read(contribution: Contribution, name: str, kept: Any) -> Any:
    """The value of a field from the text that the audit trail keeps."""
    model_field = next(f for f in contribution._meta.concrete_fields if f.attname == name)
    return model_field.to_python(kept) if not model_field.is_relation else kept


def _condition(posting: Posting, contribution: Contribution, actors: Actors) -> None:
    events = AuditEvent.objects.filter(
        subject=Contribution._meta.label_lower, subject_id=str(contribution.pk),
        act=Act.SETTLE_CONDITION, after__posting=str(posting.pk),
    )  # fmt: skip
    keys = [event.after["condition"] for event in events]
    Condition.objects.filter(contribution=contribution, pk__in=keys).update(
        state=ConditionState.OPEN, settled_on=None, evidence="", document=None
    )
    contribution.version += 1
    contribution.save(update_fields=["version"])
    record("reopen_condition", contribution, by=actors.prepared_by, after={"conditions": keys})


def _amendment(posting: Posting, contribution: Contribution, actors: Actors) -> None:
    amendment = Amendment.objects.get(posting=posting)
    before, now = amendment.before, told(contribution)
    kept = {row["number"]: row for row in before["instalments"]}
    for row in contribution.instalments.all():
        if row.number not in kept:
            _take_away(row, contribution)
            continue
        row.due_on = datetime.date.fromisoformat(kept[row.number]["due_on"])
        row.amount = Decimal(kept[row.number]["amount"])
        row.save(update_fields=["due_on", "amount"])
    amounts = {row["number"]: Decimal(row["amount"]) for row in before["allocations"]}
    for part in contribution.allocations.all():
        part.amount = amounts.get(part.number, part.amount)
        part.save(update_fields=["amount"])
    contribution.amount = Decimal(before["amount"])
    if amendment.ends_on and amendment.ends_on == contribution.ends_on:
        contribution.ends_on = _day(before["ends_on"])
    contribution.state, contribution.ended_on = before["state"], _day(before["ended_on"])
    contribution.ended_because = before["ended_because"]
    # All is as it was then, unless something else changed since: then this is a newer version.
    is_same = contribution.version == before["version"] + 1
    contribution.version = before["version"] if is_same else contribution.version + 1
    contribution.save()
    Amendment.objects.filter(pk=amendment.pk).update(is_undone=True)
    _audit("undo_amendment", contribution, now, actors)


def _take_away(row: Any, contribution: Contribution) -> None:
    """An instalment that the amendment added: it stays, empty, unless money came for it."""
    paid = contribution.entries.filter(kind=Kind.RECEIPT, instalment=row).values_list(
        "amount", flat=True
    )
    if sum(paid):
        raise PostingWrong(
            _("Money was received under %(number)s. Reverse its receipts first."),
            number=contribution.number,
        )
    row.conditions.all().delete()


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def reopen(contribution: Contribution, actors: Actors) -> None:
    """A receipt is gone: what was closed because all had arrived is open again."""
    if contribution.amendments.filter(kind="cancellation", is_undone=False).exists():
        return
    now = told(contribution)
    contribution.state, contribution.ended_on = ContributionState.SIGNED, None
    contribution.ended_because = ""
    contribution.version += 1
    contribution.save(update_fields=["state", "ended_on", "ended_because", "version"])
    _audit("reopen_contribution", contribution, now, actors)


def _audit(act: str, contribution: Contribution, before: dict[str, Any], actors: Actors) -> None:
    after = told(contribution)
    changed = [name for name in after if after[name] != before[name]]
    record(
        act, contribution, by=actors.prepared_by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )  # fmt: skip


def park_again(posting: Posting, actors: Actors) -> None:
    """Money that was matched by this posting is unidentified again."""
    parked = ParkedReceipt.objects.select_for_update().filter(posting=posting).first()
    if parked is None:
        return
    parked.state, parked.posting, parked.settled_on = ParkedState.PARKED, None, None
    parked.version += 1
    parked.save(update_fields=["state", "posting", "settled_on", "version"])
    record(
        "park_again", parked, by=actors.prepared_by,
        before={"posting": posting.sequence}, after={"state": ParkedState.PARKED.value},
    )  # fmt: skip
