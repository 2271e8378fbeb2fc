"""The charts of the public pages that the Board's pages do not have."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from interface.charts import BarChart, Flow, FlowChart, FlowPlace, Role
from interface.formatting import format_number
from reports.charts.board import series
from reports.figures.words import MILLION, dollars, units_label
from reports.open.flows import End, FlowRow, Flows
from reports.open.giving import DonorYears


def flow_chart(found: Flows) -> FlowChart:
    """Donor groups, funds and regions, and the ways between them; in millions of US dollars."""
    ends = (_group, _fund, _region)
    ways = _ways(found)
    drawn = {code for way in ways if way.value > 0 for code in (way.source, way.target)}
    columns = tuple(
        tuple(_place(at, one, usd) for one, usd in found.by(end).items() if _code(at, one) in drawn)
        for at, end in enumerate(ends)
    )
    return FlowChart(
        identifier="flows",
        title=_("From donor group through fund to region"),
        description=_("Each ribbon is as wide as the money that went its way."),
        units=units_label("millions"),
        columns=columns,
        flows=ways,
    )


def _code(column: int, end: End) -> str:
    return f"{column}:{end.code}"


def _place(column: int, end: End, usd: Decimal) -> FlowPlace:
    return FlowPlace(_code(column, end), end.name, _amount(usd))


def _ways(found: Flows) -> tuple[Flow, ...]:
    sums: dict[tuple[int, End, End], Decimal] = {}
    for row in found.rows:
        for key in ((0, row.group, row.fund), (1, row.fund, row.region)):
            sums[key] = sums.get(key, Decimal(0)) + row.amount_usd
    return tuple(
        Flow(
            _code(at, one), _code(at + 1, other), usd / MILLION,
            f"{one.name} → {other.name}: {_amount(usd)}",
        )
        for (at, one, other), usd in sums.items()
    )  # fmt: skip


def _amount(usd: Decimal) -> str:
    """Millions; a small amount keeps two decimals, so that none reads as nothing."""
    return format_number(usd / MILLION, digits=1 if usd >= MILLION else 2)


def flow_sentence(found: Flows) -> str:
    """How much came, from which named group most of it, and for which region."""
    group, region = found.largest(_group), found.largest(_region)
    words = {"total": dollars(found.total_usd), "year": found.year}
    if group is None or region is None:
        return _("In %(year)s %(total)s was received or allotted.") % words
    return _(
        "In %(year)s %(total)s was received or allotted. Of named groups the largest is "
        "%(group)s (%(given)s), of regions %(region)s (%(got)s)."
    ) % {
        **words, "group": group[0].name, "given": dollars(group[1]),
        "region": region[0].name, "got": dollars(region[1]),
    }  # fmt: skip


def _group(row: FlowRow) -> End:
    return row.group


def _fund(row: FlowRow) -> End:
    return row.fund


def _region(row: FlowRow) -> End:
    return row.region


def donor_chart(donor: DonorYears) -> BarChart:
    """A donor's money year by year."""
    years = tuple(sorted(donor.years))
    amounts = tuple(donor.of(year) for year in years)
    drawn = series(Role.ACTUAL, _("received"), amounts)
    return BarChart(
        identifier="donor-years",
        title=_("Received year by year"),
        description=_extremes(donor),
        units=units_label("millions"),
        categories=tuple(map(str, years)),
        series=(replace(drawn, labels=tuple(map(_amount, amounts))),),
    )


def _extremes(donor: DonorYears) -> str:
    amounts = [(donor.of(year), year) for year in donor.years]
    high, low = max(amounts), min(amounts)
    return _("Highest in %(high_year)s (%(high)s), lowest in %(low_year)s (%(low)s).") % {
        "high_year": high[1], "high": dollars(high[0]), "low_year": low[1], "low": dollars(low[0]),
    }  # fmt: skip


def donor_sentence(donor: DonorYears) -> str:
    """What came in all, and in the last year."""
    words = {
        "donor": donor.donor.name, "total": dollars(donor.of()), "first": donor.years[-1],
        "last": donor.years[0], "amount": dollars(donor.of(donor.years[0])),
    }  # fmt: skip
    if len(donor.years) == 1:
        return _("In %(last)s UN-Habitat received %(total)s from %(donor)s.") % words
    return (
        _(
            "From %(first)s to %(last)s UN-Habitat received %(total)s from %(donor)s, %(amount)s "
            "of it in %(last)s."
        )
        % words
    )
