"""Which kinds of e-mail there are: each names the function that writes it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.utils.functional import Promise

from jobs.models import OutgoingMail
from jobs.registry import UnknownKind

# Writes the mail in the active language, as of the moment; None when it is no longer true (access
# ended, withdrawn, nothing waits any more): then it is dropped. May be called more than once for
# one mail, so it changes nothing. `to` is filled in by whoever sends.
Write = Callable[[OutgoingMail, datetime.datetime], EmailMessage | None]


@dataclass(frozen=True)
class Letter:
    """A kind of mail: what people call it, and what writes it."""

    title: str | Promise
    write: Write


_letters: dict[str, Letter] = {}


def letter(kind: str, *, title: str | Promise) -> Callable[[Write], Write]:
    """Register the decorated function for mail of the kind."""

    def register(write: Write) -> Write:
        if kind in _letters:
            raise ValueError(f"Two functions are registered for mail of the kind {kind}.")
        _letters[kind] = Letter(title, write)
        return write

    return register


def letter_called(kind: str) -> Letter:
    """The kind of mail with that name. Raises UnknownKind."""
    try:
        return _letters[kind]
    except KeyError:
        raise UnknownKind(f"Nothing is registered for mail of the kind {kind}.") from None


def title_of(kind: str) -> str:
    """What people call the kind; its name where this release does not know it."""
    return str(_letters[kind].title) if kind in _letters else kind
