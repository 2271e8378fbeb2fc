"""One check of a publication: what it says, and what the books say of the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from income.money import USD
from income.periods import YearMonth
from reports.figures.scope import Scope

COUNT = "count"


@dataclass(frozen=True)
class Check:
    """Left is what the publication says, right what the books do; it holds where they are equal.

    `unit` is a currency, or `count`. `about` is what else tells the check from others of its code:
    an instrument, a file. `link` opens the entries behind it, where there are some.
    """

    code: str
    left: Decimal
    right: Decimal
    unit: str = USD
    year: int = 0
    fund: str = ""
    about: str = ""
    link: str = ""

    @property
    def difference(self) -> Decimal:
        return self.left - self.right

    @property
    def holds(self) -> bool:
        return self.left == self.right

    def plain(self) -> dict[str, Any]:
        """As JSON; amounts as text."""
        return {
            "code": self.code, "left": str(self.left), "right": str(self.right),
            "difference": str(self.difference), "unit": self.unit, "year": self.year,
            "fund": self.fund, "about": self.about, "link": self.link,
        }  # fmt: skip

    @classmethod
    def of_plain(cls, row: Mapping[str, Any]) -> "Check":
        """From what was stored."""
        kept = {name: value for name, value in row.items() if name != "difference"}
        return cls(**{**kept, "left": Decimal(kept["left"]), "right": Decimal(kept["right"])})


def counted(code: str, left: int, right: int, **words: Any) -> Check:
    """A check of two counts."""
    return Check(code, Decimal(left), Decimal(right), unit=COUNT, **words)


def link_of(scope: Scope, kinds: Iterable[str], year: int, last: YearMonth | None = None) -> str:
    """The entries of the kinds in the year, up to the month where one is named."""
    return scope.link(kinds, YearMonth(year, 1), last or YearMonth(year, 12), mode="")
