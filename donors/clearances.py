"""Due diligence on private donors: whether one is cleared, asking for it and deciding it."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Clearance, ClearanceState, Donor, DonorDocument
from interface.errors import PortalError

# Contributor types of the UN CEB with private money: public-private partnerships, foundations,
# the private sector.
PRIVATE_TYPES = frozenset({"C03", "C05", "C06"})


class ClearanceWrong(PortalError):
    """A clearance that cannot be asked for or decided as it was."""


def is_private(donor: Donor) -> bool:
    """Whether the donor's agreements need due diligence first."""
    return donor.contributor_type_id in PRIVATE_TYPES


def is_cleared(donor: Donor, on: datetime.date) -> bool:
    """Whether a clearance of the donor, or of one merged into it, is valid on the day.

    A refusal ends every clearance that was decided before it.
    """
    decided = Clearance.objects.filter(
        donor__in=Donor.objects.with_merged(donor), decided_at__isnull=False
    )
    return is_cleared_by(decided, on)


def is_cleared_by(decided: Iterable[Clearance], on: datetime.date) -> bool:
    """`is_cleared`, from all that was decided about a donor and those merged into it."""
    rows = list(decided)
    refused = [row.decided_at for row in rows if row.state == ClearanceState.REFUSED]
    last = max((moment for moment in refused if moment), default=None)
    return any(
        row.state == ClearanceState.CLEARED
        and row.valid_from_on and row.valid_until_on
        and row.valid_from_on <= on <= row.valid_until_on
        and (last is None or (row.decided_at is not None and row.decided_at > last))
        for row in rows
    )  # fmt: skip


@transaction.atomic
def request_clearance(
    donor: Donor, *, by: User, reference: str = "", note: str = "",
    document: DonorDocument | None = None,
) -> Clearance:  # fmt: skip
    """Ask for due diligence; one request at a time. Raises ClearanceWrong."""
    if not by.may(Permission.EDIT_DONORS):
        raise PermissionDenied
    if not is_private(donor):
        raise ClearanceWrong(_("Only private donors need a due diligence clearance."))
    Donor.objects.select_for_update().get(pk=donor.pk)  # two requests at once: the second waits
    if donor.clearances.filter(state=ClearanceState.REQUESTED).exists():
        raise ClearanceWrong(_("A clearance is asked for already. It has to be decided first."))
    if document and document.donor_id != donor.pk:
        raise ClearanceWrong(_("The document is another donor's."), field="document")
    asked = Clearance.objects.create(
        donor=donor, reference=reference, note=note, document=document, requested_by=by
    )
    record("request_clearance", donor, by=by, after=_told(asked))
    return asked


@transaction.atomic
def decide_clearance(
    clearance: Clearance, *, is_clear: bool, by: User, today: datetime.date,
    valid_from_on: datetime.date | None = None, valid_until_on: datetime.date | None = None,
    note: str = "",
) -> Clearance:  # fmt: skip
    """Clear the donor for a time, or refuse it; never by who asked. Raises ClearanceWrong.

    Without a first day the clearance is valid from today. A refusal needs a reason (`note`).
    """
    if not by.may(Permission.CLEAR_DONORS):
        raise PermissionDenied
    row = Clearance.objects.select_for_update().select_related("donor").get(pk=clearance.pk)
    if row.requested_by_id == by.pk:
        raise ClearanceWrong(_("You asked for this clearance. Another person has to decide it."))
    if row.state != ClearanceState.REQUESTED:
        raise ClearanceWrong(_("This clearance is decided already."))
    before = _told(row)
    if is_clear:
        _set_validity(row, valid_from_on or today, valid_until_on, today)
    elif not note.strip():
        raise ClearanceWrong(_("Say why the donor is refused."), field="note")
    row.state = ClearanceState.CLEARED if is_clear else ClearanceState.REFUSED
    row.decided_by, row.decided_at = by, timezone.now()
    row.note = note.strip() or row.note
    row.save()
    record("decide_clearance", row.donor, by=by, before=before, after=_told(row))
    return row


def _set_validity(
    row: Clearance, first: datetime.date, last: datetime.date | None, today: datetime.date
) -> None:
    if last is None:
        raise ClearanceWrong(_("Say until when the clearance is valid."), field="valid_until_on")
    if last < max(first, today):
        raise ClearanceWrong(
            _("The clearance would be over already. Choose a later last day."),
            field="valid_until_on",
        )
    row.valid_from_on, row.valid_until_on = first, last


def _told(row: Clearance) -> dict[str, object]:
    return {
        "clearance": str(row.uuid),
        "state": row.state,
        "reference": row.reference,
        "note": row.note,
        "valid_from_on": row.valid_from_on.isoformat() if row.valid_from_on else "",
        "valid_until_on": row.valid_until_on.isoformat() if row.valid_until_on else "",
        "document": str(row.document.uuid) if row.document else "",
    }
