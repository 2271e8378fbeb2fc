"""The donor statement of a year as a PDF, by an address that can be kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.views.books import chosen_books
from interface.errors import PortalError
from interface.formatting import current_language
from reports.documents.statement import statement_document
from reports.figures.asked_period import AskedPeriod
from reports.sealing.making import seal
from reports.views.donor import own_donors, refused, sensible_year
from reports.views.report_files import taken


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_GET
def statement_pdf(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """One donor's year as a sealed file, in the reader's language; every download is recorded."""
    user, today = signed_in(request), timezone.localdate()
    found = get_object_or_404(own_donors(user), code=code)
    books, period = chosen_books(request), AskedPeriod.of_year(sensible_year(year))
    try:
        document = statement_document(
            books, found, period.from_on, period.until_on, current_language(), today=today
        )
        return taken(seal(document, by=user, at=timezone.now()), user)
    except PortalError as error:
        return refused(request, found, error)
