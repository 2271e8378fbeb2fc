"""How contributions end: cancelled, written off in part, or closed when all was received."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from income.balances import InstalmentState, instalment_states
from income.errors import NotAllowed, PostingWrong
from income.ledger import post, posted_with
from income.models import Contribution, Entry, Instalment, Ledger, Posting
from income.rules import month_to_book_in
from income.services.actors import Actors
from income.services.amendments import check_ground
from income.services.changes import Ground, amended, as_it_stands, locked
from income.services.differences import not_agreed, on_day, standing, taken_off, total
from income.vocabulary import Act, AmendmentKind, ContributionState, Kind, Reason
from interface.errors import PortalError

ZERO = Decimal(0)


def rests(contribution: Contribution) -> list[tuple[InstalmentState, Decimal]]:
    """Each instalment with what of it was not received, in the contribution's currency.

    Money that came without naming an instalment pays the earliest ones.
    """
    unnamed = contribution.entries.filter(kind=Kind.RECEIPT, instalment=None).aggregate(
        credited=Sum("credited_amount")
    )["credited"] or ZERO  # fmt: skip
    found = []
    for state in instalment_states(contribution):
        rest = max(state.due + state.conditional - state.credited, ZERO)
        paid = min(rest, max(unnamed, ZERO))
        unnamed -= paid
        found.append((state, rest - paid))
    return found


def has_received(contribution: Contribution) -> bool:
    """Whether money came that was not reversed or returned."""
    received = contribution.entries.filter(kind=Kind.RECEIPT).aggregate(total=Sum("amount"))
    return bool(received["total"])


def check_cancellation(
    contribution: Contribution, ground: Ground, ledger: Ledger, today: datetime.date
) -> None:
    """Raise the error that says why the rest cannot be cancelled, if anything is wrong."""
    check_ground(contribution, ground, ledger, today)
    if contribution.state == ContributionState.SIGNED and not any(
        rest for _state, rest in rests(contribution)
    ):
        raise PostingWrong(_("All of it was received: close the agreement instead."))


@transaction.atomic
def cancel_contribution(
    ledger: Ledger, contribution: Contribution, ground: Ground, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Take what was not received out of the books, at the rates it stands there with."""
    if earlier := posted_with(ledger, token, Act.CANCEL_CONTRIBUTION):
        return earlier
    contribution = locked(
        contribution, states=(ContributionState.SIGNED, ContributionState.PLEDGED)
    )
    check_cancellation(contribution, ground, ledger, today)
    before = as_it_stands(contribution)
    entries = _cancelled(contribution, ground.agreed_on)
    posting = _posted(ledger, Act.CANCEL_CONTRIBUTION, entries, ground, token, today, actors)
    contribution.state = (
        ContributionState.CLOSED if has_received(contribution) else ContributionState.CANCELLED
    )
    contribution.ended_on, contribution.ended_because = ground.agreed_on, ground.reason
    contribution.version += 1
    contribution.save(update_fields=["state", "ended_on", "ended_because", "version"])
    change = sum((e.amount for e in entries if e.kind != Kind.DUE), ZERO)
    amended(
        contribution, AmendmentKind.CANCELLATION, ground, before=before, amount_change=change,
        posting=posting, actors=actors,
    )  # fmt: skip
    _audit(Act.CANCEL_CONTRIBUTION, contribution, before, ground, change, actors)
    return posting


def _cancelled(contribution: Contribution, day: datetime.date) -> list[Entry]:
    if contribution.state == ContributionState.PLEDGED:
        return _whole(contribution, Kind.PLEDGE, day)
    due: list[Entry] = []
    agreed: list[Entry] = []
    conditional: list[Entry] = []
    for state, rest in rests(contribution):
        if not rest:
            continue
        kind = Kind.CONDITIONAL if state.is_conditional else Kind.DUE
        groups = standing(contribution, kind, state.instalment)
        change = on_day(kind, day if state.is_conditional else None)
        less = taken_off(groups, rest, reason=Reason.CANCELLATION, change=change)
        if state.is_conditional:
            conditional += less
        else:
            due += less
            agreed += not_agreed(contribution, state.instalment, less, day)
    whole = standing(contribution, Kind.AGREEMENT)
    if agreed and total(whole) == -sum((e.amount for e in agreed), ZERO):
        agreed = _whole(contribution, Kind.AGREEMENT, day)
    return agreed + due + conditional


