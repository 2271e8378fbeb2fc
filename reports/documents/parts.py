"""What the reports to donors have in common: their frame, tables, and names of files."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Ledger
from interface.charts import RankBars, render_svg
from interface.formatting import NOT_APPLICABLE, is_right_to_left
from interface.tables import Table
from reports.figures.asked_period import AskedPeriod
from reports.figures.words import books_named
from reports.models import ReportType
from reports.pdf.report import ChartData
from reports.pdf.statement import TableData


def frame(ledger: Ledger, language: str) -> dict[str, Any]:
    """The fields that every document fills alike, worded in the language that is active."""
    return {
        "source": [(_("Books"), books_named(ledger))],
        "disclaimer": _(
            "This is not a certified financial statement. It shows what the books named above hold "
            "in the state named above; the certified statements of UN-Habitat prevail."
        ),
        "demonstration": _("DEMONSTRATION BOOKS – not UN-Habitat's figures")
        if ledger.is_demonstration
        else None,
        "labels": {
            "page_of": _("Page {page} of {pages}"),
            "notes": _("Notes"),
            "source": _("Where these figures come from"),
        },
        "language": language,
        "direction": "rtl" if is_right_to_left(language) else "ltr",
    }


def subtitle() -> str:
    """What all of them are about."""
    return _("Contributions to the United Nations Human Settlements Programme (UN-Habitat)")


def said(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """Label and value, without those that have no value."""
    return [(label, value) for label, value in pairs if value and value != NOT_APPLICABLE]


def as_data(table: Table, *, note: str = "") -> TableData:
    """A table of the page as one of the document: the same texts, without the links."""
    rows = [[cell.text for cell in row.cells] for row in table.rows if not row.is_total]
    totals = [[cell.text for cell in row.cells] for row in table.rows if row.is_total]
    return TableData(
        title=titled(table.caption, table.unit_note) if table.unit_note else table.caption,
        headers=[column.label for column in table.columns],
        rows=rows,
        total_row=totals[0] if totals else None,
        note=note,
        empty=table.empty or _("There is nothing to show."),
        figures=[at for at, column in enumerate(table.columns) if column.is_numeric],
    )


def drawn(chart: RankBars, language: str) -> ChartData:
    """The chart as a drawing that stands alone, and what it shows in words."""
    svg = str(render_svg(chart, language=language, standalone=True))
    title = titled(chart.title, chart.units)
    return ChartData(title, svg, f"{title}. {chart.description}")


def titled(title: str, unit: str) -> str:
    """A heading with its unit, by the language's own comma."""
    return _("%(title)s, %(unit)s") % {"title": title, "unit": unit}


def standing(donor: Donor) -> Donor:
    """The donor itself, or the one it was merged into: a report is made out to who it is today."""
    return Donor.objects.become([donor.pk])[donor.pk]


def file_stem(
    type_: str, ledger: Ledger, donor: Donor, period: AskedPeriod, subject: str, language: str
) -> str:
    """What the file is called: which report, whose, of which time and books, in which language."""
    mark = "DEMONSTRATION-" if ledger.is_demonstration else ""
    about = subject.replace("/", "-") if type_ == ReportType.ACKNOWLEDGEMENT else subject[:8]
    when = period.slug if period.from_on != period.until_on else str(period.from_on)
    parts = [type_, donor.code, when, about, ledger.code, language]
    return mark + "-".join(filter(None, parts))


def day_of(day: datetime.date) -> AskedPeriod:
    """The period of a report that is about one event."""
    return AskedPeriod(day, day)
