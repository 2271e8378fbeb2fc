"""From the blocks to charts: what to draw, its labels, and the sentence that says what it shows."""

from django.utils.translation import gettext as _

from interface.charts import BarChart, Chart, RankBar, RankBars, Role
from reports.charts.board import amount_and_share, series
from reports.figures.blocks import Blocks
from reports.figures.programmes import ProgrammeTable
from reports.figures.purposes import NOT_STATED, REST, PurposeTable
from reports.figures.sums import ZERO
from reports.figures.words import MILLION, dollars, per_cent, units_label

APART = frozenset({NOT_STATED, REST})


def purpose_chart(told: PurposeTable, name: str, title: str) -> RankBars:
    """A bar for each part with its share; no bars where a part is below zero."""
    bars = tuple(
        RankBar(row.name, row.amount.usd / MILLION, amount_and_share(row.amount.usd, row.percent))
        for row in told.rows
    )
    return RankBars(
        identifier=name,
        title=title,
        description=purpose_sentence(told),
        units=units_label("millions"),
        bars=() if told.refused else bars,
    )


def purpose_sentence(told: PurposeTable) -> str:
    """The largest part with its share, and how much is not stated."""
    named = [row for row in told.rows if row.code not in APART and row.amount.usd > 0]
    if told.refused or not named:
        return told.refused or _("None of %(total)s is stated in more detail.") % {
            "total": dollars(told.total.usd)
        }
    largest = max(named, key=lambda row: row.amount.usd)
    said = {
        "name": largest.name, "percent": per_cent(largest.percent or ZERO),
        "total": dollars(told.total.usd),
    }  # fmt: skip
    left = [row for row in told.rows if row.code == NOT_STATED]
    if not left:
        return _("Largest: %(name)s, %(percent)s of %(total)s.") % said
    said["left"] = dollars(left[0].amount.usd)
    return _("Largest: %(name)s, %(percent)s of %(total)s; not stated: %(left)s.") % said


def programme_chart(told: ProgrammeTable) -> BarChart:
    """What came in for each programme, beside its goal where the two may be compared."""
    rows = [row for row in told.rows if row.amount.usd >= 0]
    drawn = [series(Role.ACTUAL, _("came in"), tuple(row.amount.usd for row in rows))]
    if not told.refused and any(row.goal_usd for row in rows):
        drawn.append(series(Role.TARGET, _("goal"), tuple(row.goal_usd for row in rows)))
    return BarChart(
        identifier="programmes",
        title=_("Programmes against their goals"),
        description=programme_sentence(told),
        units=units_label("millions"),
        categories=tuple(row.name for row in rows),
        series=tuple(drawn) if rows else (),
    )


def programme_sentence(told: ProgrammeTable) -> str:
    """How much is for a programme at all, and which one is nearest to its goal."""
    inside = told.total.usd - told.without.usd
    said = {"inside": dollars(inside), "total": dollars(told.total.usd)}
    if not inside:
        return _("None of %(total)s is for a programme.") % said
    measured = [row for row in told.rows if row.percent]
    if not measured:
        return _("Of %(total)s, %(inside)s is for a programme.") % said
    nearest = max(measured, key=lambda row: row.percent or 0)
    said |= {"name": nearest.name, "percent": per_cent(nearest.percent or ZERO)}
    return (
        _(
            "Of %(total)s, %(inside)s is for a programme. Nearest to its goal: %(name)s, "
            "%(percent)s."
        )
        % said
    )


def charts_of_blocks(blocks: Blocks) -> dict[str, Chart]:
    """Every chart by its name, which is its identifier on the page: those with anything to draw."""
    found: dict[str, Chart] = {}
    if told := blocks.purposes:
        for name, table, title in (
            ("earmarking", told.earmarking, _("How firmly the money is tied")),
            ("instruments", told.instruments, _("Instruments")),
            ("areas", told.areas, _("Countries and areas")),
        ):
            found[name] = purpose_chart(table, name, title)
    if blocks.programmes:
        found["programmes"] = programme_chart(blocks.programmes)
    return found
