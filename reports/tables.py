"""From figures to the tables of the Board's pages, formatted for their reader."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interface.formatting import NOT_REPORTED, Units, format_number, format_percent, format_usd
from interface.tables import Cell, Column, Row, Table
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
    year = question.as_at.year
    return Table(
        identifier="fund-table",
        caption=_("January to %(month)s, against: %(target)s")
        % {"month": question.as_at, "target": target},
        columns=columns(
            _("Fund"), _("Actual"), _("Target"), _("Share of target"), _("Gap to target"),
            _("%(year)s at the same date") % {"year": year - 1},
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
            compared(progress, money(progress.gap_usd, units)),
            money(row.last_year_usd, units, row.last_year_link, is_reported=True),
        ),
        is_total=row.part is Part.TOTAL,
    )


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
    if units == "millions" and not table.casts:
        yield _("Each figure is rounded by itself, so the rounded funds do not add up exactly.")


def refusals(reasons: Iterable[tuple[str, str]]) -> list[str]:
    """One note per reason, naming the rows it is about."""
    rows: dict[str, list[str]] = defaultdict(list)
    for name, reason in reasons:
        if reason:
            rows[reason].append(name)
    return [
        _("Not comparable (%(rows)s): %(reason)s") % {"rows": "; ".join(names), "reason": reason}
        for reason, names in rows.items()
    ]


def line_table(line: CumulativeLine, units: Units) -> Table:
    """The cumulative line, month by month."""
    year = line.months[0].year
    nothing = [None] * len(line.months)
    rows = zip(
        line.months, line.actual, line.links, line.target or nothing, line.last_year or nothing,
        strict=True,
    )  # fmt: skip
    return Table(
        identifier="cumulative-table",
        caption=_("%(name)s: cumulative by month") % {"name": line.name},
        columns=columns(_("Month"), str(year), line.target_name or _("Target"), str(year - 1)),
        rows=tuple(
            Row(
                (
                    Cell(str(month)), money(actual, units, href), money(target, units),
                    money(before, units),
                )
            )
            for month, actual, href, target, before in rows
        ),
        unit_note=units_label(units),
    )  # fmt: skip


def ranking_table(ranking: Ranking, units: Units) -> Table:
    """The ten largest, the others together, and what is not attributed: they cast."""
    rows = [
        Row(
            (
                Cell(f"{donor.rank}. {donor.name}"),
                money(donor.amount_usd, units, donor.link),
                share(donor.percent),
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
            rows.append(Row((Cell(name), money(usd, units, href), share(ranking.percent(usd)))))
    total = money(ranking.total_usd, units, ranking.total_link)
    rows.append(Row((Cell(_("Total of the fund")), total, missing()), is_total=True))
    return Table(
        identifier=f"donors-{ranking.fund}-table",
        caption=_("%(fund)s, %(level)s") % {"fund": ranking.name, "level": ranking.level.label},
        columns=columns(_("Donor"), _("Amount"), _("Share of the fund's total")),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=tuple(_ranking_footnotes(ranking)),
    )


def _ranking_footnotes(ranking: Ranking) -> Iterable[str]:
    if not ranking.is_whole:
        yield _("Only named donors are known; no total was published to take shares of.")
        return
    yield _("Shares are of %(total)s; %(named)s of it is attributed to named donors.") % {
        "total": dollars(ranking.total_usd, digits=2),
        "named": dollars(ranking.named_usd, digits=2),
    }
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
        footnotes=tuple(footnotes),
    )


def _has_percents(table: RegionTable) -> bool:
    return any(row.percent is not None for row in table.rows)
