"""The door for whole files: a posting per books and month, all of them or none.

The rules are `door`'s; what differs is that no more than some thousand lines are held at a
time. Used inside `transaction.atomic()`: what is not finished there never was.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from income.errors import MonthClosed, PostedBefore, PostingWrong
from income.ledger import door, refusing, rollups, seal
from income.ledger.copying import AT_ONCE, bulk_insert, insert_prepared, refuse_autocommit
from income.ledger.copying import reserve_ids as reserve_ids
from income.ledger.lines import Line
from income.ledger.reading import each_of, mirrored_line
from income.ledger.rendering import COLUMNS, Renderer
from income.models import Entry, Ledger, Month, Posting
from income.periods import YearMonth
from income.vocabulary import Act

__all__ = ["BulkWriter", "bulk_insert", "posted_batch", "reserve_ids", "reverse_batch"]


class Books(Protocol):
    """As much of a `Ledger` as a line needs."""

    @property
    def pk(self) -> int: ...

    @property
    def code(self) -> str: ...


TOLD_EVERY = 1_000  # entries of a reversal, between two reports of how far it is


@dataclass(slots=True)
class _Part:
    """A posting that is being written, with its lines that are not yet."""

    posting: Posting
    books: str  # code
    place: int  # among the postings of its books
    lines: int = 0
    waiting: list[Line] = field(default_factory=list)
    content: seal.ContentHash = field(default_factory=seal.ContentHash)


class BulkWriter:
    """Writes one batch of postings, whose tokens are `token:<books>:<yyyymm>`.

    `prepared_by` and `approved_by` are two persons, or both None for the system's own loads.
    Raises PostingWrong as `door.post` does, RuntimeError outside of a transaction.
    """

    def __init__(
        self, act: Act, token: str, *, reference: str = "", note: str = "",
        prepared_by: User | None, approved_by: User | None,
    ) -> None:  # fmt: skip
        refuse_autocommit()
        refusing.refuse_actors(prepared_by, approved_by)
        refusing.refuse_texts(token, reference)
        self._token = token
        self._common: dict[str, Any] = {
            "act": act, "reference": reference, "note": note[: door.MOST_NOTE],
            "prepared_by": prepared_by, "approved_by": approved_by,
        }  # fmt: skip
        self._parts: dict[tuple[int, int], _Part] = {}
        self._waiting = 0
        self._renderer = Renderer()
        self._sums = rollups.Running()

    def add(self, ledger: Books, month: int, line: Line) -> tuple[UUID, int]:
        """Take a line to book in the month (yyyymm): its posting and its number there.

        What it names (a contribution, an instalment) is in the database by now. A line that
        breaks a rule raises here or later, and nothing of the batch may stand then.
        """
        key = (ledger.pk, month)
        part = self._parts.get(key) or self.open(ledger, month, place=month)
        return self.take(part, line)

    def open(self, ledger: Books, month: int, *, place: int, **changed: Any) -> _Part:
        """Begin a posting; `place` orders those of the same books and is its key among them."""
        posting = Posting(
            id=door.new_posting_id(), ledger_id=ledger.pk,
            token=f"{self._token}:{ledger.code}:{place}",
            booked_month=YearMonth.from_key(month).key, **{**self._common, **changed},
        )  # fmt: skip
        refusing.refuse_texts(posting.token, posting.reference)
        part = self._parts[ledger.pk, place] = _Part(posting, ledger.code, place)
        return part

    def take(self, part: _Part, line: Line) -> tuple[UUID, int]:
        """A line of a posting that was begun."""
        posting = part.posting
        part.lines += 1
        line.ledger_id, line.posting_id = posting.ledger_id, posting.id
        line.line, line.booked_month = part.lines, posting.booked_month
        part.waiting.append(line)
        self._waiting += 1
        if self._waiting >= AT_ONCE:
            self._flush()
        return posting.id, part.lines

    def _flush(self) -> None:
        """Write the lines that wait, seal and sum them."""
        parts = [part for part in self._parts.values() if part.waiting]
        lines = [line for part in parts for line in part.waiting]
        refusing.refuse_other_books((line.ledger_id, line.contribution_id) for line in lines)
        if lines:
            rows = self._rows(parts, seal.Identities(lines))
            insert_prepared(Entry._meta.db_table, COLUMNS, rows)
        self._waiting = 0

    def _rows(self, parts: Iterable[_Part], known: seal.Identities) -> Iterator[tuple[Any, ...]]:
        """The lines that wait, as rows of the table; each is sealed and summed as it goes."""
        rendered, count = self._renderer.rendered, self._sums.count
        for part in parts:
            key, texts = part.posting.id.hex, []
            for line in part.waiting:
                row, text, usd, support = rendered(line, key, known)
                texts.append(text)
                if usd is not None:
                    count(line, usd, support)
                yield row
            part.content.add(texts)
            part.waiting = []

    def finish(self) -> list[Posting]:
        """Seal the batch: its postings, by code of the books and month.

        From here to the end of the transaction nobody else posts in these books. Raises
        MonthClosed, and PostedBefore when the token's batch stands already.
        """
        self._flush()
        parts = sorted(self._parts.values(), key=attrgetter("books", "place"))
        if not parts:
            raise PostingWrong(_("A posting needs at least one entry."))
        heads = _locked_heads({part.posting.ledger_id for part in parts})
        self._refuse_what_came_between(parts, heads)
        now = door.database_now()
        for part in parts:
            posting = part.posting
            posting.ledger = head = heads[posting.ledger_id]
            posting.entry_count, posting.content_hash = part.lines, part.content.hexdigest()
            door.chain(posting, head, now)
        postings = Posting.objects.bulk_create([part.posting for part in parts])
        Ledger.objects.bulk_update(heads.values(), door.MOVES)
        self._sums.add()
        self._parts = {}
        return postings

    def _refuse_what_came_between(self, parts: list[_Part], heads: dict[int, Ledger]) -> None:
        """What only stays true while the heads are locked."""
        if earlier := posted_batch(self._token, books=heads):
            raise PostedBefore(earlier[0].sequence, str(earlier[0].ledger))
        closed = set(Month.objects.filter(ledger__in=heads).values_list("ledger_id", "month"))
        for part in parts:
            if (part.posting.ledger_id, part.posting.booked_month) in closed:
                raise MonthClosed(YearMonth.from_key(part.posting.booked_month))
        refusing.refuse_reversed(
            part.posting.reverses for part in parts if part.posting.reverses is not None
        )


def _locked_heads(keys: Iterable[int]) -> dict[int, Ledger]:
    """In one fixed order, so that two batches never wait for each other in a ring."""
    heads = Ledger.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("code")
    return {head.pk: head for head in heads}


def posted_batch(token: str, *, books: Iterable[int] | None = None) -> list[Posting]:
    """The postings of the batch with the token, in any books or in some, as `finish` orders."""
    found = Posting.objects.filter(token__startswith=f"{token}:").select_related("ledger")
    if books is not None:
        found = found.filter(ledger__in=books)
    # SQLite compares beginnings without regard to case.
    same = [posting for posting in found if posting.token.startswith(f"{token}:")]
    return sorted(same, key=attrgetter("ledger.code", "booked_month", "sequence"))


def reverse_batch(
    postings: Iterable[Posting], *, booked_month: YearMonth | Callable[[Ledger], YearMonth],
    note: str, token: str, prepared_by: User | None, approved_by: User | None,
    report: Callable[[int, int], None] | None = None,
) -> list[Posting]:  # fmt: skip
    """Post the mirror image of each posting, all or none; the same token gives the first again.

    Inside `transaction.atomic()`. As `door.reverse` does it, with `token:<books>:<sequence of
    the original>` as tokens. `booked_month` may differ by books; `report` is told how many
    entries are mirrored, of how many. Raises AlreadyReversed,
    PostingWrong, MonthClosed.
    """
    if earlier := posted_batch(token):
        if any(posting.act != Act.REVERSE for posting in earlier):
            raise PostedBefore(earlier[0].sequence, str(earlier[0].ledger))
        return earlier
    originals = list(postings)
    refusing.refuse_reversal(originals, note)
    writer = BulkWriter(
        Act.REVERSE, token, note=note, prepared_by=prepared_by, approved_by=approved_by
    )
    ledgers = Ledger.objects.in_bulk({original.ledger_id for original in originals})
    done, of = 0, sum(original.entry_count for original in originals)
    for original in originals:
        books = ledgers[original.ledger_id]
        month = booked_month(books) if callable(booked_month) else booked_month
        part = writer.open(
            books, month.key, place=original.sequence, reverses=original,
            reference=original.reference,
        )  # fmt: skip
        for line in each_of(original.pk):
            writer.take(part, mirrored_line(line))
            done += 1
            if report and done % TOLD_EVERY == 0:
                report(done, of)
    return writer.finish()
