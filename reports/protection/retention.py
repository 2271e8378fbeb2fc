"""What is kept for a time only: each kind with its days, from the settings. 0 days: for ever."""

import datetime
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import idempotency
from accounts.audit.recording import write
from accounts.models import AuditEvent, AuditValue, KeptAnswer
from donors.models import Contact, Invitation
from reports.protection.erasing import erase
from reports.protection.persons import ERASED_ADDRESS, person_of

ACT = "apply_retention"
ONCE_IN = datetime.timedelta(days=1)


def apply(now: datetime.datetime, *, is_rehearsal: bool = False) -> dict[str, int]:
    """Erase what is over its time; returns how many of each. A rehearsal only counts.

    May be repeated. Each person is erased in a transaction of its own.
    """
    counts = {name: work(now, is_rehearsal) for name, work in KINDS.items()}
    if not is_rehearsal:
        write(ACT, subject="retention", subject_id="", by=None, after=counts)
    return counts


def apply_daily() -> int:
    """As the jobs' clock calls it: once a day; returns how much was erased."""
    now = timezone.now()
    if AuditEvent.objects.filter(act=ACT, at__gt=now - ONCE_IN).exists():
        return 0
    return sum(apply(now).values())


def _before(now: datetime.datetime, days: int) -> datetime.datetime | None:
    return now - datetime.timedelta(days=days) if days else None


def _contacts(now: datetime.datetime, is_rehearsal: bool) -> int:
    """Contacts who left: from the event on which somebody said so."""
    count = 0
    for contact in _contacts_over(_before(now, settings.RETENTION_CONTACT_DAYS)):
        if not is_rehearsal:
            erase(person_of(contact), by=None, now=now)
        count += 1
    return count


def _contacts_over(before: datetime.datetime | None) -> Iterator[Contact]:
    if before is None:
        return
    empty = Q(name="", email="", phone="", address="")
    for contact in Contact.objects.filter(is_current=False).exclude(empty).select_related("donor"):
        told = AuditEvent.objects.filter(
            act__in=("edit_contact", "add_contact"), subject_id=str(contact.donor_id),
            after__contact__in=[contact.pk, str(contact.pk)], after__is_current=False,
        )  # fmt: skip
        left_at = told.order_by("-pk").values_list("at", flat=True).first()
        if left_at and left_at < before:
            yield contact


def _invitations(now: datetime.datetime, is_rehearsal: bool) -> int:
    """Invitations that are settled or expired; an account that came of one keeps its own data."""
    before = _before(now, settings.RETENTION_INVITATION_DAYS)
    if before is None:
        return 0
    over = (
        Q(accepted_at__lt=before)
        | Q(withdrawn_at__lt=before)
        | Q(accepted_at=None, withdrawn_at=None, expires_at__lt=before)
    )
    rows = Invitation.objects.filter(over).exclude(email__endswith=f"@{ERASED_ADDRESS}")
    if is_rehearsal:
        return rows.count()
    for invitation in (found := list(rows)):
        erase(person_of(invitation), by=None, now=now)
    return len(found)


def _network_addresses(now: datetime.datetime, is_rehearsal: bool) -> int:
    """Network addresses, and what was typed to look for somebody."""
    values = AuditValue.objects.filter(field__in=("ip", "q", "who"))
    return _values(values, _before(now, settings.RETENTION_IP_DAYS), is_rehearsal)


def _failed_sign_ins(now: datetime.datetime, is_rehearsal: bool) -> int:
    """Addresses that were typed in vain."""
    values = AuditValue.objects.filter(event__act="sign_in_failed", field="email")
    return _values(values, _before(now, settings.RETENTION_SIGN_IN_DAYS), is_rehearsal)


def _values(
    values: "QuerySet[AuditValue]", before: datetime.datetime | None, is_rehearsal: bool
) -> int:
    if before is None:
        return 0
    over = values.filter(event__at__lt=before)
    return over.count() if is_rehearsal else over.delete()[0]


def _sessions(now: datetime.datetime, is_rehearsal: bool) -> int:
    """Sign-ins that are over, and were left in the table."""
    over = Session.objects.filter(expire_date__lt=now)
    return over.count() if is_rehearsal else over.delete()[0]


def _answers(now: datetime.datetime, is_rehearsal: bool) -> int:
    """What programs were answered, kept so that a request sent twice is done once."""
    over = KeptAnswer.objects.filter(claimed_at__lt=idempotency.oldest(now))
    return over.count() if is_rehearsal else over.delete()[0]


KINDS: dict[str, Callable[[datetime.datetime, bool], int]] = {
    "contacts": _contacts,
    "invitations": _invitations,
    "network addresses": _network_addresses,
    "failed sign-ins": _failed_sign_ins,
    "sessions": _sessions,
    "answers to programs": _answers,
}
