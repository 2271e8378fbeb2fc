"""Personal API keys: what a person's programs show in place of signing in.

A key is `hpk_`, an identifier and 256 random bits. It is looked up by the identifier and compared
in constant time with the SHA-256 that is kept. A slow hash, as for passwords, would protect nothing
more: nobody guesses 256 random bits, and it would be paid for with every request.
"""

import datetime
import hashlib
import hmac
import re
import secrets

from allauth.account.signals import password_changed, password_reset
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiKey, Scope, User
from accounts.permissions import Permission
from accounts.services import end_keys, record
from accounts.sign_in_mail import tell
from interface.errors import PortalError

PREFIX = "hpk_"
_SHAPE = re.compile(r"hpk_([0-9a-f]{16})_[A-Za-z0-9_-]{43}")
LONGEST_DAYS = 365
MOST_KEYS = 20  # that work at once, for one person
# Who holds none of these finds nothing in the API.
OPENS_API = (
    Permission.VIEW_BOARD, Permission.VIEW_ENTRIES, Permission.VIEW_DONORS,
    Permission.VIEW_OWN_DONORS,
)  # fmt: skip
WRITES = (Permission.ENTER_INCOME, Permission.REVIEW_INCOME)
_NOBODYS = hashlib.sha256(b"").hexdigest()


class KeyRefused(PortalError):
    """A key that cannot be made; says why."""


def may_write(user: User) -> bool:
    """Whether the person could write anything through the API."""
    return any(user.may(permission) for permission in WRITES)


def working_keys(user: User, today: datetime.date) -> int:
    """How many keys of the person open something today."""
    return ApiKey.objects.filter(user=user, revoked_at=None, expires_on__gte=today).count()


@transaction.atomic
def make_key(
    user: User, *, name: str, scope: Scope, expires_on: datetime.date, today: datetime.date
) -> tuple[ApiKey, str]:
    """A new key of the person's own, and its text, which nobody sees again.

    Raises KeyRefused for a day that is past or more than a year away, for writing by who may not
    write, and where there are too many keys.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if not today <= expires_on <= today + datetime.timedelta(days=LONGEST_DAYS):
        raise KeyRefused(_("A key works for a year at most: choose a day until then."),
                         field="expires_on")  # fmt: skip
    if scope == Scope.WRITE and not may_write(user):
        raise KeyRefused(_("Your account may not write through the API."), field="scope")
    if working_keys(user, today) >= MOST_KEYS:
        raise KeyRefused(_("You have too many keys. Revoke one that you no longer use."))
    identifier = secrets.token_hex(8)
    text = f"{PREFIX}{identifier}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        user=user, name=name, scope=scope, expires_on=expires_on, identifier=identifier,
        secret_hash=_hash(text),
    )  # fmt: skip
    after = {"identifier": identifier, "name": name, "scope": scope.value, "until": expires_on}
    record("make_api_key", key, by=user, after=after)
    tell(user, "api_key_made")
    return key, text


@transaction.atomic
def revoke_key(key: ApiKey, *, by: User) -> None:
    """End a key for good; nothing happens to one that has ended."""
    ended = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
    if ended.update(revoked_at=timezone.now(), revoked_by=by):
        record("revoke_api_key", key, by=by, after={"identifier": key.identifier})


def found(text: str) -> ApiKey | None:
    """The key with its person, also one that has ended; None for whatever else was sent."""
    shape = _SHAPE.fullmatch(text)
    rows = ApiKey.objects.select_related("user")
    key = rows.filter(identifier=shape[1]).first() if shape else None
    is_right = hmac.compare_digest(_hash(text), key.secret_hash if key else _NOBODYS)
    return key if is_right and key else None


def opens(key: ApiKey, today: datetime.date) -> bool:
    """Whether the key lets its person in today."""
    return key.revoked_at is None and key.expires_on >= today and key.user.is_active


def note_use(key: ApiKey, today: datetime.date) -> None:
    """Keep the day of the last use: one write a day."""
    if key.last_used_on != today:
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)


@receiver([password_changed, password_reset])
def _new_password(user: User, **_more: object) -> None:
    """Who may have had the old password may have made keys with it."""
    end_keys(user, by=user)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
