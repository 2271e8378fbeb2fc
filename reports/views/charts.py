"""A chart by itself: as data to explore, as a picture, as a file to count with."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.access import requires
from accounts.permissions import Permission
from interface.charts import Chart, Imprint, render_framed
from interface.charts.framed import WIDTH
from interface.errors import PortalError
from interface.formatting import current_language, format_date
from interface.tables import Table
from reports.charts.registry import Charts, Told, charts_of, charts_of_history
from reports.figures.dashboard import dashboard as ask
from reports.figures.history import history as ask_history
from reports.figures.provenance import Provenance
from reports.figures.question import Question
from reports.pdf.picture import compile_png
from reports.sheets.charts import chart_csv, chart_xlsx
from reports.views.question_context import question_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Maker = Callable[[Chart, Table | None, Told], bytes]


@requires(Permission.VIEW_BOARD)
def chart_data(request: HttpRequest, name: str) -> HttpResponse:
    """One chart for Plotly; `history` is all funds of all years in one picture."""
    from reports.charts import explorable  # Plotly: only when a reader explores

    try:
        question = question_of(request)
        if name == "history":
            drawn = explorable.history_json(ask_history(question))
        else:
            drawn = explorable.plotly_json(_chart_called(name, question)[0])
    except PortalError as error:
        return _refused(error)
    return HttpResponse(drawn, content_type="application/json")


@requires(Permission.VIEW_BOARD)
def chart_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One chart as a file: svg, png, csv or xlsx, of the question in the address."""
    content_type, make = FORMS[form]
    try:
        question = question_of(request)
        chart, table, told = _chart_called(name, question)
        content = make(chart, table, told)
    except PortalError as error:
        return _refused(error)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = (
        f'attachment; filename="{_file_name(name, told.provenance)}.{form}"'
    )
    return response


def _chart_called(name: str, question: Question) -> tuple[Chart, Table | None, Told]:
    """The chart of the dashboard, or of the years, with its table and where it comes from."""
    found: Charts
    if name.startswith("history-"):  # of the whole books as they stand, whatever was asked
        years = ask_history(question)
        found, told = charts_of_history(years), Told(years.provenance)
    else:
        answer = ask(question)
        found, told = charts_of(answer), Told.of(question, answer.provenance)
    if name not in found:
        raise Http404(_("There is no such chart."))
    chart, table = found[name]
    return chart, table, told


def _file_name(name: str, source: Provenance) -> str:
    """`DEMONSTRATION-regions-DEMO-2022-03`, and the state where an earlier one is told."""
    mark = "DEMONSTRATION-" if source.is_demonstration else ""
    known = f"-known-{source.known.asked}" if source.known else ""
    return f"{mark}{name}-{source.books}-{source.as_at.slug}{known}"


def _refused(error: PortalError) -> HttpResponse:
    return HttpResponse(error.sentence, status=400, content_type="text/plain; charset=utf-8")


def _imprint(told: Told) -> Imprint:
    """What the picture says of itself wherever it is copied to."""
    source = told.provenance
    mark = _("DEMONSTRATION BOOKS – not UN-Habitat's figures") if source.is_demonstration else ""
    words = {
        "books": source.books_name,
        "basis": source.basis.label,
        "as_at": format_date(source.as_at.last_day),
        "status": source.status,
        "sequence": source.sequence,
        "seal": source.hash[:12],
    }
    lines = (
        _("%(books)s · %(basis)s · as at %(as_at)s · %(status)s") % words,
        _("State %(sequence)s of the books, seal %(seal)s") % words,
    )
    return Imprint(mark, (*lines, *told.asked))


def _svg(chart: Chart, _table: Table | None, told: Told) -> bytes:
    return render_framed(chart, _imprint(told)).encode()


def _png(chart: Chart, _table: Table | None, told: Told) -> bytes:
    drawn = render_framed(chart, _imprint(told))
    return compile_png(drawn, width=WIDTH, language=current_language())


FORMS: dict[str, tuple[str, Maker]] = {
    "svg": ("image/svg+xml", _svg),
    "png": ("image/png", _png),
    "csv": ("text/csv; charset=utf-8", chart_csv),
    "xlsx": (XLSX, chart_xlsx),
}
