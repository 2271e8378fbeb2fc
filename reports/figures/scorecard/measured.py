"""Measurements as readings: what people entered and others approved."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from reports.figures.provenance import Known
from reports.figures.scorecard.readings import Reading
from targets.models import Measurement, ProposalState


def approved(known: Known | None, *, is_demonstration: bool) -> Mapping[str, Sequence[Measurement]]:
    """By indicator, the newest first. One query. Real books are told of nobody's demonstration.

    Of books as known on a day, what was approved up to that day; a sequence of the books names no
    day, and leaves nothing out.
    """
    rows = Measurement.objects.filter(state=ProposalState.APPROVED)
    if not is_demonstration:
        rows = rows.exclude(entered_by__is_demonstration=True)
    if known and known.on:
        rows = rows.filter(decided_at__date__lte=known.on)
    found: dict[str, list[Measurement]] = defaultdict(list)
    for row in rows.order_by("-measured_on", "-entered_at"):
        found[row.indicator_id].append(row)
    return found


def reading_at(rows: Iterable[Measurement], day: datetime.date) -> Reading:
    """The newest on the day or before."""
    for row in rows:
        if row.measured_on <= day:
            return _reading(row)
    return Reading(day, missing=_("Nothing was measured and approved up to this day."))


def reading_of(year: int, rows: Iterable[Measurement], day: datetime.date) -> Reading:
    """The newest of the year, on the day or before."""
    found = reading_at([row for row in rows if row.measured_on.year == year], day)
    if found.is_there:
        return found
    return Reading(
        day, missing=_("Nothing was measured and approved in %(year)s.") % {"year": year}
    )


def reading_before(rows: Sequence[Measurement], day: datetime.date) -> Reading | None:
    """The one before the newest on the day or before."""
    past = [row for row in rows if row.measured_on <= day]
    return _reading(past[1]) if len(past) > 1 else None


def _reading(row: Measurement) -> Reading:
    return Reading(
        row.measured_on, row.value, row.milestone, evidence=row.evidence,
        evidence_url=row.evidence_url,
    )  # fmt: skip
