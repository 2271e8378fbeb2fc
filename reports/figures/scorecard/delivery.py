"""Indicators of the work itself: reports to donors delivered on time, donors' focal points."""

import copy
import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from income.models import ReportDue
from income.obligations import on_time
from income.periods import YearMonth
from reports.figures.scorecard.material import Material
from reports.figures.scorecard.readings import COUNT, Part, Reading


def reports_on_time(m: Material, point: YearMonth) -> Reading:
    """F1 and L4: of the reports that fell due in the year, those submitted on the day or before.

    As at the day: what was submitted after it was not submitted then.
    """
    day = m.day(point)
    first = datetime.date(point.year, 1, 1)
    found = on_time(_as_at(m.reports, day), first, day, today=day)
    if found.share is None:
        return Reading(
            day, missing=_("No report fell due in %(year)s up to this day.") % {"year": point.year}
        )
    link = ""
    if m.question.knows_unnamed:  # staff: the Board is told of no single report
        link = f"{reverse('report_delivery')}?{urlencode({'books': m.ledger.code})}"
    parts = tuple(
        Part(label, Decimal(len(rows)), COUNT, link)
        for label, rows in (
            (_("On time"), found.on_time), (_("Late"), found.late), (_("Missing"), found.missing),
        )
    )  # fmt: skip
    told = _("Only the day is computed. The quality of a report is measured, not computed.")
    return Reading(day, found.per_cent, parts=parts, notes=(told,))


def _as_at(reports: Iterable[ReportDue], day: datetime.date) -> list[ReportDue]:
    """The reports as they stood: copies, nothing is saved."""
    found = []
    for report in reports:
        then = copy.copy(report)
        if then.submitted_on is not None and then.submitted_on > day:
            then.submitted_on = None
        found.append(then)
    return found


def focal_points(m: Material, point: YearMonth) -> Reading:
    """G1: donors with a focal point. The register holds no earlier state: today's count."""
    last = min(m.question.as_at, YearMonth(m.period.to_year, 12))
    if point != last:
        return Reading(
            m.day(point),
            missing=_("The register of donors keeps no earlier count of focal points."),
        )
    told = _("Counted in the register of donors today; it keeps no earlier count.")
    link = reverse("donor_list") if m.question.knows_unnamed else ""
    part = Part(_("Donors with a focal point"), Decimal(m.focal_points), COUNT, link)
    return Reading(m.today, Decimal(m.focal_points), parts=(part,), notes=(told,))
