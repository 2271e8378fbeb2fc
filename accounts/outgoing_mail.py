"""What an administrator decides about mail that the portal itself does nothing more about."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from interface.errors import PortalError
from jobs import outbox
from jobs.models import OutgoingMail


class MailDecided(PortalError):
    """Somebody else has decided about the mail, or it has gone meanwhile."""


def settle_mail(mail: OutgoingMail, *, by: User) -> None:
    """Somebody has dealt with it: nothing is sent. Raises MailDecided."""
    _decide(mail, outbox.settle, "settle_mail", by)


def send_mail_again(mail: OutgoingMail, *, by: User) -> None:
    """Send it again, although it may have arrived. Raises MailDecided."""
    _decide(mail, outbox.send_again, "send_mail_again", by)


@transaction.atomic
def _decide(mail: OutgoingMail, act: outbox.Decision, name: str, by: User) -> None:
    before = {"state": mail.state, "reason": mail.reason}
    if not act(mail):
        raise MailDecided(_("This e-mail is not waiting for a decision any more."))
    mail.refresh_from_db()
    after = {"kind": mail.kind, "about": mail.about, "state": mail.state}
    record(name, mail, by=by, before=before, after=after)
