"""What of django-allauth is otherwise in the portal: its words, mail, secrets and doors."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import factors, sign_in_mail, vault
from accounts.models import User
from accounts.sessions import begun_at

# One sentence for every failure, so that none tells more than another.
NOT_OPENED = gettext_lazy("This e-mail address and password do not open an account.")
WRONG_CODE = gettext_lazy("This code is wrong, or was used already. Type the next one.")
TOO_MANY = gettext_lazy("There were too many attempts. Please wait five minutes, then try again.")
_ERRORS = {
    "email_password_mismatch": NOT_OPENED, "invalid_login": NOT_OPENED,
    "account_inactive": NOT_OPENED, "too_many_login_attempts": TOO_MANY, "rate_limited": TOO_MANY,
    "incorrect_code": WRONG_CODE,
    "incorrect_password": gettext_lazy("This is not your password."),
    "enter_current_password": gettext_lazy("This is not your password."),
    "invalid_password_reset": gettext_lazy("This link opens nothing any more."),
}  # fmt: skip


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by people of the portal; nobody signs up."""

    error_messages = {**DefaultAccountAdapter.error_messages, **_ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """No: every answer is a page, so that none tells more than a page does."""
        return False

    def add_message(self, *args: Any, message: str | None = None, **kwargs: Any) -> None:
        """Only messages that are words already; those of allauth's templates are the views'."""
        if message:
            super().add_message(*args, message=message, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, NOT_OPENED)
        return redirect("sign_in")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago is not asked again."""
        since = time.time() - begun_at(self.request.session, time.time())
        return since >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def send_password_reset_mail(
        self, user: AbstractBaseUser, email: str, context: dict[str, Any]
    ) -> None:
        raise NotImplementedError("accounts/sign_in_forms.py puts it into the outbox")

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, context: Any = None, email: Any = None
    ) -> None:
        """Tell the person what was changed: `account/email/password_changed` and the like."""
        sign_in_mail.tell(user, template_prefix.rpartition("/")[2])

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """With the portal's words. Who has a second factor shows that, and not the password."""
        words = {
            "reauthenticate": _("Type your password"),
            "mfa_reauthenticate": _("Type a code of your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        found = super().get_reauthentication_methods(user)
        by_factor = [method for method in found if method["id"] != "reauthenticate"]
        return [{**one, "description": words[one["id"]]} for one in by_factor or found]


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets encrypted, the last one kept where the role has to have one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor: set another one up before you remove this one."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Set up a second factor first."),
    }  # fmt: skip

    def encrypt(self, text: str) -> str:
        return vault.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user: User = authenticator.user
        return user.role not in factors.MUST_HAVE or not factors.is_last_proof(authenticator)

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002
    ) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}
