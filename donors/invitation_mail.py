"""The letter with the link of an invitation, in the language of the person invited.

It is handed over where the invitation was made, after its transaction, and not by a job: the row of
a job outlives its work, and would keep the token, or what opens it, in the database. So the token
is nowhere but in this process and in the letter, and the officer is told at once when the letter
could not be handed over. One letter to one person is short work, and the mail server is given
`PATIENCE_SECONDS`.
"""

import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from donors.models import Invitation
from interface.errors import PortalError
from interface.formatting import current_language, format_date, is_right_to_left

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 10
PRINTS = "django.core.mail.backends.console.EmailBackend"


class MailCannotGo(PortalError):
    """This installation cannot send a letter that leads back to it."""


def check_mail_can_go() -> None:
    """Raises MailCannotGo where a letter would lead nowhere, or its link into the server's log."""
    if not settings.PORTAL_ADDRESS:
        raise MailCannotGo(_("Set PORTAL_ADDRESS, so that the link in the e-mail leads here."))
    if settings.PORTAL_MODE.value == "production" and settings.EMAIL_BACKEND == PRINTS:
        raise MailCannotGo(_("Set EMAIL_URL: without a mail server no invitation can be sent."))


def send_letter(invitation: Invitation, token: str, *, by: User) -> bool:
    """Hand the letter over; whether that worked. Called outside of any transaction."""
    with translation.override(invitation.language or settings.LANGUAGE_CODE):
        mail = letter(invitation, token)
    mail.connection = get_connection(timeout=PATIENCE_SECONDS)
    try:
        mail.send()
        is_sent = True
    except Exception as error:  # noqa: BLE001  whatever it is, the invitation can be sent again
        # Not its text: a mail server may repeat what it was given.
        logger.error("An invitation could not be handed over: %s", type(error).__name__)
        is_sent = False
    record("mail_invitation", invitation, by=by, after={"is_sent": is_sent})
    return is_sent


def letter(invitation: Invitation, token: str) -> EmailMultiAlternatives:
    """The mail in the active language: plain text, and the same as simple HTML."""
    address = settings.PORTAL_ADDRESS.rstrip("/")
    expires_at = timezone.localtime(invitation.expires_at)
    ends_on = invitation.access_ends_on
    context = {
        "name": invitation.name,
        "donors": sorted(donor.name for donor in invitation.donors.all()),
        "link": address + reverse("invitation_accept", args=[token]),
        "expires_day": format_date(expires_at.date()), "expires_time": expires_at.strftime("%H:%M"),
        "ends_on": format_date(ends_on) if ends_on else "",
        "is_demonstration": settings.IS_DEMO,
        "language": current_language(), "direction": "rtl" if is_right_to_left() else "ltr",
    }  # fmt: skip
    subject = _("Habitat Portal: your invitation")
    if settings.IS_DEMO:
        subject = _("DEMONSTRATION · %(subject)s") % {"subject": subject}
    text = render_to_string("emails/invitation.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=[invitation.email])
    mail.attach_alternative(render_to_string("emails/invitation.html", context), "text/html")
    return mail
