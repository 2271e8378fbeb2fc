"""The one door of the ledger: `post` and `reverse`. Nothing posted is ever edited or deleted."""

import datetime
import os
import time
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from income.errors import AlreadyReversed, MonthClosed, PostingWrong
from income.ledger import inserting, rollups, seal
from income.ledger.refusing import refuse_actors, refuse_entries, refuse_reversal, refuse_texts
from income.models import Entry, Ledger, Posting
from income.money import programme_support_inside, to_usd
from income.periods import YearMonth
from income.prepared import Prepared
from income.rates import RateInForce
from income.vocabulary import Act
from interface.errors import PortalError

MOST_NOTE = 500
MOVES = ("sequence", "head_hash", "moved_at")  # columns of a ledger's head


def new_posting_id() -> uuid.UUID:
    """A random UUID that begins with the time, so that an index over entries grows at its end."""
    moment = int(time.time() * 1000).to_bytes(6, "big")
    return uuid.UUID(bytes=moment + os.urandom(10), version=4)


def convert(
    entry: Entry, rate: RateInForce | None, *, support_rate: Decimal | None = None
) -> Entry:
    """Fill the entry's US dollars from its amount at the rate; None leaves it not converted."""
    if rate is not None:
        entry.rate, entry.rate_on, entry.rate_type = rate.units_per_usd, rate.on, rate.rate_type
        entry.amount_usd = to_usd(entry.amount, rate.units_per_usd)
        if support_rate is not None:
            entry.programme_support_usd = programme_support_inside(entry.amount_usd, support_rate)
    return entry


def posted_with(ledger: Ledger, token: str, act: Act | None = None) -> Posting | None:
    """The posting made with the token, if it was posted before; PostingWrong for another act."""
    earlier = Posting.objects.filter(ledger=ledger, token=token).first()
    if earlier and act and earlier.act != act:
        raise PostingWrong(
            _("This was sent before as something else: posting %(sequence)s."),
            sequence=earlier.sequence,
        )
    return earlier


def post(
    ledger: Ledger,
    *,
    act: Act,
    entries: Sequence[Entry] | Callable[[], Sequence[Entry]],
    booked_month: YearMonth,
    token: str,
    prepared_by: User | None,
    approved_by: User | None,
    reference: str = "",
    note: str = "",
    reverses: Posting | None = None,
    replaces: Posting | None = None,
    within: bool = False,
) -> Posting:
    """Write one posting with its entries; the same token again returns the first result.

    Entries are unsaved, with amounts in their currency and, where a rate is in force, US
    dollars; or a function that makes them together with the rows they name (a contribution),
    inside the posting's own transaction, so that a race for the token leaves no such row
    behind. `replaces` is the posting that was reversed for this one. `within` is for what runs
    in `once`, which has asked for the token and takes everything back in such a race.
    `prepared_by` and `approved_by` are two different persons, or both None for the
    system's own loads. Raises PostingWrong, MonthClosed, AlreadyReversed.
    """
    if not within and (earlier := posted_with(ledger, token, act)):
        return earlier
    refuse_actors(prepared_by, approved_by)
    if any(other and other.ledger_id != ledger.pk for other in (reverses, replaces)):
        raise PostingWrong(_("The posting to be reversed stands in other books."))
    refuse_texts(token, reference)
    posting = Posting(
        id=new_posting_id(), ledger=ledger, act=act, token=token, reference=reference,
        note=note[:MOST_NOTE], reverses=reverses, replaces=replaces, prepared_by=prepared_by,
        approved_by=approved_by, booked_month=booked_month.key,
    )  # fmt: skip
    if within:
        _write(posting, entries)
        return posting
    try:
        with transaction.atomic():
            _write(posting, entries)
    except IntegrityError as error:
        # Somebody else posted the same token, or reversed the same posting, a moment ago.
        if earlier := posted_with(ledger, token, act):
            return earlier
        if reverses and Posting.objects.filter(reverses=reverses).exists():
            raise AlreadyReversed(reverses.sequence) from error
        raise
    return posting


def once(ledger: Ledger, token: str, act: Act, do: Callable[[], Posting]) -> Posting:
    """Do an act that posts `within` it, in a transaction; what the token has posted, once.

    Where the act is refused because somebody else was faster with the same token, the answer
    is their posting. Raises what the act raises.
    """
    try:
        with transaction.atomic():
            return do()
    except (IntegrityError, PortalError):
        if earlier := posted_with(ledger, token, act):
            return earlier
        raise


def _write(posting: Posting, entries: Sequence[Entry] | Callable[[], Sequence[Entry]]) -> None:
    made = entries() if callable(entries) else entries
    refuse_entries(made, posting.ledger)
    _write_content(posting, made)
    _take_sequence(posting)
    rollups.add(made)


