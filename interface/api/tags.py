"""Tags of answers (ETag): the same tag, the same answer, to the same asker at the same address."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

VARY = ("Accept", "Accept-Language", "Authorization", "Cookie")
LONGEST = 32  # letters of a tag


def of_state(request: Request) -> str:
    """The tag of the state that the portal is in, for this asker and address; empty for none.

    The function that settings.API_STATE names knows the state: what the release, the books and
    everything else that answers are made from stand at, in one look-up. Who a person may see
    changes with acts and with days, so both are in it.
    """
    today = timezone.localdate()
    state = import_string(settings.API_STATE)(timezone.now())
    if not state:
        return ""
    return made_of([state, today.isoformat(), get_language(), *_asker(request),
                    request.get_full_path()])  # fmt: skip


def of_body(data: Any) -> str:
    """The tag of an answer by what is in it."""
    return made_of([json.dumps(data, cls=JSONEncoder)])


def is_known(request: Request | HttpRequest, tag: str) -> bool:
    """Whether the asker says to have the answer with the tag."""
    if not tag or request.method not in ("GET", "HEAD"):
        return False
    sent = parse_etags(request.headers.get("If-None-Match", ""))
    return any(one.removeprefix("W/") == tag.removeprefix("W/") for one in sent)


def not_modified(tag: str) -> Response:
    """The answer to who has it already."""
    return marked(Response(status=304), tag)


def marked(response: Response, tag: str) -> Response:
    """The answer with its tag; it belongs to its asker, who has to ask whether it still holds."""
    if tag and response.status_code in (200, 304):
        response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, VARY)
    return response


def _asker(request: Request) -> list[str]:
    user = request.user
    key = getattr(request.auth, "pk", "") if request.auth else ""
    return [str(user.pk), str(getattr(user, "role", "")), str(key)]


def made_of(parts: list[Any]) -> str:
    """The tag that stands for the parts, a weak one: packed or not, the answer is the same."""
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
    return f'W/"{digest[:LONGEST]}"'
