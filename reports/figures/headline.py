"""The sentences a page opens with, made of its own figures: will the target be reached?"""

from django.utils.translation import gettext as _

from income.periods import YearMonth
from interface.formatting import Units
from reports.figures.forecast import Forecast
from reports.figures.funds import FundRow, FundTable
from reports.figures.pace import Method, Pace, Verdict
from reports.figures.provenance import Basis
from reports.figures.words import dollars, on_day, per_cent


def headline(
    table: FundTable, as_at: YearMonth, units: Units, forecast: Forecast | None = None
) -> str:
    """Where it stands and how it keeps pace; then where it is heading. Two sentences at most."""
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
    second = _heading(table, forecast, units)
    if not second and not table.provenance.basis.is_promise:
        second = _non_earmarked(table.row("FNE"), units)
    return " ".join(filter(None, [_income(table, as_at, units), second]))


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
    basis = table.provenance.basis
    if basis is Basis.AUDITED:
        return _audited(is_over, progress.percent is not None, words)
    if basis.is_promise:
        return _promised(basis, words)
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
    return _with_pace(table.total.pace) % words


def _with_pace(pace: Pace | None) -> str:
    """A sentence for each pace, whole, so that it can be translated."""
    if pace is None or pace.verdict is Verdict.UNKNOWN:
        return _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for; whether that is on schedule cannot be said."
        )
    if pace.method is Method.YEAR_OVER:
        return _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for."
        )
    if pace.method is Method.INSTALMENTS:
        return _by_instalments(pace.verdict)
    return {
        Verdict.AHEAD: _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for, which is ahead of schedule."
        ),
        Verdict.ON_SCHEDULE: _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for, which is on schedule."
        ),
        Verdict.BEHIND: _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for, which is behind schedule."
        ),
    }[pace.verdict]


def _by_instalments(verdict: Verdict) -> str:
    """Only what was to be paid is known to be early or late; the rest of the target has no plan."""
    return {
        Verdict.AHEAD: _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for; instalments are paid ahead of schedule."
        ),
        Verdict.ON_SCHEDULE: _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for; instalments are paid on schedule."
        ),
        Verdict.BEHIND: _(
            "By %(day)s UN-Habitat had received or been allotted %(actual)s, %(percent)s of the "
            "%(target)s hoped for; instalments are paid behind schedule."
        ),
    }[verdict]


def _heading(table: FundTable, forecast: Forecast | None, units: Units) -> str:
    """What the year is heading for, beside its target; empty where nothing is forecast."""
    if forecast is None or forecast.year is None:
        return ""
    band, year = forecast.year.total.band, forecast.year
    progress = table.total.progress
    target = progress.target_usd if progress.is_comparable else None
    low, high = dollars(band.low_usd, units), dollars(band.high_usd, units)
    words = {
        "band": low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high},
        "day": on_day(year.until.last_day),
    }
    if forecast.left_out and band.low_usd <= (progress.actual_usd or 0):
        return ""  # of what is ahead nothing may be told
    if forecast.left_out:  # more may come than may be told, so nothing is said of the target
        return _("Counting what may be shown here, at least %(low)s would be there by %(day)s.") % {
            **words, "low": low,
        }  # fmt: skip
    has_season = any(row.by_season for row in year.rows)
    if target is None:
        place = "none"
    elif band.low_usd >= target:
        place = "above"
    else:
        place = "below" if band.high_usd < target else "between"
    return (_by_season(place) if has_season else _by_what_is_known(place)) % words


def _by_season(place: str) -> str:
    return {
        "none": _("Going by earlier years, %(band)s would be there by %(day)s."),
        "above": _(
            "Going by earlier years, %(band)s would be there by %(day)s, which reaches the target."
        ),
        "below": _(
            "Going by earlier years, %(band)s would be there by %(day)s, short of the target."
        ),
        "between": _(
            "Going by earlier years, %(band)s would be there by %(day)s: the target may be reached."
        ),
    }[place]


def _by_what_is_known(place: str) -> str:
    """Without earlier years to go by, agreements still to be made are in no forecast."""
    return {
        "none": _("Without agreements still to be made, %(band)s would be there by %(day)s."),
        "above": _(
            "Without agreements still to be made, %(band)s would be there by %(day)s, which "
            "reaches the target."
        ),
        "below": _(
            "Without agreements still to be made, %(band)s would be there by %(day)s, short of "
            "the target."
        ),
        "between": _(
            "Without agreements still to be made, %(band)s would be there by %(day)s: the target "
            "may be reached."
        ),
    }[place]


def _promised(basis: Basis, words: dict[str, object]) -> str:
    if basis is Basis.DUE:
        return _("From January to %(day)s %(actual)s fell due by instalment.") % words
    return _("From January to %(day)s %(actual)s was agreed by signature.") % words


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
    if progress.refused:
        return _("%(fund)s income stood at %(actual)s.") % {
            "fund": row.name,
            "actual": dollars(progress.actual_usd, units),
        }
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
