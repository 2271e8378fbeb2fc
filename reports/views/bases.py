"""Agreed, due and received; what changed since; what is outstanding: for Board and staff."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.models import Ledger, Month
from income.periods import YearMonth
from income.views.books import chosen_books
from interface.errors import PortalError
from interface.paging import page_of
from reports.figures.base_question import address_of, parse_bases, years_held
from reports.figures.bases import Bases
from reports.figures.bases import bases as ask_bases
from reports.figures.outstanding import Outstanding
from reports.figures.outstanding import outstanding as ask_outstanding
from reports.figures.restatement import (
    BASES,
    OPEN_BASES,
    Restatement,
    SinceWrong,
    basis_label,
    since_of,
)
from reports.figures.restatement import restatement as ask_restatement
from reports.figures.scope import Scope
from reports.sheets import bases as sheets
from reports.tables import bases as tables
from reports.views.kept import tagged

ROWS = 100


@requires(Permission.VIEW_BOARD)
@tagged
def bases(request: HttpRequest) -> HttpResponse:
    """Three bases of a year, their bridge, the years money is for, gross and net."""
    try:
        told = _bases(request)
    except PortalError as error:
        return _refused(request, error)
    return render(request, "reports/bases.html", _bases_context(request, told))


@requires(Permission.VIEW_BOARD)
def bases_csv(request: HttpRequest) -> HttpResponse:
    """Everything the page shows, as a file."""
    try:
        told = _bases(request)
    except PortalError as error:
        return _refused(request, error)
    return _file(sheets.bases_csv(told), f"bases-{told.state.books}-{told.question.year}")


@requires(Permission.VIEW_BOARD)
@tagged
def restatement(request: HttpRequest) -> HttpResponse:
    """What changed since a closed month, a day or a state of the books."""
    try:
        told = _restatement(request)
    except PortalError as error:
        return _refused(request, error)
    context = _restatement_context(request, told)
    return render(request, "reports/restatement.html", context)


@requires(Permission.VIEW_BOARD)
def restatement_csv(request: HttpRequest) -> HttpResponse:
    """Every change, as a file."""
    try:
        told = _restatement(request)
    except PortalError as error:
        return _refused(request, error)
    name = f"restatement-{told.state.books}-since-{told.since.sequence}"
    return _file(sheets.restatement_csv(told), name)


@requires(Permission.VIEW_BOARD)
@tagged
def outstanding(request: HttpRequest) -> HttpResponse:
    """What was agreed and has not arrived."""
    try:
        told = _outstanding(request)
    except PortalError as error:
        return _refused(request, error)
    return render(request, "reports/outstanding.html", _outstanding_context(request, told))


@requires(Permission.VIEW_BOARD)
def outstanding_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    try:
        told = _outstanding(request)
    except PortalError as error:
        return _refused(request, error)
    name = f"outstanding-{told.state.books}-{told.today.isoformat()}"
    return _file(sheets.outstanding_csv(told), name)


def _sees_everything(request: HttpRequest) -> bool:
    """Staff see promises one by one; the Board sees sums that give away no single donor."""
    return signed_in(request).may(Permission.VIEW_BANK_DATA)


def _bases(request: HttpRequest) -> Bases:
    sees_everything = _sees_everything(request)
    if not sees_everything and (request.GET.get("donor") or request.GET.get("contribution")):
        raise PermissionDenied
    ledger = chosen_books(request)
    today = timezone.localdate()
    return ask_bases(parse_bases(request.GET, ledger, today, sees_everything=sees_everything))


def _restatement(request: HttpRequest) -> Restatement:
    sees_everything = _sees_everything(request)
    basis = request.GET.get("basis") or OPEN_BASES[0]
    if basis not in BASES:
        raise SinceWrong(_("There is no basis called “%(basis)s”.") % {"basis": basis[:20]})
    if basis not in OPEN_BASES and not sees_everything:
        raise PermissionDenied
    ledger = chosen_books(request)
    since = since_of(ledger, request.GET.get("since", ""))
    return ask_restatement(ledger, since, basis=basis, with_persons=sees_everything)


def _outstanding(request: HttpRequest) -> Outstanding:
    today = timezone.localdate()
    ledger = chosen_books(request)
    return ask_outstanding(Scope(ledger), today, sees_everything=_sees_everything(request))


def _frame(ledger_code: str, is_demonstration: bool) -> dict[str, Any]:
    all_books = list(Ledger.objects.order_by("code"))
    current = next((one for one in all_books if one.code == ledger_code), None)
    return {
        "question": {"all_books": all_books, "ledger": current},
        "demonstration_books": is_demonstration,
    }


def _bases_context(request: HttpRequest, told: Bases) -> dict[str, Any]:
    asked, today = told.question, timezone.localdate()
    name = told.names.get(asked.fund, _("all funds"))
    bare = address_of(asked, fund="")
    return {
        **_frame(told.state.books, told.state.is_demonstration),
        "told": told, "asked": asked, "address": address_of(asked),
        "years": years_held(asked.scope.ledger, today), "fund_names": told.names.items(),
        "months": _months(asked.year, today) if asked.sees_everything else (),
        "bases_table": tables.bases_table(told, address=f"?{bare}"),
        "not_cash_table": tables.not_cash_table(told),
        "bridge_table": tables.bridge_table(told.bridge, name),
        "years_for_table": tables.years_for_table(told.years_for),
        "gross_net_table": tables.gross_net_table(told.gross_net),
    }  # fmt: skip


def _months(year: int, today: datetime.date) -> list[YearMonth]:
    latest = min(YearMonth(year, 12), YearMonth.of(today))
    return [YearMonth(year, month) for month in range(latest.month, 0, -1)]


def _restatement_context(request: HttpRequest, told: Restatement) -> dict[str, Any]:
    persons = _sees_everything(request)
    page = page_of(told.changes, request.GET.get("page"), ROWS)
    closed = Month.objects.filter(ledger__code=told.state.books).order_by("-month")
    return {
        **_frame(told.state.books, told.state.is_demonstration),
        "told": told, "page": page, "since": request.GET.get("since", ""),
        "basis_label": basis_label(told.basis),
        "closed": [YearMonth.from_key(key) for key in closed.values_list("month", flat=True)],
        "bases": [(name, basis_label(name)) for name in BASES if persons or name in OPEN_BASES],
        "restated_table": tables.restated_table(told),
        "change_table": tables.change_table(told, page.items),
    }  # fmt: skip


def _outstanding_context(request: HttpRequest, told: Outstanding) -> dict[str, Any]:
    page = page_of(told.owed, request.GET.get("page"), ROWS)
    shown = {
        "fund_table": (told.funds, "owed-funds", _("By fund"), _("Fund")),
        "age_table": (told.ages, "owed-ages", _("By age"), _("Age")),
        "month_table": (told.months, "owed-months", _("By month due"), _("Month due")),
    }
    made = {
        name: tables.owed_cells_table(cells, told.total, identifier, caption, first)
        for name, (cells, identifier, caption, first) in shown.items()
    }
    return {
        **_frame(told.state.books, told.state.is_demonstration), **made, "told": told, "page": page,
        "owed_table": tables.owed_table(told, page.items), "is_staff": _sees_everything(request),
    }  # fmt: skip


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _refused(request: HttpRequest, error: PortalError) -> HttpResponse:
    return render(request, "reports/refused.html", {"error": error}, status=400)
