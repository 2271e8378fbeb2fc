"""What the Board may see of promises: sums that give away no single donor.

A sum is shown when at least three donors stand behind it and the largest has under 85 per cent
of it. A sum that may not be shown must not follow from the others either: where cells add up to
a total, further ones are withheld until what is withheld, taken together, may be shown itself.
A government and its agencies are one donor here.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from donors.models import Donor
from income.families import tops

FEWEST_DONORS = 3
LARGEST_SHARE = Decimal("0.85")
ZERO = Decimal(0)
ByDonor = Mapping[int | None, Decimal]
Key = TypeVar("Key", bound=Hashable)


def may_be_shown(by_donor: ByDonor) -> bool:
    """Whether the sum gives away no single donor. A sum without any money gives away none."""
    amounts = [abs(usd) for donor, usd in by_donor.items() if usd and donor is not None]
    if not amounts:
        return True
    return len(amounts) >= FEWEST_DONORS and max(amounts) < LARGEST_SHARE * sum(amounts, ZERO)


@dataclass(frozen=True)
class Cells(Generic[Key]):
    """Sums with the donors behind them, and how they add up.

    An equation is a list of (cell, +1 or −1) that adds up to zero. Public cells are shown in any
    case, such as money received; wanted ones are withheld only where no other will do.
    """

    amounts: Mapping[Key, ByDonor]
    equations: Sequence[Sequence[tuple[Key, int]]] = ()
    public: frozenset[Key] = field(default_factory=frozenset)
    wanted: frozenset[Key] = field(default_factory=frozenset)

    def withheld(self) -> frozenset[Key]:
        """The cells that are not shown."""
        hidden = {
            key
            for key, by_donor in self.amounts.items()
            if key not in self.public and not may_be_shown(by_donor)
        }
        while further := self._follows(hidden):
            hidden.add(further)
        return frozenset(hidden)

    def _follows(self, hidden: set[Key]) -> Key | None:
        """The next cell to withhold, so that a withheld one cannot be worked out."""
        for equation in self.equations:
            inside = [(key, sign) for key, sign in equation if key in hidden]
            if not inside or self._is_safe(inside):
                continue
            others = [k for k, _sign in equation if k not in hidden and k not in self.public]
            if others:
                return min(others, key=self._cost)
        return None

    def _is_safe(self, inside: Sequence[tuple[Key, int]]) -> bool:
        """Whether what follows from the others, the withheld cells together, may be shown."""
        together: dict[int | None, Decimal] = defaultdict(Decimal)
        for key, sign in inside:
            for donor, usd in self.amounts.get(key, {}).items():
                together[donor] += sign * usd
        return len(inside) > 1 and may_be_shown(together)

    def _cost(self, key: Key) -> tuple[bool, bool, Decimal]:
        """Cells with the least money go first; those without any hide nothing and go last."""
        usd = sum((abs(amount) for amount in self.amounts.get(key, {}).values()), ZERO)
        return not usd, key in self.wanted, usd


def families(donors: Iterable[int | None]) -> dict[int | None, int | None]:
    """For each donor (by primary key) the one at the top of its family, which counts as one."""
    known = Donor.objects.in_bulk({donor for donor in donors if donor is not None})
    above = tops(known.values())
    return {None: None, **{pk: top.pk for pk, top in above.items()}}
