"""Errors of the API as problems (RFC 9457): one shape, wherever something went wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

from interface.errors import PortalError

API = "/api/"
MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/docs/#problem-"  # the page shows docs/api.md, whose headings have these names
TITLES = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("Nobody is signed in"),
    403: gettext_lazy("Not open to this account"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Not done at this address"),
    406: gettext_lazy("Not given in this format"),
    409: gettext_lazy("In conflict with what is there"),
    412: gettext_lazy("Changed in the meantime"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Not taken in this format"),
    422: gettext_lazy("Not valid"),
    428: gettext_lazy("The version is missing"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("An error of the portal"),
    503: gettext_lazy("Not available now"),
    507: gettext_lazy("No room is left"),
}
CODES = {
    400: "bad_request", 401: "not_authenticated", 403: "not_allowed", 404: "not_found",
    405: "method_not_allowed", 406: "not_acceptable", 409: "conflict",
    412: "precondition_failed", 413: "too_large", 415: "unsupported_media_type",
    422: "not_valid", 428: "precondition_required", 429: "throttled", 500: "server_error",
    503: "unavailable", 507: "no_room",
}  # fmt: skip
# What Django REST framework says with words of its own, or of the database.
SENTENCES = {
    401: gettext_lazy("Sign in, or send an API key."),
    404: gettext_lazy("There is nothing at this address that you can see."),
    429: gettext_lazy("You asked too often. Wait as long as Retry-After says, then go on."),
}
RETRY_AFTER = 1  # seconds; of what passes by itself


class Problem(exceptions.APIException):
    """An error with its status, code and sentence, for views of the API."""

    def __init__(self, status: int, sentence: str, *, code: str = "") -> None:
        super().__init__(sentence, code or CODES[status])
        self.status_code = status


def problem(
    request: HttpRequest, status: int, detail: str, *, code: str = "",
    errors: Mapping[str, list[str]] | None = None, headers: Mapping[str, str] | None = None,
) -> JsonResponse:  # fmt: skip
    """The answer. `instance` is the path without its question, which may name somebody."""
    told: dict[str, Any] = {
        "type": TYPES + CODES.get(status, CODES[500]).replace("_", "-"),
        "title": str(TITLES.get(status, TITLES[500])), "status": status, "detail": detail,
        "instance": request.path, "code": code or CODES.get(status, CODES[500]),
    }  # fmt: skip
    if errors:
        told["errors"] = dict(errors)
    return JsonResponse(
        told, status=status, content_type=MEDIA_TYPE, headers=headers,
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def answer(error: Exception, context: Mapping[str, Any]) -> JsonResponse | None:
    """As REST_FRAMEWORK's EXCEPTION_HANDLER: None for an error of the program, which goes on."""
    request: HttpRequest = context["request"]._request
    match error:
        case Http404():
            error = exceptions.NotFound()
        case PermissionDenied():
            error = exceptions.PermissionDenied(str(error) or None)
        case PortalError():
            return _of_the_portal(request, error)
    if not isinstance(error, exceptions.APIException):
        return None
    return _of_the_framework(request, error)


def _of_the_portal(request: HttpRequest, error: PortalError) -> JsonResponse:
    errors = error.errors or ({error.field: [error.sentence]} if error.field else None)
    headers = {"Retry-After": str(RETRY_AFTER)} if error.status == 503 else None
    return problem(
        request, error.status, error.sentence, code=code_of(error), errors=errors, headers=headers
    )


def code_of(error: PortalError) -> str:
    """The rule's own code where the error names one, else its class: NotAllowed, not_allowed."""
    own = getattr(error, "code", "")
    letters = (f"_{one.lower()}" if one.isupper() else one for one in type(error).__name__)
    return own if isinstance(own, str) and own else "".join(letters).strip("_")


def _of_the_framework(request: HttpRequest, error: exceptions.APIException) -> JsonResponse:
    status = error.status_code
    headers = {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    errors = None
    if isinstance(error, exceptions.ValidationError):
        errors = by_field(error.detail)
    code = str(error.get_codes()) if isinstance(error.detail, str) else ""
    is_ours = status not in SENTENCES or code not in (CODES[status], "", "not_found")
    detail = _said(error.detail) if is_ours else str(SENTENCES[status])
    known = code if code not in ("", "parse_error", "permission_denied", "invalid") else ""
    return problem(request, status, detail, code=known, errors=errors, headers=headers)


def by_field(detail: Any, name: str = "") -> dict[str, list[str]]:
    """The sentences of a serializer's errors by field; a field in a field as `outer.inner`."""
    found: dict[str, list[str]] = {}
    for path, text in _leaves(detail, name):
        found.setdefault(path or "non_field_errors", []).append(text)
    return found


def _leaves(detail: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _leaves(inner, path)
    else:
        yield path, str(detail)


def _said(detail: Any) -> str:
    if isinstance(detail, str):
        return str(detail)
    told = [(name, text) for name, texts in by_field(detail).items() for text in texts]
    return " ".join(text if name == "non_field_errors" else f"{name}: {text}"
                    for name, text in told) or _("The request cannot be read.")  # fmt: skip
