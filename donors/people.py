"""A donor's people: who may see its file, until when, and who was asked to."""

import datetime
from dataclasses import dataclass

from donors.invitation_states import InvitationState, state_of
from donors.models import Donor, Invitation, Representation
from donors.representation import standing_of
from interface.sorting import in_order


@dataclass(frozen=True)
class People:
    """Representations, each with its standing in words, and invitations, each with its state."""

    bound: tuple[tuple[Representation, str], ...]
    asked: tuple[tuple[Invitation, InvitationState], ...]


def people_of(donor: Donor, *, today: datetime.date, now: datetime.datetime) -> People:
    """The people of the donor and of those merged into it, by name.

    Of invitations those that nobody accepted or withdrew: they wait, or have expired.
    """
    whole = Donor.objects.with_merged(donor)
    bound = Representation.objects.filter(donor__in=whole).select_related("user", "donor")
    asked = Invitation.objects.filter(
        donors__in=whole, accepted_at=None, withdrawn_at=None
    ).select_related("invited_by")
    return People(
        tuple(
            (one, standing_of(one, today))
            for one in in_order(bound.order_by("pk"), lambda one: one.user.name)
        ),
        tuple(
            (one, state_of(one, now))
            for one in in_order(asked.distinct().order_by("pk"), lambda one: one.name)
        ),
    )
