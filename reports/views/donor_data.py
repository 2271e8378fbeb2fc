"""A donor's data in one click: the entries of a year, of a period, or all years as an archive."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from accounts.access import requires, signed_in
from accounts.audit.recording import concerns
from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor
from donors.relation_views import as_download
from income.models import Entry, Ledger
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.sheets import entries_csv, entries_preamble, entries_rows
from income.views.books import LIST_RELATED, chosen_books, sees_bank_data
from interface.formatting import is_right_to_left
from interface.workbooks import xlsx_bytes
from reports.archive import archive, take_archive
from reports.figures.own_file import shared_documents
from reports.views.donor import own_donors

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
FIRST, LAST = YearMonth(1945, 1), YearMonth(2998, 12)


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_safe
def donor_entries(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The donor's entries as a file: of `?year=`, of the months `?from=` to `?to=`, or all."""
    user, books = signed_in(request), chosen_books(request)
    found = get_object_or_404(own_donors(user), code=code)
    concerns(request, found.pk)
    first, last, called = _asked(request)
    rows = entries_of_donor(books, found, user).filter(value_date__gte=first, value_date__lte=last)
    make = entries_csv if form == "csv" else _workbook
    content = make(rows, books, with_bank_data=sees_bank_data(user))
    return _file(content, books, f"{found.code}-{books.code}-{called}.{form}")


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_GET
def donor_archive(request: HttpRequest, code: str) -> HttpResponse:
    """All years as one archive, with the sealed reports that there are; who took it is kept."""
    user, books = signed_in(request), chosen_books(request)
    found = get_object_or_404(own_donors(user), code=code)
    entries = entries_of_donor(books, found, user)
    made = archive(books, found, entries, with_bank_data=sees_bank_data(user))
    take_archive(made, books, found, by=user)
    return _file(made.content, books, f"{found.code}-{books.code}.zip")


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_safe
def my_document(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """A document that the donor's representatives may open, as a download."""
    own = own_donors(signed_in(request))
    same = Donor.objects.filter(pk__in=[
        one.pk for donor in _owners(own, uuid) for one in Donor.objects.with_merged(donor)
    ])  # fmt: skip
    found = get_object_or_404(shared_documents(same), uuid=uuid)
    concerns(request, found.donor_id)
    return as_download(found)


def _owners(own: Any, uuid: str) -> list[Donor]:
    """Those of the donors whose document it may be: the donor it is kept with, as it is today."""
    kept = Donor.objects.filter(documents__uuid=uuid).values_list("pk", flat=True)
    today = [one.pk for one in Donor.objects.become(kept).values()]
    return list(own.filter(pk__in=[*kept, *today]))


def entries_of_donor(books: Ledger, donor: Donor, user: User) -> EntryQuerySet:
    """Every entry of the donor and of those merged into it that the person may see."""
    entries = Entry.objects.in_books(books).for_user(user, timezone.localdate())
    mine = entries.filter(donor__in=Donor.objects.with_merged(donor))
    return mine.select_related(*LIST_RELATED).order_by("value_date", "pk")


def _asked(request: HttpRequest) -> tuple[datetime.date, datetime.date, str]:
    """The days, and what they are called in the file's name; 404 for what is no time."""
    asked = {name: request.GET.get(name, "") for name in ("year", "from", "to")}
    year, first, last = asked.values()
    try:
        since = YearMonth.parse(f"{year}-01" if year else first) if year or first else FIRST
        until = YearMonth.parse(f"{year}-12" if year else last) if year or last else LAST
        days = since.first_day, until.last_day
    except ValueError:
        raise Http404 from None
    if days[0] > days[1]:
        raise Http404
    called = f"{since.slug}-to-{until.slug}" if first or last else "all-years"
    return *days, str(since.year) if year else called


def _workbook(rows: Iterable[Entry], books: Ledger, *, with_bank_data: bool) -> bytes:
    """The same entries give the same bytes."""
    header, lines = entries_rows(rows, with_bank_data=with_bank_data)
    made_at = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
    return xlsx_bytes(
        "Entries", header, lines, preamble=entries_preamble(books),
        is_right_to_left=is_right_to_left(), made_at=made_at,
    )  # fmt: skip


def _file(content: bytes, books: Ledger, called: str) -> HttpResponse:
    mark = "DEMONSTRATION-" if books.is_demonstration else ""
    answer = HttpResponse(content, content_type=MEDIA_TYPES[called.rpartition(".")[2]])
    answer["Content-Disposition"] = f'attachment; filename="{mark}{called}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
