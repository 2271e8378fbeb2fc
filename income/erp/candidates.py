"""Which receipt of the books a line of the ERP belongs to; never guessed between two.

By its document number, else by grant, currency, amount and a date within five days when only one
receipt fits, else by the bank's reference.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from income.erp.receipts import BookReceipt, ReceiptKey
from income.models import ErpLine, ErpReference, Ledger
from income.vocabulary import ErpScheme

NEAR = datetime.timedelta(days=5)
SHORTEST_REFERENCE = 4  # a shorter bank reference stands in a text by chance
Place = tuple[int, int | None]  # a receipt by its posting's sequence and its line there


def folded(value: str) -> str:
    """An identifier without case and spaces around it."""
    return value.strip().casefold()


@dataclass(frozen=True)
class Known:
    """What the references of the books say about the ERP's identifiers."""

    receipts_of_document: Mapping[str, frozenset[ReceiptKey]]
    contributions_of_grant: Mapping[str, frozenset[int]]
    funds: Mapping[tuple[str, str], str]  # scheme and value, where they lead to one fund

    @classmethod
    def of(cls, ledger: Ledger, documents: Collection[str] = ()) -> "Known":
        """Every reference of the agreements, and these documents; a query for each."""
        grants: dict[str, set[int]] = defaultdict(set)
        funds: dict[tuple[str, str], set[str]] = defaultdict(set)
        rows = ErpReference.objects.filter(ledger=ledger, contribution__isnull=False).values_list(
            "scheme", "value", "contribution", "contribution__fund"
        )
        for scheme, value, contribution, fund in rows:
            if scheme == ErpScheme.GRANT:
                grants[folded(value)].add(contribution)
            funds[scheme, folded(value)].add(fund)
        return cls(
            _receipts_of_documents(ledger, {folded(one) for one in documents} - {""}),
            {value: frozenset(found) for value, found in grants.items()},
            {key: next(iter(found)) for key, found in funds.items() if len(found) == 1},
        )

    def fund_of(self, line: ErpLine) -> str:
        """The books' fund of a line: its grant's agreement, else that of its fund; "" unknown."""
        return (
            self.funds.get((ErpScheme.GRANT, folded(line.grant)))
            or self.funds.get((ErpScheme.WBS, folded(line.wbs)))
            or self.funds.get((ErpScheme.FUND, folded(line.fund)))
            or ""
        )


def _receipts_of_documents(
    ledger: Ledger, wanted: Collection[str]
) -> dict[str, frozenset[ReceiptKey]]:
    """Imports bring very many documents: only those that are asked for are kept."""
    found: dict[str, set[ReceiptKey]] = defaultdict(set)
    if wanted:
        rows = ErpReference.objects.filter(
            ledger=ledger, scheme=ErpScheme.DOCUMENT, posting__isnull=False
        ).order_by()
        of_receipts = rows.values_list("value", "posting", "receipt_line")
        for value, posting, line in of_receipts.iterator():
            if (document := folded(value)) in wanted:
                found[document].add((posting, line))
    return {value: frozenset(keys) for value, keys in found.items()}


class Candidates:
    """The receipts that lines may belong to, looked up rather than compared one by one."""

    def __init__(self, receipts: Iterable[BookReceipt], known: Known) -> None:
        self.by_key = {one.key: one for one in receipts}
        self._known = known
        self._of_contribution: dict[int, list[BookReceipt]] = defaultdict(list)
        self._of_reference: dict[str, list[BookReceipt]] = defaultdict(list)
        for one in self.by_key.values():
            if one.contribution is not None:
                self._of_contribution[one.contribution].append(one)
            if len(reference := folded(one.reference)) >= SHORTEST_REFERENCE:
                self._of_reference[reference].append(one)
        self._most_words = max((1 + one.count(" ") for one in self._of_reference), default=0)

    def found_for(self, line: ErpLine, forbidden: frozenset[Place]) -> BookReceipt | None:
        """The receipt that the line belongs to, when only one fits."""
        named = self._known.receipts_of_document.get(folded(line.document), frozenset())
        by_document = [
            one
            for key in named
            if (one := self.by_key.get(key)) and (one.sequence, one.line) not in forbidden
        ]
        if len(by_document) == 1:
            return by_document[0]
        # A document may hold several receipts: then that of the line's money.
        same_money = [one for one in by_document if not one.lines and _is_same_money(one, line)]
        if len(same_money) == 1:
            return same_money[0]
        grants = self._known.contributions_of_grant.get(folded(line.grant), frozenset())
        by_grant = [
            one
            for contribution in grants
            for one in self._of_contribution.get(contribution, ())
            if _is_same_money(one, line)
            and abs(one.on - line.posted_on) <= NEAR
            and _is_free(one, forbidden)
        ]
        if len(by_grant) == 1:
            return by_grant[0]
        by_bank = [one for one in self._named_in(line) if _is_free(one, forbidden)]
        return by_bank[0] if len(by_bank) == 1 else None

    def _named_in(self, line: ErpLine) -> list[BookReceipt]:
        """Those whose bank reference is the line's document, or stands as words in its text."""
        words = folded(line.text).split(" ")
        phrases = {folded(line.document)} | {
            " ".join(words[first : first + count])
            for count in range(1, self._most_words + 1)
            for first in range(len(words) - count + 1)
        }
        return [one for phrase in phrases for one in self._of_reference.get(phrase, ())]


def _is_same_money(one: BookReceipt, line: ErpLine) -> bool:
    return (one.currency, one.amount) == (line.currency_id, line.amount)


def _is_free(one: BookReceipt, forbidden: frozenset[Place]) -> bool:
    return not one.lines and (one.sequence, one.line) not in forbidden
