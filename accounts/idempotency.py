"""What is sent twice is done once: requests that bear an Idempotency-Key, and their answers.

A row claims the key before anything is done, so that two requests at once cannot both do it: the
database lets one of them in. What is done and the answer to it are kept in one transaction.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import person
from accounts.models import KeptAnswer, User
from interface.problems import Problem

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_DAYS = 7
LONGEST = 80
# A claim that old is left from a process that died: no request lasts as long.
GIVEN_UP = datetime.timedelta(minutes=10)
KEPT_HEADERS = ("Location", "ETag")
BLOCK = 1 << 20

Act = Callable[[str], Response]


def once(request: Request, act: Act) -> Response:
    """Do the act, or give the answer that was given when the same request was sent before.

    The act gets a token that is the same for the same key of the same person, and runs in a
    transaction. What it refuses leaves no trace: the key may be sent again. Raises Problem: 400
    without a key, 422 for another content under the same key, 409 while it is still being done.
    """
    user, key = person(request), _key_of(request)
    fingerprint = _fingerprint(request)
    claim = _claimed(user, key, fingerprint)
    if claim is None:
        return _before(KeptAnswer.objects.filter(user=user, key=key).first(), fingerprint)
    try:
        with transaction.atomic():
            response = act(token_of(user, key))
            _keep(claim, response)
    except BaseException:
        KeptAnswer.objects.filter(pk=claim.pk, claimed_at=claim.claimed_at, status=None).delete()
        raise
    return response


def token_of(user: User, key: str) -> str:
    """What a draft bears that the key made; it outlasts the answer, as drafts do."""
    return "api:" + hashlib.sha256(f"{user.uuid}:{key}".encode()).hexdigest()


def oldest(now: datetime.datetime) -> datetime.datetime:
    """Answers from before this are over their time."""
    return now - datetime.timedelta(days=KEPT_DAYS)


def _key_of(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise Problem(
            400, _("Send the header Idempotency-Key, with 1 to 80 letters of your choice."),
            code="idempotency_key_missing",
        )  # fmt: skip
    return key


def _fingerprint(request: Request) -> str:
    """Of method, address and what was sent; a file by its name and content."""
    found = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    sent: Any = request.data
    if isinstance(sent, Mapping) and hasattr(sent, "lists"):
        sent = {name: [_plain(one) for one in values] for name, values in sent.lists()}
    found.update(json.dumps(sent, sort_keys=True, default=str).encode())
    return found.hexdigest()


def _plain(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    content = hashlib.sha256()
    for block in value.chunks(BLOCK):
        content.update(block)
    value.seek(0)
    return [value.name, content.hexdigest()]


def _claimed(user: User, key: str, fingerprint: str) -> KeptAnswer | None:
    """The row that lets this request in; None where the key is taken."""
    now = timezone.now()
    left = KeptAnswer.objects.filter(user=user, key=key, status=None)
    left.filter(claimed_at__lt=now - GIVEN_UP).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(
                user=user, key=key, fingerprint=fingerprint, claimed_at=now
            )
    except IntegrityError:
        return None


def _before(kept: KeptAnswer | None, fingerprint: str) -> Response:
    if kept and kept.fingerprint != fingerprint:
        raise key_used()
    if kept is None or kept.status is None:
        raise Problem(
            409, _("The same request is being worked on. Send it again in a moment."),
            code="request_under_way",
        )  # fmt: skip
    return Response(kept.content, status=kept.status, headers={**kept.headers, REPLAYED: "true"})


def key_used() -> Problem:
    """Something else was sent under the key before."""
    return Problem(
        422, _("This Idempotency-Key was used for another request. Choose a new one."),
        code="idempotency_key_used",
    )  # fmt: skip


def _keep(claim: KeptAnswer, response: Response) -> None:
    """With the act, in its transaction. Nothing stands where the claim was given up meanwhile."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    content = json.loads(json.dumps(response.data, default=str))
    mine = KeptAnswer.objects.filter(pk=claim.pk, claimed_at=claim.claimed_at, status=None)
    if not mine.update(status=response.status_code, content=content, headers=headers):
        raise Problem(409, _("The same request is being worked on. Send it again in a moment."))
