"""Ordering reports of many donors at once, and calling an order off."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Donor
from income.models import Entry, Ledger
from interface.errors import PortalError
from jobs.services import enqueue
from reports.figures.donor_entries import standing_receipts
from reports.models import BulkOrder, ReportType

KIND = "bulk_reports"
# The status of an agreement is that of the day it is asked for, not of a period.
ORDERABLE = (ReportType.STATEMENT, ReportType.ACKNOWLEDGEMENT, ReportType.PROFILE)
NAMED_AT_MOST = 10  # codes in one sentence


class OrderWrong(PortalError):
    """An order that cannot be taken or called off, and why."""


def orders_for(user: User) -> QuerySet[BulkOrder]:
    """The orders that the person may see: everybody's for who may order, none for others."""
    if not user.may(Permission.ORDER_REPORTS):
        return BulkOrder.objects.none()
    return BulkOrder.objects.select_related("ledger", "asked_by", "job")


@transaction.atomic
def order(
    *, ledger: Ledger, type: str, from_on: datetime.date, until_on: datetime.date,  # noqa: A002
    languages: Sequence[str], donors: Sequence[str], by: User,
) -> BulkOrder:  # fmt: skip
    """Order reports in each language; the work starts when this is committed.

    One statement or profile per donor, one acknowledgement per payment of the period. `donors`
    holds codes; none of them means every donor with entries from `from_on` to `until_on`. Raises
    OrderWrong and PermissionDenied.
    """
    if not by.may(Permission.ORDER_REPORTS):
        raise PermissionDenied
    _check(type, from_on, until_on, languages)
    codes = sorted(set(donors))
    found = _check_donors(ledger, from_on, until_on, codes)
    if type == ReportType.ACKNOWLEDGEMENT:
        _check_receipts(ledger, from_on, until_on, found)
    made = BulkOrder.objects.create(
        ledger=ledger, type=type, from_on=from_on, until_on=until_on, donors=codes, asked_by=by,
        languages=[code for code, _name in settings.LANGUAGES if code in languages],
    )  # fmt: skip
    made.job = enqueue(KIND, {"order": str(made.uuid)}, by=by)
    made.save(update_fields=["job"])
    record("order_reports", made, by=by, after=_told(made))
    return made


def _check(
    type: str, from_on: datetime.date, until_on: datetime.date, languages: Sequence[str]  # noqa: A002
) -> None:  # fmt: skip
    if type not in ORDERABLE:
        raise OrderWrong(_("This report cannot be ordered for many donors."), field="type")
    if until_on < from_on:
        raise OrderWrong(_("The last day lies before the first."), field="until_on")
    if not languages or set(languages) - {code for code, _name in settings.LANGUAGES}:
        raise OrderWrong(_("Choose one language or more."), field="languages")


def _check_donors(
    ledger: Ledger, from_on: datetime.date, until_on: datetime.date, codes: Sequence[str]
) -> list[Donor]:
    known = set(Donor.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        named = ", ".join(unknown[:NAMED_AT_MOST])
        raise OrderWrong(_("There is no donor %(codes)s.") % {"codes": named}, field="donors")
    if not (found := donors_of(ledger, from_on, until_on, codes)):
        raise OrderWrong(_("No donor has entries in this period in these books."), field="from_on")
    return found


def _check_receipts(
    ledger: Ledger, from_on: datetime.date, until_on: datetime.date, donors: Iterable[Donor]
) -> None:
    if not any(payments_of(ledger, donor, from_on, until_on) for donor in donors):
        raise OrderWrong(_("No receipt stands in this period in these books."), field="from_on")


@dataclass(frozen=True)
class Wanted:
    """One report of an order. `subject` is the report's own, see `SealedReport`."""

    donor: Donor
    subject: str
    language: str

    @property
    def key(self) -> tuple[int, str, str]:
        return self.donor.pk, self.subject, self.language


def wanted_of(order: BulkOrder) -> list[Wanted]:
    """Every report of the order, as of today: by donor, payment and language."""
    books, first, last = order.ledger, order.from_on, order.until_on
    found = []
    for donor in donors_of(books, first, last, order.donors):
        is_receipt = order.type == ReportType.ACKNOWLEDGEMENT
        subjects = payments_of(books, donor, first, last) if is_receipt else [""]
        found += [Wanted(donor, one, lang) for one in subjects for lang in order.languages]
    return found


def payments_of(
    ledger: Ledger, donor: Donor, from_on: datetime.date, until_on: datetime.date
) -> list[str]:
    """The donor's payments of these days that stand, by day, each as its first line's subject.

    Lines that came as one payment are acknowledged as one (`payment_of`).
    """
    rows = standing_receipts(ledger, donor).filter(
        amount__gt=0, value_date__range=(from_on, until_on)
    )  # fmt: skip
    fields = ("posting__sequence", "line", "contribution", "currency", "value_date")
    first: dict[tuple[object, ...], str] = {}
    for sequence, line, *same in rows.order_by("value_date", *fields[:2]).values_list(*fields):
        key = (sequence, *same) if same[0] else (sequence, line)
        first.setdefault(key, f"{sequence}/{line}")
    return list(first.values())


def donors_of(
    ledger: Ledger, from_on: datetime.date, until_on: datetime.date, codes: Iterable[str]
) -> list[Donor]:
    """The donors of an order by their codes, else all with entries in the period; as of today.

    A donor that was merged is told as the one it has become, once.
    """
    asked = set(codes)
    if asked:
        found = set(Donor.objects.filter(code__in=asked).values_list("pk", flat=True))
    else:
        period = Entry.objects.in_books(ledger).filter(value_date__range=(from_on, until_on))
        named = period.filter(donor__isnull=False).order_by()
        found = set(named.values_list("donor", flat=True).distinct())
    standing = {donor.pk: donor for donor in Donor.objects.become(found).values()}
    return sorted(standing.values(), key=lambda donor: donor.code)


def years_of(ledger: Ledger, *, most: int) -> list[int]:
    """The last years in which a donor has entries in the books, newest first."""
    named = Entry.objects.in_books(ledger).filter(donor__isnull=False)
    days = named.order_by().dates("value_date", "year", order="DESC")
    return [day.year for day in days[:most]]


@transaction.atomic
def cancel(order: BulkOrder, *, by: User, at: datetime.datetime) -> BulkOrder:
    """Call an order off: what is made stays, nothing more is made. Raises OrderWrong."""
    if not by.may(Permission.ORDER_REPORTS):
        raise PermissionDenied
    standing = BulkOrder.objects.filter(pk=order.pk, cancelled_at=None, finished_at=None)
    if not standing.update(cancelled_at=at):
        raise OrderWrong(_("The order is over already."))
    order.refresh_from_db()
    record("cancel_reports", order, by=by, after={"made": order.items.count()})
    return order


def _told(order: BulkOrder) -> dict[str, object]:
    return {
        "books": order.ledger.code, "type": order.type, "from_on": order.from_on,
        "until_on": order.until_on, "languages": order.languages, "donors": order.donors,
    }  # fmt: skip
