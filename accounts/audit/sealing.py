"""Seals the trail in batches, and recomputes it: who changed, removed or slipped in a row is found.

Writers of events know nothing of seals, so that no row is fought over. An event's number is taken
before its transaction is committed, so a lower number may appear after a higher one was sealed: a
seal notes the numbers that had no event, and a later one takes up those that came late.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit.models import AuditEvent, AuditSeal

GENESIS = "0" * 64
MOST_EVENTS = 2000  # of one seal
# An event is left alone until transactions of its time are mostly committed. One that takes longer
# comes late; for so long its number is waited for.
SETTLED_AFTER = datetime.timedelta(minutes=2)
LATE_FOR = datetime.timedelta(days=2)
DIGEST_BYTES = 32


def digest_of(event: AuditEvent) -> bytes:
    """The SHA-256 of an event; personal values are in it as salted digests."""
    row = [
        event.pk, event.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        str(event.by or ""), event.act, event.subject, event.subject_id, event.donor_pk,
        event.request_id, event.before, event.after,
    ]  # fmt: skip
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def hash_of(seal: AuditSeal) -> str:
    """The hash of a seal: its own columns, the digests of its events and the seal before it."""
    head = [
        seal.number, seal.first_id, seal.last_id, seal.event_count, seal.gaps, seal.late,
        seal.sealed_at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        seal.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(head).encode() + b"\n" + bytes(seal.digests)).hexdigest()


def seal_all(now: datetime.datetime) -> int:
    """Seal every event that is settled; returns how many. Two that seal at once do no harm."""
    count = 0
    while (sealed := _seal_next(now)) is not None:
        count += sealed.event_count
    return count


def last_seal() -> AuditSeal | None:
    """The newest seal, without the digests in it."""
    return AuditSeal.objects.defer("digests").order_by("-number").first()


def _seal_next(now: datetime.datetime) -> AuditSeal | None:
    """The next batch; None where nothing is left, or another process has just sealed it."""
    last = last_seal()
    after = last.last_id if last else 0
    settled = AuditEvent.objects.filter(pk__gt=after, at__lte=now - SETTLED_AFTER)
    until = list(settled.order_by("pk").values_list("pk", flat=True)[:MOST_EVENTS])
    late = list(AuditEvent.objects.filter(pk__in=_late_ids(now)).order_by("pk"))
    if not until and not late:
        return None
    end = until[-1] if until else after
    batch = list(AuditEvent.objects.filter(pk__gt=after, pk__lte=end).order_by("pk"))
    seal = AuditSeal(
        number=last.number + 1 if last else 1, first_id=after + 1, last_id=end,
        event_count=len(batch) + len(late), gaps=_gaps(after, [event.pk for event in batch]),
        late=[event.pk for event in late], previous_hash=last.hash if last else GENESIS,
        sealed_at=now, digests=b"".join(digest_of(event) for event in (*batch, *late)),
    )  # fmt: skip
    seal.hash = hash_of(seal)
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
    except IntegrityError:
        return None
    return seal


def _gaps(after: int, ids: list[int]) -> list[list[int]]:
    return [[one + 1, other - 1] for one, other in pairwise([after, *ids]) if other - one > 1]


def _late_ids(now: datetime.datetime) -> list[int]:
    """Numbers that recent seals waited for, that have an event by now and no seal yet."""
    recent = AuditSeal.objects.filter(sealed_at__gte=now - LATE_FOR).exclude(gaps=[])
    found: list[int] = []
    for gaps in recent.values_list("gaps", flat=True):
        for first, last in gaps:
            there = AuditEvent.objects.filter(pk__gte=first, pk__lte=last)
            found += there.values_list("pk", flat=True)
    if not found:
        return []
    taken = {
        one
        for late in AuditSeal.objects.filter(sealed_at__gte=now - LATE_FOR).values_list(
            "late", flat=True
        )
        for one in late
    }
    return sorted(set(found) - taken)


def ids_of(seal: AuditSeal) -> Iterator[int]:
    """The numbers of the events that a seal covers, in the order of its digests."""
    here = seal.first_id
    for first, last in [*seal.gaps, [seal.last_id + 1, seal.last_id]]:
        yield from range(here, first)
        here = last + 1
    yield from seal.late


def sealed_times(ids: Iterable[int]) -> dict[int, datetime.datetime]:
    """When each of the events was sealed; those that are not yet are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    seals = AuditSeal.objects.defer("digests").filter(last_id__gte=min(wanted)).order_by("number")
    found: dict[int, datetime.datetime] = {}
    for seal in seals.iterator():
        if wanted <= found.keys():
            break
        for one in wanted - found.keys():
            if one in seal.late or _is_within(seal, one):
                found[one] = seal.sealed_at
    return found


def _is_within(seal: AuditSeal, pk: int) -> bool:
    inside = seal.first_id <= pk <= seal.last_id
    return inside and not any(first <= pk <= last for first, last in seal.gaps)


def unsealed_seconds(now: datetime.datetime) -> int:
    """For how long the oldest event without a seal has waited; 0 when there is none."""
    last = last_seal()
    waiting = AuditEvent.objects.filter(pk__gt=last.last_id if last else 0).order_by("pk")
    first = waiting.values_list("at", flat=True).first()
    return max(0, int((now - first).total_seconds())) if first else 0


def seal_now() -> int:
    """As the jobs' clock calls it."""
    return seal_all(timezone.now())
