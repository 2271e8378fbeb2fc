"""Forms of signing in: django-allauth's, with the portal's names, words and marks for browsers."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY as KEPT
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts import vault
from accounts.models import User
from accounts.sign_in_mail import send_recovery

Word = str | Promise
E_MAIL, PASSWORD = gettext_lazy("E-mail address"), gettext_lazy("Password")
RULE = gettext_lazy("At least 12 characters, and none of the usual ones.")
CODE = gettext_lazy("Code of the app, or a recovery code")


def _worded(form: forms.Form, name: str, label: Word, help_text: Word = "", **marks: Any) -> None:
    """Give a field the portal's words, and none of allauth's placeholders and links."""
    field = form.fields[name]
    field.label, field.help_text = label, help_text  # type: ignore[assignment]
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(marks)


class SignInForm(LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        before: dict[str, forms.Field] = self.fields  # type: ignore[has-type]
        self.fields = {"username": before["login"], "password": before["password"]}
        _worded(self, "username", E_MAIL, autocomplete="username", autofocus=True)
        _worded(self, "password", PASSWORD)

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"].strip()
        self.cleaned_data["login"] = typed  # as allauth calls it
        return typed


class RecoverForm(ResetPasswordForm):
    """The address to which the link goes, if it has an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, "email", E_MAIL, autocomplete="username")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """The same work whether there is an account or not."""
        email: str = self.cleaned_data["email"]
        known = User.objects.filter(email__iexact=email, is_active=True, is_demonstration=False)
        send_recovery(known.first())
        return email


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, by the link of an e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, "password1", gettext_lazy("New password"), RULE, autofocus=True)
        _worded(self, "password2", gettext_lazy("The same password again"))


class PasswordForm(ChangePasswordForm):
    """A new password for who knows the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, "oldpassword", gettext_lazy("Your password until now"))
        _worded(self, "password1", gettext_lazy("New password"), RULE)
        _worded(self, "password2", gettext_lazy("The same password again"))


class ConfirmForm(ReauthenticateForm):
    """The password once more, before a sensitive act."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, "password", PASSWORD, autofocus=True)


class CodeForm(AuthenticateForm):
    """The second factor at sign-in: a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, "code", CODE, autofocus=True, inputmode="numeric", dir="ltr")


class ConfirmCodeForm(ReauthenticateByCodeForm):
    """A code once more, before a sensitive act."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, "code", CODE, autofocus=True, inputmode="numeric", dir="ltr")


class SetUpAppForm(ActivateTOTPForm):
    """The first code of an app, which proves that the app has the secret.

    Until then the secret lies in the session, encrypted as it is in the database afterwards.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kept = context.request.session
        if KEPT in kept:
            kept[KEPT] = vault.decrypt(kept[KEPT])
        super().__init__(*args, **kwargs)
        kept[KEPT] = vault.encrypt(self.secret)
        _worded(self, "code", gettext_lazy("Code that the app shows"),
                inputmode="numeric", dir="ltr", autocomplete="one-time-code")  # fmt: skip


class PasskeyForm(AddWebAuthnForm):
    """A name for the new passkey, and whether it signs in by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known_by = gettext_lazy("By which you know it again, such as the device.")
        alone = gettext_lazy("Without a password. The device asks for a PIN, a finger or a face.")
        _worded(self, "name", gettext_lazy("Name of the passkey"), known_by, maxlength=60)
        _worded(self, "passwordless", gettext_lazy("Sign in with this passkey alone"), alone)
        self.initial.setdefault("passwordless", True)

    def clean(self) -> dict[str, Any]:
        """What is wrong with a hidden field is told of the whole form."""
        cleaned: dict[str, Any] = super().clean()
        if "credential" in self.errors:
            del self.errors["credential"]
            self.add_error(
                None, gettext_lazy("The passkey was not used. Try again, or take another way.")
            )
        return cleaned

    def clean_name(self) -> str:
        return str(super().clean_name())[:60]
