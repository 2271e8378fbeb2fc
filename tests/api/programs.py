"""A program with a key of a person's, and what it sends."""

import datetime
import json
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.api_keys import make_key
from accounts.models import ApiKey, Scope, User

BASE = "/api/v1/"
PROBLEM = "application/problem+json"


def key_of(user: User, scope: Scope = Scope.READ, days: int = 30) -> tuple[ApiKey, str]:
    """A new key and its text."""
    today = timezone.localdate()
    until = today + datetime.timedelta(days=days)
    return make_key(user, name="A program", scope=scope, expires_on=until, today=today)


def program_of(user: User, scope: Scope = Scope.READ) -> Client:
    """A client that shows a new key; forms' tokens are asked for, so that keys need none."""
    return Client(enforce_csrf_checks=True, headers=bearing(key_of(user, scope)[1]))


def bearing(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def send(
    client: Client, path: str, content: Any = None, *, key: str = "", method: str = "POST",
    **headers: str,
) -> HttpResponse:  # fmt: skip
    """JSON under a new Idempotency-Key, or the one given."""
    if method == "POST":
        headers["Idempotency-Key"] = key or uuid.uuid4().hex
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = "" if content is None else json.dumps(content)
    address = path if path.startswith("/") else BASE + path
    sent: Any = client.generic(method, address, body, "application/json", headers=named)
    response: HttpResponse = sent
    return response


def told(response: HttpResponse) -> tuple[int, str]:
    """Status and code of a problem; what is none fails."""
    assert response["Content-Type"] == PROBLEM, response.content
    problem = json.loads(response.content)
    assert problem["status"] == response.status_code
    return response.status_code, problem["code"]
