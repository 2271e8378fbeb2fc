"""Governments that give core money."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from income.contributing import Core
from income.totals import DonorSum, Span
from reports.figures.progress import percent_of
from reports.figures.provenance import Basis, Provenance
from reports.figures.sums import NON_EARMARKED, ZERO, Sums


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
    counted: Core, sums: Sums, span: Span, hoped_for: Decimal | None, provenance: Provenance
) -> Governments:
    """The count over the months of the span."""
    is_reported = sums.basis is Basis.RECEIVED or sums.reported((NON_EARMARKED,), *span) is not None
    count = counted.count if is_reported else None
    return Governments(
        provenance=provenance.about(NON_EARMARKED),
        from_year=span[0].year,
        to_year=span[1].year,
        count=count,
        hoped_for=hoped_for,
        percent=None if count is None else percent_of(Decimal(count), hoped_for),
        unattributed_usd=counted.unattributed_usd,
        link=sums.link((NON_EARMARKED,), *span, donors="member_states"),
    )


def core_of(donor_sums: Iterable[DonorSum]) -> Core:
    """The same as `income.contributing.core`, from sums by donor that were read already."""
    given: dict[int, Decimal] = defaultdict(Decimal)
    unattributed = ZERO
    for cell in donor_sums:
        if cell.fund != NON_EARMARKED:
            continue
        if cell.donor is None:
            unattributed += cell.amount_usd
        elif cell.donor.is_member_state:
            given[cell.donor.pk] += cell.amount_usd
    return Core(sum(amount > 0 for amount in given.values()), unattributed)


def by_type_of(donor_sums: Iterable[DonorSum]) -> dict[tuple[str, str | None], Decimal]:
    """The same as `income.contributing.by_type`, from sums by donor that were read already."""
    sums: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for cell in donor_sums:
        of_type = cell.donor.contributor_type_id if cell.donor else None
        sums[cell.fund, of_type] += cell.amount_usd
    return dict(sums)
