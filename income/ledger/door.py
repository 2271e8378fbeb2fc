"""The one door of the ledger: `post` and `reverse`. Nothing posted is ever edited or deleted."""

import datetime
import os
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import cast

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from income.errors import AlreadyReversed, MonthClosed, PostingWrong
from income.ledger import rollups, seal
from income.models import Contribution, Currency, Entry, Ledger, Month, Posting
from income.money import programme_support_inside, to_usd
from income.periods import YearMonth
from income.rates import RateInForce
from income.rules import LARGEST_AMOUNT
from income.vocabulary import Act

BATCH = 1_000
MOST_NOTE = 500
MOST_TOKEN = 80
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
) -> Posting:
    """Write one posting with its entries; the same token again returns the first result.

    Entries are unsaved, with amounts in their currency and, where a rate is in force, US
    dollars; or a function that makes them together with the rows they name (a contribution),
    inside the posting's own transaction, so that a race for the token leaves no such row
    behind. `replaces` is the posting that was reversed for this one.
    `prepared_by` and `approved_by` are two different persons, or both None for the
    system's own loads. Raises PostingWrong, MonthClosed, AlreadyReversed.
    """
    if earlier := posted_with(ledger, token, act):
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
    try:
        with transaction.atomic():
            made = entries() if callable(entries) else entries
            _refuse_entries(made, ledger)
            _write_content(posting, made)
            _take_sequence(posting, booked_month)
            rollups.add(made)
    except IntegrityError as error:
        # Somebody else posted the same token, or reversed the same posting, a moment ago.
        if earlier := posted_with(ledger, token, act):
            return earlier
        if reverses and Posting.objects.filter(reverses=reverses).exists():
            raise AlreadyReversed(reverses.sequence) from error
        raise
    return posting


def refuse_actors(prepared_by: User | None, approved_by: User | None) -> None:
    """Two different persons, or nobody. Raises PostingWrong."""
    if (prepared_by is None) != (approved_by is None) or (
        prepared_by is not None and prepared_by == approved_by
    ):
        raise PostingWrong(_("A posting is prepared by one person and approved by another."))


def refuse_texts(token: str, reference: str) -> None:
    """Raises PostingWrong for what nobody can see, ValueError for a token that is too long."""
    if not (token + reference).isprintable():
        raise PostingWrong(_("The reference holds invisible characters. Type it again."))
    if len(token) > MOST_TOKEN:
        raise ValueError(f"The token has more than {MOST_TOKEN} characters: {token}")


def _refuse_entries(entries: Sequence[Entry], ledger: Ledger) -> None:
    if not entries:
        raise PostingWrong(_("A posting needs at least one entry."))
    refuse_other_books((ledger.pk, entry.contribution_id) for entry in entries)
    decimals = dict(
        Currency.objects.filter(code__in={e.currency_id for e in entries}).values_list(
            "code", "decimals"
        )
    )
    for entry in entries:
        refuse_amount(entry.amount, entry.currency_id, decimals)


def refuse_other_books(named: Iterable[tuple[int, int | None]]) -> None:
    """Pairs of a ledger and a contribution that entries of it name. Raises PostingWrong."""
    promised = {(books, key) for books, key in named if key is not None}
    if not promised:
        return
    contributions = Contribution.objects.filter(pk__in={key for _books, key in promised})
    standing = dict(contributions.values_list("pk", "ledger_id"))
    if any(standing.get(key, books) != books for books, key in promised):
        raise PostingWrong(_("This agreement stands in other books."))


def refuse_amount(amount: Decimal, code: str, decimals: Mapping[str, int]) -> None:
    """An amount that its currency cannot have; `decimals` by currency. Raises PostingWrong."""
    if code not in decimals:
        raise PostingWrong(_("The currency %(code)s is not known."), code=code)
    if not 0 < abs(amount) <= LARGEST_AMOUNT:
        raise PostingWrong(
            _("%(amount)s %(code)s cannot be posted: an amount is not zero and not absurd."),
            amount=amount,
            code=code,
        )
    if amount != round(amount, decimals[code]):
        raise PostingWrong(
            _("%(amount)s %(code)s has more decimals than the currency has."),
            amount=amount,
            code=code,
        )


def _write_content(posting: Posting, entries: Sequence[Entry]) -> None:
    """Insert and hash the entries, before the head is locked, so that the lock is brief."""
    posting.entry_count = len(entries)
    for line, entry in enumerate(entries, start=1):
        entry.ledger_id, entry.posting_id = posting.ledger_id, posting.id
        entry.line, entry.booked_month = line, posting.booked_month
    Entry.objects.bulk_create(entries, batch_size=BATCH)
    posting.content_hash = seal.content_hash(entries, seal.Identities(entries))


def _take_sequence(posting: Posting, booked_month: YearMonth) -> None:
    """Lock the head; check the month; chain; write the posting."""
    head = Ledger.objects.select_for_update().get(pk=posting.ledger_id)
    if Month.objects.filter(ledger=head, month=booked_month.key).exists():
        raise MonthClosed(booked_month)
    chain(posting, head, database_now())
    posting.save(force_insert=True)
    head.save(update_fields=MOVES)


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


def refuse_reversal(postings: Iterable[Posting], note: str) -> None:
    """Raises PostingWrong for a reversal or without a reason, AlreadyReversed for the first."""
    named = list(postings)
    if any(posting.act == Act.REVERSE for posting in named):
        raise PostingWrong(_("A reversal cannot be reversed. Post what is right instead."))
    refuse_reversed(named)
    if not note.strip():
        raise PostingWrong(_("A reversal needs a reason."))


def refuse_reversed(postings: Iterable[Posting]) -> None:
    """Raises AlreadyReversed for the first that is reversed."""
    reversals = Posting.objects.filter(reverses__in=[posting.pk for posting in postings])
    if reversal := reversals.select_related("reverses").order_by("reverses__sequence").first():
        original = cast(Posting, reversal.reverses)
        raise AlreadyReversed(original.sequence)


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
