"""Who gave voluntary money in a time: one line a donor, over all voluntary funds together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.donor_cells import donor_cells, of_today
from income.narrow import NONE
from income.periods import YearMonth
from income.totals import DonorSum, Span, donor_sums
from reports.figures.answering import Answering
from reports.figures.donors import a_year_before
from reports.figures.levels import Giver, Level, leveled
from reports.figures.sums import VOLUNTARY_FUNDS, ZERO, Sums, kind_of


@dataclass(frozen=True)
class Amount:
    """US dollars, and the address of the entries that add up to them; empty where there are none.

    Without a link where the entries would name a donor that wishes to stay unnamed.
    """

    usd: Decimal
    link: str = ""


Given = dict[Giver | None, dict[str, Decimal]]  # by giver (None: not attributed) and fund


def kind_of_voluntary(asked: Answering) -> str:
    """The one kind that voluntary money is counted by on the basis."""
    return kind_of(asked.basis, VOLUNTARY_FUNDS[0])


def year_before(asked: Answering) -> Span:
    """January of the year before to the same month of it."""
    return a_year_before(asked.span)


def donors_a_year_before(asked: Answering) -> tuple[DonorSum, ...]:
    """The sums by donor of last January to the same month; for rankings too."""
    return _donor_sums(asked, year_before(asked))


def donors_in_earlier_years(asked: Answering) -> tuple[DonorSum, ...]:
    """The sums by donor since the books begin, without the year of the question."""
    span = _earlier_years(asked)
    return _donor_sums(asked, span) if span else ()


def gave_in_earlier_years(asked: Answering, donors: Collection[int]) -> set[int]:
    """Those of the donors (by primary key) whose voluntary money of all those years is above zero.

    What was merged into one of them counts with it.
    """
    span = _earlier_years(asked)
    if span is None or not donors:
        return set()
    merged = asked.merged_donors
    cells = donor_cells(
        asked.ledger, kind_of_voluntary(asked), *span, mode=asked.sums.mode, narrow=asked.narrow,
        funds=VOLUNTARY_FUNDS,
        donors={*donors, *(gone for gone, kept in merged.items() if kept in donors)},
    )  # fmt: skip
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for (_fund, donor), usd in of_today(cells, merged).items():
        if donor:
            sums[donor] += usd
    return {donor for donor, usd in sums.items() if usd > 0}


def _earlier_years(asked: Answering) -> Span | None:
    begins = asked.sums.begins
    if begins is None or begins.year >= asked.as_at.year:
        return None
    return YearMonth(begins.year, 1), YearMonth(asked.as_at.year - 1, 12)


def _donor_sums(asked: Answering, span: Span) -> tuple[DonorSum, ...]:
    return donor_sums(
        asked.ledger, kind_of_voluntary(asked), *span, mode=asked.sums.mode, narrow=asked.narrow
    )


def given(asked: Answering, sums: Iterable[DonorSum]) -> Given:
    """Voluntary money by giver: as reported, or with their agencies where the question says so.

    A contributor type is no donor, so that level counts donors as reported.
    """
    level = asked.question.level
    level = level if level is Level.PARENT else Level.REPORTED
    wanted = [one for one in sums if one.fund in VOLUNTARY_FUNDS]
    found: Given = defaultdict(dict)
    for cell in leveled(wanted, level, knows_unnamed=asked.question.knows_unnamed):
        if cell.amount_usd:
            found[cell.giver][cell.fund] = cell.amount_usd
    return found


def amount_of(
    asked: Answering, giver: Giver | None, by_fund: Mapping[str, Decimal], span: Span
) -> Amount:
    """What the giver gave over the span, in the funds that it gave to."""
    usd = sum(by_fund.values(), ZERO)
    if giver and not giver.code:
        return Amount(usd)
    funds = [fund for fund in VOLUNTARY_FUNDS if fund in by_fund]
    if giver is None:
        return Amount(usd, asked.sums.link(funds, *span, donor=NONE))
    link = asked.sums.link(
        funds, *span, donor=giver.donor, donor_type=giver.donor_type, level=giver.level
    )
    return Amount(usd, link)


def total_of_voluntary(sums: Sums, span: Span) -> Amount:
    """All voluntary money over the span, with the funds that hold any."""
    funds = [fund for fund in VOLUNTARY_FUNDS if sums.of((fund,), *span)]
    return Amount(sums.of(VOLUNTARY_FUNDS, *span), sums.link(funds, *span))


def why_not_known(sums: Sums, span: Span) -> str:
    """Why voluntary money of a year cannot be told donor by donor; empty where it can."""
    if sums.reported(VOLUNTARY_FUNDS, *span) is not None:
        return ""
    return _("These books say nothing of all voluntary money of %(year)s.") % {"year": span[0].year}
