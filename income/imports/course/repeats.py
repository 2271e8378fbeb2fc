"""Rows that were posted before: the same row of a file, or entries that look like a row."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from donors.models import Donor
from income.imports.course.findings import Accepted
from income.models import Entry, ImportedRow, Ledger, Posting
from income.vocabulary import Act, Kind

AT_ONCE = 5_000  # entries read at a time
POSTINGS = 1 << 32
# The kinds of a row that are compared; what else an act posts beside them (due, levy) is not.
COMPARED = (
    Kind.PLEDGE, Kind.AGREEMENT, Kind.RECEIPT, Kind.ALLOTMENT, Kind.PROGRAMME_SUPPORT,
    Kind.AUDITED_REVENUE,
)  # fmt: skip
# Of a row that makes several: what it is about.
FOREMOST = (Kind.RECEIPT, *COMPARED)


@dataclass(frozen=True, slots=True)
class PostedRow:
    """What stands in the books of a row."""

    content: str
    posting: UUID


class PostedRows:
    """The rows that imports posted, by fingerprint; asked for a chunk at a time."""

    def __init__(self) -> None:
        self._is_empty = not ImportedRow.objects.exists()

    def of(self, fingerprints: list[str]) -> dict[str, PostedRow]:
        """Those of the fingerprints that stand in the books."""
        if self._is_empty or not fingerprints:
            return {}
        rows = ImportedRow.objects.filter(fingerprint__in=fingerprints)
        return {
            fingerprint.hex: PostedRow(content.hex, posting)
            for fingerprint, content, posting in rows.values_list(
                "fingerprint", "content", "posting_id"
            )
        }


class OtherEntries:
    """Standing entries, counted by what a row would look like, whoever posted them.

    Same kind, donor, fund, currency, amount and day (of audited revenue: year). What one act by
    hand divides (over instalments, countries) counts whole as well as in its parts; of a file each
    entry counts by itself. The entries of books and kind are read once, when the first such row
    comes, and never those of this very pass: only what stood when it began.
    """

    def __init__(self) -> None:
        self._heads = dict(Ledger.objects.values_list("pk", "sequence"))
        # Look → how often it stands, and the number of its posting: one integer, for a million.
        self._standing: dict[tuple[int, str], dict[int, int]] = {}
        self._numbered: list[UUID] = []
        self._came: Counter[tuple[int, str, int]] = Counter()
        self._survivors: dict[int, int | None] | None = None

    def posting_like(self, row: Accepted, ledger_id: int | None) -> UUID | None:
        """The posting that the row repeats, if it is not the n+1st where the books have n.

        Each call counts the row in: it is made for rows that stand in the books already, too.
        """
        if ledger_id is None or not self._heads.get(ledger_id) or (told := _told(row)) is None:
            return None
        kind, key = told
        if (ledger_id, kind) not in self._standing:
            self._standing[ledger_id, kind] = self._read(ledger_id, kind)
        count, number = divmod(self._standing[ledger_id, kind].get(key, 0), POSTINGS)
        if count <= self._came[ledger_id, kind, key]:
            return None
        self._came[ledger_id, kind, key] += 1
        return self._numbered[number]

    def _read(self, ledger_id: int, kind: str) -> dict[int, int]:
        stood = Posting.objects.filter(
            ledger=ledger_id, reversed_by=None, sequence__lte=self._heads[ledger_id]
        ).exclude(act=Act.REVERSE)
        files = set(stood.filter(act=Act.IMPORT_ROWS).values_list("pk", flat=True))
        rows = (
            Entry.objects.filter(ledger=ledger_id, kind=kind, posting__in=stood)
            .order_by("posting_id", "line")
            .values_list("posting_id", "donor_id", "fund_id", "currency_id", "value_date", "amount")
        )
        found: dict[int, int] = {}
        for posting, entries in groupby(rows.iterator(AT_ONCE), key=lambda one: one[0]):
            number = len(self._numbered)
            self._numbered.append(posting)
            told = (one[1:] for one in entries)
            for key in self._each(kind, told) if posting in files else self._keys(kind, told):
                count = found.get(key, 0) // POSTINGS + 1
                found[key] = count * POSTINGS + number
        return found

    def _each(self, kind: str, entries: Iterable[tuple[object, ...]]) -> Iterator[int]:
        for donor, fund, currency, day, amount in entries:
            yield _key(self._survivor(donor), fund, currency, _day(kind, day), amount)

    def _keys(self, kind: str, entries: Iterable[tuple[object, ...]]) -> Iterator[int]:
        """A key for each entry of a posting, and one for each sum of those that differ in parts."""
        parts: dict[tuple[object, ...], list[Decimal]] = defaultdict(list)
        for donor, fund, currency, day, amount in entries:
            assert isinstance(amount, Decimal)  # noqa: S101  for the type checker
            parts[self._survivor(donor), fund, currency, _day(kind, day)].append(amount)
        for dimensions, amounts in parts.items():
            for amount in amounts:
                yield _key(*dimensions, amount)
            if len(amounts) > 1 and kind != Kind.AUDITED_REVENUE:
                yield _key(*dimensions, sum(amounts, Decimal(0)))

    def _survivor(self, donor: object) -> object:
        """The donor that a merged one became."""
        if self._survivors is None:
            merged = Donor.objects.filter(merged_into__isnull=False)
            self._survivors = dict(merged.values_list("pk", "merged_into"))
        while isinstance(donor, int) and (became := self._survivors.get(donor)):
            donor = became
        return donor


def _told(row: Accepted) -> tuple[str, int] | None:
    """The kind that a row is about, and what it would look like in the books."""
    by_kind: dict[str, list[Decimal]] = defaultdict(list)
    for line in row.lines:
        by_kind[line.kind].append(line.amount)
    kind = next((one.value for one in FOREMOST if one.value in by_kind), None)
    if kind is None:
        return None
    line = next(one for one in row.lines if one.kind == kind)
    day = _day(kind, line.value_date)
    total = sum(by_kind[kind], Decimal(0))
    return kind, _key(line.donor_id, line.fund_id, line.currency_id, day, total)


def _day(kind: str, day: object) -> object:
    return getattr(day, "year", day) if kind == Kind.AUDITED_REVENUE else day


def _key(*told: object) -> int:
    return hash(told)


def ledger_keys() -> dict[str, int]:
    """The key of every set of books by its code."""
    return dict(Ledger.objects.values_list("code", "pk"))
