"""The scorecard's words and tables: values with their unit, what they are made of, year by year."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from interface.formatting import Units, format_date, format_number, format_usd
from interface.tables import Cell, Column, Row, Table
from reports.figures.scorecard.card import Scorecard, Standing
from reports.figures.scorecard.judging import Status, Trend
from reports.figures.scorecard.readings import PERCENT, USD, Part, Reading
from reports.figures.words import dollars, per_cent, units_label
from targets.models import Milestone
from targets.units import UNITS, counted

BADGES = {Status.REACHED: "done", Status.BEHIND: "waiting", Status.MISSED: "wrong"}


@dataclass(frozen=True)
class Line:
    """One indicator as the list shows it."""

    standing: Standing
    href: str
    target: str
    value: str
    source: str
    status: str
    badge: str
    trend: str


@dataclass(frozen=True)
class Action:
    """One action of the strategy with its indicators."""

    code: str
    name: str
    lines: tuple[Line, ...]


def headline(card: Scorecard) -> str:
    """How many indicators stand how."""
    counts = card.counts()
    return _(
        "Of %(all)d indicators, %(reached)d are reached, %(on_the_way)d on the way, %(behind)d "
        "behind and %(missed)d missed; of %(unknown)d it cannot be said."
    ) % {"all": len(card.standings), **{status.value: n for status, n in counts.items()}}


def actions(card: Scorecard) -> tuple[Action, ...]:
    """The indicators action by action."""
    found = []
    for code, rows in groupby(card.standings, key=lambda one: one.action):
        lines = tuple(line(card, one) for one in rows)
        found.append(Action(code, lines[0].standing.action_name, lines))
    return tuple(found)


def line(card: Scorecard, one: Standing) -> Line:
    """What the list shows of an indicator; also heads its own page."""
    return Line(
        standing=one,
        href=f"{reverse('indicator', args=[one.code])}?{card.question.query()}",
        target=target_text(one, card.question.units),
        value=value_text(one.now, one.unit, card.question.units),
        source=_("computed from %(books)s, %(basis)s")
        % {"books": card.provenance.books_name, "basis": card.provenance.basis.label}
        if one.is_computed
        else _("measured"),
        status=one.status.label,
        badge=BADGES.get(one.status, "plain"),
        trend=trend_text(one, card.question.units),
    )


def target_text(one: Standing, units: Units) -> str:
    """With “at least” where the text says it; empty where it names none."""
    if one.unit == "milestone":
        return _("to be done")
    if one.target is None:
        return ""
    said = amount_text(one.target, one.unit, units)
    return _("at least %(value)s") % {"value": said} if one.comparison == "at_least" else said


def value_text(reading: Reading | None, unit: str, units: Units) -> str:
    """A value with its unit, or a milestone's state; empty where there is none."""
    if reading is None or not reading.is_there:
        return ""
    if reading.milestone:
        return str(Milestone(reading.milestone).label)
    return "" if reading.value is None else amount_text(reading.value, unit, units)


def amount_text(value: Decimal, unit: str, units: Units) -> str:
    """A value with its unit; an indicator without one is told in US dollars."""
    if unit == USD or unit not in UNITS:
        return dollars(value, units)
    if unit == PERCENT:
        return per_cent(value, 0 if value == value.to_integral_value() else 1)
    return counted(value, unit)


def trend_text(one: Standing, units: Units) -> str:
    """`up, from 22 Member States on 31 December 2020`."""
    if one.trend is Trend.NONE or one.before is None:
        return one.trend.label
    return _("%(trend)s, from %(value)s on %(day)s") % {
        "trend": one.trend.label,
        "value": value_text(one.before, one.unit, units),
        "day": format_date(one.before.on),
    }


def year_table(one: Standing, units: Units) -> Table:
    """The value at the end of each year of the period, or why there is none."""
    columns = [Column(_("Year")), Column(_("As at")), Column(_("Value"), is_numeric=True)]
    notes = [reading.missing or reading.partial for _year, reading in one.by_year]
    rows = tuple(
        Row((Cell(str(year)), Cell(format_date(reading.on)), _value(reading, one.unit, units),
             *([Cell(note)] if any(notes) else [])))
        for (year, reading), note in zip(one.by_year, notes, strict=True)
    )  # fmt: skip
    if any(notes):
        columns.append(Column(_("Note")))
    return Table("by-year", _("Year by year"), tuple(columns), rows)


def _value(reading: Reading, unit: str, units: Units) -> Cell:
    text = value_text(reading, unit, units)
    if not text:
        return Cell(_("not known"), is_missing=True)
    return Cell(text, reading.link)


def part_tables(parts: Iterable[Part], identifier: str) -> tuple[Table, ...]:
    """One table for each group of parts, in their order; each part opens what it sums, exactly."""
    found = []
    for place, (group, rows) in enumerate(groupby(parts, key=lambda part: (part.group, part.unit))):
        heading, unit = group
        listed = list(rows)
        columns = [Column(_("Made of")), Column(_("Amount") if unit == USD else _("Number"), True)]
        has_notes = any(part.note for part in listed)
        if has_notes:
            columns.append(Column(_("Note")))
        found.append(
            Table(
                f"{identifier}-{place}", heading or _("What it is made of"), tuple(columns),
                tuple(_part_row(part, has_notes=has_notes) for part in listed),
                unit_note=units_label("exact") if unit == USD else "",
            )
        )  # fmt: skip
    return tuple(found)


def _part_row(part: Part, *, has_notes: bool) -> Row:
    text = format_usd(part.value) if part.unit == USD else format_number(part.value)
    cells = (Cell(part.label), Cell(text, part.link, part.value is None))
    return Row((*cells, Cell(part.note)) if has_notes else cells)
