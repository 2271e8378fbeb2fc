"""What every figure carries: on which basis, as at when, from which state of which books."""

import datetime
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.periods import YearMonth
from interface.formatting import format_date


class Basis(StrEnum):
    """Which kinds of entries a page counts. Bases are never mixed."""

    RECEIVED = "received"  # receipts, and allotments of the regular budget
    AUDITED = "audited"  # audited revenue, known by year
    DUE = "due"  # instalments by the day they fall due
    AGREED = "agreed"  # agreements at the day of signature

    @property
    def label(self) -> str:
        return str(_BASIS_LABELS[self])

    @property
    def is_promise(self) -> bool:
        """Whether it tells of what was promised, which only staff see donor by donor."""
        return self in (Basis.DUE, Basis.AGREED)


_BASIS_LABELS = {
    Basis.RECEIVED: gettext_lazy("received and allotted"),
    Basis.AUDITED: gettext_lazy("audited revenue"),
    Basis.DUE: gettext_lazy("due by instalment"),
    Basis.AGREED: gettext_lazy("agreed at signature"),
}


@dataclass(frozen=True)
class Known:
    """An earlier state of the books: through which sequence, and on which day where one was asked.

    `asked` is what the address says: a day, or a sequence.
    """

    sequence: int
    asked: str
    on: datetime.date | None = None

    @property
    def label(self) -> str:
        """`as known at the end of 15 April 2022`."""
        if self.on:
            return _("as known at the end of %(day)s") % {"day": format_date(self.on)}
        return _("as known at state %(sequence)s of the books") % {"sequence": self.sequence}


@dataclass(frozen=True)
class Provenance:
    """Where a figure comes from. `open_months` are those of its year that can still change.

    It is provisional as long as there is one, and, where it `awaits_audit`, until the year's
    audited figures are in the same books. `adjustments` counts the entries that changed a closed
    month. `known` is set where the books are told as they were known earlier. Figures before
    `begins` (where told) are of a time that the books do not speak of. `moved_at` is when the books
    last moved, where whoever made the figures said so.
    """

    books: str
    books_name: str
    is_demonstration: bool
    basis: Basis
    as_at: YearMonth
    sequence: int
    hash: str
    open_months: tuple[YearMonth, ...] = ()
    scope: str = ""
    units: str = "USD"
    sources: tuple[str, ...] = ()
    adjustments: int = 0
    is_reported: bool = True
    begins: YearMonth | None = None
    awaits_audit: bool = False
    known: Known | None = None
    moved_at: datetime.datetime | None = None
    is_provisional: bool = field(init=False)

    def __post_init__(self) -> None:
        can_change = bool(self.open_months) or self.awaits_audit
        is_told = self.is_reported and not self.is_before_the_books
        object.__setattr__(self, "is_provisional", can_change and is_told)

    @property
    def status(self) -> str:
        """One of seven: what a reader may expect of the figures."""
        if self.is_before_the_books:
            return _("before these books begin")
        if not self.is_reported:
            return _("not reported")
        if self.open_months:
            return _("provisional")
        if self.awaits_audit and self.adjustments:
            return _("closed and adjusted, provisional until audited")
        if self.awaits_audit:
            return _("closed, provisional until audited")
        return _("final, adjusted after closing") if self.adjustments else _("final")

    @property
    def is_before_the_books(self) -> bool:
        """Whether all of the time told of lies before the books begin."""
        return self.begins is not None and self.as_at < self.begins

    def about(self, scope: str, *sources: str) -> "Provenance":
        """The same state of the books, for a figure of this scope from these documents."""
        return replace(self, scope=scope, sources=tuple(dict.fromkeys(filter(None, sources))))
