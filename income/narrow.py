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
from income.models import Entry, Ledger
from income.periods import YearMonth
from income.querysets import EntryQuerySet

NONE = "none"  # what has no region, no programme
# What entries can be grouped by: the name in the answer's keys, and the column it stands in.
BY = {
    "kind": "kind", "mode": "mode", "fund": "fund_id", "donor": "donor_id", "region": "region_id",
    "area": "area_id", "programme": "programme_id", "instrument": "instrument_id",
    "earmarking": "earmarking_id", "year_for": "year_for",
}  # fmt: skip


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
        if self.until is not None:
            wanted &= Q(posting__sequence__lte=self.until)
        return entries.filter(wanted)

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

    Read from the entries, through an index on fund and day; an earlier state from its nearest
    checkpoint and kept for ever (`income.earlier`). The other functions read rollups.
    Keys follow the order of `by`; what has no donor, region and so on has None there.
    """
    wanted = tuple(sorted({str(kind) for kind in kinds}))

    def from_entries() -> Found:
        return _from_entries(ledger, wanted, by, first, last, narrow, mode, measure)

    if narrow.until is None or not narrow.is_final:
        return from_entries()
    if narrow.until < 1 or not wanted:
        return defaultdict(Decimal)
    columns = tuple(BY.get(name, name) for name in by)
    part = (narrow.region, narrow.programme) if narrow.is_part else ()
    asked = Asked(wanted, columns, first.key, last.key, str(mode), measure, part)
    return answer(ledger.pk, narrow.until, asked, from_entries)


def _from_entries(
    ledger: Ledger, kinds: tuple[str, ...], by: tuple[str, ...], first: YearMonth,
    last: YearMonth, narrow: Narrow, mode: str, measure: str,
) -> Found:  # fmt: skip
    entries = narrow.apply(Entry.objects.in_books(ledger)).filter(
        kind__in=kinds, value_date__gte=first.first_day, value_date__lte=last.last_day,
        amount_usd__isnull=False,
    )  # fmt: skip
    if mode:
        entries = entries.filter(mode=mode)
    columns = [column for one in by for column in _columns(one)]
    dated = {"y": ExtractYear("value_date"), "m": ExtractMonth("value_date")}
    if "month" in by:
        entries = entries.annotate(**dated)
    found: Found = defaultdict(Decimal)
    rows = entries.order_by().values_list(*columns).annotate(usd=Sum(F(measure)))
    for *values, usd in rows:
        if usd:
            found[tuple(_key(by, values))] += usd
    return found


def _columns(name: str) -> tuple[str, ...]:
    return ("y", "m") if name == "month" else (BY[name],)


def _key(by: Iterable[str], values: list[Any]) -> Iterable[Any]:
    left = iter(values)
    for name in by:
        yield next(left) * 100 + next(left) if name == "month" else next(left)
