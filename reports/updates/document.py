"""The update worded and formatted for its document, in the active language."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interface.charts import render_svg
from interface.formatting import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    format_date,
    format_number,
    format_percent,
    format_usd,
    is_right_to_left,
    joined,
)
from reports.charts import board as charts
from reports.figures.dashboard import Dashboard
from reports.figures.donors import Ranking
from reports.figures.funds import FundRow, Part
from reports.figures.words import MILLION, months_said, units_label
from reports.models import UpdateStatus
from reports.pdf.errors import PdfFailed
from reports.pdf.statement import TableData, grouped_hash
from reports.pdf.update import MOST_PAGES, UpdateDocument, pages_of
from reports.updates.since_last import SinceLast, SinceRow


@dataclass(frozen=True)
class Room:
    """How much of what has no fixed length is printed; the portal's page has all of it."""

    notes: int
    names: int
    chart_percent: int
    donors: int = 10


# Tried in this order until the document has two pages.
ROOMS = (
    Room(12, 60, 86), Room(12, 60, 72), Room(8, 40, 66), Room(5, 25, 60), Room(3, 12, 50),
    Room(2, 8, 44, donors=5),
)  # fmt: skip


def fitting(
    answer: Dashboard, since: SinceLast, *, status: str, language: str,
    render: Callable[[UpdateDocument], bytes],
) -> bytes:  # fmt: skip
    """The document on two pages. Raises PdfFailed where even its shortest form is longer."""
    for room in ROOMS:
        content = render(document(answer, since, status=status, language=language, room=room))
        if pages_of(content) <= MOST_PAGES:
            return content
    raise PdfFailed(_("The update is longer than two pages. Tell the administrator."))


def document(
    answer: Dashboard, since: SinceLast, *, status: str, language: str, room: Room = ROOMS[0]
) -> UpdateDocument:
    """The update in the language, which is the active one."""
    source = answer.provenance
    chart = charts.line_chart(answer.line) if answer.line else None
    return UpdateDocument(
        title=_("Income update: %(month)s") % {"month": source.as_at},
        books=source.books_name,
        headline=answer.headline,
        facts=_facts(answer, status),
        fund_table=_fund_table(answer),
        chart_svg=str(render_svg(chart, language=language, standalone=True)) if chart else None,
        chart_alt=f"{chart.title} ({chart.units}). {chart.description}" if chart else "",
        chart_percent=room.chart_percent,
        rankings=[_ranking(one, room) for one in answer.rankings],
        regions=_regions(answer),
        since=since_table(since),
        since_note=since_note(since),
        thanks=thanks(since, most=room.names),
        notes=_notes(answer, room),
        seal=[
            (_("State of the books"), format_number(source.sequence)),
            (_("Seal"), grouped_hash(source.hash)),
            *((_("Targets"), one) for one in source.sources),
        ],
        disclaimer=_("Not a certified financial statement. Amounts are US dollars."),
        demonstration=_("DEMONSTRATION BOOKS – not UN-Habitat's figures")
        if source.is_demonstration
        else None,
        labels=_labels(),
        language=language,
        direction="rtl" if is_right_to_left(language) else "ltr",
    )


def _labels() -> dict[str, str]:
    return {
        "page_of": _("Page {page} of {pages}"),
        "notes": _("Notes"),
        "seal": _("Where these figures come from"),
        "donors": _("The ten largest donors of each fund"),
        "since": _("Since the last update"),
        "thanks": _("Thanks"),
    }


def _facts(answer: Dashboard, status: str) -> list[tuple[str, str]]:
    source = answer.provenance
    return [
        (_("Update"), str(UpdateStatus(status).label)),
        (_("As at"), format_date(source.as_at.last_day)),
        (_("Status of the figures"), source.status),
        (_("Basis"), source.basis.label),
    ]


def _fund_table(answer: Dashboard) -> TableData:
    table, year = answer.funds, answer.question.as_at.year
    listed = [row for row in table.rows if row.part is not Part.MEMO]
    rows = [_fund_row(row) for row in listed]
    # The total closes the table, unless money stands outside of it.
    total = rows.pop() if listed[-1].part is Part.TOTAL else None
    against = answer.goal_set.name if answer.goal_set else _("no target set")
    return TableData(
        title=_("January to %(month)s, %(unit)s") % {
            "month": answer.question.as_at, "unit": units_label("millions"),
        },
        headers=[
            _("Fund"), _("Actual"), _("Target"), _("Share of target"), _("Gap to target"),
            _("%(year)s at the same date") % {"year": year - 1},
        ],
        rows=rows,
        total_row=total,
        note=_("Targets: %(set)s.") % {"set": against},
        figures=[1, 2, 3, 4, 5],
    )  # fmt: skip


