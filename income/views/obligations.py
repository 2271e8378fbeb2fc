"""Reports owed to donors: the list, one report, an agreement's clauses, the share on time."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from accounts.saved_views import views_of
from donors.models import Donor
from donors.ordering import by_name
from income.forms.fields import add_error
from income.forms.obligations import ClauseForm, ReportFilter, ReportForm, days_of, initial_of
from income.models import Contribution, Ledger, ReportClause, ReportDue
from income.obligations import SOON, OnTime, delivery, on_time, reports_in_books, reports_owed
from income.selectors import working_books
from income.services.obligations import add_clause, record_report, remove_clause
from income.vocabulary import ContributionState
from interface.conflicts import EditConflict, differences
from interface.errors import PortalError
from interface.formatting import format_date
from interface.paging import page_of

ROWS = 100
RELATED = ("contribution__donor",)


def chosen_books(request: HttpRequest) -> Ledger | None:
    """The books named by `?books=`, else those the portal works in."""
    if code := request.GET.get("books"):
        return get_object_or_404(Ledger, code=code)
    return working_books()


def _in_state(rows: QuerySet[ReportDue], state: str, today: datetime.date) -> QuerySet[ReportDue]:
    """Narrowed to a state of the filter."""
    submitted = Q(submitted_on__isnull=False)
    wanted = {
        "": Q(),
        ReportFilter.OPEN: ~submitted,
        ReportFilter.OVERDUE: ~submitted & Q(due_on__lt=today),
        ReportFilter.SOON: ~submitted & Q(due_on__gte=today, due_on__lte=today + SOON),
        "not_due": ~submitted & Q(due_on__gte=today),
        "submitted": submitted & Q(accepted_on=None),
        "accepted": Q(accepted_on__isnull=False),
        "on_time": Q(submitted_on__lte=F("due_on")),
        "late": Q(submitted_on__gt=F("due_on")),
    }
    return rows.filter(wanted[state])


SORTED_BY = {
    "": ("due_on", "pk"),
    "due": ("due_on", "pk"),
    "-due": ("-due_on", "-pk"),
    "donor": (),  # by name in the reader's language
    "kind": ("kind", "due_on", "pk"),
}


def _filtered(
    rows: QuerySet[ReportDue], asked: dict[str, Any], today: datetime.date
) -> QuerySet[ReportDue]:
    rows = _in_state(rows, asked.get("state", ""), today)
    if kind := asked.get("kind"):
        rows = rows.filter(kind=kind)
    if donor := asked.get("donor"):
        named = Donor.objects.named_like(donor).values("pk")
        rows = rows.filter(
            Q(contribution__donor__in=named) | Q(contribution__donor__merged_into__in=named)
        )
    if year := asked.get("year"):
        rows = rows.filter(due_on__range=days_of(year))
    by_donor = by_name("contribution__donor__"), "due_on", "pk"
    return rows.order_by(*(SORTED_BY[asked.get("sort", "")] or by_donor))


@requires(Permission.VIEW_DONORS)
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports owed in the books, narrowed and sorted by the address."""
    books, today = chosen_books(request), timezone.localdate()
    form = ReportFilter(request.GET)
    form.is_valid()  # what is not understood does not narrow, and is told beside its field
    user = signed_in(request)
    rows = reports_in_books(books, user, today).select_related(*RELATED)
    page = page_of(_filtered(rows, form.cleaned_data, today), request.GET.get("page"), ROWS)
    context = {
        "books": books, "demonstration_books": bool(books and books.is_demonstration),
        "form": form, "page": page, "rows": [(row, delivery(row, today)) for row in page.items],
        "query": _query_without_page(request), "today": today,
        "saved_views": views_of(user, "report_list", request.GET),
    }  # fmt: skip
    return render(request, "income/report_list.html", context)


