"""What every change of an agreement shares: a locked row, its history, its amendment."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from donors.models import DonorDocument
from income.errors import PostingWrong
from income.models import Amendment, Contribution, Posting
from income.services.actors import Actors
from income.vocabulary import AmendmentKind, ContributionState


@dataclass(frozen=True)
class Ground:
    """Why an agreement changes: the day it was agreed, the reason, and on whose authority."""

    agreed_on: datetime.date
    reason: str
    authority: str = ""
    document_reference: str = ""
    document: DonorDocument | None = None
    adjusts: bool = False  # the day's own month is closed: book it in the present one


def locked(
    contribution: Contribution, *, states: Sequence[str] = (ContributionState.SIGNED,)
) -> Contribution:
    """The contribution, locked, when it is in one of the states. Raises PostingWrong."""
    row = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("ledger", "currency", "donor", "fund")
        .get(pk=contribution.pk)
    )
    if row.state not in states:
        raise PostingWrong(
            _("%(number)s is %(state)s: this cannot be done with it any more."),
            number=row.number,
            state=row.get_state_display(),
        )
    return row


def as_it_stands(contribution: Contribution) -> dict[str, Any]:
    """Amount, end, state and schedule as texts, as an amendment keeps what stood before it."""
    return {
        "amount": str(contribution.amount),
        "ends_on": _day(contribution.ends_on),
        "state": contribution.state,
        "ended_on": _day(contribution.ended_on),
        "ended_because": contribution.ended_because,
        "version": contribution.version,
        "instalments": [
            {"number": i.number, "due_on": _day(i.due_on), "amount": str(i.amount)}
            for i in contribution.instalments.order_by("number")
        ],
        "allocations": [
            {"number": a.number, "amount": str(a.amount)}
            for a in contribution.allocations.order_by("number")
        ],
    }


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def amended(
    contribution: Contribution, kind: AmendmentKind, ground: Ground, *,
    before: dict[str, Any], amount_change: Decimal, posting: Posting | None, actors: Actors,
    ends_on: datetime.date | None = None,
) -> Amendment:  # fmt: skip
    """Write down what changed the agreement, and on whose authority."""
    last = contribution.amendments.order_by("-number").first()
    return Amendment.objects.create(
        contribution=contribution,
        number=(last.number if last else 0) + 1,
        kind=kind,
        agreed_on=ground.agreed_on,
        amount_change=amount_change,
        ends_on=ends_on,
        reason=ground.reason,
        authority=ground.authority,
        document=ground.document,
        document_reference=ground.document_reference,
        before=before,
        posting=posting,
        recorded_by=actors.prepared_by,
    )
