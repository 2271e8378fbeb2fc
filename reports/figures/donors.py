"""Who gave: the ten largest donors per fund."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from donors.models import Donor
from income.leading import Leaders
from income.totals import DonorSum, Span
from interface.sorting import order_key
from reports.figures.levels import Giver, GiverSum, Level, giver_of, leveled
from reports.figures.progress import percent_of
from reports.figures.provenance import Provenance
from reports.figures.sums import INCOME_FUNDS, REGULAR_BUDGET, ZERO, Sums

MOST = 10


@dataclass(frozen=True)
class RankedDonor:
    """A place in a ranking; equal amounts share a rank. The percentage is of the fund's total.

    A donor that wishes to stay unnamed has neither code nor link, except for staff. `rank_before`
    is its rank last year at the same date, None if it had none then or nothing was compared.
    """

    rank: int
    code: str
    name: str
    amount_usd: Decimal
    percent: Decimal | None
    link: str
    rank_before: int | None = None


@dataclass(frozen=True)
class Ranking:
    """The largest donors of a fund, and all the rest of its money: the lines add up to it.

    `named_usd` is what is attributed to named donors. What is not attributed is never ranked, and
    neither is a donor whose money is not above zero (`below_zero`, in `rest_usd`). Where only
    named donors are known (`is_whole` is False) the total is no more than theirs, and no
    percentage is given. `level` says whom a line stands for, `has_before` whether ranks are
    compared with those of last year at the same date.
    """

    fund: str
    name: str
    provenance: Provenance
    donors: tuple[RankedDonor, ...]
    rest_usd: Decimal
    rest_count: int
    below_zero: int
    unattributed_usd: Decimal
    named_usd: Decimal
    total_usd: Decimal
    is_whole: bool
    unattributed_link: str
    total_link: str
    level: Level = Level.REPORTED
    has_before: bool = False

    def percent(self, amount_usd: Decimal) -> Decimal | None:
        """The amount as a percentage of the fund's total; None where the total is not known."""
        return percent_of(amount_usd, self.total_usd) if self.is_whole else None

    def change(self, donor: RankedDonor) -> str:
        """How the donor's rank changed since last year: `up 2`, `new`; empty if not compared."""
        if not self.has_before:
            return ""
        if donor.rank_before is None:
            return _("+ new")
        places = donor.rank_before - donor.rank
        if places > 0:
            return _("↑ up %(places)d") % {"places": places}
        if places < 0:
            return _("↓ down %(places)d") % {"places": -places}
        return _("= as before")

    @property
    def ten_percent(self) -> Decimal | None:
        """The share of the donors shown."""
        return self.percent(sum((donor.amount_usd for donor in self.donors), ZERO))


def rankings(
    donor_sums: Iterable[DonorSum],
    sums: Sums,
    span: Span,
    names: Mapping[str, str],
    provenance: Provenance,
    level: Level = Level.REPORTED,
    *,
    knows_unnamed: bool = False,
    before: Iterable[DonorSum] | None = None,
) -> tuple[Ranking, ...]:
    """One ranking for each fund with money from donors in the months of the span.

    `knows_unnamed` is the reader's: see `leveled`. `before` are the sums of last year up to the
    same month; ranks are compared where the books report the fund for that time.
    """
    standings = _standings(leveled(donor_sums, level, knows_unnamed=knows_unnamed))
    earlier = _by_fund(leveled(before, level, knows_unnamed=knows_unnamed)) if before else {}
    amounts = {
        fund: {cell.giver: cell.amount_usd for cell in cells if cell.giver}
        for fund, cells in earlier.items()
    }
    made = _rankings(standings, sums, span, names, provenance, level)
    return _compared(made, standings, amounts, sums, span) if before is not None else made


def rankings_as_reported(
    found: Iterable[Leaders],
    donors: Mapping[int, Donor],
    sums: Sums,
    span: Span,
    names: Mapping[str, str],
    provenance: Provenance,
    *,
    knows_unnamed: bool = False,
    before: Iterable[DonorSum] | None = None,
) -> tuple[Ranking, ...]:
    """What `rankings` tells of donors as reported, from the largest of them alone.

    `donors` are those, by primary key.
    """
    shown = {pk: giver_of(donors[pk], knows=knows_unnamed) for one in found for pk, _ in one.donors}
    standings = {one.fund: _standing(one, shown) for one in found}
    made = _rankings(standings, sums, span, names, provenance, Level.REPORTED)
    if before is None:
        return made
    amounts: dict[str, dict[Giver | int, Decimal]] = defaultdict(dict)
    for cell in before:
        if cell.donor:
            amounts[cell.fund][shown.get(cell.donor.pk, cell.donor.pk)] = cell.amount_usd
    return _compared(made, standings, amounts, sums, span)


def a_year_before(span: Span) -> Span:
    """The same months of the year before."""
    return span[0].a_year_before, span[1].a_year_before


@dataclass(frozen=True)
class _Standing:
    """What a ranking is made of: at least the ten largest, in their order; US dollars."""

    largest: list[tuple[Giver, Decimal]]
    total: Decimal
    unattributed: Decimal
    count: int  # givers whose money is not zero
    below: int


