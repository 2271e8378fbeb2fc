"""Making the reports of an order one by one, going on where an earlier attempt broke off."""

import logging
from collections.abc import Callable

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from interface.errors import PortalError
from jobs.models import Job
from jobs.pulse import JobLost
from jobs.registry import Report, job
from reports.bulk import delivering
from reports.bulk.ordering import KIND, Wanted, wanted_of
from reports.documents.asking import Asked, document_of
from reports.figures.asked_period import AskedPeriod
from reports.figures.statement import one_reading
from reports.models import BulkItem, BulkOrder, SealedReport
from reports.pdf.fonts import FontMissing
from reports.sealing import superseding
from reports.sealing.errors import SigningFailed
from reports.sealing.making import seal

logger = logging.getLogger(__name__)
# Makes and seals one report of an order. Raises PortalError and OSError.
Maker = Callable[[BulkOrder, Wanted], SealedReport]
# What is wrong with one report because of these is wrong with all.
OF_THE_INSTALLATION = (SigningFailed, FontMissing)
LONGEST_SENTENCE = 300
PROBLEMS_TOLD = 20  # on the page of the work; the index of the archive holds all


class NothingMade(PortalError):
    """Not one report of an order could be made."""


@job(KIND, title=gettext_lazy("Reports of many donors"))
def make_reports(job: Job, report: Report) -> str:
    """Payload: order. Result: how many were made, and the problems."""
    related = BulkOrder.objects.select_related("ledger", "asked_by")
    order = related.get(uuid=job.payload["order"])
    sentence = carry_out(order, report, make=make_report)
    failed = order.items.filter(report=None).select_related("donor")
    job.result = {
        "made": order.items.exclude(report=None).count(),
        "problems": [f"{_called(one)}: {one.sentence}" for one in failed[:PROBLEMS_TOLD]],
    }
    return sentence


def _called(item: BulkItem) -> str:
    return ", ".join(filter(None, (item.donor.code, item.subject, item.language)))


def make_report(order: BulkOrder, wanted: Wanted) -> SealedReport:
    """One report of the order, made and sealed as of the day it was ordered.

    Raises NothingToReport, PdfFailed, SealingFailed, and BooksMoving.
    """
    period = AskedPeriod(order.from_on, order.until_on)
    asked = Asked(
        order.type, order.ledger, wanted.donor, wanted.language, period, wanted.subject
    )  # fmt: skip
    document = document_of(asked, timezone.localdate(order.asked_at))
    return seal(document, by=order.asked_by, at=timezone.now(), tells=False)


def carry_out(order: BulkOrder, progress: Report, *, make: Maker) -> str:
    """Make what is not made yet, then the archive, then tell; the sentence that says what came.

    Each step is committed and done once, however often this is begun. Raises DeliveryFailed,
    NothingMade, and what is wrong with the installation.
    """
    if order.finished_at is None:
        _make_and_tell(order, progress, make)
        if _is_cancelled(order) or not delivering.deliver(order, at=timezone.now()):
            return _("The order was called off. What was made before stays.")
    delivering.tell_once(order)
    return _said(order)


def _make_and_tell(order: BulkOrder, progress: Report, make: Maker) -> None:
    """Make what is missing; then, also of an order that fails, tell of all it has superseded."""
    try:
        with one_reading():
            _make_missing(order, progress, make)
    except PortalError:
        superseding.tell(order.uuid.hex)
        raise
    superseding.tell(order.uuid.hex)
    made, problem = order.items.exclude(report=None), order.items.first()
    if problem and not made.exists():
        raise NothingMade(
            _("Not one report could be made. %(reason)s") % {"reason": problem.sentence}
        )


def _make_missing(order: BulkOrder, progress: Report, make: Maker) -> None:
    """Try every report that was not tried yet, until the order is called off."""
    wanted = wanted_of(order)
    there = set(order.items.values_list("donor", "subject", "language"))
    missing = [one for one in wanted if one.key not in there]
    progress(len(wanted) - len(missing), len(wanted))
    for number, one in enumerate(missing, start=1):
        if _is_cancelled(order):
            return
        _make_one(order, one, make)
        progress(len(wanted) - len(missing) + number, len(wanted))


def _is_cancelled(order: BulkOrder) -> bool:
    return BulkOrder.objects.filter(pk=order.pk, cancelled_at__isnull=False).exists()


def _make_one(order: BulkOrder, wanted: Wanted, make: Maker) -> None:
    """Make one report and note it, or the sentence that says why there is none.

    Sealing commits by itself and gives the same version for the same content, so a break between
    the two leaves no second one.
    """
    report, sentence = None, ""
    try:
        report = make(order, wanted)
    except (JobLost, OperationalError, InterfaceError, *OF_THE_INSTALLATION):
        raise
    except PortalError as error:
        sentence = error.sentence
    except OSError:
        logger.exception("Order %s: %s could not be stored", order, wanted)
        sentence = _("The file could not be stored. Check the space and the rights of the store.")
    except Exception:  # the reports of the other donors are made all the same
        logger.exception("Order %s: %s could not be made", order, wanted)
        sentence = _("Something went wrong that nobody foresaw. An administrator finds it logged.")
    try:
        with transaction.atomic():
            BulkItem.objects.create(
                order=order, donor=wanted.donor, subject=wanted.subject, language=wanted.language,
                report=report, sentence=sentence[:LONGEST_SENTENCE],
            )  # fmt: skip
    except IntegrityError:
        logger.warning("Order %s: another worker made %s", order, wanted)


def _said(order: BulkOrder) -> str:
    made, failed = (order.items.filter(report__isnull=none).count() for none in (False, True))
    sentence = ngettext(
        "%(count)d report was made.", "%(count)d reports were made.", made
    ) % {"count": made}  # fmt: skip
    if not failed:
        return sentence
    other = ngettext(
        "%(count)d report could not be made; the index says why.",
        "%(count)d reports could not be made; the index says why.",
        failed,
    ) % {"count": failed}
    return f"{sentence} {other}"
