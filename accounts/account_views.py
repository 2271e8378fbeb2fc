"""What an administrator does with an account: second factor, lock, sign-ins. No secret is read."""

from allauth.account.decorators import reauthentication_required
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import factors
from accounts.access import requires, signed_in
from accounts.models import ApiKey, User
from accounts.permissions import Permission
from accounts.services import record
from accounts.sign_in_mail import tell

COUNTED = "allauth.account"


@requires(Permission.MANAGE_ACCOUNTS)
@require_safe
def account(request: HttpRequest, uuid: str) -> HttpResponse:
    """How an account is protected, and what can be done when its person is locked out."""
    user = get_object_or_404(User, uuid=uuid)
    kinds = factors.kinds_of([user]).get(user.pk, set())
    return render(request, "accounts/account.html", {
        "account": user, "has_app": "totp" in kinds, "has_passkey": "webauthn" in kinds,
        "must_have": user.role in factors.MUST_HAVE, "is_locked": is_locked(request, user),
        "may_reset": user.pk != signed_in(request).pk,
        "keys": ApiKey.objects.filter(user=user, revoked_at=None),
    })  # fmt: skip


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
@reauthentication_required(app="accounts")
def account_reset_factor(request: HttpRequest, uuid: str) -> HttpResponse:
    """Take the second factors from an account whose person lost them. Nobody resets their own."""
    user, by = get_object_or_404(User, uuid=uuid), signed_in(request)
    if user.pk == by.pk or user.is_demonstration:
        raise PermissionDenied
    factors.reset(user, by=by)
    tell(user, "factor_reset")
    messages.success(request, _("The second factor is reset. The person is told by e-mail."))
    return redirect("account", uuid=user.uuid)


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def account_unlock(request: HttpRequest, uuid: str) -> HttpResponse:
    """Forget the failed attempts to sign in to an account."""
    user = get_object_or_404(User, uuid=uuid)
    for key in keys_of(request, user):
        ratelimit.clear(request, app=COUNTED, action="login_failed", key=key)
    record("unlock_account", user, by=signed_in(request))
    messages.success(request, _("The failed attempts are forgotten."))
    return redirect("account", uuid=user.uuid)


def keys_of(request: HttpRequest, user: User) -> tuple[str, str]:
    """Under what allauth counts failed passwords and failed codes of the account."""
    host = request.get_host()
    return f"{host}:{user.email.lower()}", f"mfa-auth-user-{user.pk}"


def is_locked(request: HttpRequest, user: User) -> bool:
    """Whether there were too many failed attempts of late."""
    limit = {"login_failed": settings.ACCOUNT_RATE_LIMITS["login_failed"].rpartition(",")[2]}
    return not all(
        ratelimit.consume(
            request, app=COUNTED, action="login_failed", key=key, config=limit, dry_run=True,
            limit_get=True,
        )
        for key in keys_of(request, user)
    )  # fmt: skip
