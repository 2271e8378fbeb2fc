"""The second factor: who has to have one, who has passed it in this session, and its reset.

The proofs themselves are django-allauth's: codes of an app (TOTP), passkeys, recovery codes.
"""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import DisallowedHost
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import Role
from accounts.services import end_keys, record

MUST_HAVE = frozenset({Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR})
PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # what signs in; codes only help
LOOPBACK = frozenset({"127.0.0.1", "::1"})
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PASSED = "second_factor_of"


def mark_passed(session: SessionBase, user: User) -> None:
    """Note that in this session the person has shown a second factor."""
    session[_PASSED] = str(user.uuid)


def has_passed(session: SessionBase, user: User) -> bool:
    """Whether this very person has shown a second factor in this session."""
    return bool(session.get(_PASSED) == str(user.uuid))


@receiver(authenticator_used)
def _shown(request: HttpRequest, user: User, **_more: Any) -> None:
    """At sign-in, and where it is asked for again before a sensitive act."""
    mark_passed(request.session, user)


def is_at_the_machine(request: HttpRequest) -> bool:
    """Whether the request comes from this machine, by its loopback address and through no proxy."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    from_here = request.META.get("REMOTE_ADDR", "") in LOOPBACK
    return from_here and name in LOOPBACK_HOSTS and not passed_on


def is_missing(request: HttpRequest, user: User) -> bool:
    """Whether the person has to show a second factor and has not, so that nothing opens.

    The accounts of a demonstration, whose password is public, need none on the machine itself.
    """
    if user.role not in MUST_HAVE or has_passed(request.session, user):
        return False
    is_shown = settings.IS_DEMO and user.is_demonstration and is_at_the_machine(request)
    return not is_shown


def kinds_of(users: Iterable[User]) -> dict[int, set[str]]:
    """The kinds of second factor of each account that has one; no secret is read."""
    rows = Authenticator.objects.filter(user__in=users, type__in=PROOFS)
    kinds: dict[int, set[str]] = {}
    for user_id, kind in rows.values_list("user_id", "type"):
        kinds.setdefault(user_id, set()).add(kind)
    return kinds


def is_last_proof(authenticator: Authenticator) -> bool:
    """Whether nothing but recovery codes would be left without it."""
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=PROOFS)
    return authenticator.type in PROOFS and not others.exclude(pk=authenticator.pk).exists()


@transaction.atomic
def reset(user: User, *, by: User | None) -> int:
    """Take all second factors from an account, end its sessions and keys; how many factors it had.

    Who has to have one sets up a new one after the next sign-in. The account's subject at the
    provider of single sign-on is forgotten too, and bound anew by the next sign-in there.
    """
    theirs = Authenticator.objects.filter(user=user)
    before = sorted(theirs.values_list("type", flat=True))
    theirs.delete()
    SocialAccount.objects.filter(user=user).delete()
    end_sessions(user)
    end_keys(user, by=by)
    record("reset_second_factor", user, by=by, before={"factors": before}, after={"factors": []})
    return len(before)


def end_sessions(user: User) -> int:
    """Sign the person out everywhere; how many sign-ins there were."""
    theirs = list(UserSession.objects.filter(user=user))
    for session in theirs:
        session.end()
    return len(theirs)
