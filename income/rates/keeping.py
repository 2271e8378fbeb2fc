"""Keeps an uploaded file of rates between its preview and its saving, for who uploaded it."""

import datetime
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User

FOLDER = "rates"
KEPT_FOR = datetime.timedelta(days=1)


def keep(content: bytes, *, by: User) -> str:
    """Keep the file; the token it is found by. What others left for a day goes."""
    _forget_old(timezone.now() - KEPT_FOR)
    token = uuid.uuid4().hex
    default_storage.save(_path(token, by), ContentFile(content))
    return token


def kept(token: str, *, by: User) -> bytes | None:
    """The file; None where it is gone, or somebody else's."""
    try:
        path = _path(uuid.UUID(token).hex, by)
        with default_storage.open(path) as file:
            return bytes(file.read())
    except (ValueError, FileNotFoundError):
        return None


def forget(token: str, *, by: User) -> None:
    default_storage.delete(_path(uuid.UUID(token).hex, by))


def _path(token: str, by: User) -> str:
    return f"{FOLDER}/{by.uuid.hex}-{token}"


def _forget_old(before: datetime.datetime) -> None:
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_created_time(f"{FOLDER}/{name}") < before:
            default_storage.delete(f"{FOLDER}/{name}")
