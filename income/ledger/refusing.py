"""What the ledger refuses, whichever door it comes by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _

from accounts.models import User
from income.errors import AlreadyReversed, PostingWrong
from income.models import Contribution, Currency, Entry, Ledger, Posting
from income.rules import LARGEST_AMOUNT
from income.vocabulary import Act

MOST_TOKEN = 80


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


def refuse_entries(entries: Sequence[Entry], ledger: Ledger) -> None:
    """Nothing, an amount that cannot be, an agreement of other books. Raises PostingWrong."""
    if not entries:
        raise PostingWrong(_("A posting needs at least one entry."))
    refuse_other_books(
        ((ledger.pk, entry.contribution_id) for entry in entries),
        {row.pk: row.ledger_id for row in _at_hand(entries, "contribution")},
    )
    decimals = {row.code: row.decimals for row in _at_hand(entries, "currency")}
    if unread := {entry.currency_id for entry in entries} - decimals.keys():
        rows = Currency.objects.filter(code__in=unread)
        decimals.update(rows.values_list("code", "decimals"))
    for entry in entries:
        refuse_amount(entry.amount, entry.currency_id, decimals)


def _at_hand(entries: Iterable[Entry], name: str) -> Iterator[Any]:
    """Rows of the database that the entries came with: nobody has to ask for them again."""
    for entry in entries:
        row = entry._state.fields_cache.get(name)
        if row is not None and not row._state.adding:
            yield row


def refuse_other_books(
    named: Iterable[tuple[int, int | None]], read: Mapping[int, int] | None = None
) -> None:
    """Pairs of a ledger and a contribution that entries of it name. Raises PostingWrong.

    `read` has the ledgers of contributions that were read before.
    """
    promised = {(books, key) for books, key in named if key is not None}
    standing = dict(read or {})
    if unread := {key for _books, key in promised} - standing.keys():
        rows = Contribution.objects.filter(pk__in=unread)
        standing.update(rows.values_list("pk", "ledger_id"))
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
