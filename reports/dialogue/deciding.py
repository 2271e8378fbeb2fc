"""What a second person decides: expenditure that was loaded, and items of a funding dialogue."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from interface.errors import PortalError
from reports.models import DialogueItem, ExpenditureLoad
from targets.models import ProposalState


class DialogueWrong(PortalError):
    """Something of a funding dialogue that cannot be entered or decided; says why."""


def may_enter(by: User) -> None:
    """Raises PermissionDenied for who may not enter what a pack tells."""
    if not by.may(Permission.ENTER_TARGETS):
        raise PermissionDenied


def decide(row: ExpenditureLoad | DialogueItem, *, approve: bool, because: str, by: User) -> None:
    """Fill in the decision on a locked row; the caller saves it. Never by who entered it.

    Returning needs a reason. Raises PermissionDenied, DialogueWrong.
    """
    if not by.may(Permission.APPROVE_TARGETS):
        raise PermissionDenied
    if row.entered_by_id == by.pk:
        raise DialogueWrong(_("You entered this yourself. Another person has to decide it."))
    if row.state != ProposalState.WAITING:
        raise DialogueWrong(_("This is decided already."))
    if not approve and not because.strip():
        raise DialogueWrong(_("Say why it is returned."), field="because")
    row.state = ProposalState.APPROVED if approve else ProposalState.RETURNED
    row.decided_by, row.decided_at = by, timezone.now()
    row.because = because.strip()
