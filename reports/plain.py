"""A typed figure as plain JSON values, whatever figure it is; nothing is computed here."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from income.periods import YearMonth


def plain(value: Any) -> Any:
    """Decimals become strings, months `2021-12`, rows of the database their code or number.

    Raises TypeError for what has no plain form, so that nothing is left out in silence.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, YearMonth):
        return value.slug
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset | range):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, Promise | uuid.UUID):
        return str(value)
    if isinstance(value, Model):
        return getattr(value, "code", value.pk)
    raise TypeError(f"{type(value).__name__} has no plain form.")


def _key(key: Any) -> str:
    return str(plain(key))