def _whole(contribution: Contribution, kind: Kind, day: datetime.date) -> list[Entry]:
    groups = standing(contribution, kind)
    return taken_off(groups, total(groups), reason=Reason.CANCELLATION, change=on_day(kind, day))


def check_write_off(
    instalment: Instalment, ground: Ground, ledger: Ledger, today: datetime.date
) -> InstalmentState:
    """The instalment as it stands; raises the error that says why it cannot be written off."""
    check_ground(instalment.contribution, ground, ledger, today)
    if not ground.authority.strip():
        raise PortalError(_("Say who decided the write-off."), field="authority")
    if not ground.document_reference.strip():
        raise PortalError(_("Name the document of the decision."), field="document_reference")
    for state in instalment_states(instalment.contribution):
        if state.instalment == instalment and state.outstanding:
            return state
    raise PostingWrong(_("Nothing of this instalment is outstanding."))


@transaction.atomic
def write_off(
    ledger: Ledger, instalment: Instalment, ground: Ground, *, token: str, today: datetime.date,
    actors: Actors,
) -> Posting:  # fmt: skip
    """Write off what is outstanding of an instalment, on somebody's authority."""
    contribution = locked(instalment.contribution)
    if earlier := posted_with(ledger, token, Act.WRITE_OFF):
        return earlier
    instalment = contribution.instalments.get(pk=instalment.pk)
    state = check_write_off(instalment, ground, ledger, today)
    before = as_it_stands(contribution)
    groups = standing(contribution, Kind.DUE, instalment)
    less = taken_off(groups, state.outstanding, reason=Reason.WRITE_OFF, change=on_day(Kind.DUE))
    entries = not_agreed(contribution, instalment, less, ground.agreed_on) + less
    posting = _posted(ledger, Act.WRITE_OFF, entries, ground, token, today, actors)
    contribution.version += 1
    contribution.save(update_fields=["version"])
    amended(
        contribution, AmendmentKind.WRITE_OFF, ground, before=before,
        amount_change=-state.outstanding, posting=posting, actors=actors,
    )  # fmt: skip
    _audit(Act.WRITE_OFF, contribution, before, ground, -state.outstanding, actors)
    return posting


def _posted(
    ledger: Ledger, act: Act, entries: list[Entry], ground: Ground, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    month = month_to_book_in(
        ledger, ground.agreed_on, today, field="agreed_on", adjusts=ground.adjusts
    )
    return post(
        ledger, act=act, entries=entries, booked_month=month, token=token,
        prepared_by=actors.prepared_by, approved_by=actors.approved_by, replaces=actors.replaces,
        reference=ground.document_reference[:80], note=ground.reason,
    )  # fmt: skip


def _audit(
    act: Act, contribution: Contribution, before: dict[str, object], ground: Ground,
    change: Decimal, actors: Actors,
) -> None:  # fmt: skip
    after = {
        "state": contribution.state, "amount_change": str(change), "reason": ground.reason,
        "authority": ground.authority, "document_reference": ground.document_reference,
    }  # fmt: skip
    record(act, contribution, by=actors.prepared_by, before={"state": before["state"]}, after=after)


@transaction.atomic
def close_contribution(
    contribution: Contribution, *, because: str, today: datetime.date, by: User
) -> Contribution:
    """Close an agreement of which everything was received. Raises PostingWrong, NotAllowed."""
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))
    row = locked(contribution)
    if any(rest for _state, rest in rests(row)):
        raise PostingWrong(
            _("Not all of it was received: record the receipts, write off or cancel the rest.")
        )
    row.state, row.ended_on, row.ended_because = ContributionState.CLOSED, today, because[:500]
    row.version += 1
    row.save(update_fields=["state", "ended_on", "ended_because", "version"])
    record(
        "close_contribution", row, by=by, before={"state": ContributionState.SIGNED.value},
        after={"state": row.state, "because": because},
    )  # fmt: skip
    return row
