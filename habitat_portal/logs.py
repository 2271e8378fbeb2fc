"""How the portal writes its log: one line of JSON per record in production, else lines for people.

A record carries the request's identifier, its view and the account's UUID, or the job's UUID. The
text of an error is left out in production, because it may repeat what was typed or looked up; its
kind and where it was raised stay.
"""

import datetime
import json
import logging
import traceback
from typing import Any

from django.http import HttpRequest

from interface.request_log import current_request, user_of, view_of
from jobs.current import job_uuid

OF_A_REQUEST = ("method", "status", "milliseconds")


class JsonLines(logging.Formatter):
    """One JSON object per record; times are UTC, durations milliseconds."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        told = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **_surroundings(record),
            **{name: getattr(record, name) for name in OF_A_REQUEST if hasattr(record, name)},
        }
        if isinstance(record.exc_info, tuple) and record.exc_info[1]:
            told["error"] = _error(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """The text; what Django says of a request names its path, which becomes the view's name."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest) or not isinstance(record.args, tuple):
        return record.getMessage()
    view = view_of(request)
    args = tuple(view if argument == request.path else argument for argument in record.args)
    return str(record.msg) % args


def _surroundings(record: logging.LogRecord) -> dict[str, str]:
    """What the record belongs to: a request, a job, or nothing.

    Django speaks of an answer when the request is over, and hands the request itself over.
    """
    told = {"job": job_uuid.get()}
    request = getattr(record, "request", None) or current_request.get()
    if isinstance(request, HttpRequest):
        told["request"] = getattr(request, "request_id", "")
        told["view"], told["user"] = view_of(request), user_of(request)
    return {name: value for name, value in told.items() if value}


def _error(error: BaseException) -> list[dict[str, Any]]:
    """Kind and calls of the error and of what led to it, the outermost first; no values."""
    told: list[dict[str, Any]] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        frames = traceback.extract_tb(at.__traceback__)
        calls = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        told.append({"kind": type(at).__name__, "calls": calls})
        at = at.__cause__ or at.__context__
    return told


def configuration(*, is_production: bool) -> dict[str, Any]:
    """What `logging` is set up with. Outside production each request's line is left out."""
    loggers: dict[str, Any] = {"portal.requests": {"level": "INFO" if is_production else "WARNING"}}
    if is_production:  # the server's own handler writes lines
        loggers["gunicorn.error"] = {"handlers": ["console"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "habitat_portal.logs.JsonLines"},
            "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if is_production else "line",
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": loggers,
    }
