"""What a draft would post, tried out in the books and taken back before anybody sees it."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from income.acts import POSTED_BY_JOB, post_draft
from income.models import Draft, Entry
from income.periods import YearMonth
from income.services.actors import SYSTEM
from income.vocabulary import DraftState, Kind
from interface.errors import PortalError

RELATED = ("fund", "donor", "currency", "instalment", "programme", "region")
TWIN_DAYS = datetime.timedelta(days=10)


@dataclass(frozen=True)
class Change:
    """What a correction changes in one kind, fund and currency; US dollars of what is converted."""

    kind: Kind
    fund: str
    currency: str
    before: Decimal
    after: Decimal
    before_usd: Decimal
    after_usd: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before

    @property
    def difference_usd(self) -> Decimal:
        return self.after_usd - self.before_usd


@dataclass(frozen=True)
class Rehearsal:
    """The entries as they would be, or the sentence that says why nothing would be posted."""

    entries: tuple[Entry, ...] = ()
    booked: YearMonth | None = None
    changes: tuple[Change, ...] = ()
    twins: tuple[int, ...] = ()  # sequences of postings that look like this one
    twin_drafts: tuple[Draft, ...] = ()
    refused: str = ""


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rehearse(draft: Draft, today: datetime.date) -> Rehearsal:
    """Post the draft as if it were approved today, look, and take it back.

    Nothing for what a job posts: its check told already, and a file takes longer than a page.
    """
    if draft.act in POSTED_BY_JOB:
        return Rehearsal()
    before = list(draft.corrects.entries.all()) if draft.corrects else []
    try:
        with taken_back():
            posting = post_draft(draft, SYSTEM, today)
            entries = tuple(posting.entries.select_related(*RELATED).order_by("line"))
    except PortalError as error:
        return Rehearsal(refused=error.sentence)
    return Rehearsal(
        entries=entries,
        booked=YearMonth.from_key(posting.booked_month),
        changes=changes(before, entries) if draft.corrects else (),
        twins=_twins(draft, entries),
        twin_drafts=_twin_drafts(draft),
    )


Cell = tuple[str, str, str]


def changes(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[Change, ...]:
    """Old and new sums side by side; kinds are never added to each other."""
    old, new = _sums(before), _sums(after)
    nothing = (Decimal(0), Decimal(0))
    found = []
    for cell in dict.fromkeys([*old, *new]):
        (was, was_usd), (will, will_usd) = old.get(cell, nothing), new.get(cell, nothing)
        found.append(Change(Kind(cell[0]), *cell[1:], was, will, was_usd, will_usd))
    return tuple(found)


def _sums(entries: Sequence[Entry]) -> dict[Cell, tuple[Decimal, Decimal]]:
    sums: dict[Cell, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for entry in entries:
        cell = (entry.kind, entry.fund_id, entry.currency_id)
        amount, usd = sums[cell]
        sums[cell] = amount + entry.amount, usd + (entry.amount_usd or 0)
    return sums


def _twins(draft: Draft, entries: Sequence[Entry]) -> tuple[int, ...]:
    """Standing postings with the same money of the same donor within ten days."""
    receipts = [entry for entry in entries if entry.kind == Kind.RECEIPT]
    if not receipts:
        return ()
    first, total = receipts[0], sum((entry.amount for entry in receipts), Decimal(0))
    near = (
        Entry.objects.receipts()
        .filter(
            ledger=draft.ledger_id, donor=first.donor_id, currency=first.currency_id,
            value_date__gte=first.value_date - TWIN_DAYS,
            value_date__lte=first.value_date + TWIN_DAYS,
            posting__reverses=None, posting__reversed_by=None,
        )
        .exclude(posting=draft.corrects_id)
        .order_by("posting__sequence")
        .values_list("posting__sequence")
        .annotate(total=Sum("amount"))
    )  # fmt: skip
    return tuple(sequence for sequence, amount in near if amount == total)


def _twin_drafts(draft: Draft) -> tuple[Draft, ...]:
    """Other drafts that wait with the same act and the same line in the list."""
    waiting = Draft.objects.waiting_for_review().filter(
        ledger=draft.ledger_id, act=draft.act, title=draft.title
    )
    return tuple(waiting.exclude(pk=draft.pk)[:5]) if draft.state != DraftState.POSTED else ()
