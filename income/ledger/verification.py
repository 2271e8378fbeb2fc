"""Recomputes the chain, the rollups and the invariants of a ledger, and names what is wrong."""

from collections.abc import Callable, Iterator
from itertools import groupby, islice

from income.ledger import mirrored, rollups, seal
from income.models import Entry, Ledger, Month, Posting
from income.models.ledger import GENESIS
from income.money import to_usd
from income.vocabulary import Act

POSTINGS_AT_ONCE = 500
MOST_RECOUNTS = 3
Progress = Callable[[int, int], None]


def problems(ledger: Ledger, *, progress: Progress | None = None) -> Iterator[str]:
    """Every sentence says what is wrong with which posting; nothing yielded means sound.

    Reads the ledger front to back, so the first problem is that of the first wrong posting.
    """
    previous, expected = GENESIS, 1
    ledger = Ledger.objects.get(pk=ledger.pk)  # the head as it stands now
    postings = (
        Posting.objects.filter(ledger=ledger, sequence__lte=ledger.sequence)
        .select_related("prepared_by", "approved_by")
        .order_by("sequence")
    )
    iterator = postings.iterator(chunk_size=POSTINGS_AT_ONCE)
    while batch := list(islice(iterator, POSTINGS_AT_ONCE)):
        entries = _entries_of(batch)
        identities = seal.Identities(e for group in entries.values() for e in group)
        for posting in batch:
            yield from _wrong_in(posting, entries.get(posting.id, []), identities, ledger)
            if posting.sequence != expected:
                yield f"Posting {posting.sequence}: expected sequence {expected}."
            if posting.previous_hash != previous:
                yield f"Posting {posting.sequence}: not chained to the posting before it."
            previous, expected = posting.hash, posting.sequence + 1
        if progress:
            progress(expected - 1, ledger.sequence)
    if (ledger.sequence, ledger.head_hash) != (expected - 1, previous):
        yield f"The head says {ledger.sequence}, the last posting is {expected - 1}."
    yield from _wrong_reversals(ledger)
    yield from _wrong_months(ledger)
    yield from _wrong_rollups(ledger)


def _wrong_months(ledger: Ledger) -> Iterator[str]:
    """A closed month keeps the head it was closed at, and took no posting afterwards."""
    for month in Month.objects.filter(ledger=ledger).order_by("month"):
        head = Posting.objects.filter(ledger=ledger, sequence=month.sequence).first()
        if month.hash != (head.hash if head else GENESIS):
            yield f"Month {month.month}: it was not closed at posting {month.sequence}."
        late = Posting.objects.filter(
            ledger=ledger, booked_month=month.month, sequence__gt=month.sequence
        )
        for posting in late.order_by("sequence"):
            yield f"Posting {posting.sequence}: booked in a month that was closed."


def _wrong_rollups(ledger: Ledger) -> list[str]:
    """Differences of the rollups; counted again when somebody posted in the meantime."""
    found: list[str] = []
    for _attempt in range(MOST_RECOUNTS):
        before = Ledger.objects.get(pk=ledger.pk).sequence
        found = list(rollups.differences(ledger))
        if not found or Ledger.objects.get(pk=ledger.pk).sequence == before:
            break
    return found


def _entries_of(batch: list[Posting]) -> dict[object, list[Entry]]:
    rows = Entry.objects.filter(posting__in=[p.id for p in batch]).order_by("posting", "line")
    return {key: list(group) for key, group in groupby(rows, key=lambda e: e.posting_id)}


def _wrong_in(
    posting: Posting, entries: list[Entry], identities: seal.Identities, ledger: Ledger
) -> Iterator[str]:
    where = f"Posting {posting.sequence}"
    if len(entries) != posting.entry_count:
        yield f"{where}: {len(entries)} entries, the posting says {posting.entry_count}."
    if seal.content_hash(entries, identities) != posting.content_hash:
        yield f"{where}: the entries are not those that were sealed."
    chained = seal.chain_hash(
        posting,
        ledger=ledger,
        prepared_by=posting.prepared_by.uuid if posting.prepared_by else None,
        approved_by=posting.approved_by.uuid if posting.approved_by else None,
    )
    if chained != posting.hash:
        yield f"{where}: its hash is not that of its header."
    for entry in entries:
        if (entry.ledger_id, entry.booked_month) != (posting.ledger_id, posting.booked_month):
            yield f"{where}, line {entry.line}: books or month differ from the posting's."
        if entry.rate is not None and to_usd(entry.amount, entry.rate) != entry.amount_usd:
            yield f"{where}, line {entry.line}: the US dollars are not the amount at its rate."


def _wrong_reversals(ledger: Ledger) -> Iterator[str]:
    """A reversal mirrors what it reverses: line by line, the amounts add up to nothing."""
    reversals = Posting.objects.filter(ledger=ledger, act=Act.REVERSE).select_related("reverses")
    for reversal in reversals.order_by("sequence").iterator():
        originals = Entry.objects.filter(posting=reversal.reverses_id).order_by("line")
        should = [_told(mirrored(entry)) for entry in originals]
        if [_told(entry) for entry in reversal.entries.order_by("line")] != should:
            yield f"Posting {reversal.sequence}: not a mirror image of what it reverses."


# What a mirror image shares with its original, amounts negated.
MIRRORED = [
    field.attname
    for field in Entry._meta.concrete_fields
    if field.name not in ("id", "posting", "line", "booked_month")
]


def _told(entry: Entry) -> list[object]:
    return [getattr(entry, name) for name in MIRRORED]
