"""What of a page belongs to its reader alone, and the page without it.

What is the same for every reader with the same rights can be kept. While a page is made to be
kept, each value that is the reader's own stands between marks, by which it is taken out again:
name and address of the account, the tokens of forms, how long the sign-in still lasts.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

MARK = "\0"  # stands in no text of a page: no request and no database lets it in
TOKEN = "csrfmiddlewaretoken"
Around = Mapping[str, Any]  # the context of a template, or what stands in for it


def _token(around: Around) -> SafeString:
    """As Django's own tag writes it; nothing where there is none, as on some pages of errors."""
    token = around.get("csrf_token") or "NOTPROVIDED"
    if token == "NOTPROVIDED":
        return SafeString("")
    return format_html('<input type="hidden" name="{}" value="{}">', TOKEN, token)


VALUES: dict[str, Callable[[Around], Any]] = {
    "account": lambda around: getattr(around.get("user"), "uuid", ""),
    "name": lambda around: around.get("user") or "",
    "email": lambda around: getattr(around.get("user"), "email", ""),
    "seconds": lambda around: around.get("session_seconds", ""),
    "token": _token,
}


def value(around: Around, name: str) -> SafeString:
    """The value as HTML. Raises KeyError for a name that is not in VALUES."""
    return conditional_escape(VALUES[name](around))


def written(around: Around, name: str) -> SafeString:
    """The value in the page that is being made; between marks if the page is to be kept."""
    text = value(around, name)
    if not getattr(around.get("request"), "marks_own_parts", False):
        return text
    return mark_safe(f"{MARK}{name}{MARK}{text}{MARK}")  # noqa: S308  a value escaped above


def begin(request: HttpRequest) -> None:
    """From now on what is the reader's own stands between marks."""
    request.marks_own_parts = True  # type: ignore[attr-defined]


def end(request: HttpRequest) -> None:
    """No marks any more."""
    request.marks_own_parts = False  # type: ignore[attr-defined]


def taken_apart(page: bytes) -> tuple[list[bytes], list[str], list[bytes]]:
    """The parts of a marked page, and the names and values that stand between them.

    Raises ValueError where the marks are not those of `written`.
    """
    pieces = page.split(MARK.encode())
    names = [name.decode() for name in pieces[1::3]]
    if len(pieces) % 3 != 1 or not VALUES.keys() >= set(names):
        raise ValueError("The marks of the page are not its own.")
    return pieces[0::3], names, pieces[2::3]


def is_shareable(parts: Iterable[bytes], secrets: tuple[str, ...]) -> bool:
    """Whether neither a token nor one of the secrets is in what others are to be sent too."""
    wanted = [one.encode() for one in (TOKEN, *secrets) if one]
    return not any(one in part for part in parts for one in wanted)
