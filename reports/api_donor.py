"""What one donor promised and gave, in the API: for staff and for who speaks for the donor."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import holds, person
from accounts.audit.recording import concerns
from accounts.permissions import Permission
from donors.models import Donor
from income.api_asking import with_books
from interface.api import Figures
from reports.api import object_of
from reports.api_asking import DonorBooks, DonorQuestion, sensible_year, told
from reports.figures.asked_period import AskedPeriod
from reports.figures.known import known_of
from reports.figures.profile import profile
from reports.figures.statement import period_statement
from reports.views.donor import FIRST_YEAR

READERS = [holds(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)]


def _donor(request: Request, code: str) -> Donor:
    """The donor, if the person may see it today. Raises Http404."""
    today = timezone.localdate()
    found = get_object_or_404(Donor.objects.for_user(person(request), today), code=code)
    concerns(request._request, found.pk)
    return found


@object_of("The donor's year.")
class Statement(Figures):
    """What a donor promised and gave in a year, receipt by receipt and by fund."""

    filters = DonorQuestion
    permission_classes = READERS

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Of one state of the books."""
        wanted, today = with_books(self.wanted()), timezone.localdate()
        donor, books = _donor(request, kwargs["code"]), wanted["books"]
        period = AskedPeriod.of_year(sensible_year(kwargs["year"], FIRST_YEAR))
        return told(
            lambda: period_statement(
                books, donor, period, today, known_of(books, wanted.get("known", ""), today)
            )
        )


@object_of("The ten years.")
class Profile(Figures):
    """Ten years of one donor: what it gave by year and fund, and what stands open today."""

    filters = DonorBooks
    permission_classes = READERS

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Of one state of the books as they stand."""
        wanted, today = with_books(self.wanted()), timezone.localdate()
        donor = _donor(request, kwargs["code"])
        year = sensible_year(kwargs["year"], FIRST_YEAR)
        return told(lambda: profile(wanted["books"], donor, year, today))
