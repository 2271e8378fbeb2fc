"""Recomputes seals and digests; names each event that is not as it was sealed."""

import datetime
from collections.abc import Iterator

from accounts.audit.models import AuditEvent, AuditSeal, AuditValue
from accounts.audit.personal import DIGEST, digest_of, is_digest
from accounts.audit.sealing import DIGEST_BYTES, GENESIS, LATE_FOR, hash_of, ids_of
from accounts.audit.sealing import digest_of as digest_of_event

AT_ONCE = 500


def problems(now: datetime.datetime) -> Iterator[str]:
    """What is wrong with the trail, in the order of the seals; nothing where it is sound."""
    previous, number, end = GENESIS, 0, 0
    covered_late: set[int] = set()
    yield from (f"Event {pk} was inserted: its number is none." for pk in _ids(None, 0))
    for seal in AuditSeal.objects.order_by("number").iterator(chunk_size=20):
        number += 1
        if seal.number != number:
            yield f"Seal {number} was removed."
            number, previous, end = seal.number, seal.previous_hash, seal.first_id - 1
        if seal.previous_hash != previous or seal.first_id != end + 1 or hash_of(seal) != seal.hash:
            yield f"Seal {seal.number} was changed."
        else:
            yield from _of_seal(seal)
        covered_late.update(seal.late)
        previous, end = seal.hash, seal.last_id
    yield from _slipped_in(now, covered_late)
    yield from _changed_values()


def _of_seal(seal: AuditSeal) -> Iterator[str]:
    """The events of a seal whose own columns are sound."""
    ids = list(ids_of(seal))
    if len(ids) != seal.event_count or len(seal.digests) != DIGEST_BYTES * len(ids):
        yield f"Seal {seal.number} was changed."
        return
    digests = bytes(seal.digests)
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        rows = AuditEvent.objects.in_bulk(part)
        for place, pk in enumerate(part, start):
            sealed = digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]
            if pk not in rows:
                yield f"Event {pk} was removed (seal {seal.number})."
            elif digest_of_event(rows[pk]) != sealed:
                yield f"Event {pk} was changed (seal {seal.number})."


def _slipped_in(now: datetime.datetime, covered_late: set[int]) -> Iterator[str]:
    """Events at numbers that had none when they were sealed, and that no later seal took up."""
    for seal in AuditSeal.objects.defer("digests").exclude(gaps=[]).order_by("number").iterator():
        for first, last in seal.gaps:
            for pk in _ids(first, last):
                if pk not in covered_late and seal.sealed_at < now - LATE_FOR:
                    yield f"Event {pk} was inserted (seal {seal.number})."


def _ids(first: int | None, last: int) -> list[int]:
    rows = AuditEvent.objects.filter(pk__lte=last)
    rows = rows.filter(pk__gte=first) if first is not None else rows
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _changed_values() -> Iterator[str]:
    """Personal values that are still there and do not give the digest in their event."""
    rows = AuditValue.objects.select_related("event").order_by("event_id", "pk")
    for row in rows.iterator(chunk_size=AT_ONCE):
        value = row.event.before if row.side == "before" else row.event.after
        for key in row.path.split("/"):
            value = _child(value, key)
        if not is_digest(value) or value[DIGEST] != digest_of(row.salt, row.value):
            yield f"A personal value of event {row.event_id} was changed ({row.side}/{row.path})."


def _child(value: object, key: str) -> object:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
        return value[int(key)]
    return None
