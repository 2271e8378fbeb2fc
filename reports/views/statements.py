"""Reports by addresses that can be kept: a year's statement, the acknowledgement of a receipt.

`?language=` chooses the language and is remembered; without it, it is the one chosen last.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.views.books import chosen_books
from interface.errors import PortalError
from reports.documents.asking import Asked, document_of
from reports.documents.errors import NothingToReport
from reports.figures.asked_period import AskedPeriod
from reports.models import ReportType
from reports.sealing.making import seal
from reports.services import last_language, remember_language
from reports.views.donor import own_donors, refused, sensible_year
from reports.views.report_files import taken


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_GET
def statement_pdf(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """One donor's year as a sealed file; every download is recorded."""
    donor = get_object_or_404(own_donors(signed_in(request)), code=code)
    asked = Asked(
        ReportType.STATEMENT, chosen_books(request), donor, language_of(request),
        AskedPeriod.of_year(sensible_year(year)),
    )  # fmt: skip
    return _taken(request, asked)


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_GET
def acknowledgement_pdf(request: HttpRequest, code: str, sequence: int, line: int) -> HttpResponse:
    """The acknowledgement of one receipt as a sealed file; every download is recorded."""
    donor = get_object_or_404(own_donors(signed_in(request)), code=code)
    asked = Asked(
        ReportType.ACKNOWLEDGEMENT, chosen_books(request), donor, language_of(request),
        subject=f"{sequence}/{line}",
    )  # fmt: skip
    return _taken(request, asked)


def language_of(request: HttpRequest) -> str:
    """The language that the address asks for, or the one chosen last; 404 for no language."""
    asked = request.GET.get("language")
    if asked is None:
        return last_language(signed_in(request))
    if asked not in dict(settings.LANGUAGES):
        raise Http404
    return asked


def _taken(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The file, made now where there is none that is current."""
    user = signed_in(request)
    try:
        document = document_of(asked, timezone.localdate())
        if "language" in request.GET:
            remember_language(user, asked.language)
        return taken(seal(document, by=user, at=timezone.now()), user)
    except NothingToReport as error:
        raise Http404(error.sentence) from None
    except PortalError as error:
        return refused(request, asked.donor, error)
