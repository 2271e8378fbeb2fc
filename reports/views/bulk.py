"""Orders of many reports: the list, a new one, how far one is, its archive, calling it off."""

import datetime
import uuid as uuids
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.forms.fields import add_error
from income.models import Ledger
from income.views.books import chosen_books
from interface.errors import PortalError
from interface.paging import page_of
from jobs.registry import kind_called
from reports.bulk import ordering
from reports.bulk.delivering import archive_name, record_archive_taken
from reports.bulk.forms import OrderForm
from reports.bulk.listing import OrderState, counted, state_of
from reports.models import BulkOrder, ReportType

ORDERS, ITEMS = 50, 100  # rows of a page
YEARS = 12
BADGES = {
    OrderState.FINISHED: "badge-done", OrderState.BROKEN: "badge-wrong",
    OrderState.CANCELLED: "",
}  # fmt: skip


@requires(Permission.ORDER_REPORTS)
@require_safe
def bulk_list(request: HttpRequest) -> HttpResponse:
    """Every order, newest first; and a year's statements in all languages, ready to order."""
    books = chosen_books(request)
    rows = ordering.orders_for(signed_in(request)).filter(ledger=books)
    page = page_of(rows, request.GET.get("page"), ORDERS)
    context = {
        "books": books, "demonstration_books": books.is_demonstration,
        "all_books": Ledger.objects.order_by("code"), "page": page,
        "orders": [_row(one) for one in page.items],
        "years": ordering.years_of(books, most=YEARS),
    }  # fmt: skip
    return render(request, "reports/bulk_list.html", context)


def _row(order: BulkOrder) -> dict[str, Any]:
    state = state_of(order)
    names = dict(settings.LANGUAGES)
    return {
        "order": order, "type": ReportType(order.type).label, "state": state.label,
        "badge": BADGES.get(state, "badge-waiting"),
        "languages": [names.get(code, code) for code in order.languages],
    }  # fmt: skip


@requires(Permission.ORDER_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_new(request: HttpRequest) -> HttpResponse:
    """The form of an order; `?year=` fills it in for that year, else for the last one."""
    books = chosen_books(request)
    form = OrderForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if form.is_bound and form.is_valid():
        try:
            made = ordering.order(ledger=books, by=signed_in(request), **form.cleaned_data)
        except PortalError as error:
            add_error(form, error)
        else:
            return redirect("bulk", made.uuid)
    context = {"form": form, "books": books, "demonstration_books": books.is_demonstration}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reports/bulk_new.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """The whole year asked for, in every language."""
    asked, last = request.GET.get("year", ""), timezone.localdate().year - 1
    is_year = asked.isascii() and asked.isdecimal() and 1900 <= int(asked[:5]) <= last + 1
    year = int(asked) if is_year else last
    return {
        "type": ReportType.STATEMENT, "languages": [code for code, _name in settings.LANGUAGES],
        "from_on": datetime.date(year, 1, 1), "until_on": datetime.date(year, 12, 31),
    }  # fmt: skip


@requires(Permission.ORDER_REPORTS)
@require_safe
def bulk(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One order: how far it is, what became of each report; with HTMX, the part that changes."""
    found = get_object_or_404(ordering.orders_for(signed_in(request)), uuid=uuid)
    progress = {"job": found.job, "work": kind_called(ordering.KIND).title, "poll": request.path}
    if request.headers.get("HX-Request") == "true" and found.job:
        response = render(request, "jobs/_progress.html", progress)
        if found.job.is_over:
            response["HX-Refresh"] = "true"  # the archive and what was made are on the whole page
        return response
    state = state_of(found)
    page = page_of(found.items.select_related("donor", "report"), request.GET.get("page"), ITEMS)
    context = {
        **progress, **_row(found), "demonstration_books": found.ledger.is_demonstration,
        "page": page, "counted": counted(found), "names": dict(settings.LANGUAGES),
        "is_going_on": state in (OrderState.WAITING, OrderState.RUNNING),
        "is_finished": state == OrderState.FINISHED, "is_broken": state == OrderState.BROKEN,
    }  # fmt: skip
    return render(request, "reports/bulk.html", context)


@requires(Permission.ORDER_REPORTS)
@require_safe
def bulk_file(request: HttpRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """The archive, byte for byte as it was stored; who takes it took each report in it."""
    user = signed_in(request)
    found = get_object_or_404(ordering.orders_for(user), uuid=uuid, finished_at__isnull=False)
    if not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404(_("The archive of this order is not in the store."))
    content = found.file.open("rb")
    if request.method == "GET":
        record_archive_taken(found, by=user)
    response = FileResponse(
        content, as_attachment=True, filename=archive_name(found), content_type="application/zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Permission.ORDER_REPORTS)
@require_POST
def bulk_cancel(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Call an order off; what is made stays."""
    user = signed_in(request)
    found = get_object_or_404(ordering.orders_for(user), uuid=uuid)
    try:
        ordering.cancel(found, by=user, at=timezone.now())
    except PortalError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The order is called off. What was made stays."))
    return redirect("bulk", found.uuid)
