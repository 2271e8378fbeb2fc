"""The sentences a page opens with, made of its own figures."""

from django.utils.translation import gettext as _

from income.periods import YearMonth
from interface.formatting import Units
from reports.figures.funds import FundRow, FundTable
from reports.figures.provenance import Basis
from reports.figures.words import dollars, on_day, per_cent


def headline(table: FundTable, as_at: YearMonth, units: Units) -> str:
    """What came in, measured against what was hoped for; one sentence, or two."""
    total = table.total
    if total.progress.actual_usd is None and table.provenance.basis is Basis.AUDITED:
        return _("These books report no total for %(year)s.") % {"year": as_at.year}
    if total.progress.actual_usd is None or not any(
        row.progress.actual_usd for row in table.rows if row.funds
    ):
        return _("These books show no income up to %(day)s for %(year)s.") % {
            "day": on_day(as_at.last_day),
            "year": as_at.year,
        }
    sentences = [_income(table, as_at, units), _non_earmarked(table.row("FNE"), units)]
    return " ".join(filter(None, sentences))


def _income(table: FundTable, as_at: YearMonth, units: Units) -> str:
    progress = table.total.progress
    words = {
        "day": on_day(as_at.last_day),
        "year": as_at.year,
        "actual": dollars(progress.actual_usd or 0, units),  # type: ignore[arg-type]
        "percent": per_cent(progress.percent) if progress.percent is not None else "",
        "target": dollars(progress.target_usd, units) if progress.target_usd is not None else "",
        "more": dollars(-progress.gap_usd, units) if progress.gap_usd is not None else "",
    }
    is_over = progress.gap_usd is not None and progress.gap_usd < 0
    if table.provenance.basis is Basis.AUDITED:
        return _audited(is_over, progress.percent is not None, words)
    if progress.percent is None:
        return _("By %(day)s UN-Habitat had received or been allotted %(actual)s.") % words
    if is_over:
        return (
            _(
                "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(more)s more "
                "than the %(target)s hoped for."
            )
            % words
        )
    return (
        _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for."
        )
        % words
    )


def _audited(is_over: bool, has_share: bool, words: dict[str, object]) -> str:
    if not has_share:
        return _("In %(year)s UN-Habitat had audited revenue of %(actual)s.") % words
    if is_over:
        return (
            _(
                "In %(year)s UN-Habitat had audited revenue of %(actual)s, %(more)s more than the "
                "%(target)s hoped for."
            )
            % words
        )
    return (
        _(
            "In %(year)s UN-Habitat had audited revenue of %(actual)s, %(percent)s of the "
            "%(target)s hoped for."
        )
        % words
    )


def _non_earmarked(row: FundRow, units: Units) -> str:
    progress = row.progress
    if progress.actual_usd is None:
        return ""
    if progress.percent is None or progress.target_usd is None:
        return _("%(fund)s income stood at %(actual)s; it has no target here.") % {
            "fund": row.name,
            "actual": dollars(progress.actual_usd, units),
        }
    return _("%(fund)s income stood at %(percent)s of its target of %(target)s.") % {
        "fund": row.name,
        "percent": per_cent(progress.percent),
        "target": dollars(progress.target_usd, units),
    }
