"""Handing the mail of the outbox to the mail server: each at most once.

A mail is written first and the server reached, then its row is taken by a conditional UPDATE that
is committed, and only then it is handed over. What the server refused was not accepted and is tried
again later; of what broke off after that nobody knows, and the portal does not repeat it.
"""

import datetime
import logging
import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from jobs.letters import letter_called
from jobs.models import MailState, OutgoingMail
from jobs.runner import goes_on
from jobs.services import DATABASE_IS_AWAY

logger = logging.getLogger(__name__)
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
# After each refusal; the one after the last of them is final. Together some 41 hours.
WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR)
# Longer than any hand-over takes: five answers of the server, each within EMAIL_TIMEOUT.
SILENCE = 10 * MINUTE
BROKEN_OFF = "BrokenOff"
NO_LONGER_TRUE = "NoLongerTrue"
NO_ANSWER = "NoAnswer"

Clock = Callable[[], datetime.datetime]


class ServerAway(Exception):
    """The mail server cannot be reached or does not let the portal in: no mail can go now."""


def send_due(clock: Clock = timezone.now) -> int:
    """Flag what broke off, then hand over all that is due; returns how many were accepted.

    Without PORTAL_ADDRESS, with which the links begin, everything waits.
    """
    flag_broken_off(clock())
    if not settings.PORTAL_ADDRESS:
        return 0
    accepted = 0
    for pk in list(OutgoingMail.objects.due(clock()).values_list("pk", flat=True)):
        if not goes_on():
            break
        try:
            accepted += send_one(pk, clock) == MailState.SENT
        except ServerAway:
            break  # the next round tries the next mail
    return accepted


def flag_broken_off(now: datetime.datetime) -> int:
    """Of what was being sent for too long nobody knows the fate; returns how many there were."""
    silent = OutgoingMail.objects.sending_since(now - SILENCE)
    count = silent.update(state=MailState.UNKNOWN, reason=BROKEN_OFF)
    if count:
        logger.error("%s mails broke off while they were sent; an administrator decides.", count)
    return count


def send_one(pk: int, clock: Clock = timezone.now) -> MailState | None:
    """Send one mail, if it is still due; what became of it, None when another worker had it.

    Raises ServerAway, after which the mail waits for its next turn.
    """
    now = clock()
    due = OutgoingMail.objects.due(now).select_related("recipient")
    mail = due.filter(pk=pk).first()
    if mail is None:
        return None
    try:
        message = _written(mail, now)
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:
        logger.exception("Mail %s could not be written", mail)
        return _put_off(mail, type(error).__name__, now)
    if message is None:
        return _note(mail, MailState.DROPPED, NO_LONGER_TRUE)
    connection = get_connection()
    try:
        return _through(connection, mail, message, now)
    finally:
        with suppress(Exception):  # how the server says good-bye changes nothing
            connection.close()


def _written(mail: OutgoingMail, now: datetime.datetime) -> EmailMessage | None:
    """The mail as it goes out, in the recipient's language; None when there is none to send."""
    person = mail.recipient
    if person and not person.is_active:
        return None
    language = mail.language or (person.language if person else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        message = letter_called(mail.kind).write(mail, now)
    if message is None:
        return None
    message.to, message.cc, message.bcc = [person.email if person else mail.address], [], []
    message.extra_headers |= {
        "Message-ID": f"<{mail.uuid}@{_domain()}>", "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    message.message()  # what cannot be put into bytes shows here, where nothing is handed over yet
    return message


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _through(
    connection: BaseEmailBackend, mail: OutgoingMail, message: EmailMessage, now: datetime.datetime
) -> MailState | None:
    """Reach the server, take the mail, hand it over. Raises ServerAway."""
    try:
        connection.open()
        server = getattr(connection, "connection", None)
        if isinstance(server, smtplib.SMTP):
            server.ehlo_or_helo_if_needed()  # else it is said only after the mail is taken
    except Exception as error:
        # Not its text: a mail server may repeat what it was given.
        logger.warning("The mail server cannot be reached: %s", type(error).__name__)
        _put_off(mail, type(error).__name__, now)
        raise ServerAway from error
    if not _claim(mail, now):
        return None
    try:
        accepted = connection.send_messages([message])
    except Exception as error:  # noqa: BLE001  whatever it is, it says what is known
        return _broken(mail, error, now)
    if not accepted:
        return _note(mail, MailState.UNKNOWN, NO_ANSWER)
    return _note(mail, MailState.SENT)


def _claim(mail: OutgoingMail, now: datetime.datetime) -> bool:
    """Of several workers that try at once, the database lets one change the state.

    Raises RuntimeError inside a transaction, which could take the claim back after the mail went.
    """
    untouched = OutgoingMail.objects.due(now).filter(pk=mail.pk, attempts=mail.attempts).order_by()
    with transaction.atomic(durable=True):
        is_ours = untouched.update(
            state=MailState.SENDING, tried_at=timezone.now(), attempts=F("attempts") + 1
        )
    mail.attempts += 1
    mail.state = MailState.SENDING
    return bool(is_ours)


def _broken(mail: OutgoingMail, error: Exception, now: datetime.datetime) -> MailState:
    """What is known after an error: refused for now, refused for good, or nothing."""
    reason = type(error).__name__
    codes = _codes(error)
    if not codes or not all(400 <= code < 600 for code in codes):
        logger.error("Nobody knows whether mail %s went: %s", mail, reason)
        return _note(mail, MailState.UNKNOWN, reason)
    logger.warning("Mail %s was not accepted: %s", mail, reason)
    if all(code < 500 for code in codes):
        return _put_off(mail, reason, now)
    return _note(mail, MailState.FAILED, reason)


def _codes(error: Exception) -> list[int]:
    """The codes with which the server refused; none where it did not answer."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    if isinstance(error, smtplib.SMTPResponseException):
        return [error.smtp_code]
    return []


def _put_off(mail: OutgoingMail, reason: str, now: datetime.datetime) -> MailState:
    """Nothing was accepted: try again later, so often and not more often."""
    if mail.refusals >= len(WAITS):
        return _note(mail, MailState.FAILED, reason)
    due_at = now + WAITS[mail.refusals]
    return _note(mail, MailState.WAITING, reason, due_at=due_at, refusals=mail.refusals + 1)


def _note(
    mail: OutgoingMail, state: MailState, reason: str = "", **changed: datetime.datetime | int
) -> MailState:
    """Store what became of it; not when a person or another worker has it by now.

    A worker that was thought dead may still tell what it knows of its own attempt.
    """
    before = (mail.state, MailState.UNKNOWN) if mail.state == MailState.SENDING else (mail.state,)
    is_ours = OutgoingMail.objects.filter(pk=mail.pk, attempts=mail.attempts, state__in=before)
    now = timezone.now()
    changed |= {"sent_at": now} if state == MailState.SENT else {"tried_at": now}
    if not is_ours.update(state=state, reason=reason, **changed):
        logger.warning("Mail %s is another's by now", mail)
    return state
