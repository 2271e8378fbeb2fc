"""What a worklist is made of: things that wait, in groups of one sort."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Item:
    """One thing that waits. `amount` is written out with its currency."""

    title: str
    detail: str
    path: str  # where it is handled
    on: datetime.date | None = None
    days: int | None = None  # since it was due; below zero: until it is
    amount: str = ""
    amount_usd: Decimal | None = None
    is_mine: bool = False  # of a donor whose focal point the person is

    @property
    def when(self) -> str:
        """How many days ago or ahead, in words; empty where it has no day."""
        if self.days is None:
            return ""
        if self.days < 0:
            return ngettext("in %(n)s day", "in %(n)s days", -self.days) % {"n": -self.days}
        if self.days == 0:
            return _("today")
        return ngettext("%(n)s day overdue", "%(n)s days overdue", self.days) % {"n": self.days}


@dataclass(frozen=True)
class Group:
    """Things of one sort: the person's own first, then by day."""

    code: str
    title: str
    items: tuple[Item, ...]
    has_amounts: bool = False

    @property
    def mine(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_mine)

    @property
    def others(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.is_mine)

    @property
    def path(self) -> str:
        """Where all of them are listed."""
        return f"{reverse('worklist')}#{self.code}"

    @property
    def total_usd(self) -> Decimal:
        """US dollars of those that are converted, at the rates of the day."""
        return sum((i.amount_usd for i in self.items if i.amount_usd is not None), Decimal(0))

    @property
    def unconverted(self) -> int:
        """How many have no US dollars for want of a rate."""
        return sum(1 for i in self.items if i.amount_usd is None) if self.has_amounts else 0
