"""Who gave: the ten largest donors per fund, and governments that give core money."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from income.totals import DonorSum, Span
from interface.sorting import order_key
from reports.figures.levels import Giver, GiverSum, Level, leveled
from reports.figures.progress import percent_of
from reports.figures.provenance import Basis, Provenance
from reports.figures.sums import INCOME_FUNDS, NON_EARMARKED, REGULAR_BUDGET, ZERO, Sums

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
    by_fund = _by_fund(leveled(donor_sums, level, knows_unnamed=knows_unnamed))
    earlier = _by_fund(leveled(before or (), level, knows_unnamed=knows_unnamed))
    wanted = [fund for fund in INCOME_FUNDS if fund != REGULAR_BUDGET and by_fund[fund]]
    made = (
        _ranking(fund, by_fund[fund], sums, span, names.get(fund, fund), provenance, level)
        for fund in wanted
        if any(cell.amount_usd for cell in by_fund[fund])
    )
    if before is None:
        return tuple(made)
    return tuple(
        _compared(one, by_fund[one.fund], earlier[one.fund])
        if sums.reported((one.fund,), *a_year_before(span)) is not None
        else one
        for one in made
    )


def a_year_before(span: Span) -> Span:
    """The same months of the year before."""
    return span[0].a_year_before, span[1].a_year_before


def _by_fund(cells: Iterable[GiverSum]) -> dict[str, list[GiverSum]]:
    by_fund: dict[str, list[GiverSum]] = defaultdict(list)
    for cell in cells:
        by_fund[cell.fund].append(cell)
    return by_fund


def _compared(ranking: Ranking, cells: list[GiverSum], earlier: list[GiverSum]) -> Ranking:
    """The ranking with each donor's rank of last year, among all that gave then."""
    ranked = [giver for giver, _amount in _ranked(cells)]
    amounts = dict(_ranked(earlier))
    order = list(amounts.values())
    ranks = {giver: order.index(amount) + 1 for giver, amount in amounts.items()}
    donors = tuple(
        replace(donor, rank_before=ranks.get(giver))
        for donor, giver in zip(ranking.donors, ranked, strict=False)
    )
    return replace(ranking, donors=donors, has_before=True)


def _ranked(cells: list[GiverSum]) -> list[tuple[Giver, Decimal]]:
    """Givers with money above zero, the largest first."""
    named = [(cell.giver, cell.amount_usd) for cell in cells if cell.giver and cell.amount_usd > 0]
    return sorted(named, key=lambda pair: (-pair[1], order_key(pair[0].name), pair[0].code))


def _ranking(
    fund: str,
    cells: list[GiverSum],
    sums: Sums,
    span: Span,
    name: str,
    provenance: Provenance,
    level: Level,
) -> Ranking:
    total = sum((cell.amount_usd for cell in cells), ZERO)
    unattributed = sum((cell.amount_usd for cell in cells if cell.giver is None), ZERO)
    named = [cell.amount_usd for cell in cells if cell.giver and cell.amount_usd]
    everybody = _ranked(cells)
    largest = everybody[:MOST]
    amounts = [amount for _giver, amount in everybody]
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
        for giver, amount in largest
    )
    return Ranking(
        fund=fund,
        name=name,
        provenance=provenance.about(name),
        donors=ranked,
        rest_usd=total - unattributed - sum((donor.amount_usd for donor in ranked), ZERO),
        rest_count=len(named) - len(ranked),
        below_zero=sum(amount < 0 for amount in named),
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


@dataclass(frozen=True)
class Governments:
    """Member States whose non-earmarked money, net of what was paid back, is above zero.

    `hoped_for` is the indicator's number, None where no document names one; `unattributed_usd`
    is non-earmarked money of the same time that no donor is named for. The count is None where
    non-earmarked money is not reported.
    """

    provenance: Provenance
    from_year: int
    to_year: int
    count: int | None
    hoped_for: Decimal | None
    percent: Decimal | None
    unattributed_usd: Decimal
    link: str


def governments(
    donor_sums: Iterable[DonorSum],
    sums: Sums,
    span: Span,
    hoped_for: Decimal | None,
    provenance: Provenance,
) -> Governments:
    """The count over the months of the span."""
    given: dict[int, Decimal] = defaultdict(Decimal)
    unattributed = ZERO
    for cell in donor_sums:
        if cell.fund != NON_EARMARKED:
            continue
        if cell.donor is None:
            unattributed += cell.amount_usd
        elif cell.donor.is_member_state:
            given[cell.donor.pk] += cell.amount_usd
    is_reported = sums.basis is Basis.RECEIVED or sums.reported((NON_EARMARKED,), *span) is not None
    count = sum(amount > 0 for amount in given.values()) if is_reported else None
    return Governments(
        provenance=provenance.about(NON_EARMARKED),
        from_year=span[0].year,
        to_year=span[1].year,
        count=count,
        hoped_for=hoped_for,
        percent=None if count is None else percent_of(Decimal(count), hoped_for),
        unattributed_usd=unattributed,
        link=sums.link((NON_EARMARKED,), *span, donors="member_states"),
    )
