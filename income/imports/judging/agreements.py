"""Agreements that rows of receipts name: found once each, and carried on from row to row."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from donors.models import Donor
from income.balances import instalment_states, states_after
from income.errors import PostingWrong
from income.imports.judging.memory import Remembered
from income.ledger.lines import Line
from income.models import Contribution, Currency, Entry
from income.services.returns import OPEN_TO_RETURNS, received_net
from income.settlement import rates_of
from income.vocabulary import ErpScheme

NUMBER = re.compile(r"C-0*(\d{1,9})", re.IGNORECASE)
SCHEMES = (ErpScheme.GRANT, ErpScheme.FUND, ErpScheme.WBS)
RELATED = (
    "ledger", "donor", "channel", "fund", "currency", "instrument", "earmarking", "programme",
    "region", "area",
)  # fmt: skip
COLUMNS = (
    "kind", "fund_id", "value_date", "year_for", "currency_id", "amount", "mode", "reason",
    "donor_id", "channel_id", "contribution_id", "instalment_id", "instrument_id",
    "earmarking_id", "programme_id", "region_id", "area_id", "rate", "rate_on", "rate_type",
    "amount_usd", "programme_support_usd", "credited_amount", "bank_charge", "settled_usd",
)  # fmt: skip


class Agreement:
    """One agreement, with what its instalments owe after the rows that were settled so far."""

    def __init__(self, contribution: Contribution) -> None:
        self.contribution = contribution
        self.states = instalment_states(contribution)
        self.rates = rates_of(contribution)
        became = Donor.objects.become({contribution.donor_id})
        self.donors = {contribution.donor_id, *(one.pk for one in became.values())}
        self._net: dict[str, Decimal] = {}

    def net(self, currency: Currency) -> Decimal:
        """What was received under it in the currency, less what was returned or moved."""
        if currency.code not in self._net:
            self._net[currency.code] = received_net(self.contribution, currency)
        return self._net[currency.code]

    def carry(self, entries: Sequence[Entry], currency: Currency, amount: Decimal) -> list[Line]:
        """Count in what a row posts; its entries as lines."""
        self.net(currency)  # from the books, before anything is added
        self._net[currency.code] += amount
        self.states = states_after(self.states, entries)
        return [Line(**{name: getattr(entry, name) for name in COLUMNS}) for entry in entries]


class Agreements:
    """Found by number, by an identifier of the ERP, or by the agreement's own reference.

    `locks` holds each row until the transaction ends, so that nobody reverses the agreement
    while money is booked under it. As many are kept as the file names.
    """

    def __init__(self, *, locks: bool) -> None:
        self._locks = locks
        self._kept: dict[int, Agreement] = {}
        self._found: Remembered[tuple[int, str], tuple[int, ...]] = Remembered(_named)

    def find(self, books: int | None, named: str, donor: int | None) -> Agreement:
        """The agreement of the books (by key); `donor` decides where several fit.

        Raises PostingWrong.
        """
        keys = self._found[books, named] if books else ()
        if len(keys) > 1:
            fitting = Contribution.objects.filter(pk__in=keys, state__in=OPEN_TO_RETURNS)
            if donor is not None and fitting.filter(donor=donor).exists():
                fitting = fitting.filter(donor=donor)
            keys = tuple(fitting.order_by("pk").values_list("pk", flat=True)) or keys
        if not keys:
            raise PostingWrong(
                _(
                    "No agreement of these books is called “%(name)s”. Enter the agreement first, "
                    "or check its number."
                ),
                name=named[:80],
            )
        if len(keys) > 1:
            raise PostingWrong(
                _("“%(name)s” names several agreements. Write the number that begins with C-."),
                name=named[:80],
            )
        return self._of(keys[0])

    def _of(self, key: int) -> Agreement:
        if key not in self._kept:
            rows: QuerySet[Contribution] = Contribution.objects.select_related(*RELATED)
            if self._locks:
                rows = rows.select_for_update(of=("self",))
            self._kept[key] = Agreement(rows.prefetch_related("allocations").get(pk=key))
        return self._kept[key]


def _named(asked: tuple[int, str]) -> tuple[int, ...]:
    """Keys of the contributions of the books that are called so."""
    books, name = asked
    in_books = Contribution.objects.filter(ledger=books).order_by("pk")
    if number := NUMBER.fullmatch(name):
        found = tuple(in_books.filter(pk=int(number[1])).values_list("pk", flat=True))
        if found:
            return found
    of_erp = Q(erp_references__scheme__in=SCHEMES, erp_references__value__iexact=name)
    called = in_books.filter(of_erp | Q(reference__iexact=name)).distinct()
    return tuple(called.values_list("pk", flat=True)[:10])
