"""Two donors side by side before they are merged: no cent is lost, none moves."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from donors.models import Donor, NameKind
from income.models import Fund, Ledger
from income.totals import reach
from reports.figures.donor_entries import GIVEN_KINDS, yearly_cells
from reports.figures.sums import ZERO


@dataclass(frozen=True)
class ComparedLine:
    """A kind, year and fund (without year and fund: the total of the kind); US dollars."""

    kind: str
    year: int | None
    fund: str
    gone_usd: Decimal
    kept_usd: Decimal

    @property
    def together_usd(self) -> Decimal:
        return self.gone_usd + self.kept_usd


@dataclass(frozen=True)
class Compared:
    """What two donors gave in one set of books, and the names they are found by."""

    gone: Donor
    kept: Donor
    lines: tuple[ComparedLine, ...]  # per kind the years from the newest, then the total
    names: tuple[tuple[Donor, tuple[str, ...], tuple[str, ...]], ...]  # names, identifiers


def compared(ledger: Ledger, gone: Donor, kept: Donor) -> Compared:
    """Both as the books have them now; after the merge the kept one has the sum of each line."""
    spans = reach(ledger)
    held = tuple(kind for kind in GIVEN_KINDS if kind in spans)
    first = min((spans[kind][0].year for kind in held), default=0)
    last = max((spans[kind][1].year for kind in held), default=0)
    sums: dict[tuple[str, int, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for place, donor in enumerate((gone, kept)):
        for kind, year, fund, _mode, usd in yearly_cells(ledger, donor, held, first, last):
            sums[kind, year, fund][place] += usd
    names = {fund.code: str(fund) for fund in Fund.objects.all()}
    lines: list[ComparedLine] = []
    for kind in held:
        of_kind = [key for key in sums if key[0] == kind]
        for key in sorted(of_kind, key=lambda key: (-key[1], list(names).index(key[2]))):
            lines.append(ComparedLine(kind, key[1], names[key[2]], *sums[key]))
        if of_kind:
            totals = [sum((sums[key][place] for key in of_kind), ZERO) for place in (0, 1)]
            lines.append(ComparedLine(kind, None, "", *totals))
    return Compared(gone, kept, tuple(lines), tuple(map(_names, (gone, kept))))


def _names(donor: Donor) -> tuple[Donor, tuple[str, ...], tuple[str, ...]]:
    rows = list(donor.search_names.order_by("pk"))
    identifiers = [one.name for one in rows if one.kind == NameKind.IDENTIFIER]
    names = [one.name for one in rows if one.kind != NameKind.IDENTIFIER]
    return donor, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(identifiers))
