"""What an indicator stood at on a day: a value or a milestone, or the reason why there is none."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

USD, PERCENT, COUNT = "usd", "percent", "count"


@dataclass(frozen=True)
class Part:
    """Something a value is made of: US dollars, per cent or a count, as `unit` says.

    `link` opens the entries that it sums, or the rows that it counts; `group` names the heading
    that it stands under. A part without a link says in `note` why it has none.
    """

    label: str
    value: Decimal | None
    unit: str = USD
    link: str = ""
    group: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reading:
    """A value in the indicator's unit, or a milestone, on a day; per cent are not rounded.

    `missing` says which input is not there; there is no value then. `partial` says why the value
    is only a part of what is asked: the whole is at least as much. `at_most` says why it holds
    other things too: what is asked is no more than this.
    """

    on: datetime.date
    value: Decimal | None = None
    milestone: str = ""
    missing: str = ""
    partial: str = ""
    at_most: str = ""
    parts: tuple[Part, ...] = ()
    link: str = ""
    notes: tuple[str, ...] = ()
    evidence: str = ""
    evidence_url: str = ""

    @property
    def is_there(self) -> bool:
        return self.value is not None or bool(self.milestone)
