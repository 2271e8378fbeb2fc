"""The archive of an order: reports and index in one file, stored whole, told of once."""

import hashlib
import logging
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from interface.errors import PortalError
from interface.formatting import current_language, is_right_to_left
from interface.sheets import csv_stream
from jobs import outbox
from jobs.letters import letter
from jobs.models import OutgoingMail
from reports.models import BulkItem, BulkOrder, ReportDownload, SealedReport

logger = logging.getLogger(__name__)
KIND = "order_finished"
INDEX = "index.csv"
AT_ONCE = 200  # items read at a time, and rows written at once
RELATED = ("donor", "report__donor")


class DeliveryFailed(PortalError):
    """The archive could not be stored; the reports themselves stand."""


def deliver(order: BulkOrder, *, at: datetime) -> bool:
    """Store the archive and finish the order; not when it was called off meanwhile.

    Nothing half-written is ever the order's file: the row names it when it is whole. Raises
    DeliveryFailed.
    """
    try:
        with TemporaryFile() as archive:
            write_archive(order, archive)
            sha256, name = _digest(archive), _stored(order, archive)
    except OSError as error:
        logger.exception("Order %s: the archive could not be stored", order)
        raise DeliveryFailed(
            _(
                "The archive could not be stored. Check the space of the store and of the folder "
                "for temporary files, then order again: what is made is not made twice."
            )
        ) from error
    standing = BulkOrder.objects.filter(pk=order.pk, cancelled_at=None, finished_at=None)
    with transaction.atomic():
        is_stored = standing.update(file=name, sha256=sha256, finished_at=at)
        tell_once(order)
    if not is_stored:
        order.refresh_from_db()
        if order.file.name != name:
            order.file.storage.delete(name)
        return order.finished_at is not None
    order.refresh_from_db()
    return True


def write_archive(order: BulkOrder, archive: IO[bytes]) -> None:
    """Write the reports one after the other, none of them whole in memory, then the index."""
    rows = []
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as made:  # a PDF is compressed already
        for item in _items(order):
            name, problem = "", item.sentence
            if item.report is not None:
                name = name_in_archive(order, item.report)
                if not _copied(item.report, made, name):
                    name, problem = "", _("The file is not in the store.")
            rows.append(_row(item, name, problem))
        ordered_at = order.asked_at.astimezone(UTC).timetuple()[:6]
        with made.open(zipfile.ZipInfo(INDEX, ordered_at), "w") as index:
            for piece in csv_stream(_header(), rows):
                index.write(piece)


def _items(order: BulkOrder) -> Iterator[BulkItem]:
    rows = order.items.select_related(*RELATED).order_by("donor__code", "pk")
    return rows.iterator(chunk_size=AT_ONCE)


def _copied(report: SealedReport, archive: zipfile.ZipFile, name: str) -> bool:
    """Whether the file was there to copy."""
    try:
        source = report.file.open("rb")
    except FileNotFoundError:
        logger.exception("The file of report %s is missing", report)
        return False
    made_at = report.made_at.astimezone(UTC).timetuple()[:6]
    with source, archive.open(zipfile.ZipInfo(name, made_at), "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target)
    return True


def name_in_archive(order: BulkOrder, report: SealedReport) -> str:
    """A folder for each donor; each report by what it is, of what time and in which language."""
    code = report.donor.code
    period = period_slug(report.from_on, report.until_on)
    parts = [report.type, code, period, report.subject.replace("/", "-"), order.ledger.code]
    stem = "-".join(filter(None, [*parts, report.language]))
    return f"{code}/{_mark(order)}{stem}.pdf"


def archive_name(order: BulkOrder) -> str:
    """What the archive is called when somebody saves it."""
    period = period_slug(order.from_on, order.until_on)
    return f"{_mark(order)}{order.type}-{period}-{order.ledger.code}.zip"


def period_slug(first: date, last: date) -> str:
    """Whole years as their numbers, else both days, or the one."""
    if first == last:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) != (1, 1, 12, 31):
        return f"{first.isoformat()}-{last.isoformat()}"
    return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"


