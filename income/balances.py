"""What each instalment still owes, from the entries of the ledger."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, Q, Sum

from income.models import Contribution, Entry, Instalment
from income.vocabulary import Kind, Reason

ZERO = Decimal(0)


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


def instalment_states(contribution: Contribution) -> list[InstalmentState]:
    """The instalments of one contribution, in the order of their due dates; two queries."""
    return states_of([contribution])[contribution.pk]


def states_of(contributions: Iterable[Contribution]) -> dict[int, list[InstalmentState]]:
    """The instalments of each contribution, by its primary key; two queries for all of them."""
    keys = [contribution.pk for contribution in contributions]
    instalments = Instalment.objects.filter(contribution__in=keys).order_by("due_on", "number")
    sums = _sums(keys)
    found: dict[int, list[InstalmentState]] = {key: [] for key in keys}
    for instalment in instalments:
        state = _state(instalment, sums[instalment.pk])
        if not state.is_empty:
            found[instalment.contribution_id].append(state)
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


Cell = dict[str, Decimal | None]


def _sums(contributions: list[int]) -> dict[int | None, dict[str, Cell]]:
    rows = (
        Entry.objects.filter(
            contribution__in=contributions,
            instalment__isnull=False,
            kind__in=[Kind.DUE, Kind.CONDITIONAL, Kind.RECEIPT],
        )
        .order_by()
        .values_list("instalment", "kind")
        .annotate(
            total=Sum("amount"),
            usd=Sum("amount_usd"),
            credited=Sum("credited_amount"),
            settled=Sum("settled_usd"),
            written_off=Sum("amount", filter=Q(reason=Reason.WRITE_OFF)),
            unconverted=Count("pk", filter=Q(amount_usd=None)),
        )
    )
    sums: dict[int | None, dict[str, Cell]] = defaultdict(dict)
    for instalment, kind, amount, usd, credited, settled, written_off, unconverted in rows:
        sums[instalment][kind] = {
            "amount": amount,
            "usd": None if unconverted else usd,
            "credited": credited,
            "settled": settled,
            "written_off": written_off,
        }
    return sums


def _state(instalment: Instalment, cells: dict[str, Cell]) -> InstalmentState:
    due, receipt = cells.get(Kind.DUE, {}), cells.get(Kind.RECEIPT, {})
    return InstalmentState(
        instalment=instalment,
        due=due.get("amount") or ZERO,
        conditional=cells.get(Kind.CONDITIONAL, {}).get("amount") or ZERO,
        credited=receipt.get("credited") or ZERO,
        written_off=-(due.get("written_off") or ZERO),
        due_usd=due["usd"] if due else ZERO,
        settled_usd=receipt.get("settled") or ZERO,
    )
