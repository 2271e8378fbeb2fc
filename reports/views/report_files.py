"""Reports to a donor: making one, taking its file, and the list of what was made."""

import datetime
import hashlib
import uuid as uuids
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor
from income.models import Contribution, Entry, Ledger
from income.views.books import chosen_books
from interface.errors import PortalError
from interface.formatting import format_amount, format_date
from interface.paging import page_of
from reports.documents.asking import Asked, document_of
from reports.documents.errors import NothingToReport
from reports.documents.selectors import receipts_to_acknowledge, reports_for, reports_of
from reports.models import ReportType, SealedReport
from reports.sealing.documents import download_name
from reports.sealing.errors import SealingFailed
from reports.sealing.making import seal
from reports.services import last_language, record_download, remember_language
from reports.views.donor import own_donors, refused

ROWS = 50
CHOICES = 200  # receipts and contributions to choose from; each has its own button elsewhere


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_GET
def report_file(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One version, byte for byte as it was sealed; every download is recorded."""
    user = signed_in(request)
    report = get_object_or_404(reports_for(user, timezone.localdate()), uuid=uuid)
    try:
        return taken(report, user)
    except PortalError as error:
        return refused(request, report.donor, error)


def taken(report: SealedReport, user: User) -> HttpResponse:
    """The file's bytes as an answer, and the download recorded. Raises SealingFailed."""
    content = _content(report)
    record_download(report, by=user)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{download_name(report)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _content(report: SealedReport) -> bytes:
    """The bytes that were sealed; others are never handed out."""
    try:
        with report.file.open("rb") as file:
            content: bytes = file.read()
    except OSError as error:
        raise SealingFailed(_("The file of this report is not in the store.")) from error
    if hashlib.sha256(content).hexdigest() != report.sha256:
        raise SealingFailed(_("The stored file is not the one that was sealed; it is not given."))
    return content


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_POST
def report_make(request: HttpRequest) -> HttpResponse:
    """Make the report asked for, or find its version in force, and lead to the file."""
    user, today = signed_in(request), timezone.localdate()
    if not (code := request.POST.get("donor")):
        messages.error(request, _("Choose the donor that the report is for."))
        return redirect("home")
    found, books = get_object_or_404(own_donors(user), code=code), _books(request)
    try:
        asked = Asked.parse(request.POST.dict(), books, found, today)
        remember_language(user, asked.language)
        report = seal(document_of(asked, today), by=user, at=timezone.now())
    except NothingToReport as error:
        messages.error(request, error.sentence)
        return redirect("sealed_list", found.code)
    except PortalError as error:
        return refused(request, found, error)
    return redirect("report_file", report.uuid)


def _books(request: HttpRequest) -> Ledger:
    if code := request.POST.get("books"):
        return get_object_or_404(Ledger, code=code)
    return chosen_books(request)


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_GET
def sealed_list(request: HttpRequest, code: str) -> HttpResponse:
    """What was made for the donor, with every version; for staff also who took it, and when."""
    user, today = signed_in(request), timezone.localdate()
    found = get_object_or_404(own_donors(user), code=code)
    books = chosen_books(request)
    context = {
        "donor": found, "books": books, "demonstration_books": books.is_demonstration,
        "page": page_of(reports_of(found, books), request.GET.get("page"), ROWS),
        "is_staff": user.may(Permission.VIEW_DONORS),
        "report_languages": settings.LANGUAGES, "names": dict(settings.LANGUAGES),
        "report_language": last_language(user),
        **_choices(books, found, today),
    }  # fmt: skip
    return render(request, "reports/sealed_list.html", context)


def _choices(books: Ledger, found: Donor, today: datetime.date) -> dict[str, Any]:
    """What can be asked for: a time, and the donor's own receipts and contributions.

    Proposed is the year of the last receipt; without any, the year before this one.
    """
    same = Donor.objects.with_merged(found)
    promised = Contribution.objects.in_books(books).promised().filter(donor__in=same)
    receipts = receipts_to_acknowledge(books, found, most=CHOICES)
    last, given = today.year, receipts[0].value_date.year if receipts else today.year - 1
    return {
        "types": ReportType, "from_on": datetime.date(given, 1, 1),
        "until_on": datetime.date(given, 12, 31), "most_on": datetime.date(last, 12, 31),
        "years": range(last, last - 20, -1), "last_year": given,
        "contributions": promised.order_by("-pk")[:CHOICES],
        "receipts": [_receipt_choice(one) for one in receipts],
    }  # fmt: skip


def _receipt_choice(entry: Entry) -> tuple[str, str]:
    """What is sent for a receipt, and how the reader finds it: day, amount, reference."""
    parts = (
        format_date(entry.value_date, length="medium"),
        format_amount(entry.amount, entry.currency_id),
        entry.posting.reference,
    )
    return f"{entry.posting.sequence}/{entry.line}", " · ".join(filter(None, parts))
