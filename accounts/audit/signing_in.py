"""Signing in and out, failures and second factors, as Django and django-allauth tell of them."""

import time
from typing import Any

from django.apps import apps
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils.module_loading import import_string

from accounts.audit.recording import address_of, write
from accounts.models import User
from accounts.sessions import seconds_left
from interface.request_log import current_request

LONGEST_ADDRESS = 254  # what is typed may be anything
# Signals of django-allauth -> the act; each names the account as `user`.
OF_ALLAUTH = {
    "allauth.account.signals.password_set": "set_password",
    "allauth.account.signals.password_changed": "change_password",
    "allauth.account.signals.password_reset": "reset_password",
    "allauth.account.signals.email_changed": "change_email",
    "allauth.mfa.signals.authenticator_added": "add_factor",
    "allauth.mfa.signals.authenticator_removed": "remove_factor",
    "allauth.mfa.signals.authenticator_reset": "renew_recovery_codes",
    "allauth.socialaccount.signals.social_account_added": "connect_single_sign_on",
    "allauth.socialaccount.signals.social_account_removed": "disconnect_single_sign_on",
}


def connect() -> None:
    """Listen; called once, when the portal starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")
    for path, act in OF_ALLAUTH.items():
        if apps.is_installed(path.rpartition(".signals")[0]):
            import_string(path).connect(_Listener(act), weak=False, dispatch_uid=f"audit {act}")


class _Listener:
    """Records one act of the account that a signal names."""

    def __init__(self, act: str) -> None:
        self.act = act

    def __call__(self, *, user: User | None = None, **more: Any) -> None:
        login = more.get("sociallogin") or more.get("socialaccount")
        found = user or getattr(login, "user", None)
        authenticator = more.get("authenticator")
        kind = getattr(authenticator, "type", "")
        _record(self.act, found, {"factor": str(kind)} if kind else {})


def _signed_in(user: User, **_more: Any) -> None:
    _record("sign_in", user, {})


def _signed_out(request: HttpRequest, user: User | None, **_more: Any) -> None:
    if user is None:
        return
    is_over = hasattr(request, "session") and seconds_left(request.session, time.time()) == 0
    _record("session_ended" if is_over else "sign_out", user, {})


def _failed(credentials: dict[str, Any], **_more: Any) -> None:
    """Which address was tried; never the password, which Django has starred out already."""
    typed = credentials.get("username") or credentials.get("email") or ""
    _record("sign_in_failed", None, {"email": str(typed)[:LONGEST_ADDRESS]})


def _record(act: str, user: User | None, after: dict[str, Any]) -> None:
    """Only what was asked for over the web: tests and commands sign nobody in."""
    request = current_request.get()
    if request is None:
        return
    write(
        act, subject=User._meta.label_lower, subject_id=str(user.pk) if user else "",
        by=user.uuid if user else None, after={**after, "ip": address_of(request)},
    )  # fmt: skip
