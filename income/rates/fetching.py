"""Fetches the treasury's feed from the address that the installation names. Off by default."""

import datetime
import time
from http.client import HTTPException, HTTPResponse
from typing import IO
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import (
    BaseHandler,
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from income.errors import RateFileWrong
from income.models import RateLoad
from income.rates.facts import LONGEST_SOURCE, check
from income.rates.feed import rates_of_feed
from income.rates.files import MOST_BYTES
from income.rates.loading import note_failure, save_rates, what_was_left
from income.vocabulary import RateType, RateWay
from interface.errors import PortalError

SILENCE_SECONDS = 20.0  # without a byte
WHOLE_SECONDS = 60.0
CHUNK = 1 << 16
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_PROBLEMS = 3  # in the sentence of a load
UN = RateType.UN_OPERATIONAL


class FeedUnreachable(PortalError):
    """The feed did not come, or came otherwise than it may."""


class FeedNotSet(PortalError):
    def __init__(self) -> None:
        super().__init__(_("No feed is set. Give RATES_FEED_URL the address of the feed."))


class _OwnHostOnly(HTTPRedirectHandler):
    """Follows a redirection on the same host, no less guarded; refuses any other."""

    max_redirections = 3

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (new.scheme, new.hostname, new.port) != (old.scheme, old.hostname, old.port):
            raise FeedUnreachable(
                _("The feed sends on to another address. Set RATES_FEED_URL to where it is now.")
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def feed_host(address: str) -> str:
    """The host of a feed that may be asked: over HTTPS, or on this machine.

    Raises FeedNotSet, FeedUnreachable.
    """
    if not address:
        raise FeedNotSet
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    is_near = parts.scheme == "http" and host in LOOPBACK
    if not host or not (parts.scheme == "https" or is_near) or parts.username:
        raise FeedUnreachable(
            _("RATES_FEED_URL must begin with https:// and name no user and no password.")
        )
    return host


def fetch_feed(address: str) -> bytes:
    """What the address answers, within bounds of time and size.

    Raises FeedNotSet, FeedUnreachable.
    """
    host = feed_host(address)
    try:
        request = Request(address, headers={"Accept": "application/xml, text/xml"})  # noqa: S310
        with _opener(host).open(request, timeout=SILENCE_SECONDS) as answer:
            return _read(answer)
    except URLError as error:
        status = getattr(error, "code", None)
        if status:
            raise FeedUnreachable(
                _("%(host)s answered %(status)s instead of the feed.")
                % {"host": host, "status": status}
            ) from error
        raise _unreachable(host) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _unreachable(host) from error


def _unreachable(host: str) -> FeedUnreachable:
    return FeedUnreachable(_("%(host)s could not be reached.") % {"host": host})


def _opener(host: str) -> OpenerDirector:
    handlers: list[BaseHandler] = [_OwnHostOnly()]
    if host in LOOPBACK:
        handlers.append(ProxyHandler({}))  # a proxy would ask its own machine
    return build_opener(*handlers)


def _read(answer: HTTPResponse) -> bytes:
    until, parts, size = time.monotonic() + WHOLE_SECONDS, [], 0
    while part := answer.read1(CHUNK):  # not read: it would wait for the whole chunk
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise FeedUnreachable(
                _("The feed is larger than %(most)s MB, which no feed of rates is.")
                % {"most": MOST_BYTES // 1024**2}
            )
        if time.monotonic() > until:
            raise FeedUnreachable(
                _("The feed took longer than %(most)s seconds.") % {"most": int(WHOLE_SECONDS)}
            )
    return b"".join(parts)


def load_feed(today: datetime.date) -> RateLoad:
    """Fetch the feed and add what is new. A failure is noted as well, and leaves the last rates.

    A rate that differs from the books is left and told. Raises FeedNotSet.
    """
    address = settings.RATES_FEED_URL
    if not address:
        raise FeedNotSet
    origin = (urlsplit(address).hostname or "") if "://" in address else ""
    try:
        return _loaded(fetch_feed(address), origin, today)
    except PortalError as error:
        problems = getattr(error, "problems", [error.sentence])
        return note_failure(RateWay.FEED, UN, origin, " ".join(problems[:MOST_PROBLEMS]))


@transaction.atomic
def _loaded(content: bytes, origin: str, today: datetime.date) -> RateLoad:
    rates = rates_of_feed(content, source=origin[:LONGEST_SOURCE])
    found = check(rates, UN, today=today, is_feed=True)
    if found.wrong:
        raise RateFileWrong(str(problem) for problem in sorted(found.wrong))
    left = [*found.left_out, *(str(gap) for gap in found.gaps)]
    return save_rates(
        found.new, way=RateWay.FEED, rate_type=UN, origin=origin, by=None,
        newest_on=found.newest_on, sentence=what_was_left(found.differing, left),
    )  # fmt: skip
