"""Which part of the books a figure is about, and which state of them it was made from."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.urls import reverse
from django.utils.http import urlencode

from donors.models import Donor
from income.models import Contribution, Entry, Fund, Ledger
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.vocabulary import Mode
from reports.figures.one_state import TRIES, BooksMoving

WITHOUT_DONORS = ("RB", "PS", "CORE")  # allotted or a share: no donor agrees to them
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Scope:
    """One set of books, or one fund, donor or contribution of it. A donor's are its merged too.

    `until` is a sequence: what was posted after it is not known yet.
    """

    ledger: Ledger
    fund: str = ""
    donor: Donor | None = None
    contribution: Contribution | None = None
    until: int | None = None

    def entries(self) -> EntryQuerySet:
        """Every entry of it in funds that donors give to, of every kind and mode."""
        found = Entry.objects.in_books(self.ledger).exclude(fund__in=WITHOUT_DONORS)
        if self.fund:
            found = found.filter(fund=self.fund)
        if self.until is not None:
            found = found.filter(posting__sequence__lte=self.until)
        if self.contribution:
            return found.filter(contribution=self.contribution)
        if self.donor:
            return found.filter(donor__in=Donor.objects.with_merged(self.donor))
        return found

    def link(
        self,
        kinds: Iterable[str],
        first: YearMonth | None,
        last: YearMonth | None,
        *,
        funds: Iterable[str] = (),
        mode: str = Mode.CASH,
        **narrow: str | int | Iterable[str],
    ) -> str:
        """The address of the entries behind a figure; `narrow` are names of `EntryFilter`."""
        asked: dict[str, str | int | Iterable[str]] = {
            "books": self.ledger.code,
            "kind": list(kinds),
        }
        asked["fund"] = list(funds) or ([self.fund] if self.fund else [])
        asked["mode"] = mode
        if self.contribution:
            asked["contribution"] = str(self.contribution.uuid)
        elif self.donor:
            asked["donor"] = self.donor.code
        asked |= {} if self.until is None else {"until": self.until}
        asked |= narrow
        asked |= {"from": first.slug if first else "", "to": last.slug if last else ""}
        said = {name: value for name, value in asked.items() if value not in ("", None)}
        return f"{reverse('entry_list')}?{urlencode(said, doseq=True)}"


@dataclass(frozen=True)
class State:
    """The state of the books that figures were made from, to be printed with them."""

    books: str
    books_name: str
    is_demonstration: bool
    sequence: int
    hash: str
    moved_at: datetime.datetime | None = None  # of the last posting

    @classmethod
    def of(cls, ledger: Ledger) -> "State":
        return cls(
            ledger.code, str(ledger), ledger.is_demonstration, ledger.sequence, ledger.head_hash,
            ledger.moved_at,
        )  # fmt: skip


def of_one_state(ledger: Ledger, make: Callable[[Ledger], Answer]) -> Answer:
    """What `make` answers of one state of the books: asked again when a posting came between."""
    for _attempt in range(TRIES):
        before = Ledger.objects.get(pk=ledger.pk)
        answer = make(before)
        if Ledger.objects.get(pk=ledger.pk).sequence == before.sequence:
            return answer
    raise BooksMoving()


def fund_names() -> dict[str, str]:
    """Code and name of every fund that donors give to, in the funds' order."""
    return {f.code: str(f) for f in Fund.objects.exclude(code__in=WITHOUT_DONORS)}
