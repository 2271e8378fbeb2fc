"""One function per model of the audit trail, and of what programs ask with."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.audit.models import AuditSeal, AuditValue
from accounts.audit.sealing import GENESIS
from accounts.models import ApiKey, KeptAnswer
from tests import factories

SEALS = iter(range(9_000_000, 9_999_999))


def audit_value(**changed: Any) -> AuditValue:
    """Of an event that holds no digest for it."""
    row = {
        "side": "after",
        "path": "email",
        "field": "email",
        "salt": "s",
        "value": '"a@b.example"',
    }
    row["event"] = changed.pop("event", None) or factories.audit_event()
    return AuditValue.objects.create(**{**row, **changed})


def audit_seal(**changed: Any) -> AuditSeal:
    """Of no events, and with no true hash."""
    row = {
        "number": next(SEALS), "first_id": 1, "last_id": 0, "event_count": 0, "digests": b"",
        "previous_hash": GENESIS, "hash": GENESIS, "sealed_at": timezone.now(),
    }  # fmt: skip
    return AuditSeal.objects.create(**{**row, **changed})


def api_key(**changed: Any) -> ApiKey:
    """A row whose key nobody has, to read with until 2099."""
    number = next(SEALS)
    row = {
        "name": f"Key {number}", "identifier": f"{number:016d}", "secret_hash": "0" * 64,
        "expires_on": datetime.date(2099, 12, 31),
    }  # fmt: skip
    row["user"] = changed.pop("user", None) or factories.user()
    return ApiKey.objects.create(**{**row, **changed})


def kept_answer(**changed: Any) -> KeptAnswer:
    """To a request that made a row."""
    row = {
        "key": f"key {next(SEALS)}", "fingerprint": "0" * 64, "claimed_at": timezone.now(),
        "status": 201, "content": {},
    }  # fmt: skip
    row["user"] = changed.pop("user", None) or factories.user()
    return KeptAnswer.objects.create(**{**row, **changed})


# For tests/house/test_models.py: rows that break one constraint each.
BAD_ROWS = {
    "a_seal_ends_after_it_begins": [lambda: audit_seal(first_id=9, last_id=7)],
    "scope_is_a_known_scope": [lambda: api_key(scope="all")],
    "who_revokes_a_key_does_so_at_a_time": [lambda: api_key(revoked_by=factories.user())],
    "only_what_was_done_is_kept": [
        lambda: kept_answer(status=422), lambda: kept_answer(status=500),
        lambda: kept_answer(status=None),
    ],
}  # fmt: skip
