"""Writes of the accounts floor."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from accounts.audit.recording import donor_of, write
from accounts.models import ApiKey, AuditEvent, User
from accounts.permissions import Role


def record(
    act: str,
    subject: models.Model,
    *,
    by: User | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one audit event in the caller's transaction. `before`/`after` hold JSON values."""
    return write(
        act, subject=subject._meta.label_lower, subject_id=str(subject.pk),
        by=by.uuid if by else None, before=before, after=after, donor_pk=donor_of(subject),
    )  # fmt: skip


@transaction.atomic
def open_account(
    *, email: str, name: str, role: Role, password: str | None, by: User | None, demo: bool = False
) -> User:
    """Open an account. Without a password the person cannot sign in until one is set."""
    user = User(email=email.strip(), name=name.strip(), role=role, is_demonstration=demo)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save(force_insert=True)
    record("open_account", user, by=by, after={"email": user.email, "role": user.role})
    return user


def refuse_demonstration_accounts(*, is_demo: bool) -> None:
    """Raise ImproperlyConfigured when a demonstration account exists outside demo mode."""
    if not is_demo and User.objects.filter(is_demonstration=True).exists():
        raise ImproperlyConfigured(
            "This database holds demonstration accounts, whose passwords are public. Run "
            "`manage.py remove_demonstration` in demo mode, or use another database."
        )


@transaction.atomic
def let_sign_in(user: User, *, allowed: bool, by: User) -> User:
    """Open or shut the door for an account. Nobody shuts their own."""
    if user.pk == by.pk:
        raise PermissionDenied
    before = user.is_active
    user.is_active = allowed
    user.save(update_fields=["is_active"])
    record("let_sign_in", user, by=by, before={"is_active": before}, after={"is_active": allowed})
    if not allowed:
        end_keys(user, by=by)
    return user


@transaction.atomic
def change_role(user: User, role: Role, *, by: User | None) -> User:
    """Give an account another role; `by` is empty when single sign-on says so."""
    before = user.role
    user.role = role
    user.save(update_fields=["role"])
    record("change_role", user, by=by, before={"role": before}, after={"role": role.value})
    end_keys(user, by=by)
    return user


@transaction.atomic
def end_keys(user: User, *, by: User | None) -> int:
    """Revoke every API key of an account; how many still worked."""
    working = ApiKey.objects.select_for_update().filter(user=user, revoked_at=None)
    names = sorted(key.identifier for key in working)
    if names:
        working.update(revoked_at=timezone.now(), revoked_by=by)
        record("revoke_api_keys", user, by=by, after={"identifiers": names})
    return len(names)
