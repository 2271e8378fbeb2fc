"""The outbox: e-mail is a row, written in the transaction of the act that it tells of.

No act, no mail; and none is lost. `jobs.sending` hands the rows to the mail server, each at most
once; the function registered for its kind writes it then (`jobs.letters`). So neither text, token
nor figure lies in the queue, and what is no longer true is not sent.
"""

from collections.abc import Callable, Iterable, Sequence

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils.translation import ngettext

from jobs import runner, sending
from jobs.letters import letter_called
from jobs.models import MailState, OutgoingMail

AT_ONCE = 500  # rows written at once
Decision = Callable[[OutgoingMail], bool]
CALLED_OFF = "CalledOff"
RESTORED = "Restored"


def put(kind: str, about: str, *, to: AbstractBaseUser | str, language: str = "") -> OutgoingMail:
    """Queue a mail; it goes once the surrounding transaction commits, and not otherwise.

    `about` is the key of what it tells of, at most 120 characters: the same kind, key and recipient
    again gives the mail that is there, whatever became of it. `to` is an account, whose address and
    language are asked for when the mail is sent; an address only where there is no account.
    Raises UnknownKind.

    Mail with a secret link (inviting, recovering a password) makes the secret when it is written: a
    token that follows from SECRET_KEY and the row of what it opens. An adapter of django-allauth
    overrides `send_mail(template_prefix, email, context)`: it takes the account out of `context`
    and nothing else, calls `put("recover_password", uuid4().hex, to=account)`, and registers a
    function that makes the link with `default_token_generator.make_token(mail.recipient)` and
    returns `render_mail(...)`. Codes that allauth keeps in the session cannot be sent so.
    """
    letter_called(kind)
    key = {"address": to} if isinstance(to, str) else {"recipient_id": to.pk}
    mail, is_new = OutgoingMail.objects.get_or_create(
        kind=kind, about=about, **key, defaults={"language": language}
    )
    if is_new:
        transaction.on_commit(wake)
    return mail


def put_all(kind: str, about: str, *, to: Iterable[AbstractBaseUser]) -> int:
    """Queue the same to each of the accounts; see `put`. Returns how many had none yet."""
    letter_called(kind)
    rows = {one.pk: OutgoingMail(kind=kind, about=about, recipient_id=one.pk) for one in to}
    there = OutgoingMail.objects.filter(kind=kind, about=about, recipient__in=rows)
    for pk in there.values_list("recipient", flat=True):
        del rows[pk]
    # Of two that queue at once, the second leaves out what the first wrote meanwhile.
    OutgoingMail.objects.bulk_create(rows.values(), batch_size=AT_ONCE, ignore_conflicts=True)
    if rows:
        transaction.on_commit(wake)
    return len(rows)


def queued(count: int) -> str:
    """How many mails an act has queued, as a sentence."""
    return ngettext(
        "%(count)d e-mail is on its way.", "%(count)d e-mails are on their way.", count
    ) % {"count": count}  # fmt: skip


def wake() -> None:
    """See to it that the mail that is due is sent."""
    runner.wake(sending.send_due, runner.SEND_MAIL)


def call_off(kind: str, about: Sequence[str]) -> int:
    """Take back mail that did not go yet, or of unknown fate, because another act replaces it."""
    there = OutgoingMail.objects.filter(kind=kind, about__in=about)
    not_gone = (MailState.WAITING, MailState.FAILED, MailState.UNKNOWN)
    return there.filter(state__in=not_gone).update(state=MailState.DROPPED, reason=CALLED_OFF)


def settle(mail: OutgoingMail) -> bool:
    """A person has dealt with it, and nothing more is done; whether it still waited for that."""
    there = OutgoingMail.objects.for_a_person().filter(pk=mail.pk, attempts=mail.attempts)
    return bool(there.update(state=MailState.SETTLED))


def send_again(mail: OutgoingMail) -> bool:
    """A person wants it sent, although it may have arrived; whether it still waited for that.

    Every attempt has the same Message-ID, by which the recipient's server may know it again.
    """
    there = OutgoingMail.objects.for_a_person().filter(pk=mail.pk, attempts=mail.attempts)
    # One more attempt, so that a worker that was thought dead no longer has a say in it.
    is_ours = there.update(
        state=MailState.WAITING, due_at=None, refusals=0, attempts=F("attempts") + 1
    )
    if is_ours:
        transaction.on_commit(wake)
    return bool(is_ours)


def hold() -> int:
    """In a copy of the database: nobody knows what of the waiting mail the original sent since."""
    waiting = OutgoingMail.objects.filter(state__in=(MailState.WAITING, MailState.SENDING))
    return waiting.update(state=MailState.UNKNOWN, reason=RESTORED)