def _write_content(posting: Posting, entries: Sequence[Entry]) -> None:
    """Insert and hash the entries, before the head is locked, so that the lock is brief."""
    posting.entry_count = len(entries)
    for line, entry in enumerate(entries, start=1):
        entry.ledger_id, entry.posting_id = posting.ledger_id, posting.id
        entry.line, entry.booked_month = line, posting.booked_month
    inserting.insert(entries)
    posting.content_hash = seal.content_hash(entries, seal.Identities(entries))


def _take_sequence(posting: Posting) -> None:
    """Lock the head; chain; move the head, unless the month is closed; write the posting."""
    head, now = locked_head(posting.ledger_id)
    chain(posting, head, now)
    # Asked by the statement that moves the head and not by the one that locks it: what a
    # statement reads beside the row it waited for, it reads as it was before it waited.
    moved_at = connection.ops.adapt_datetimefield_value(head.moved_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE income_ledger SET sequence = %s, head_hash = %s, moved_at = %s WHERE id = %s"
            " AND NOT EXISTS (SELECT 1 FROM income_month WHERE ledger_id = %s AND month = %s)",
            [head.sequence, head.head_hash, moved_at, head.pk, head.pk, posting.booked_month],
        )
        if not cursor.rowcount:
            raise MonthClosed(YearMonth.from_key(posting.booked_month))
    inserting.insert([posting])


def locked_head(ledger: int) -> tuple[Ledger, datetime.datetime]:
    """The books' head, locked until the transaction ends, and the database's clock."""
    if connection.vendor != "postgresql":
        [row] = HEAD.rows(pk=ledger)
        return Ledger.from_db(DEFAULT_DB_ALIAS, LEDGER, row), database_now()
    names = ", ".join(LEDGER)
    with connection.cursor() as cursor:
        # The outer SELECT runs once the row is locked, and so does the clock. No key of the row
        # changes: what only names the books need not wait.
        cursor.execute(
            f"SELECT {names}, clock_timestamp() FROM (SELECT {names} FROM income_ledger"  # noqa: S608
            " WHERE id = %s FOR NO KEY UPDATE) AS head",
            [ledger],
        )
        *columns, now = cursor.fetchone()
    return Ledger.from_db(DEFAULT_DB_ALIAS, LEDGER, columns), now


LEDGER = tuple(field.attname for field in Ledger._meta.concrete_fields)
HEAD = Prepared(lambda pk: Ledger.objects.filter(pk=pk).values_list(*LEDGER), pk=int)


def chain(posting: Posting, head: Ledger, now: datetime.datetime) -> None:
    """Give the posting the next sequence, the clock and its hash; move the head, which is locked.

    Writes neither.
    """
    posting.sequence = head.sequence + 1
    posting.previous_hash = head.head_hash
    posting.posted_at = max(now, head.moved_at) if head.moved_at else now
    posting.hash = seal.chain_hash(
        posting,
        ledger=head,
        prepared_by=posting.prepared_by.uuid if posting.prepared_by else None,
        approved_by=posting.approved_by.uuid if posting.approved_by else None,
    )
    head.sequence, head.head_hash, head.moved_at = (
        posting.sequence,
        posting.hash,
        posting.posted_at,
    )


def database_now() -> datetime.datetime:
    """The database's clock. SQLite has none of its own: it is this process's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime.datetime = cursor.fetchone()[0]
        return moment


def reverse(
    posting: Posting,
    *,
    booked_month: YearMonth,
    note: str,
    token: str,
    prepared_by: User | None,
    approved_by: User | None,
) -> Posting:
    """Post the mirror image of a posting: same dimensions, dates and rates, amounts negated.

    The original stays. A posting is reversed once; a reversal is not reversed but replaced.
    Raises AlreadyReversed, PostingWrong, MonthClosed.
    """
    if earlier := posted_with(posting.ledger, token, Act.REVERSE):
        return earlier
    refuse_reversal([posting], note)
    return post(
        posting.ledger, act=Act.REVERSE,
        entries=[mirrored(entry) for entry in posting.entries.order_by("line")],
        booked_month=booked_month, token=token, prepared_by=prepared_by,
        approved_by=approved_by, reference=posting.reference, note=note, reverses=posting,
    )  # fmt: skip


AMOUNTS = (
    "amount", "amount_usd", "programme_support_usd", "credited_amount", "bank_charge",
    "settled_usd",
)  # fmt: skip


def mirrored(entry: Entry) -> Entry:
    """An unsaved copy with every amount negated."""
    copied = {
        field.attname: getattr(entry, field.attname)
        for field in Entry._meta.concrete_fields
        if field.name not in ("id", "posting", "line")
    }
    for name in AMOUNTS:
        copied[name] = None if copied[name] is None else -copied[name]
    return Entry(**copied)
