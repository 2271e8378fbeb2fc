"""Recomputes the chain, the rollups and the invariants of a ledger, and names what is wrong."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby, islice, zip_longest
from operator import attrgetter
from uuid import UUID

from django.db.models import Count

from income.ledger import checkpoints, rollups, seal
from income.ledger.lines import Line
from income.ledger.reading import each_of, lines_of, mirrored_line, pages_of
from income.models import Entry, Ledger, Month, Posting
from income.models.ledger import GENESIS
from income.money import to_usd
from income.vocabulary import Act

POSTINGS_AT_ONCE = 500
LINES_AT_ONCE = 10_000  # of postings that are read together
MOST_RECOUNTS = 3
Progress = Callable[[int, int], None]
Page = tuple[list[Line], seal.Identities]
Pages = Callable[[], Iterator[Page]]  # may be asked for again


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
        for posting, pages in _with_lines(batch):
            yield from _wrong_in(posting, pages, ledger)
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
        found = [*rollups.differences(ledger), *checkpoints.differences(ledger)]
        if not found or Ledger.objects.get(pk=ledger.pk).sequence == before:
            break
    return found


def _with_lines(batch: list[Posting]) -> Iterator[tuple[Posting, Pages]]:
    """Each posting with its lines; small ones are read together, large ones page by page."""
    keys = [posting.id for posting in batch]
    counts = Entry.objects.filter(posting__in=keys).order_by().values_list("posting")
    size = dict(counts.annotate(count=Count("pk")))
    start = 0
    while start < len(batch):
        end, together = start, 0
        while end < len(batch) and together + size.get(keys[end], 0) <= LINES_AT_ONCE:
            together += size.get(keys[end], 0)
            end += 1
        if end > start:
            yield from _read_together(batch[start:end])
        elif end < len(batch):
            yield batch[end], partial(_paged, keys[end])
            end += 1
        start = end


def _read_together(batch: list[Posting]) -> Iterator[tuple[Posting, Pages]]:
    lines = lines_of(posting__in=[posting.id for posting in batch])
    known = seal.Identities(lines)
    grouped = {key: list(group) for key, group in groupby(lines, key=attrgetter("posting_id"))}
    for posting in batch:
        page = grouped.get(posting.id, [])
        yield posting, partial(iter, [(page, known)])


def _paged(key: UUID) -> Iterator[Page]:
    for page in pages_of(key):
        yield page, seal.Identities(page)


def _wrong_in(posting: Posting, pages: Pages, ledger: Ledger) -> Iterator[str]:
    where = f"Posting {posting.sequence}"
    content, count, are_wrong = seal.ContentHash(), 0, False
    for page, known in pages():
        content.add(seal.canonical_line(line, known) for line in page)
        count += len(page)
        are_wrong = are_wrong or any(_wrong_lines(posting, page))
    if count != posting.entry_count:
        yield f"{where}: {count} entries, the posting says {posting.entry_count}."
    if content.hexdigest() != posting.content_hash:
        yield f"{where}: the entries are not those that were sealed."
    chained = seal.chain_hash(
        posting,
        ledger=ledger,
        prepared_by=posting.prepared_by.uuid if posting.prepared_by else None,
        approved_by=posting.approved_by.uuid if posting.approved_by else None,
    )
    if chained != posting.hash:
        yield f"{where}: its hash is not that of its header."
    if are_wrong:  # told by a second reading, so that a million wrong lines are never held
        for page, _known in pages():
            yield from _wrong_lines(posting, page)


def _wrong_lines(posting: Posting, page: list[Line]) -> Iterator[str]:
    for line in page:
        where = f"Posting {posting.sequence}, line {line.line}"
        if (line.ledger_id, line.booked_month) != (posting.ledger_id, posting.booked_month):
            yield f"{where}: books or month differ from the posting's."
        if line.rate is not None and to_usd(line.amount, line.rate) != line.amount_usd:
            yield f"{where}: the US dollars are not the amount at its rate."


def _wrong_reversals(ledger: Ledger) -> Iterator[str]:
    """A reversal mirrors what it reverses: line by line, the amounts add up to nothing."""
    reversals = Posting.objects.filter(ledger=ledger, act=Act.REVERSE).select_related("reverses")
    for reversal in reversals.order_by("sequence").iterator():
        pairs = zip_longest(each_of(reversal.id), each_of(reversal.reverses_id))
        if not all(stands and was and _mirrors(stands, was) for stands, was in pairs):
            yield f"Posting {reversal.sequence}: not a mirror image of what it reverses."


def _mirrors(stands: Line, was: Line) -> bool:
    """Whether the two share everything but their posting, amounts negated."""
    should = mirrored_line(was)
    should.posting_id, should.line = stands.posting_id, stands.line
    should.booked_month = stands.booked_month
    return stands == should
