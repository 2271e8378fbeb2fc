"""Making the reports of an order one by one, going on where an earlier attempt broke off."""

import datetime
import logging
from collections.abc import Callable

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from donors.models import Donor
from interface.errors import PortalError
from jobs.models import Job
from jobs.pulse import JobLost
from jobs.registry import Report, job
from reports.bulk import delivering
from reports.bulk.ordering import KIND, donors_of
from reports.documents.profile import profile_document
from reports.documents.statement import statement_document
from reports.models import BulkItem, BulkOrder, ReportType, SealedReport
from reports.sealing.documents import SealedDocument
from reports.sealing.making import seal

logger = logging.getLogger(__name__)
# Makes and seals one report of an order. Raises PortalError and OSError.
Maker = Callable[[BulkOrder, Donor, str], SealedReport]
LONGEST_SENTENCE = 300
PROBLEMS_TOLD = 20  # on the page of the work; the index of the archive holds all


@job(KIND, title=gettext_lazy("Reports of many donors"))
def make_reports(job: Job, report: Report) -> str:
    """Payload: order. Result: how many were made, and the problems."""
    related = BulkOrder.objects.select_related("ledger", "asked_by")
    order = related.get(uuid=job.payload["order"])
    sentence = carry_out(order, report, make=make_report)
    failed = order.items.filter(report=None).select_related("donor")
    job.result = {
        "made": order.items.exclude(report=None).count(),
        "problems": [
            f"{one.donor.code}, {one.language}: {one.sentence}" for one in failed[:PROBLEMS_TOLD]
        ],
    }
    return sentence


def make_report(order: BulkOrder, donor: Donor, language: str) -> SealedReport:
    """One report of the order, made and sealed as of the day it was ordered.

    Raises PdfFailed, SealingFailed, and BooksMoving.
    """
    today = timezone.localdate(order.asked_at)
    document = _document(order, donor, language, today)
    return seal(document, by=order.asked_by, at=timezone.now())


def _document(
    order: BulkOrder, donor: Donor, language: str, today: datetime.date
) -> SealedDocument:
    if order.type == ReportType.PROFILE:
        return profile_document(order.ledger, donor, order.until_on.year, language, today=today)
    first, last = order.from_on, order.until_on
    return statement_document(order.ledger, donor, first, last, language, today=today)


def carry_out(order: BulkOrder, progress: Report, *, make: Maker) -> str:
    """Make what is not made yet, then the archive, then tell; the sentence that says what came.

    Each step is committed and done once, however often this is begun. Raises DeliveryFailed.
    """
    if order.finished_at is None:
        if not _make_missing(order, progress, make):
            return _("The order was called off. What was made before stays.")
        if not delivering.deliver(order, at=timezone.now()):
            return _("The order was called off. What was made before stays.")
    delivering.tell_once(order)
    return _said(order)


def _make_missing(order: BulkOrder, progress: Report, make: Maker) -> bool:
    """Whether every report was tried; not when the order was called off."""
    donors = donors_of(order.ledger, order.from_on, order.until_on, order.donors)
    wanted = [(donor, language) for donor in donors for language in order.languages]
    there = set(order.items.values_list("donor", "language"))
    missing = [(donor, lang) for donor, lang in wanted if (donor.pk, lang) not in there]
    progress(len(wanted) - len(missing), len(wanted))
    for number, (donor, language) in enumerate(missing, start=1):
        if _is_cancelled(order):
            return False
        _make_one(order, donor, language, make)
        progress(len(wanted) - len(missing) + number, len(wanted))
    return not _is_cancelled(order)


def _is_cancelled(order: BulkOrder) -> bool:
    return BulkOrder.objects.filter(pk=order.pk, cancelled_at__isnull=False).exists()


def _make_one(order: BulkOrder, donor: Donor, language: str, make: Maker) -> None:
    """Make one report and note it, or the sentence that says why there is none.

    Sealing commits by itself and gives the same version for the same content, so a break between
    the two leaves no second one.
    """
    report, sentence = None, ""
    try:
        report = make(order, donor, language)
    except (JobLost, OperationalError):
        raise
    except PortalError as error:
        sentence = error.sentence
    except OSError:
        logger.exception("Order %s: %s in %s could not be stored", order, donor.code, language)
        sentence = _("The file could not be stored. Check the space and the rights of the store.")
    except Exception:  # the reports of the other donors are made all the same
        logger.exception("Order %s: %s in %s could not be made", order, donor.code, language)
        sentence = _("Something went wrong that nobody foresaw. An administrator finds it logged.")
    try:
        with transaction.atomic():
            BulkItem.objects.create(
                order=order, donor=donor, language=language, report=report,
                sentence=sentence[:LONGEST_SENTENCE],
            )  # fmt: skip
    except IntegrityError:
        logger.warning("Order %s: another worker made %s in %s", order, donor.code, language)


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
