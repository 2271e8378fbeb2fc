"""Writes audit events: one INSERT each, and one more where personal values are in it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.http import HttpRequest

from accounts.audit.models import AuditEvent, AuditValue
from accounts.audit.personal import rows_of, split
from interface.request_log import current_request

DONOR = "donors.donor"


def write(
    act: str, *, subject: str, subject_id: str, by: uuid.UUID | None,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
    donor_pk: int | None = None,
) -> AuditEvent:  # fmt: skip
    """Write one event in the caller's transaction. `before` and `after` hold JSON values.

    Values that the inventory calls personal go to the side table.
    """
    was, kept = split(act, subject, "before", _json_ready(before or {}))
    now, more = split(act, subject, "after", _json_ready(after or {}))
    kept += more
    request = current_request.get()
    event = AuditEvent(
        act=act, subject=subject, subject_id=subject_id, by=by, before=was, after=now,
        donor_pk=donor_pk, request_id=getattr(request, "request_id", ""),
    )  # fmt: skip
    if kept:
        with transaction.atomic(savepoint=False):
            event.save(force_insert=True)
            AuditValue.objects.bulk_create(rows_of(event, kept))
    else:
        event.save(force_insert=True)
    if request is not None:
        request.has_audit_event = True  # type: ignore[attr-defined]
    return event


def donor_of(subject: models.Model) -> int | None:
    """The key of the donor whom a row concerns, as far as the row itself holds it."""
    found = subject.pk if subject._meta.label_lower == DONOR else getattr(subject, "donor_id", None)
    return found if isinstance(found, int) else None


def address_of(request: HttpRequest) -> str:
    """The network address that asks. Behind the proxy, that which the proxy itself added last."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.SECURE else ""
    return passed_on.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def concerns(request: HttpRequest, donor_pk: int) -> None:
    """Tell the trail whose file it is that this request hands out."""
    request.audited_donor = donor_pk  # type: ignore[attr-defined]


def _json_ready(values: Mapping[str, Any]) -> dict[str, Any]:
    encoder = DjangoJSONEncoder()
    return {
        key: value
        if isinstance(value, str | int | bool | list | dict | type(None))
        else encoder.default(value)
        for key, value in values.items()
    }
