"""Mail about signing in: the link that recovers a password, and notices of what was changed.

Both go through the outbox and are written when they are sent, so that no link lies in a row.
"""

import datetime
import uuid
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from interface.formatting import current_language, format_date, is_right_to_left
from jobs import outbox
from jobs.letters import letter
from jobs.models import OutgoingMail

NOBODY = "nobody@invalid"
RECOVER, NOTICE = "recover_password", "security_notice"
# What happened -> the sentence of the notice. The first word after allauth's name of the event.
SENTENCES = {
    "password_changed": gettext_lazy("The password of your account was changed."),
    "password_reset": gettext_lazy(
        "The password of your account was set anew by a link in an e-mail."
    ),
    "password_set": gettext_lazy("A password was set for your account."),
    "totp_activated": gettext_lazy("An authenticator app was set up as your second factor."),
    "totp_deactivated": gettext_lazy("The authenticator app was removed from your account."),
    "webauthn_added": gettext_lazy("A passkey was added to your account."),
    "webauthn_removed": gettext_lazy("A passkey was removed from your account."),
    "recovery_codes_generated": gettext_lazy(
        "New recovery codes were made; the old ones are worthless."
    ),
    "recovery_code_used": gettext_lazy(
        "A recovery code was used to sign in to your account or to confirm an act."
    ),
    "api_key_made": gettext_lazy("An API key was made for your account."),
    "account_connected": gettext_lazy("Your account can now be opened through single sign-on."),
    "factor_reset": gettext_lazy(
        "An administrator removed the second factor of your account and signed you out everywhere."
    ),
}  # fmt: skip


def send_recovery(user: User | None) -> None:
    """Queue the link for the account; where there is none, the same work for nobody's mail."""
    outbox.put(RECOVER, uuid.uuid4().hex, to=user or NOBODY)


def tell(user: Any, what: str) -> None:
    """Queue the notice of what happened to the account just now; a key of SENTENCES."""
    at = timezone.now().strftime("%Y%m%dT%H%M%S")
    outbox.put(NOTICE, f"{what}:{at}:{uuid.uuid4().hex[:8]}", to=user)


@receiver(authenticator_used)
def _recovery_code_used(user: User, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        tell(user, "recovery_code_used")


@letter(RECOVER, title=gettext_lazy("Link to recover a password"))
def write_recovery(mail: OutgoingMail, now: datetime.datetime) -> EmailMessage | None:
    """The link, which works once and for an hour; None for nobody's and a demonstration's."""
    user = mail.recipient
    if user is None or not user.is_active or user.is_demonstration:
        return None
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    subject = _("Habitat Portal: a new password")
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    link = settings.PORTAL_ADDRESS.rstrip("/") + path
    return _composed("recover", subject, {"name": user.name, "link": link, "minutes": minutes})


@letter(NOTICE, title=gettext_lazy("Notice of a change to an account"))
def write_notice(mail: OutgoingMail, now: datetime.datetime) -> EmailMessage | None:
    """What happened, and what to do if it was somebody else."""
    user = mail.recipient
    what, at, _rest = mail.about.split(":")
    if user is None:
        return None
    happened = datetime.datetime.strptime(at, "%Y%m%dT%H%M%S").replace(tzinfo=datetime.UTC)
    local = timezone.localtime(happened)
    address = settings.PORTAL_ADDRESS.rstrip("/")
    return _composed("security_notice", _("Habitat Portal: a change to your account"), {
        "name": user.name, "sentence": SENTENCES[what], "day": format_date(local.date()),
        "time": local.strftime("%H:%M"), "recover": address + reverse("account_reset_password"),
        "page": address + reverse("mfa_index"),
    })  # fmt: skip


def _composed(template: str, subject: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """Plain text and the same as simple HTML, in the active language."""
    told = {
        **context, "subject": subject, "is_demonstration": settings.IS_DEMO,
        "language": current_language(), "direction": "rtl" if is_right_to_left() else "ltr",
    }  # fmt: skip
    if settings.IS_DEMO:
        subject = _("DEMONSTRATION · %(subject)s") % {"subject": subject}
    mail = EmailMultiAlternatives(subject, render_to_string(f"emails/{template}.txt", told))
    mail.attach_alternative(render_to_string(f"emails/{template}.html", told), "text/html")
    return mail
