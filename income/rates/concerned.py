"""The records that a correction of a rate concerns: what stands in the books at the old rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from donors.naming import shown_code, shown_name
from income.models import Entry, Ledger, RateCorrection
from income.money import to_usd
from income.querysets import EntryQuerySet
from income.rates.corrections import standing_rate
from income.rates.displaced import displaced_by, standing
from income.services.replacing import why_not_correct
from income.vocabulary import CorrectionState, Kind
from interface.sheets import csv_bytes

LISTED = 200
COLUMNS = (
    "books", "sequence", "line", "kind", "fund", "donor", "donor_name", "value_date", "currency",
    "amount", "rate", "amount_usd", "new_rate", "new_amount_usd", "difference_usd",
)  # fmt: skip
RELATED = ("ledger", "posting__ledger", "posting__replaced_by", "posting__draft", "donor")


@dataclass
class ConcernedSum:
    """Entries of one kind in one agency's books. Kinds are never summed together."""

    books: str
    kind: Kind
    count: int = 0
    was_usd: Decimal = Decimal(0)
    will_be_usd: Decimal = Decimal(0)  # each entry at the new rate, to the cent

    @property
    def difference_usd(self) -> Decimal:
        return self.will_be_usd - self.was_usd


@dataclass(frozen=True)
class Concerned:
    """One entry, with its US dollars at the new rate."""

    entry: Entry
    will_be_usd: Decimal
    may_correct: bool

    @property
    def difference_usd(self) -> Decimal:
        return self.will_be_usd - (self.entry.amount_usd or Decimal(0))


def new_rate(correction: RateCorrection) -> Decimal:
    """Units per US dollar that entries of that day's rate should have, or would have."""
    units: Decimal = correction.units_per_usd
    if correction.state == CorrectionState.ASKED:
        return units
    standing = standing_rate(correction.currency_id, correction.effective_on, correction.rate_type)
    if standing is not None:
        units = standing.units_per_usd
    return units


def concerned(correction: RateCorrection) -> EntryQuerySet:
    """Entries of all books that stand at another rate than this one; none of what was reversed.

    Those that carry another rate of its day, and those that were converted for a day on which it
    is in force; how exact that is, `displaced_by` says.
    """
    of_that_day = Q(rate_type=correction.rate_type, rate_on=correction.effective_on)
    found: EntryQuerySet = Entry.objects.filter(
        standing(), of_that_day | displaced_by(correction), currency=correction.currency_id
    ).exclude(rate=new_rate(correction))
    return found.order_by("ledger__code", "posting__sequence", "line")


def sums(correction: RateCorrection) -> list[ConcernedSum]:
    """How many entries are concerned, and what they would change, by books and kind."""
    rate = new_rate(correction)
    found: dict[tuple[str, str], ConcernedSum] = {}
    rows = concerned(correction).values_list("ledger__code", "kind", "amount", "amount_usd")
    for books, kind, amount, amount_usd in rows.iterator(chunk_size=10_000):
        one = found.setdefault((books, kind), ConcernedSum(books, Kind(kind)))
        one.count += 1
        one.was_usd += amount_usd or Decimal(0)
        one.will_be_usd += to_usd(amount, rate)
    return [found[key] for key in sorted(found)]


def listed(correction: RateCorrection, *, correctable_in: Ledger | None) -> list[Concerned]:
    """The first entries concerned; `correctable_in` is where the reader may correct postings."""
    rate = new_rate(correction)
    entries = concerned(correction).select_related(*RELATED)[:LISTED]
    return [_concerned(entry, rate, correctable_in) for entry in entries]


def _concerned(entry: Entry, rate: Decimal, correctable_in: Ledger | None) -> Concerned:
    is_here = correctable_in is not None and entry.ledger_id == correctable_in.pk
    may_correct = is_here and not why_not_correct(entry.posting)
    return Concerned(entry, to_usd(entry.amount, rate), may_correct)


def concerned_csv(correction: RateCorrection, *, preamble: Sequence[Sequence[object]]) -> bytes:
    """Every entry concerned, for staff."""
    return csv_bytes(COLUMNS, _rows(correction), preamble=preamble)


def _rows(correction: RateCorrection) -> Iterator[list[object]]:
    rate = new_rate(correction)
    entries = concerned(correction).select_related(*RELATED)
    for entry in entries.iterator(chunk_size=2_000):
        one = _concerned(entry, rate, None)
        yield [
            entry.ledger.code, entry.posting.sequence, entry.line, entry.kind, entry.fund_id,
            shown_code(entry.donor, knows=True) if entry.donor else "",
            shown_name(entry.donor, knows=True) if entry.donor else "",
            entry.value_date, entry.currency_id, entry.amount, entry.rate, entry.amount_usd,
            rate, one.will_be_usd, one.difference_usd,
        ]  # fmt: skip
