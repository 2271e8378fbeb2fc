"""The Board's pages: they ask for figures and show them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from interface.errors import PortalError
from reports.charts import board as charts
from reports.figures.dashboard import Dashboard
from reports.figures.dashboard import dashboard as ask
from reports.figures.documents import conflicts, printed_list, target_sets
from reports.figures.erp import erp_standing
from reports.figures.history import History
from reports.figures.history import history as ask_history
from reports.figures.levels import Level
from reports.figures.question import TOTAL, NoBooks, Question
from reports.figures.refusals import ToldElsewhere
from reports.sheets import board as sheets
from reports.tables import board as tables
from reports.tables import documents as tables_documents
from reports.tables import strategy as tables_strategy
from reports.views.blocks_context import blocks_context
from reports.views.forecast_context import forecast_context
from reports.views.kept import kept, tagged
from reports.views.question_context import choices, question_of
from targets.selectors import open_proposals
from targets.tables_proposed import path_table


@requires(Permission.VIEW_BOARD)
@kept
def dashboard(request: HttpRequest) -> HttpResponse:
    """Income against targets as at a month; HTMX gets the part of the page that changes."""
    try:
        answer = ask(question_of(request), today=timezone.localdate())
    except ToldElsewhere as there:
        messages.info(request, there.sentence)
        return _over_there(request, f"{reverse('bases')}?{there.address}")
    except PortalError as error:
        return _refused(request, error)
    is_fragment = request.headers.get("HX-Request") and not request.headers.get(
        "HX-History-Restore-Request"
    )
    page = "reports/_dashboard.html" if is_fragment else "reports/dashboard.html"
    sees_erp = signed_in(request).may(Permission.VIEW_BANK_DATA)
    return render(request, page, {**_dashboard_context(answer), "sees_erp": sees_erp})


@requires(Permission.VIEW_BOARD)
def dashboard_csv(request: HttpRequest) -> HttpResponse:
    """Everything the dashboard shows, as a file."""
    try:
        answer = ask(question_of(request), today=timezone.localdate())
    except PortalError as error:
        return _refused(request, error)
    source = answer.provenance
    mark = "DEMONSTRATION-" if source.is_demonstration else ""
    name = f"{mark}dashboard-{source.books}-{source.as_at.slug}.csv"
    response = HttpResponse(sheets.dashboard_csv(answer), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.VIEW_BOARD)
@kept
def history(request: HttpRequest) -> HttpResponse:
    """Income by fund over the years, and the largest donors of one of them."""
    try:
        answer = ask_history(question_of(request))
    except PortalError as error:
        return _refused(request, error)
    return render(request, "reports/history.html", _history_context(answer))


@requires(Permission.VIEW_BOARD)
@tagged
def target_list(request: HttpRequest) -> HttpResponse:
    """Every target set, and every scope with the targets that speak of it side by side."""
    user = signed_in(request)
    may_enter, sees_people = user.may(Permission.ENTER_TARGETS), user.may(Permission.VIEW_BANK_DATA)
    context = {
        "sets": [(one, path_table(one.paths, f"paths-{one.target_set.code}"))
                 for one in target_sets()],
        "conflicts": conflicts(), "may_enter": may_enter, "sees_people": sees_people,
        "open_proposals": open_proposals() if may_enter else (),
    }  # fmt: skip
    return render(request, "reports/targets.html", context)


@requires(Permission.VIEW_BOARD)
@tagged
def published_list(request: HttpRequest) -> HttpResponse:
    """What documents printed, beside the books that are chosen."""
    try:
        question = question_of(request)
        answer = printed_list(question)
    except PortalError as error:
        return _refused(request, error)
    context = {
        "answer": answer,
        "table": tables_documents.printed_table(answer),
        **_frame(question),
    }
    return render(request, "reports/published.html", context)


def _over_there(request: HttpRequest, address: str) -> HttpResponse:
    """Another page answers; HTMX is told to go there, as it would swap a redirect's answer in."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _refused(request: HttpRequest, error: PortalError) -> HttpResponse:
    """The sentence that says what is wrong; an installation without books is not an error."""
    status = 200 if isinstance(error, NoBooks) else 400
    return render(request, "reports/refused.html", {"error": error}, status=status)


def _frame(question: Question) -> dict[str, Any]:
    """What every page about books needs: which, and which others there are."""
    return {
        "question": question,
        "levels": [(one, f"?{question.query(level=one)}") for one in Level],
        "demonstration_books": question.ledger.is_demonstration,
        "units": question.units,
    }


def _dashboard_context(answer: Dashboard) -> dict[str, Any]:
    units = answer.question.units
    line, fund_chart = answer.line, charts.fund_chart(answer)
    region_chart = charts.region_chart(answer.regions)
    return {
        **_frame(answer.question),
        **choices(answer.question),
        **forecast_context(answer),
        **blocks_context(answer.blocks, answer.question, lambda name: _data(name, answer)),
        "dashboard": answer,
        "erp": erp_standing(answer.question.ledger, answer.question.as_at),
        "months": answer.question.choices,
        "fund_table": tables.fund_table(answer),
        "fund_chart": fund_chart,
        "fund_data": _data("funds", answer) if fund_chart.series else "",
        "line_chart": charts.line_chart(line) if line else None,
        "line_table": tables.line_table(line, units) if line else None,
        "line_data": _data("cumulative", answer),
        "total_line": f"?{answer.question.query(fund=TOTAL)}#cumulative-line",
        "rankings": [
            (charts.ranking_chart(one), tables.ranking_table(one, units),
             _data(f"donors-{one.fund}", answer))
            for one in answer.rankings
        ],
        "region_chart": region_chart,
        "region_table": tables.region_table(answer.regions, units),
        "region_data": _data("regions", answer) if region_chart.bars else "",
        "core_table": tables_strategy.core_table(answer),
        "governments_table": tables_strategy.governments_table(answer),
        "period_tables": [
            (one, tables_strategy.period_table(one, units))
            for one in (answer.period.sets if answer.period else ())
        ],
    }  # fmt: skip


def _history_context(answer: History) -> dict[str, Any]:
    units = answer.question.units
    return {
        **_frame(answer.question),
        "history": answer,
        "table": tables_documents.history_table(answer),
        "charts": [
            (one, _file_of(one.identifier, answer)) for one in charts.history_charts(answer)
        ],
        "years": [tables_documents.december(year) for year in reversed(answer.all_years)],
        "data": _file_of("history", answer),
        "rankings": [
            (
                charts.ranking_chart(one),
                tables.ranking_table(one, units),
                _file_of(f"history-donors-{one.fund}", answer),
            )
            for one in answer.rankings
        ],
    }


def _file_of(name: str, answer: History) -> str:
    """Where a chart of the years gives its data and its files."""
    return f"{reverse('dashboard_chart', args=[name])}?{answer.question.query()}"


def _data(name: str, answer: Dashboard) -> str:
    """Where the browser gets a chart's data from."""
    return f"{reverse('dashboard_chart', args=[name])}?{answer.address}"
