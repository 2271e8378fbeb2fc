"""One's own API keys: looked at, made, revoked. The key itself is shown once, when it is made."""

import datetime
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.api_key_forms import ApiKeyForm
from accounts.api_keys import OPENS_API, make_key, revoke_key
from accounts.models import ApiKey, Scope, User
from accounts.permissions import Permission
from interface.errors import PortalError


@requires(*OPENS_API)
@never_cache
@require_safe
def api_key_list(request: HttpRequest) -> HttpResponse:
    """The keys that still exist, with what each may do and when it was last used."""
    return render(request, "accounts/api_key_list.html", _context(signed_in(request)))


def _context(user: User) -> dict[str, Any]:
    keys = ApiKey.objects.filter(user=user, revoked_at=None)
    return {"keys": keys, "today": timezone.localdate()}


@requires(*OPENS_API)
@never_cache
@reauthentication_required(app="accounts")
@require_http_methods(["GET", "HEAD", "POST"])
def api_key_new(request: HttpRequest) -> HttpResponse:
    """Make a key, by who has just shown again who they are; the page after shows it once."""
    user, today = signed_in(request), timezone.localdate()
    form = ApiKeyForm(request.POST or None, user=user, today=today)
    if form.is_bound and form.is_valid():
        try:
            key, text = _made(form, user, today)
            return render(request, "accounts/api_key_made.html", {"key": key, "text": text})
        except PortalError as error:
            form.add_error(error.field, error.sentence)
    status = 422 if form.errors else 200
    return render(request, "accounts/api_key_new.html", {"form": form}, status=status)


def _made(form: ApiKeyForm, user: User, today: datetime.date) -> tuple[ApiKey, str]:
    typed = form.cleaned_data
    return make_key(
        user, name=typed["name"], scope=Scope(typed["scope"]), expires_on=typed["expires_on"],
        today=today,
    )  # fmt: skip


@requires(*OPENS_API)
@require_POST
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own keys; an administrator ends anybody's."""
    by = signed_in(request)
    key = get_object_or_404(_revocable(by), pk=pk)
    revoke_key(key, by=by)
    messages.success(request, _("The key is revoked: it opens nothing any more."))
    return redirect("api_key_list") if key.user == by else redirect("account", uuid=key.user.uuid)


def _revocable(by: User) -> "QuerySet[ApiKey]":
    keys = ApiKey.objects.select_related("user")
    return keys if by.may(Permission.MANAGE_ACCOUNTS) else keys.filter(user=by)
