"""What is recorded of requests by the addresses themselves, so that no view can forget it.

Recorded are: every file that is handed out, every answer of the API, every look at what is listed
in LOOKS, and every successful request that is not safe. A view that records its own act, with more
in it, is left to do so. What is not recorded stands in UNRECORDED, with the reason.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from accounts.audit.recording import address_of, write
from interface.request_log import user_of, view_of

# Addresses whose page is a look into somebody's file, or at persons.
LOOKS = frozenset(
    {
        "donor", "my_donor", "contribution", "sealed_list", "question", "approach", "letter",
        "account_list", "representation_list", "invitation_list", "audit_list", "audit_event",
        "person_list", "person", "person_erase", "outgoing_mail",
    }
)  # fmt: skip
# Requests that change nothing that anybody would ask about later.
UNRECORDED = {
    "session": "somebody at the page is still there: counts as an act of the session alone",
    "set_language": "a cookie with the language of the reader",
    "sign_in": "recorded as sign_in or sign_in_failed by what Django tells",
    "sign_out": "recorded as sign_out by what Django tells",
    "verify": "public: a file or code is compared, and nothing is kept",
    "verify_code": "public: a code is compared, and nothing is kept",
    **dict.fromkeys(
        (
            "open_csv",
            "open_xlsx",
            "open_package",
            "open_dataset",
            "open_sitemap",
            "robots",
            "open_iati_activities",
            "open_iati_organisation",
            "open_ceb_file",
            "open_update_file",
        ),
        "public: the same file for everybody, also out of caches that tell nobody",
    ),
    "invitation_accept": "opens the form of a link; taking it up is an act of its own",
    "saved_view_save": "a person's own list, kept under a name",
    "saved_view_delete": "a person's own list, kept under a name",
    "import_template": "an empty form, the same for everybody",
    "erp_template": "an empty form, the same for everybody",
    "api_schema": "the description of the API, the same for everybody",
    "api_docs": "the same as a page",
    "metrics": "figures for the machine that watches; names nobody",
}
API = "/api/"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FILES = ("text/csv", "text/calendar", "application/pdf", "application/zip", "image/",
         "application/vnd.", "application/octet-stream")  # fmt: skip
LONGEST = 200  # letters of one value of a question
SECRETS = frozenset({"token", "key", "uidb36"})  # parts of addresses that open something


class AuditMiddleware:
    """Stands behind what knows who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if act := act_of(request, response):
            _record(act, request, response)
        return response


def act_of(request: HttpRequest, response: HttpResponseBase) -> str:
    """What the request is recorded as; empty where it is not, or has been already."""
    view = view_of(request)
    if response.status_code >= 400 or view in UNRECORDED:
        return ""
    if request.method not in SAFE and hasattr(request, "api_key"):
        return "write_api"  # beside what the act itself records: with which key
    if getattr(request, "has_audit_event", False):
        return ""
    if request.method not in SAFE:
        return "" if _is_sent_to_sign_in(request, response) else "act"
    if request.method != "GET" or response.status_code != 200:
        return ""
    if is_file(response):
        return "download"
    if request.path_info.startswith(API):
        return "read_api"
    return "look" if view in LOOKS else ""


def _is_sent_to_sign_in(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Nothing was done then, and strangers must not be able to fill the trail."""
    place = response.headers.get("Location", "")
    return not user_of(request) and place.startswith(resolve_url(settings.LOGIN_URL))


def is_file(response: HttpResponseBase) -> bool:
    """Whether the answer is a file that one keeps, and no page."""
    kind = response.headers.get("Content-Type", "")
    named = response.headers.get("Content-Disposition", "")
    return "filename" in named or named.startswith("attachment") or kind.startswith(FILES)


def _record(act: str, request: HttpRequest, response: HttpResponseBase) -> None:
    """Who, which address, with what question; of a file its name, size and rows if they are known.

    Raises what the database raises: nobody is handed what cannot be recorded.
    """
    match = request.resolver_match
    after: dict[str, Any] = {
        "address": {
            key: str(value)
            for key, value in (match.kwargs if match else {}).items()
            if key not in SECRETS
        },
        "question": _question(request),
    }
    if act in ("download", "read_api", "write_api"):
        after |= {**_told_of(response), "ip": address_of(request)}
    if key := getattr(request, "api_key", None):
        after["api_key"] = key.identifier
    after = {key: value for key, value in after.items() if value not in ({}, "")}
    user = user_of(request)
    write(
        act, subject="page", subject_id=view_of(request)[:64],
        by=uuid.UUID(user) if user else None, after=after,
        donor_pk=getattr(request, "audited_donor", None),
    )  # fmt: skip


def _question(request: HttpRequest) -> dict[str, Any]:
    """What was asked in the address; several answers to one question are a list."""
    asked = {key: [one[:LONGEST] for one in values] for key, values in request.GET.lists()}
    return {key: values[0] if len(values) == 1 else values for key, values in asked.items()}


def _told_of(response: HttpResponseBase) -> dict[str, Any]:
    named = response.headers.get("Content-Disposition", "")
    told: dict[str, Any] = {"type": response.headers.get("Content-Type", "").partition(";")[0]}
    if "filename" in named:
        told["file"] = named.partition("filename")[2].strip('*=" ')[:LONGEST]
    if not response.streaming:
        content: bytes = response.content  # type: ignore[attr-defined]
        told["bytes"] = len(content)
        if told["type"] == "text/csv":
            told["lines"] = content.count(b"\n")
    rows = getattr(response, "data", None)
    if isinstance(rows, dict) and isinstance(rows.get("results"), list):
        told["rows"] = len(rows["results"])
    elif isinstance(rows, list):
        told["rows"] = len(rows)
    return told
