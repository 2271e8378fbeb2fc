"""Personal values leave an event for the side table; in the event a salted digest stays."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.audit.inventory import personal_keys
from accounts.audit.models import AuditEvent, AuditValue

DIGEST = "personal"  # the only key of what stands in a value's place


class Kept(NamedTuple):
    """A personal value, where it stood and with what it was salted."""

    side: str
    path: str
    salt: str
    value: str


def as_json(value: object) -> str:
    """The one way in which a value is written, here and where it is looked for."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def digest_of(salt: str, value: str) -> str:
    """What stands in the event. Without the salt nobody can try names until one fits."""
    return hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest()


def split(
    act: str, subject: str, side: str, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Kept]]:
    """The values with digests for those that are personal, and the personal ones."""
    kept: list[Kept] = []
    personal = personal_keys(act, subject)

    def walk(value: Any, path: tuple[str, ...]) -> Any:
        if path and path[-1] in personal and value not in ("", None, [], {}):
            if is_digest(value):
                return value
            salt, text = secrets.token_hex(16), as_json(value)
            kept.append(Kept(side, "/".join(path), salt, text))
            return {DIGEST: digest_of(salt, text)}
        if isinstance(value, Mapping):
            return {key: walk(one, (*path, str(key))) for key, one in value.items()}
        if isinstance(value, list):
            return [walk(one, (*path, str(place))) for place, one in enumerate(value)]
        return value

    return walk(values, ()), kept


def rows_of(event: AuditEvent, kept: Iterable[Kept]) -> list[AuditValue]:
    """The rows of the side table, not saved yet."""
    return [
        AuditValue(
            event=event, side=one.side, path=one.path, field=one.path.rpartition("/")[2][:60],
            salt=one.salt, value=one.value,
        )
        for one in kept
    ]  # fmt: skip


def is_digest(value: Any) -> bool:
    """Whether it stands in a personal value's place."""
    return isinstance(value, Mapping) and set(value) == {DIGEST}


def with_values(events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """The same events with their personal values put back, for who may read them; one query.

    What was erased says so. The events are for reading: the database would refuse to save them.
    """
    found = list(events)
    if not any(is_digest(one) for event in found for one in _leaves(event)):
        return found
    rows = AuditValue.objects.filter(event__in=[event.pk for event in found])
    known = {(row.event_id, row.side, row.path): json.loads(row.value) for row in rows}

    def open_(value: Any, at: tuple[int, str], path: tuple[str, ...]) -> Any:
        if is_digest(value):
            return known.get((*at, "/".join(path)), _("(erased)"))
        if isinstance(value, Mapping):
            return {key: open_(one, at, (*path, str(key))) for key, one in value.items()}
        if isinstance(value, list):
            return [open_(one, at, (*path, str(place))) for place, one in enumerate(value)]
        return value

    for event in found:
        event.before = open_(event.before, (event.pk, "before"), ())
        event.after = open_(event.after, (event.pk, "after"), ())
    return found


def _leaves(event: AuditEvent) -> Iterator[Any]:
    """Every value within the event, containers included."""
    waiting = [event.before, event.after]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, Mapping) and not is_digest(value):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