def _mark(order: BulkOrder) -> str:
    return "DEMONSTRATION-" if order.ledger.is_demonstration else ""


def _header() -> list[str]:
    return [
        _("Donor code"), _("Donor"), _("Receipt"), _("Language"), _("File"), _("Report number"),
        _("Version"), _("Verification code"), _("As at"), _("SHA-256"), _("Not made because"),
    ]  # fmt: skip


def _row(item: BulkItem, name: str, problem: str) -> list[Any]:
    start = [item.donor.code, item.donor.name, item.subject, item.language, name]
    made = item.report
    if made is None:
        return [*start, "", None, "", None, "", problem]
    return [*start, made.number, made.version, made.code, made.as_at_on, made.sha256, problem]


def _digest(archive: IO[bytes]) -> str:
    archive.seek(0)
    return hashlib.file_digest(archive, "sha256").hexdigest()  # type: ignore[arg-type]


def _stored(order: BulkOrder, archive: IO[bytes]) -> str:
    """The name in the store; what an attempt that broke off left under it goes away."""
    archive.seek(0)
    storage = order.file.storage
    name = order.file.field.generate_filename(order, f"{order.uuid}.zip")
    storage.delete(name)
    try:
        return str(storage.save(name, File(archive)))
    except OSError:
        with suppress(OSError):  # the first reason is the one to tell
            storage.delete(name)
        raise


@transaction.atomic
def record_archive_taken(order: BulkOrder, *, by: User) -> None:
    """Note that the person took every report of the archive, so that newer ones are told."""
    taken = order.items.exclude(report=None).values_list("report", flat=True)
    rows = [ReportDownload(report_id=report, user=by) for report in taken]
    ReportDownload.objects.bulk_create(rows, batch_size=AT_ONCE)
    record("download_reports", order, by=by, after={"reports": len(rows), "sha256": order.sha256})


@transaction.atomic
def tell_once(order: BulkOrder) -> bool:
    """Queue the mail to who ordered, once the archive is there; whether that was now."""
    untold = BulkOrder.objects.filter(pk=order.pk, is_mailed=False, finished_at__isnull=False)
    if not untold.update(is_mailed=True):
        return False
    outbox.put(KIND, order.uuid.hex, to=order.asked_by)
    return True


@letter(KIND, title=gettext_lazy("Ordered reports are there"))
def write(mail: OutgoingMail, _now: datetime) -> EmailMultiAlternatives | None:
    """The mail about the order, as long as the person may still order reports."""
    related = BulkOrder.objects.select_related("ledger", "asked_by")
    order = related.filter(uuid=mail.about).first()
    if order is None or not order.asked_by.may(Permission.ORDER_REPORTS):
        return None
    return message(order, order.asked_by)


def message(order: BulkOrder, user: User) -> EmailMultiAlternatives:
    """The mail in the active language: plain text, and the same as simple HTML.

    It names no donor and carries no file: its link opens for who signs in and may order reports.
    """
    address = settings.PORTAL_ADDRESS.rstrip("/")
    context = {
        "user": user, "order": order, "made": order.items.exclude(report=None).count(),
        "failed": order.items.filter(report=None).count(),
        "is_demonstration": order.ledger.is_demonstration,
        "page": address + reverse("bulk", args=[order.uuid]),
        "language": current_language(), "direction": "rtl" if is_right_to_left() else "ltr",
    }  # fmt: skip
    subject = _("Habitat Portal: the reports you ordered are there")
    if order.ledger.is_demonstration:
        subject = _("DEMONSTRATION · %(subject)s") % {"subject": subject}
    mail = EmailMultiAlternatives(
        subject, render_to_string("emails/bulk.txt", context), to=[user.email]
    )
    mail.attach_alternative(render_to_string("emails/bulk.html", context), "text/html")
    return mail
