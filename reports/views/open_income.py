"""Public pages of money: income against targets, the flows, the donors and one donor."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from income.models import Fund
from income.periods import YearMonth
from interface.paging import page_of
from reports.charts import board as charts
from reports.charts import open as open_charts
from reports.figures.dashboard import Dashboard
from reports.open import tables
from reports.open.asking import income_of, month_of
from reports.open.cells import Cells, read_cells
from reports.open.flows import flows as flows_of
from reports.open.giving import donor_years, given_list, survivor_of
from reports.open.places import Address
from reports.open.responses import Opened, open_page
from reports.open.words import income_sentence, list_sentence
from reports.tables import board
from reports.views.open_frame import frame

ROWS = 50


@open_page("funds", "regions")
def income(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Income by fund against targets, month by month, by region, by donor, year by year."""
    cells = read_cells(opened.published)
    year = _year_of(request, cells)
    answer = income_of(opened.published, year)
    is_own = year == opened.published.as_at.year
    context = {
        **frame(request, opened, Address("open_income", year=None if is_own else year)),
        **_funds(answer, opened), **_regions(answer, opened), **_rankings(answer, opened),
        "year": year, "as_at": answer.question.as_at, "provenance": answer.provenance,
        "headline": income_sentence(answer), "notes": answer.notes, "goal_set": answer.goal_set,
        "year_table": tables.year_table(cells, _fund_names(), year),
    }  # fmt: skip
    return render(request, "reports/open_income.html", context)


def _year_of(request: HttpRequest, cells: Cells) -> int:
    """The year asked for. Raises Http404 for one that the published state does not hold."""
    asked = request.GET.get("year", "")
    if not asked:
        return cells.published.as_at.year
    found = next((year for year in cells.years if str(year) == asked), None)
    if found is None:
        raise Http404(_("These books do not hold that year."))
    return found


def _fund_names() -> dict[str, str]:
    return {fund.code: str(fund) for fund in Fund.objects.all()}


def _funds(answer: Dashboard, opened: Opened) -> dict[str, Any]:
    if not opened.has("funds"):
        return {}
    line = answer.line
    return {
        "fund_table": tables.fund_table(answer),
        "fund_chart": charts.fund_chart(answer),
        "line_chart": charts.line_chart(line) if line else None,
        "line_table": tables.unlinked(board.line_table(line, "exact")) if line else None,
    }


def _regions(answer: Dashboard, opened: Opened) -> dict[str, Any]:
    if not opened.has("regions"):
        return {}
    return {
        "region_chart": charts.region_chart(answer.regions),
        "region_table": tables.unlinked(board.region_table(answer.regions, "exact")),
    }


def _rankings(answer: Dashboard, opened: Opened) -> dict[str, Any]:
    if not opened.has("donors"):
        return {}
    return {
        "rankings": [
            (charts.ranking_chart(one), tables.unlinked(board.ranking_table(one, "exact")))
            for one in answer.rankings
        ]
    }


@open_page("donors")
def donors(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Everybody who gave, by name or by amount; who stays unnamed is one line."""
    given = given_list(read_cells(opened.published))
    text, sort = request.GET.get("q", "")[:100], request.GET.get("sort", "name")
    found = given.found(text, by_amount=sort == "amount")
    page = page_of(found, request.GET.get("page"), ROWS)
    sorts = {name: _sorted_by(request, name) for name in ("name", "amount")}
    context = {
        **frame(request, opened, Address("open_donors")),
        "given": given, "page": page, "q": text, "sort": sort,
        "headline": list_sentence(given),
        "table": tables.donor_table(given, page, sorts, sort),
        "together": tables.together_table(given),
    }  # fmt: skip
    return render(request, "reports/open_donors.html", context)


def _sorted_by(request: HttpRequest, name: str) -> str:
    """The same list, sorted so, from its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = name
    return f"?{query.urlencode()}"


@open_page("donors")
def donor(request: HttpRequest, opened: Opened, code: str) -> HttpResponse:
    """One donor: what was received, by fund and year. A merged donor leads to whom it became."""
    cells = read_cells(opened.published)
    found = donor_years(cells, code)
    if found is None:
        if survivor := survivor_of(cells, code):
            return redirect("open_donor", survivor)
        raise Http404(_("No donor of that code has a public page."))
    context = {
        **frame(request, opened, Address("open_donor", (code,))),
        "found": found,
        "headline": open_charts.donor_sentence(found),
        "chart": open_charts.donor_chart(found),
        "table": tables.donor_years_table(found, _fund_names()),
    }
    return render(request, "reports/open_donor.html", context)


@open_page("flows")
def flows(request: HttpRequest, opened: Opened) -> HttpResponse:
    """From donor group through fund to region, as a picture and a table."""
    cells = read_cells(opened.published)
    year, own = _year_of(request, cells), opened.published.as_at.year
    found = flows_of(cells, year)
    chart = open_charts.flow_chart(found)
    as_at: YearMonth = month_of(opened.published, year)
    context = {
        **frame(request, opened, Address("open_flows", year=None if year == own else year)),
        "year": year, "years": cells.years, "as_at": as_at,
        "headline": open_charts.flow_sentence(found), "chart": chart,
        "table": tables.flow_table(found),
        "has_negative": any(row.amount_usd < 0 for row in found.rows),
    }  # fmt: skip
    return render(request, "reports/open_flows.html", context)
