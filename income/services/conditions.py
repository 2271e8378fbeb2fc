"""Conditions of agreements: once all of an instalment are met or waived, it is owed."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import DonorDocument
from income.errors import DateWrong, NotAllowed, PostingWrong
from income.ledger import post, posted_with
from income.models import Condition, Contribution, Entry, Instalment, Ledger, Posting
from income.rules import check_past_day, month_to_book_in
from income.services.actors import Actors
from income.services.advances import advances_matched
from income.services.changes import locked
from income.services.differences import on_day, put, standing, taken_off, total
from income.vocabulary import Act, ConditionState, Kind, Reason


@dataclass(frozen=True)
class Settlement:
    """How a condition came to its end: met or waived, when, and what shows it."""

    state: ConditionState
    settled_on: datetime.date
    evidence: str
    document: DonorDocument | None = None
    adjusts: bool = False


def check_settlement(
    condition: Condition, settlement: Settlement, ledger: Ledger, today: datetime.date
) -> None:
    """Raise the error that says what is wrong with the settlement, if anything is."""
    if condition.state != ConditionState.OPEN:
        raise PostingWrong(_("This condition is settled already."))
    if settlement.state not in (ConditionState.MET, ConditionState.WAIVED):
        raise PostingWrong(_("Say whether the condition was met or waived."))
    if not settlement.evidence.strip():
        raise PostingWrong(_("Say what shows that the condition was met, or who waived it."))
    check_past_day(settlement.settled_on, today, field="settled_on")
    signed_on = condition.contribution.signed_on
    if signed_on and settlement.settled_on < signed_on:
        raise DateWrong(
            _("The agreement was signed on %(day)s: nothing was settled before.")
            % {"day": signed_on.isoformat()},
            field="settled_on",
        )
    month_to_book_in(
        ledger, settlement.settled_on, today, field="settled_on", adjusts=settlement.adjusts
    )


def freed_by(condition: Condition) -> list[Instalment]:
    """The instalments that are owed once this condition is settled: those without another."""
    contribution = condition.contribution
    others = contribution.conditions.filter(state=ConditionState.OPEN).exclude(pk=condition.pk)
    held = set(others.values_list("instalment", flat=True))
    if None in held:
        return []
    mine = Q() if condition.instalment_id is None else Q(pk=condition.instalment_id)
    rows = contribution.instalments.filter(mine).exclude(pk__in=held).order_by("number")
    return [row for row in rows if total(standing(contribution, Kind.CONDITIONAL, row))]


@transaction.atomic
def note_condition(
    condition: Condition, settlement: Settlement, *, today: datetime.date, by: User
) -> Condition:
    """Settle a condition beside which others are open: no money moves, so no posting."""
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))
    contribution = locked(condition.contribution)
    condition = contribution.conditions.get(pk=condition.pk)
    check_settlement(condition, settlement, contribution.ledger, today)
    if freed_by(condition):
        raise PostingWrong(_("This settles an instalment: another person has to review it."))
    return _settled(condition, settlement, by=by)


@transaction.atomic
def settle_condition(
    ledger: Ledger, condition: Condition, settlement: Settlement, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Settle the last open condition of one or more instalments: they are agreed and due.

    All at the rate of the signature: agreed on the day it was settled, due on their due days.
    """
    contribution = locked(condition.contribution)
    if earlier := posted_with(ledger, token, Act.SETTLE_CONDITION):
        return earlier
    condition = contribution.conditions.get(pk=condition.pk)
    check_settlement(condition, settlement, ledger, today)
    freed = freed_by(condition)
    if not freed:
        raise PostingWrong(_("Another condition of the same instalment is open: settle it first."))
    posting = post(
        ledger,
        act=Act.SETTLE_CONDITION,
        entries=_moved(contribution, freed, settlement.settled_on),
        booked_month=month_to_book_in(
            ledger, settlement.settled_on, today, field="settled_on", adjusts=settlement.adjusts
        ),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        replaces=actors.replaces,
        note=condition.text,
    )
    contribution.version += 1
    contribution.save(update_fields=["version"])
    _settled(condition, settlement, by=actors.prepared_by, posting=posting)
    return posting


def _moved(
    contribution: Contribution, instalments: Sequence[Instalment], settled_on: datetime.date
) -> list[Entry]:
    """From conditional to agreed and due, at the rate they stand with; early money goes there."""
    entries: list[Entry] = []
    for instalment in instalments:
        groups = standing(contribution, Kind.CONDITIONAL, instalment)
        off = taken_off(
            groups, total(groups), reason=Reason.CONDITION,
            change=on_day(Kind.CONDITIONAL, settled_on),
        )  # fmt: skip
        agreed = put(off, reason=Reason.CONDITION, change=on_day(Kind.AGREEMENT, settled_on))
        due = put(off, reason=Reason.CONDITION, change=on_day(Kind.DUE, instalment.due_on))
        entries += off + agreed + due
    return entries + advances_matched(contribution, entries, instalments, settled_on)


def _settled(
    condition: Condition, settlement: Settlement, *, by: User | None,
    posting: Posting | None = None,
) -> Condition:  # fmt: skip
    condition.state, condition.settled_on = settlement.state, settlement.settled_on
    condition.evidence, condition.document = settlement.evidence.strip(), settlement.document
    condition.save()
    after = {
        "condition": condition.pk, "text": condition.text, "state": str(condition.state),
        "settled_on": settlement.settled_on, "evidence": condition.evidence,
        "posting": str(posting.pk) if posting else "",
    }  # fmt: skip
    record(Act.SETTLE_CONDITION, condition.contribution, by=by, after=after)
    return condition
