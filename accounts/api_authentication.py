"""Who asks the API: by a key, by the session of a browser, or nobody."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts import api_keys
from accounts.models import ApiKey, Scope, User
from accounts.throttles import count_person, count_stranger

CHALLENGE = 'Bearer realm="Habitat Portal"'


class ByKey(BaseAuthentication):
    """`Authorization: Bearer hpk_…`: the person, who may read only unless the key says otherwise.

    A browser adds no such header by itself, so no token of a form is asked for. What is wrong with
    a key is told only to who has the whole of it.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = api_keys.found(text.strip())
        if key is None or not api_keys.opens(key, timezone.localdate()):
            count_stranger(request._request)
            raise AuthenticationFailed(_why(key), "key_refused")
        count_person(request._request, key.user)
        if request.method not in SAFE_METHODS and key.scope != Scope.WRITE:
            raise PermissionDenied(_("This key may only read."), "key_only_reads")
        api_keys.note_use(key, timezone.localdate())
        asked: Any = request._request
        asked.api_key = key  # for the audit trail
        asked._cached_user = key.user  # for the log, as the session's would be
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def _why(key: ApiKey | None) -> str:
    if key is None:
        return _("This key opens nothing.")
    if key.revoked_at or not key.user.is_active:
        return _("This key was revoked. Make a new one on the page API keys.")
    return _("This key has expired. Make a new one on the page API keys.")


class SignedOut(BaseAuthentication):
    """Stands last: counts who has neither key nor session, before anything is looked up."""

    def authenticate(self, request: Request) -> None:
        count_stranger(request._request)
