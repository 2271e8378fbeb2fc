"""Writes of the accounts floor."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from accounts.models import AuditEvent, User
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
    return AuditEvent.objects.create(
        act=act,
        subject=subject._meta.label_lower,
        subject_id=str(subject.pk),
        by=by.uuid if by else None,
        before=_json_ready(before or {}),
        after=_json_ready(after or {}),
    )


def _json_ready(values: Mapping[str, Any]) -> dict[str, Any]:
    encoder = DjangoJSONEncoder()
    return {
        key: value
        if isinstance(value, str | int | bool | list | dict | type(None))
        else encoder.default(value)
        for key, value in values.items()
    }


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
    return user
