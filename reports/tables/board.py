"""From figures to the tables of the Board's pages, formatted for their reader."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interface.formatting import (
    NOT_REPORTED,
    Units,
    format_number,
    format_percent,
    format_usd,
    joined,
)
from interface.tables import Cell, Column, Row, Table
from reports.figures.casting import cast_note, gap_lines
from reports.figures.dashboard import Dashboard
from reports.figures.donors import Ranking
from reports.figures.funds import FundRow, FundTable, Part
from reports.figures.lines import CumulativeLine
from reports.figures.progress import Progress
from reports.figures.question import LINES, Question
from reports.figures.regions import RegionTable
from reports.figures.words import dollars, units_label
from targets.selectors import GoalSet


def money(usd: Decimal | None, units: Units, href: str = "", *, is_reported: bool = False) -> Cell:
    """An amount that leads to its entries; a dash where none applies, or "not reported"."""
    if usd is None:
        return missing(str(NOT_REPORTED)) if is_reported else missing()
    return Cell(format_usd(usd, units=units), href)


def share(percent: Decimal | None, digits: int = 1) -> Cell:
    """A percentage, or a dash."""
    return missing() if percent is None else Cell(format_percent(percent, digits))


def counted(number: int | None, href: str) -> Cell:
    """A count that leads to what was counted, or "not reported"."""
    return missing(str(NOT_REPORTED)) if number is None else Cell(format_number(number), href)


def missing(text: str = "–") -> Cell:
    return Cell(text, is_missing=True)


def columns(*labels: str) -> tuple[Column, ...]:
    """The first names the rows, the others hold figures."""
    return (Column(labels[0]), *(Column(one, is_numeric=True) for one in labels[1:]))


def fund_table(dashboard: Dashboard) -> Table:
    """The table a Board member came for."""
    table, question = dashboard.funds, dashboard.question
    target = table.target_set.name if table.target_set else _("no target set")
    earlier = table.total.before
    return Table(
        identifier="fund-table",
        caption=_("January to %(month)s, against: %(target)s")
        % {"month": question.as_at, "target": target},
        columns=columns(
            _("Fund"), _("Actual"), _("Target"), _("Share of target"), _("Pace"),
            _("Gap to target"),
            *(_("%(year)s at the same date") % {"year": one.year} for one in earlier),
        ),
        rows=tuple(_fund_row(row, table, question) for row in table.rows),
        unit_note=units_label(question.units),
        footnotes=(*_fund_footnotes(table, question.units), *dashboard.remarks),
    )  # fmt: skip


def target_link(target_set: GoalSet | None) -> str:
    """Where a target is shown with its document."""
    return f"{reverse('target_list')}#{target_set.code}" if target_set else ""


def _fund_row(row: FundRow, table: FundTable, question: Question) -> Row:
    progress, units = row.progress, question.units
    has_line = question.basis == "received" and row.code in LINES
    href = f"?{question.query(fund=row.code)}#cumulative-line" if has_line else ""
    return Row(
        cells=(
            Cell(row.name, href),
            money(progress.actual_usd, units, row.link, is_reported=True),
            money(progress.target_usd, units, target_link(table.target_set)),
            compared(progress, share(progress.percent)),
            missing() if row.pace is None else Cell(row.pace.label, "#pace"),
            compared(progress, money(progress.gap_usd, units)),
            *_earlier(row, table, units),
        ),
        is_total=row.part is Part.TOTAL,
    )


def _earlier(row: FundRow, table: FundTable, units: Units) -> tuple[Cell, ...]:
    """A cell for each earlier year; dashes in a row that is about this year only."""
    if not row.before:
        return tuple(missing() for _year in table.total.before)
    return tuple(money(one.amount_usd, units, one.link, is_reported=True) for one in row.before)


def compared(progress: Progress, cell: Cell) -> Cell:
    """The cell, or "not comparable" where the comparison is refused."""
    return missing(_("not comparable")) if progress.refused else cell


def _fund_footnotes(table: FundTable, units: Units) -> Iterable[str]:
    yield from refusals((row.name, row.progress.refused) for row in table.rows)
    goal = table.total.progress.goal
    if goal and goal.is_sum:
        yield _("The document prints no total: the target of the total adds up those of its funds.")
    if any(row.part is Part.SUBTOTAL for row in table.rows):
        yield _("Rows that say “together” sum rows above them and are not added again.")
    yield _(
        "Programme support is a share inside earmarked money: it is never added. A gap below zero "
        "is money above the target."
    )
    note = cast_note(_added_columns(table), units)
    if note:
        yield note


def _added_columns(table: FundTable) -> Iterable[tuple[list[Decimal | None], Decimal | None]]:
    """The columns in which the funds add up to the total, in US dollars."""
    funds, total = [row for row in table.rows if row.part is Part.FUND], table.total
    yield [row.progress.actual_usd for row in funds], total.progress.actual_usd
    for place, earlier in enumerate(total.before):
        yield [row.before[place].amount_usd for row in funds], earlier.amount_usd
    targets = [row.progress.target_usd for row in funds]
    whole = total.progress.target_usd
    if whole is not None and sum((usd for usd in targets if usd is not None), Decimal(0)) == whole:
        yield targets, whole
    compared_rows = [row.progress for row in table.rows if row.progress.is_comparable]
    yield from gap_lines((one.actual_usd, one.target_usd) for one in compared_rows)


def refusals(reasons: Iterable[tuple[str, str]]) -> list[str]:
    """One note per reason, naming the rows it is about."""
    rows: dict[str, list[str]] = defaultdict(list)
    for name, reason in reasons:
        if reason:
            rows[reason].append(name)
    return [
        _("Not comparable (%(rows)s): %(reason)s") % {"rows": joined(names, ";"), "reason": reason}
        for reason, names in rows.items()
    ]


def line_table(line: CumulativeLine, units: Units) -> Table:
    """The cumulative line, month by month, with the earlier years and the forecast."""
    bands = (_("Forecast, low"), _("Forecast, high")) if line.band else ()
    years = (str(one.year) for one in line.before)
    target = (line.target_name or _("Target"),)
    return Table(
        identifier="cumulative-table",
        caption=_("%(name)s: cumulative by month") % {"name": line.name},
        columns=columns(_("Month"), str(line.months[0].year), *target, *bands, *years),
        rows=tuple(_line_row(line, place, units) for place in range(len(line.months))),
        unit_note=units_label(units),
    )


def _line_row(line: CumulativeLine, place: int, units: Units) -> Row:
    is_last = place == len(line.months) - 1
    ends = (line.band.low_usd, line.band.high_usd) if line.band else ()
    return Row(
        (
            Cell(str(line.months[place])),
            money(line.actual[place], units, line.links[place]),
            money(line.target[place] if line.target else None, units),
            *(money(usd if is_last else None, units) for usd in ends),
            *(money(one.amounts[place], units, one.links[place]) for one in line.before),
        )
    )


def ranking_table(ranking: Ranking, units: Units) -> Table:
    """The ten largest, the others together, and what is not attributed: they cast."""
    changes = (Column(_("Rank since last year")),) if ranking.has_before else ()
    blank = (missing(),) * len(changes)
    rows = [
        Row(
            (
                Cell(f"{donor.rank}. {donor.name}"),
                money(donor.amount_usd, units, donor.link),
                share(donor.percent),
                *([Cell(ranking.change(donor))] if changes else ()),
            )
        )
        for donor in ranking.donors
    ]
    rest = ngettext("%(count)d other donor", "%(count)d other donors", ranking.rest_count)
    below = [
        (rest % {"count": ranking.rest_count}, ranking.rest_usd, "", ranking.rest_count),
        (_("Not attributed to a donor"), ranking.unattributed_usd, ranking.unattributed_link,
         ranking.unattributed_usd),
    ]  # fmt: skip
    for name, usd, href, is_there in below:
        if is_there:
            part = (Cell(name), money(usd, units, href), share(ranking.percent(usd)))
            rows.append(Row((*part, *blank)))
    total = money(ranking.total_usd, units, ranking.total_link)
    rows.append(Row((Cell(_("Total of the fund")), total, missing(), *blank), is_total=True))
    return Table(
        identifier=f"donors-{ranking.fund}-table",
        caption=_("%(fund)s, %(level)s") % {"fund": ranking.name, "level": ranking.level.label},
        columns=(*columns(_("Donor"), _("Amount"), _("Share of the fund's total")), *changes),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=tuple(filter(None, [*_ranking_footnotes(ranking), _casts(ranking, units)])),
    )


def _casts(ranking: Ranking, units: Units) -> str:
    lines = [donor.amount_usd for donor in ranking.donors]
    lines += [ranking.rest_usd, ranking.unattributed_usd]
    return cast_note([(lines, ranking.total_usd)], units)


def _ranking_footnotes(ranking: Ranking) -> Iterable[str]:
    if not ranking.is_whole:
        yield _("Only named donors are known; no total was published to take shares of.")
        return
    yield _("Shares are of %(total)s; %(named)s of it is attributed to named donors.") % {
        "total": dollars(ranking.total_usd, digits=2),
        "named": dollars(ranking.named_usd, digits=2),
    }
    if ranking.has_before:
        yield _("“New” had no rank in this fund last year at the same date.")
    if ranking.below_zero:
        yield ngettext(
            "%(count)d donor was paid back more than it gave; it is not ranked.",
            "%(count)d donors were paid back more than they gave; they are not ranked.",
            ranking.below_zero,
        ) % {"count": ranking.below_zero}


def region_table(table: RegionTable, units: Units) -> Table:
    """Money by region; what is not allocated stands apart, without a percentage."""
    regions = [
        Row((Cell(row.name), money(row.amount_usd, units, row.link), share(row.percent)))
        for row in table.rows
    ]
    allocated = money(table.allocated_usd, units)
    unallocated = money(table.unallocated_usd, units, table.unallocated_link)
    total = money(table.total_usd, units, table.total_link)
    whole = Cell(format_percent(Decimal(100), 1)) if _has_percents(table) else missing()
    footnotes = [_("Percentages are of the money allocated, by the method of largest remainder.")]
    if table.has_negative:
        footnotes = [_("A region's money is below zero, so no percentages are given.")]
    parts = [row.amount_usd for row in table.rows]
    sums = [(parts, table.allocated_usd),
            ([table.allocated_usd, table.unallocated_usd], table.total_usd)]  # fmt: skip
    footnotes.append(cast_note(sums, units))
    return Table(
        identifier="regions-table",
        caption=_("Allocated to regions"),
        columns=columns(_("Region"), _("Amount"), _("Share of the money allocated")),
        rows=(
            *regions,
            Row((Cell(_("Allocated to regions")), allocated, whole), is_total=True),
            Row((Cell(_("Not allocated")), unallocated, missing())),
            Row((Cell(_("Total")), total, missing()), is_total=True),
        ),
        unit_note=units_label(units),
        footnotes=tuple(filter(None, footnotes)),
    )


def _has_percents(table: RegionTable) -> bool:
    return any(row.percent is not None for row in table.rows)
