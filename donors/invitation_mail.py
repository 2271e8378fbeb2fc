"""The letter with the link of an invitation, in the language of the person invited.

The outbox sends it. Its token is kept nowhere: it follows from the portal's secret key, the
invitation and the number of the letter, so it is made when the letter is written. Whoever has the
database alone, or a backup of it, has no token.
"""

import base64
import datetime
import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.invitation_states import InvitationState, state_of
from donors.models import Invitation
from interface.errors import PortalError
from interface.formatting import current_language, format_date, is_right_to_left
from jobs import outbox
from jobs.letters import letter
from jobs.models import OutgoingMail

KIND = "invitation"
SALT = "donors.invitation_mail"
PRINTS = "django.core.mail.backends.console.EmailBackend"


class MailCannotGo(PortalError):
    """This installation cannot send a letter that leads back to it."""


def check_mail_can_go() -> None:
    """Raises MailCannotGo where a letter would lead nowhere, or its link into the server's log."""
    if not settings.PORTAL_ADDRESS:
        raise MailCannotGo(_("Set PORTAL_ADDRESS, so that the link in the e-mail leads here."))
    if settings.PORTAL_MODE.value == "production" and settings.EMAIL_BACKEND == PRINTS:
        raise MailCannotGo(_("Set EMAIL_URL: without a mail server no invitation can be sent."))


def token_of(invitation: Invitation, *, key: str | None = None) -> str:
    """The token of the invitation's present letter, as a secret key makes it: 43 characters."""
    digest = salted_hmac(SALT, about(invitation), secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What the portal keeps of a link's token: the SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_in_force(invitation: Invitation) -> str | None:
    """The token that its link has, also once the key was changed; None where that key is lost."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    tokens = (token_of(invitation, key=key) for key in keys)
    return next((one for one in tokens if hash_of(one) == invitation.token_hash), None)


def about(invitation: Invitation) -> str:
    """The key of the invitation's present letter in the outbox."""
    return f"{invitation.uuid}/{invitation.letter}"


def queue_letter(invitation: Invitation) -> None:
    """Have the present letter sent, and no earlier one, once the transaction commits."""
    call_off_letters(invitation, before=invitation.letter)
    outbox.put(KIND, about(invitation), to=invitation.email, language=invitation.language)


def call_off_letters(invitation: Invitation, *, before: int) -> None:
    """Nobody has to see to the letters with smaller numbers any more: their links are dead."""
    outbox.call_off(KIND, [f"{invitation.uuid}/{number}" for number in range(1, before)])


def mail_of(invitations: Sequence[Invitation]) -> dict[int, OutgoingMail]:
    """The present letter of each invitation, by its key; none for those of earlier releases."""
    wanted = {about(one): one.pk for one in invitations}
    found = OutgoingMail.objects.filter(kind=KIND, about__in=wanted)
    return {wanted[mail.about]: mail for mail in found}


@letter(KIND, title=gettext_lazy("Invitation"))
def write(mail: OutgoingMail, now: datetime.datetime) -> EmailMultiAlternatives | None:
    """The letter, unless its link is not the one that works, or does not work any more."""
    uuid, _slash, number = mail.about.partition("/")
    related = Invitation.objects.select_related("invited_by")
    found = related.filter(uuid=uuid, letter=number).first()
    if found is None or state_of(found, now) != InvitationState.WAITING:
        return None
    token = token_in_force(found)
    return message(found, token) if token else None


def message(invitation: Invitation, token: str) -> EmailMultiAlternatives:
    """The mail in the active language: plain text, and the same as simple HTML."""
    address = settings.PORTAL_ADDRESS.rstrip("/")
    expires_at = timezone.localtime(invitation.expires_at)
    ends_on = invitation.access_ends_on
    context = {
        "name": invitation.name,
        "donors": [donor.name for donor in invitation.donors.in_order()],
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
