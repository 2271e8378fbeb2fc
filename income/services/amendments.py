"""Amendments of signed agreements: more, less, another schedule, a later end."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from income.errors import DateWrong, NotAllowed, PostingWrong
from income.ledger import post, posted_with
from income.models import Amendment, Contribution, Ledger, Posting
from income.money import split
from income.rules import check_past_day, month_to_book_in
from income.services.actors import Actors
from income.services.advances import advances_matched
from income.services.amended_schedule import (
    Plan,
    Rescheduled,
    entries_of_plan,
    plan_of,
    with_new_instalments,
)
from income.services.changes import Ground, amended, as_it_stands, locked
from income.services.obligations import derive_reports
from income.vocabulary import Act, AmendmentKind
from interface.conflicts import EditConflict
from interface.errors import PortalError


@dataclass(frozen=True)
class AmendedAgreement:
    """An amendment as it was agreed: its ground, the new schedule, a new end where it moves.

    `seen` is the version of the agreement that the schedule was written for.
    """

    ground: Ground
    rows: Sequence[Rescheduled]
    ends_on: datetime.date | None = None
    seen: int | None = None


def check_amendment(
    contribution: Contribution, amendment: AmendedAgreement, ledger: Ledger, today: datetime.date
) -> Plan:
    """What the amendment changes; raises the error that says what is wrong with it."""
    check_ground(contribution, amendment.ground, ledger, today)
    if amendment.seen is not None and amendment.seen != contribution.version:
        raise PostingWrong(
            _("The agreement was changed since this amendment was written. Enter it again.")
        )
    if amendment.ends_on and contribution.starts_on and amendment.ends_on < contribution.starts_on:
        raise DateWrong(_("The end lies before the beginning."), field="ends_on")
    plan = plan_of(contribution, amendment.rows, today)
    if contribution.amount + plan.change <= 0:
        raise PortalError(
            _("Nothing would be left of the agreement. Cancel it instead."), field="reason"
        )
    return plan


def check_ground(
    contribution: Contribution, ground: Ground, ledger: Ledger, today: datetime.date
) -> None:
    """The day is not in the future, not before the promise, and there is a reason."""
    check_past_day(ground.agreed_on, today, field="agreed_on")
    promised_on = contribution.signed_on or contribution.pledged_on
    if promised_on and ground.agreed_on < promised_on:
        raise DateWrong(
            _("%(number)s was promised on %(day)s: give that day or a later one.")
            % {"number": contribution.number, "day": promised_on.isoformat()},
            field="agreed_on",
        )
    if not ground.reason.strip():
        raise PortalError(_("Say why, so that a reader of the books understands."), field="reason")
    month_to_book_in(ledger, ground.agreed_on, today, field="agreed_on", adjusts=ground.adjusts)


@transaction.atomic
def amend_agreement(
    ledger: Ledger, contribution: Contribution, amendment: AmendedAgreement, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post the differences of an amendment, and bring the agreement's rows in step.

    Decreases are at the rate of the instalment they are taken off, increases are instalments of
    their own at the rate of the day they were agreed on.
    """
    contribution = locked(contribution)
    if earlier := posted_with(ledger, token, Act.AMEND_AGREEMENT):
        return earlier
    plan = check_amendment(contribution, amendment, ledger, today)
    ground, before = amendment.ground, as_it_stands(contribution)
    _scale_allocations(contribution, plan)
    added = with_new_instalments(contribution, plan)
    entries = entries_of_plan(contribution, plan, added, ground.agreed_on)
    posting = post(
        ledger,
        act=Act.AMEND_AGREEMENT,
        entries=entries + advances_matched(contribution, entries, added, ground.agreed_on),
        booked_month=month_to_book_in(
            ledger, ground.agreed_on, today, field="agreed_on", adjusts=ground.adjusts
        ),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        replaces=actors.replaces,
        reference=ground.document_reference[:80],
        note=ground.reason,
    )
    _bring_in_step(contribution, plan, amendment)
    amended(
        contribution, plan.kind, ground, before=before, amount_change=plan.change,
        posting=posting, actors=actors, ends_on=amendment.ends_on,
    )  # fmt: skip
    record(
        Act.AMEND_AGREEMENT, contribution, by=actors.prepared_by, before=before,
        after={**as_it_stands(contribution), "reason": ground.reason},
    )  # fmt: skip
    if amendment.ends_on:
        derive_reports(contribution, today=today, by=actors.prepared_by)
    return posting


def _scale_allocations(contribution: Contribution, plan: Plan) -> None:
    """The parts for programmes and countries keep their proportion, to the smallest unit."""
    parts = list(contribution.allocations.order_by("number"))
    if not (parts and plan.change):
        return
    whole = contribution.amount + plan.change
    shares = split(whole, [part.amount for part in parts], contribution.currency.decimals)
    if not all(shares):
        raise PortalError(
            _("A part for a programme or country would be nothing. Cancel the agreement instead."),
            field="reason",
        )
    for part, share in zip(parts, shares, strict=True):
        part.amount = share
        part.save(update_fields=["amount"])


def _bring_in_step(contribution: Contribution, plan: Plan, amendment: AmendedAgreement) -> None:
    for step in plan.steps:
        row = step.state.instalment
        row.due_on = step.due_on
        if row.amount > step.decrease:  # one that is gone keeps what it was: the books say so
            row.amount -= step.decrease
        row.save(update_fields=["due_on", "amount"])
    contribution.amount += plan.change
    contribution.ends_on = amendment.ends_on or contribution.ends_on
    contribution.version += 1
    contribution.save(update_fields=["amount", "ends_on", "version"])


def check_extension(
    contribution: Contribution, ends_on: datetime.date, ground: Ground, today: datetime.date
) -> None:
    """The new end is later than the end there is. Raises DateWrong, PortalError."""
    check_past_day(ground.agreed_on, today, field="agreed_on")
    if contribution.signed_on and ground.agreed_on < contribution.signed_on:
        raise DateWrong(_("Nothing is extended before it was signed."), field="agreed_on")
    standing = contribution.ends_on or contribution.starts_on
    if standing and ends_on <= standing:
        raise DateWrong(
            _("The agreement ends on %(day)s: an extension ends later.")
            % {"day": standing.isoformat()},
            field="ends_on",
        )
    if not ground.reason.strip():
        raise PortalError(_("Say why, so that a reader of the books understands."), field="reason")


@transaction.atomic
def extend_agreement(
    contribution: Contribution, ends_on: datetime.date, ground: Ground, *, version: int,
    today: datetime.date, by: User,
) -> Amendment:  # fmt: skip
    """A no-cost extension: a later end and its reports, no money, so no posting and no review.

    Raises NotAllowed, and EditConflict when the agreement changed since `version`.
    """
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))
    contribution = locked(contribution)
    if contribution.version != version:
        raise EditConflict()
    check_extension(contribution, ends_on, ground, today)
    before = as_it_stands(contribution)
    contribution.ends_on = ends_on
    contribution.version += 1
    contribution.save(update_fields=["ends_on", "version"])
    written = amended(
        contribution, AmendmentKind.EXTENSION, ground, before=before, amount_change=Decimal(0),
        posting=None, actors=Actors(prepared_by=by), ends_on=ends_on,
    )  # fmt: skip
    record(
        "extend_agreement", contribution, by=by, before={"ends_on": before["ends_on"]},
        after={"ends_on": ends_on, "reason": ground.reason},
    )  # fmt: skip
    derive_reports(contribution, today=today, by=by)
    return written
