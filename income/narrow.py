"""Which part of the books a question is about, and in which state of theirs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from donors.models import Donor
from income.earlier import Asked, Found, answer
from income.families import of_type
from income.models import Entry, Ledger, MonthlyTotal, YearlyTotal
from income.periods import YearMonth
from income.querysets import EntryQuerySet

NONE = "none"  # what has no region, no programme
# What entries can be grouped by: the name in the answer's keys, and the column it stands in.
BY = {
    "kind": "kind", "mode": "mode", "fund": "fund_id", "donor": "donor_id", "region": "region_id",
    "area": "area_id", "programme": "programme_id", "instrument": "instrument_id",
    "earmarking": "earmarking_id", "year_for": "year_for",
}  # fmt: skip


CELLS = frozenset(BY) - {"year_for"}  # what the rollup of years can be asked by
HALF = 6  # months


@dataclass(frozen=True)
class Narrow:
    """Nothing set: all of the books, as they stand.

    `region` and `programme` are codes, or `none` for what has none; `donor_type` a contributor
    type. `donor` is a code and stands for those merged into it as well. `until` is a sequence:
    what was posted after it is not known yet.
    """

    region: str = ""
    programme: str = ""
    donor_type: str = ""
    until: int | None = None
    donor: str = ""

    @property
    def is_part(self) -> bool:
        """Whether the question is about less than all of the money."""
        return bool(self.region or self.programme or self.donor_type or self.donor)

    @property
    def is_all(self) -> bool:
        """Whether the rollups hold the answer."""
        return not self.is_part and self.until is None

    @property
    def is_final(self) -> bool:
        """Whether the entries alone decide what it is about: donors may be merged or regrouped."""
        return not (self.donor_type or self.donor)

    def apply(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that fit."""
        found = entries.filter(self.of_part)
        return found if self.until is None else found.filter(posting__sequence__lte=self.until)

    @property
    def of_part(self) -> Q:
        """The condition on entries, or on cells of `YearlyTotal`, whatever their state."""
        wanted = Q()
        if self.region:
            wanted &= Q(region=None if self.region == NONE else self.region)
        if self.programme:
            wanted &= Q(programme=None if self.programme == NONE else self.programme)
        if self.donor_type:
            wanted &= Q(donor__in=of_type(self.donor_type))
        if self.donor:
            donor = Donor.objects.filter(code=self.donor).first()
            same = Donor.objects.with_merged(donor) if donor else Donor.objects.none()
            wanted &= Q(donor__in=same)
        return wanted

    @property
    def address(self) -> dict[str, str]:
        """The same as names of `EntryFilter`, for the address of the entries behind a figure."""
        parts = {
            "region": self.region, "programme": self.programme, "donor_type": self.donor_type,
            "until": "" if self.until is None else str(self.until), "donor": self.donor,
        }  # fmt: skip
        return {name: value for name, value in parts.items() if value}


ALL = Narrow()


def grouped(
    ledger: Ledger, kinds: Iterable[str], by: tuple[str, ...], first: YearMonth, last: YearMonth,
    narrow: Narrow = ALL, *, mode: str = "", measure: str = "amount_usd",
) -> Mapping[tuple[Any, ...], Decimal]:  # fmt: skip
    """US dollars of converted entries by what `by` names (see BY, or `month`: yyyymm).

    Whole years are read from their rollup, other months from the entries through an index; an
    earlier state from its nearest checkpoint, and kept for ever (`income.earlier`).
    Keys follow the order of `by`; what has no donor, region and so on has None there.
    """
    wanted = tuple(sorted({str(kind) for kind in kinds}))
    asked = Part(ledger, wanted, by, narrow, str(mode), measure)
    if narrow.until is None:
        return asked.as_it_stands(first, last)
    if not narrow.is_final:
        return asked.from_entries(first, last)
    if narrow.until < 1 or not wanted:
        return defaultdict(Decimal)
    columns = tuple(BY.get(name, name) for name in by)
    part = (narrow.region, narrow.programme) if narrow.is_part else ()
    earlier = Asked(wanted, columns, first.key, last.key, str(mode), measure, part)
    return answer(ledger.pk, narrow.until, earlier, lambda: asked.from_entries(first, last))


def is_whole(ledger: Ledger, kinds: Iterable[str], last: YearMonth) -> bool:
    """Whether the year's money up to the month is all of the year's: nothing stands after it."""
    if last.month == 12:
        return True
    after = MonthlyTotal.objects.filter(
        ledger=ledger, kind__in=list(kinds), month__gt=last.key, month__lte=last.year * 100 + 12
    )
    return not after.exists()


@dataclass(frozen=True)
class Part:
    """What is asked of the months: which entries, and by what their sums are told apart."""

    ledger: Ledger
    kinds: tuple[str, ...]
    by: tuple[str, ...]
    narrow: Narrow
    mode: str
    measure: str

    def as_it_stands(self, first: YearMonth, last: YearMonth) -> Found:
        """Whole years from the rollup; of the last one the smaller side from the entries."""
        if first.month != 1 or self.measure != "amount_usd" or not CELLS.issuperset(self.by):
            return self.from_entries(first, last)
        if is_whole(self.ledger, self.kinds, last):
            return self._from_years(first.year, last.year)
        december = YearMonth(last.year, 12)
        if last.month > HALF:  # what came later is taken off again: exactly, as all sums are
            whole, part, sign = last.year, self.from_entries(last.next, december), -1
        else:
            whole, part, sign = last.year - 1, self.from_entries(YearMonth(last.year, 1), last), 1
        found = self._from_years(first.year, whole) if first.year <= whole else defaultdict(Decimal)
        for key, usd in part.items():
            found[key] += sign * usd
            if not found[key]:
                del found[key]
        return found

    def _from_years(self, first: int, last: int) -> Found:
        cells = YearlyTotal.objects.filter(
            self.narrow.of_part, ledger=self.ledger, kind__in=self.kinds, year__gte=first,
            year__lte=last,
        )  # fmt: skip
        if self.mode:
            cells = cells.filter(mode=self.mode)
        columns = [BY[name] for name in self.by]
        rows = cells.order_by().values_list(*columns).annotate(usd=Sum("amount_usd"))
        return defaultdict(Decimal, {tuple(key): usd for *key, usd in rows if usd})

    def from_entries(self, first: YearMonth, last: YearMonth) -> Found:
        """Entry by entry, in whatever state."""
        entries = self.narrow.apply(Entry.objects.in_books(self.ledger)).filter(
            kind__in=self.kinds, value_date__gte=first.first_day, value_date__lte=last.last_day,
            amount_usd__isnull=False,
        )  # fmt: skip
        if self.mode:
            entries = entries.filter(mode=self.mode)
        columns = [column for one in self.by for column in _columns(one)]
        dated = {"y": ExtractYear("value_date"), "m": ExtractMonth("value_date")}
        if "month" in self.by:
            entries = entries.annotate(**dated)
        found: Found = defaultdict(Decimal)
        rows = entries.order_by().values_list(*columns).annotate(usd=Sum(F(self.measure)))
        for *values, usd in rows:
            if usd:
                found[tuple(_key(self.by, values))] += usd
        return found


def _columns(name: str) -> tuple[str, ...]:
    return ("y", "m") if name == "month" else (BY[name],)


def _key(by: Iterable[str], values: list[Any]) -> Iterable[Any]:
    left = iter(values)
    for name in by:
        yield next(left) * 100 + next(left) if name == "month" else next(left)
