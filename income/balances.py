"""What each instalment still owes, from the entries of the ledger."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, Count, F, Min, Q, QuerySet, Sum, When

from income.models import Contribution, Entry, Instalment
from income.prepared import Prepared
from income.rates import RateInForce
from income.vocabulary import Kind, RateType, Reason

ZERO = Decimal(0)
LINES = 2**31  # more than a posting has


@dataclass(frozen=True)
class InstalmentState:
    """An instalment as the ledger has it; amounts in the contribution's currency.

    `due` is net of amendments, write-offs and tolerances. `due_usd` is at the rates of its due
    entries, None where one of them is not converted; `settled_usd` is what receipts took off it.
    """

    instalment: Instalment
    due: Decimal
    conditional: Decimal  # promised under a condition that is still open
    credited: Decimal  # what receipts settled
    written_off: Decimal
    due_usd: Decimal | None
    settled_usd: Decimal
    rate: RateInForce | None = None  # of its first due entry, where that was asked for

    @property
    def outstanding(self) -> Decimal:
        """What is due and has not been received; nothing where more came than was due."""
        return max(self.due - self.credited, ZERO)

    @property
    def outstanding_usd(self) -> Decimal | None:
        """The same at the agreement's rate."""
        if self.due_usd is None:
            return None
        return self.due_usd - self.settled_usd if self.outstanding else ZERO

    @property
    def is_conditional(self) -> bool:
        return self.conditional > 0

    @property
    def is_settled(self) -> bool:
        return not self.outstanding and not self.is_conditional

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands behind it any more, as after an amendment was undone."""
        return not (self.due or self.conditional or self.credited)

    def is_overdue(self, today: datetime.date) -> bool:
        """Whether part of it should have arrived before today."""
        return bool(self.outstanding) and self.instalment.due_on < today


def instalment_states(
    contribution: Contribution, *, with_rates: bool = False
) -> list[InstalmentState]:
    """The instalments of one contribution, in the order of their due dates; one query."""
    return states_of([contribution], with_rates=with_rates)[contribution.pk]


def states_of(
    contributions: Iterable[Contribution], *, with_rates: bool = False
) -> dict[int, list[InstalmentState]]:
    """The instalments of each contribution, by its primary key; one query for all of them."""
    keys = [contribution.pk for contribution in contributions]
    found: dict[int, list[InstalmentState]] = {key: [] for key in keys}
    for instalment, cells in _sums(keys, with_rates=with_rates):
        state = _state(instalment, cells)
        if not state.is_empty:
            found[instalment.contribution_id].append(state)
    for states in found.values():
        states.sort(key=lambda state: (state.instalment.due_on, state.instalment.number))
    return found


def states_after(
    states: Sequence[InstalmentState], entries: Sequence[Entry]
) -> list[InstalmentState]:
    """The same instalments once these unsaved entries of a payment are posted, in their order."""
    return [_after(state, entries) for state in states]


def _after(state: InstalmentState, entries: Sequence[Entry]) -> InstalmentState:
    mine = [entry for entry in entries if entry.instalment_id == state.instalment.pk]
    due, due_usd = state.due, state.due_usd
    credited, settled = state.credited, state.settled_usd
    for entry in mine:
        if entry.kind == Kind.DUE:
            due += entry.amount
            both_known = due_usd is not None and entry.amount_usd is not None
            due_usd = due_usd + entry.amount_usd if both_known else None  # type: ignore[operator]
        elif entry.kind == Kind.RECEIPT:
            credited += entry.credited_amount or ZERO
            settled += entry.settled_usd or ZERO
    return replace(state, due=due, due_usd=due_usd, credited=credited, settled_usd=settled)


@dataclass
class _Cell:
    """The entries of one kind of an instalment, summed; empty sums are None."""

    amount: Decimal | None = None
    usd: Decimal | None = None
    credited: Decimal | None = None
    settled: Decimal | None = None
    written_off: Decimal | None = None
    unconverted: int = 0
    first: tuple[int, RateInForce] | None = None  # place in the books, and the rate there

    def add(self, sums: Sequence[Decimal | None], unconverted: int) -> None:
        stand = (self.amount, self.usd, self.credited, self.settled, self.written_off)
        self.amount, self.usd, self.credited, self.settled, self.written_off = (
            one if other is None else other + (one or ZERO)
            for one, other in zip(stand, sums, strict=True)
        )
        self.unconverted += unconverted


INSTALMENT = ("id", "uuid", "contribution_id", "number", "due_on", "amount")
RATE = ("rate", "rate_on", "rate_type", "currency")


def _sums(
    contributions: list[int], *, with_rates: bool
) -> Iterable[tuple[Instalment, dict[str, _Cell]]]:
    """Each instalment that has entries, with their sums by kind.

    With rates the due entries are summed for each rate apart: there are few.
    """
    found: dict[int, tuple[Instalment, dict[str, _Cell]]] = {}
    rows: Iterable[tuple[Any, ...]]
    if len(contributions) == 1:
        prepared = OF_ONE_WITH_RATES if with_rates else OF_ONE
        rows = prepared.rows(contribution=contributions[0])
    else:
        rows = _summed(contributions, with_rates=with_rates)
    for row in rows:
        _count(found, row, with_rates=with_rates)
    return found.values()


def _summed(contributions: Sequence[int], *, with_rates: bool) -> QuerySet[Entry, tuple[Any, ...]]:
    rows = Entry.objects.filter(
        contribution__in=contributions, instalment__isnull=False,
        kind__in=[Kind.DUE, Kind.CONDITIONAL, Kind.RECEIPT],
    ).order_by()  # fmt: skip
    apart: tuple[str, ...] = ()
    first = {}
    if with_rates:
        is_firm = Q(kind=Kind.DUE) & ~Q(reason=Reason.TOLERANCE)
        rows = rows.annotate(**{f"firm_{name}": Case(When(is_firm, then=F(name))) for name in RATE})
        apart = tuple(f"firm_{name}" for name in RATE)
        first = {"first": Min(F("posting__sequence") * LINES + F("line"))}
    sums = rows.values_list(*(f"instalment__{name}" for name in INSTALMENT), "kind", *apart)
    return sums.annotate(
        total=Sum("amount"),
        usd=Sum("amount_usd"),
        credited=Sum("credited_amount"),
        settled=Sum("settled_usd"),
        written_off=Sum("amount", filter=Q(reason=Reason.WRITE_OFF)),
        unconverted=Count("pk", filter=Q(amount_usd=None)),
        **first,
    )


OF_ONE = Prepared(lambda contribution: _summed([contribution], with_rates=False), contribution=int)
OF_ONE_WITH_RATES = Prepared(
    lambda contribution: _summed([contribution], with_rates=True), contribution=int
)


def _count(
    found: dict[int, tuple[Instalment, dict[str, _Cell]]], row: Sequence[Any], *, with_rates: bool
) -> None:
    """One row of sums: the columns of its instalment, kind, rate if asked for, the sums."""
    width = len(INSTALMENT)
    if row[0] not in found:
        one = Instalment.from_db(DEFAULT_DB_ALIAS, INSTALMENT, row[:width])
        found[row[0]] = (one, defaultdict(_Cell))
    cell = found[row[0]][1][row[width]]
    sums = row[width + 1 :]
    if with_rates:
        (units, on, rate_type, code), place = sums[: len(RATE)], sums[-1]
        if units is not None and (cell.first is None or place < cell.first[0]):
            cell.first = (place, RateInForce(code, units, on, RateType(rate_type)))
        sums = sums[len(RATE) : -1]
    cell.add(sums[:-1], sums[-1])


def _state(instalment: Instalment, cells: dict[str, _Cell]) -> InstalmentState:
    due, receipt = cells.get(Kind.DUE), cells.get(Kind.RECEIPT, _Cell())
    first = due.first if due else None
    return InstalmentState(
        instalment=instalment,
        due=(due.amount if due else None) or ZERO,
        conditional=cells.get(Kind.CONDITIONAL, _Cell()).amount or ZERO,
        credited=receipt.credited or ZERO,
        written_off=-((due.written_off if due else None) or ZERO),
        due_usd=(None if due.unconverted else due.usd) if due else ZERO,
        settled_usd=receipt.settled or ZERO,
        rate=first[1] if first else None,
    )