def _standing(leading: Leaders, shown: Mapping[int, Giver]) -> _Standing:
    named = ((shown[donor], usd) for donor, usd in leading.donors)
    return _Standing(
        largest_first(named), leading.total_usd, leading.unattributed_usd, leading.count,
        leading.below_zero,
    )  # fmt: skip


def _standings(cells: Iterable[GiverSum]) -> dict[str, _Standing]:
    """Of every fund with money that is not zero."""
    return {
        fund: _Standing(
            largest_first(
                (one.giver, one.amount_usd) for one in of_it if one.giver and one.amount_usd > 0
            ),
            sum((one.amount_usd for one in of_it), ZERO),
            sum((one.amount_usd for one in of_it if one.giver is None), ZERO),
            sum(bool(one.giver and one.amount_usd) for one in of_it),
            sum(bool(one.giver and one.amount_usd < 0) for one in of_it),
        )
        for fund, of_it in _by_fund(cells).items()
        if any(one.amount_usd for one in of_it)
    }


def _by_fund(cells: Iterable[GiverSum]) -> dict[str, list[GiverSum]]:
    by_fund: dict[str, list[GiverSum]] = defaultdict(list)
    for cell in cells:
        by_fund[cell.fund].append(cell)
    return by_fund


def largest_first(named: Iterable[tuple[Giver, Decimal]]) -> list[tuple[Giver, Decimal]]:
    """The ten largest, with those that equal the last of them; equal ones by their names."""
    by_amount = sorted(named, key=lambda pair: -pair[1])
    if len(by_amount) > MOST:
        least = by_amount[MOST - 1][1]
        by_amount = [pair for pair in by_amount if pair[1] >= least]
    return sorted(by_amount, key=lambda pair: (-pair[1], order_key(pair[0].name), pair[0].code))


def _compared(
    made: Iterable[Ranking], standings: Mapping[str, _Standing],
    before: Mapping[str, Mapping[Any, Decimal]], sums: Sums, span: Span,
) -> tuple[Ranking, ...]:  # fmt: skip
    """The rankings with each donor's rank of last year, among all that gave then.

    `before` are last year's amounts by fund and giver.
    """
    return tuple(
        _with_ranks(one, standings[one.fund], before.get(one.fund, {}))
        if sums.reported((one.fund,), *a_year_before(span)) is not None
        else one
        for one in made
    )


def _with_ranks(ranking: Ranking, standing: _Standing, before: Mapping[Any, Decimal]) -> Ranking:
    order = sorted((usd for usd in before.values() if usd > 0), reverse=True)
    ranks: dict[Decimal, int] = {}
    for place, usd in enumerate(order, 1):
        ranks.setdefault(usd, place)
    donors = tuple(
        replace(donor, rank_before=ranks.get(before.get(giver, ZERO)))
        for donor, (giver, _usd) in zip(ranking.donors, standing.largest, strict=False)
    )
    return replace(ranking, donors=donors, has_before=True)


def _rankings(
    standings: Mapping[str, _Standing], sums: Sums, span: Span, names: Mapping[str, str],
    provenance: Provenance, level: Level,
) -> tuple[Ranking, ...]:  # fmt: skip
    return tuple(
        _ranking(fund, standings[fund], sums, span, names.get(fund, fund), provenance, level)
        for fund in INCOME_FUNDS
        if fund != REGULAR_BUDGET and fund in standings
    )


def _ranking(
    fund: str,
    standing: _Standing,
    sums: Sums,
    span: Span,
    name: str,
    provenance: Provenance,
    level: Level,
) -> Ranking:
    total, unattributed = standing.total, standing.unattributed
    amounts = [amount for _giver, amount in standing.largest]
    is_whole = span[0].year not in sums.without_totals
    ranked = tuple(
        RankedDonor(
            rank=amounts.index(amount) + 1,
            code=giver.code,
            name=giver.name,
            amount_usd=amount,
            percent=percent_of(amount, total) if is_whole else None,
            link=_link_of(giver, sums, fund, span),
        )
        for giver, amount in standing.largest[:MOST]
    )
    return Ranking(
        fund=fund,
        name=name,
        provenance=provenance.about(name),
        donors=ranked,
        rest_usd=total - unattributed - sum((donor.amount_usd for donor in ranked), ZERO),
        rest_count=standing.count - len(ranked),
        below_zero=standing.below,
        unattributed_usd=unattributed,
        named_usd=total - unattributed,
        total_usd=total,
        is_whole=is_whole,
        unattributed_link=sums.link((fund,), *span, donor="none"),
        total_link=sums.link((fund,), *span),
        level=level,
    )


def _link_of(giver: Giver, sums: Sums, fund: str, span: Span) -> str:
    """The giver's entries; none of who stays unnamed."""
    if not giver.code:
        return ""
    return sums.link(
        (fund,), *span, donor=giver.donor, donor_type=giver.donor_type, level=giver.level
    )
