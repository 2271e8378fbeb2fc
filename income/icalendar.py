"""Events as a file for calendars (RFC 5545): whole days, lines folded at 75 bytes."""

import datetime
from collections.abc import Iterable

from income.calendar import Event

LONGEST_LINE = 75  # bytes, without the line break
ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\r\n": "\\n", "\n": "\\n", "\r": "\\n"}


def calendar_file(
    events: Iterable[Event], *, name: str, host: str, address: str, at: datetime.datetime
) -> bytes:
    """The calendar `name`. `host` makes identifiers unique in the world; `at` is when it is made.

    `address` is the portal's, such as https://portal.example.org, before each event's path.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//UN-Habitat//Habitat Portal//EN"]
    lines += ["CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}"]
    stamp = at.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        lines += _event(event, stamp, host, address)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(event: Event, stamp: str, host: str, address: str) -> list[str]:
    # The end of a whole day is the day after the last one.
    end = (event.until or event.on) + datetime.timedelta(days=1)
    return [
        "BEGIN:VEVENT",
        f"UID:{event.identifier}@{host}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{end:%Y%m%d}",
        f"SUMMARY:{escaped(f'{event.label}: {event.title}')}",
        f"DESCRIPTION:{escaped(event.detail)}",
        f"URL:{address.rstrip('/')}{event.path}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Text as a value: backslashes, commas, semicolons and line breaks are escaped."""
    for plain, written in ESCAPED.items():
        text = text.replace(plain, written)
    return text


def folded(line: str) -> bytes:
    """The line with its break; a long one goes on in the next, after a space, whole characters."""
    parts, part, room = [], b"", LONGEST_LINE
    for character in line:
        encoded = character.encode()
        if len(part) + len(encoded) > room:
            parts.append(part)
            part, room = b"", LONGEST_LINE - 1
        part += encoded
    return b"\r\n ".join([*parts, part]) + b"\r\n"