def _query_without_page(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


@requires(Permission.VIEW_DONORS)
def report(request: HttpRequest, uuid: str) -> HttpResponse:
    """One report: for which time, when due, submitted and accepted."""
    user, today = signed_in(request), timezone.localdate()
    seen = Contribution.objects.for_user(user, today).values("pk")
    rows = ReportDue.objects.select_related(
        "contribution__donor", "contribution__ledger", "clause", "document", "submitted_by"
    )
    found = get_object_or_404(rows, uuid=uuid, contribution__in=seen)
    if request.method == "POST":
        if not user.may(Permission.ENTER_INCOME):
            raise PermissionDenied
        return _recorded(request, found)
    return _report_page(request, found, ReportForm(report=found))


def _recorded(request: HttpRequest, found: ReportDue) -> HttpResponse:
    form = ReportForm(request.POST, report=found)
    if not form.is_valid():
        return _report_page(request, found, form, status=422)
    try:
        record_report(found, **form.typed(), today=timezone.localdate(), by=signed_in(request))
    except EditConflict as error:
        form.add_error(None, error.sentence)
        found.refresh_from_db()
        conflict = differences(form, initial_of(found))
        form.data = {**request.POST.dict(), "version": str(found.version)}
        return _report_page(request, found, form, conflict=conflict, status=409)
    except PortalError as error:
        add_error(form, error)
        return _report_page(request, found, form, status=422)
    messages.success(request, _("The report is saved."))
    return redirect("report", found.uuid)


def _report_page(
    request: HttpRequest, found: ReportDue, form: ReportForm, *, conflict: Any = (),
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "report": found, "form": form, "conflict": conflict,
        "delivery": delivery(found, timezone.localdate()),
        "demonstration_books": found.contribution.ledger.is_demonstration,
        "may_record": signed_in(request).may(Permission.ENTER_INCOME),
    }  # fmt: skip
    return render(request, "income/report.html", context, status=status)


@requires(Permission.VIEW_DONORS)
def report_delivery(request: HttpRequest) -> HttpResponse:
    """The share of reports delivered on time, year by year of their due dates."""
    books, today = chosen_books(request), timezone.localdate()
    rows = list(reports_in_books(books, signed_in(request), today).order_by("due_on", "pk"))
    years = sorted({row.due_on.year for row in rows if row.due_on.year <= today.year}, reverse=True)
    context = {
        "books": books, "demonstration_books": bool(books and books.is_demonstration),
        "years": [(year, _year_of(rows, year, today)) for year in years],
        "all_years": on_time(rows, datetime.date.min, datetime.date.max, today),
        "day": format_date(today),
    }  # fmt: skip
    return render(request, "income/report_delivery.html", context)


def _year_of(rows: list[ReportDue], year: int, today: datetime.date) -> OnTime:
    return on_time(rows, *days_of(year), today)


@requires(Permission.ENTER_INCOME)
def contribution_clauses(request: HttpRequest, uuid: str) -> HttpResponse:
    """What an agreement says about reports; POST adds a clause."""
    user, today = signed_in(request), timezone.localdate()
    seen = Contribution.objects.for_user(user, today).select_related("donor", "ledger")
    found = get_object_or_404(seen, uuid=uuid)
    form = ClauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_clause(found, **form.cleaned_data, today=today, by=user)
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The clause is added."))
            return redirect("contribution_clauses", found.uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "income/report_clauses.html", _clauses(found, form), status=status)


def _clauses(found: Contribution, form: ClauseForm) -> dict[str, Any]:
    return {
        "contribution": found, "form": form,
        "demonstration_books": found.ledger.is_demonstration,
        "is_signed": found.state == ContributionState.SIGNED,
        **reports_owed(found, timezone.localdate()),
    }  # fmt: skip


@requires(Permission.ENTER_INCOME)
@require_POST
def clause_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a clause away, with the reports it would still make fall due."""
    user, today = signed_in(request), timezone.localdate()
    seen = Contribution.objects.for_user(user, today).values("pk")
    clauses = ReportClause.objects.select_related("contribution")
    clause = get_object_or_404(clauses, pk=pk, contribution__in=seen)
    try:
        remove_clause(clause, today=today, by=user)
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The clause is removed."))
    return redirect("contribution_clauses", clause.contribution.uuid)
