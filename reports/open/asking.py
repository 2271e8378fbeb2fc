"""The Board's figures as the public may see them: of the published state, without what is hoped.

Pace, forecast and what they are made of are left out: they follow from instalments and prospects.
"""

import hashlib
from dataclasses import replace

from django.core.cache import cache

from donors.models import Donor
from income.periods import YearMonth
from interface.formatting import current_language
from reports.figures.dashboard import Dashboard, dashboard
from reports.figures.forecast import Forecast
from reports.figures.funds import FundTable
from reports.figures.provenance import Known
from reports.figures.scorecard.card import Scorecard, scorecard
from reports.open.state import Published

KEPT_FOR = 600  # seconds


def month_of(published: Published, year: int) -> YearMonth:
    """The month that a year is told as at: the update's own, December of an earlier year."""
    return published.as_at if year == published.as_at.year else YearMonth(year, 12)


def income_of(published: Published, year: int) -> Dashboard:
    """The year's income as the Board was told of it, or would be of an earlier year."""
    as_at = month_of(published, year)
    is_own = as_at == published.as_at
    key = ":".join(
        [
            "open-income", str(published.update.uuid), as_at.slug,
            published.update.target_set, current_language(), donors_mark(),
        ]
    )  # fmt: skip
    kept: Dashboard | None = cache.get(key)
    if kept is None:
        asked = published.question(as_at)
        # A set that was approved since is not what the update measured against.
        asked = replace(asked, target_set=published.update.target_set if is_own else "")
        kept = without_hopes(dashboard(asked))
        cache.set(key, kept, KEPT_FOR)
    return kept


def without_hopes(answer: Dashboard) -> Dashboard:
    """The answer without pace and forecast."""
    rows = tuple(replace(row, pace=None) for row in answer.funds.rows)
    table = answer.funds
    return replace(
        answer,
        funds=FundTable(table.provenance, table.target_set, rows),
        line=replace(answer.line, band=None) if answer.line else None,
        forecast=Forecast(answer.provenance, ""),
    )


def scorecard_of(published: Published) -> Scorecard:
    """The scorecard of the published month; measurements as they were approved by that day."""
    known = Known(published.sequence, str(published.sequence), published.published_on)
    question = replace(published.question(), known=known, target_set=published.update.target_set)
    return scorecard(question, published.published_on)


def donors_mark() -> str:
    """Changes whenever a donor is renamed, merged, parted, or wishes to stay unnamed."""
    rows = Donor.objects.order_by("pk").values_list(
        "pk", "is_unnamed", "merged_into", "parent", "contributor_type", "names"
    )
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]