def _fund_row(row: FundRow) -> list[str]:
    progress = row.progress
    refused = _("not comparable") if progress.refused else NOT_APPLICABLE
    return [
        row.name,
        _millions(progress.actual_usd, str(NOT_REPORTED)),
        _millions(progress.target_usd),
        format_percent(progress.percent, 1, none=refused),
        _millions(progress.gap_usd, refused),
        _millions(row.last_year_usd, str(NOT_REPORTED)),
    ]


def _millions(usd: Decimal | None, none: str = NOT_APPLICABLE) -> str:
    return format_usd(usd, units="millions", none=none) if usd is not None else none


def _small(usd: Decimal) -> str:
    """Millions with two decimals: a donor's or a region's money may be small."""
    return format_number(usd / MILLION, digits=2)


def _ranking(ranking: Ranking, room: Room) -> TableData:
    rows = [
        [f"{donor.rank}. {donor.name}", _small(donor.amount_usd),
         format_percent(donor.percent, 1, none=NOT_APPLICABLE)]
        for donor in ranking.donors[: room.donors]
    ]  # fmt: skip
    return TableData(
        title=ranking.name,
        headers=[_("Donor"), units_label("millions"), _("Share")],
        rows=rows,
        empty=_("No donor is named for this money."),
        figures=[1, 2],
    )


def _regions(answer: Dashboard) -> TableData:
    table = answer.regions
    rows = [
        [row.name, _small(row.amount_usd), format_percent(row.percent, 1, none=NOT_APPLICABLE)]
        for row in table.rows
    ]
    rows.append([_("Not allocated"), _small(table.unallocated_usd), NOT_APPLICABLE])
    return TableData(
        title=_("Allocated to regions"),
        headers=[_("Region"), units_label("millions"), _("Share of the money allocated")],
        rows=rows,
        total_row=[_("Total"), _small(table.total_usd), NOT_APPLICABLE],
        figures=[1, 2],
    )


def since_table(since: SinceLast) -> TableData:
    """What the update before told, what changed of it, what came since: to the cent."""
    told = since.before if any(row.before_usd is not None for row in since.rows) else None
    headers = [_("Fund")]
    if told:
        headers += [_("As told for %(month)s") % {"month": told.as_at}, _("Changes to it since")]
    if since.months:
        headers.append(months_said(since.months))
    headers.append(_("January to %(month)s") % {"month": since.as_at})
    listed = [(row, _since_row(row, since, is_beside=told is not None)) for row in since.rows]
    totals = [cells for row, cells in listed if row.is_total]
    return TableData(
        title=_("Since the last update, %(unit)s") % {"unit": units_label("exact")},
        headers=headers,
        rows=[cells for row, cells in listed if not row.is_total],
        total_row=totals[0] if totals else None,
        figures=list(range(1, len(headers))),
    )


def _since_row(row: SinceRow, since: SinceLast, *, is_beside: bool) -> list[str]:
    beside = [format_usd(row.before_usd), format_usd(row.adjusted_usd)] if is_beside else []
    own = [format_usd(row.own_usd)] if since.months else []
    return [row.name, *beside, *own, format_usd(row.now_usd)]


def since_note(since: SinceLast) -> str:
    """Which update stands before this one."""
    before = since.before
    if before is None:
        return _("No update was published before this one.")
    words = {"month": before.as_at, "status": before.get_status_display()}
    if before.as_at.year != since.as_at.year:
        return _(
            "The update before was that of %(month)s (%(status)s); a new year begins from zero."
        ) % words  # fmt: skip
    return _("The update before was that of %(month)s (%(status)s).") % words


def thanks(since: SinceLast, *, most: int) -> str:
    """The thanks to the month's contributors, A to Z; those unnamed are counted."""
    if not since.donors and not since.unnamed:
        return _("No contribution of a named donor came in %(month)s.") % {"month": since.as_at}
    names = joined(_listed(since, most))
    return _("UN-Habitat thanks those whose contributions came in %(month)s: %(names)s.") % {
        "month": since.as_at, "names": names,
    }  # fmt: skip


def _listed(since: SinceLast, most: int) -> Iterator[str]:
    yield from since.donors[:most]
    if others := len(since.donors) - most if len(since.donors) > most else 0:
        yield ngettext("%(count)d other donor", "%(count)d other donors", others) % {
            "count": others
        }
    if since.unnamed:
        yield ngettext(
            "%(count)d donor that wishes to stay unnamed",
            "%(count)d donors that wish to stay unnamed",
            since.unnamed,
        ) % {"count": since.unnamed}


def _notes(answer: Dashboard, room: Room) -> list[str]:
    every = [*answer.notes, *answer.remarks]
    if len(every) <= room.notes:
        return every
    return [*every[: room.notes], _("More notes stand on the page of this update in the portal.")]
