"""New rates for past days on which entries stand at another one: such a rate is a correction.

A rate of 15 March between those of 1 March and 1 April changes the rate in force for half a
month. Where entries were converted in those days, it is not entered but asked for.
"""

import datetime
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, Min, OuterRef, Q

from income.models import Entry, ExchangeRate, Posting, RateCorrection
from income.rates.in_force import RANKED, RANKED_IN_DEMONSTRATION, last_day_of
from income.reference import RateKey
from income.vocabulary import Act, Kind, RateType, Reason

PROMISES = (Kind.PLEDGE, Kind.AGREEMENT, Kind.CONDITIONAL)
OWN_DAY = (
    Reason.ORDINARY, Reason.REFUND, Reason.INTEREST, Reason.TRANSFER, Reason.COORDINATION_LEVY,
    Reason.AGENT_FEE,
)  # fmt: skip
# Their receipts are pairs that move early money to an instalment, at the rate it came with.
MOVES_EARLY_MONEY = (Act.AMEND_AGREEMENT, Act.SETTLE_CONDITION)


@dataclass(frozen=True)
class Displaced:
    """What a new rate would displace."""

    rate: ExchangeRate  # unsaved
    was: Decimal  # units per US dollar in force on its day; of the first entry where there is none
    entries: int  # at another rate; without those that only follow them


@dataclass(frozen=True)
class _Converted:
    """Entries of a currency that were converted for one day at one rate."""

    currency: str
    on: datetime.date
    rate_type: str
    units: Decimal
    count: int


class _Table:
    """Rates of some currencies, and which of them is in force on a day."""

    def __init__(self, units: Mapping[RateKey, Decimal]) -> None:
        self.units = dict(units)
        self._days: dict[tuple[str, str], list[datetime.date]] = defaultdict(list)
        for code, rate_type, on in sorted(units):
            self._days[code, rate_type].append(on)

    def add(self, key: RateKey, units: Decimal) -> None:
        self.units[key] = units
        insort(self._days[key[0], key[1]], key[2])

    def take_out(self, key: RateKey) -> None:
        self._days[key[0], key[1]].remove(key[2])

    def in_force(self, code: str, on: datetime.date, ranked: Iterable[RateType]) -> RateKey | None:
        for rate_type in ranked:
            days = self._days.get((code, rate_type), [])
            place = bisect_right(days, on)
            if place and on <= last_day_of(rate_type, days[place - 1]):
                return code, rate_type, days[place - 1]
        return None


def displaced(
    new: Sequence[ExchangeRate], there: Mapping[RateKey, Decimal] | None = None
) -> list[Displaced]:
    """Those of the new rates that would change the rate in force for days of standing entries.

    `there` are the rates of the books, read if not given. Entries of all books count; one query
    over them. Exact: entries that follow others (`_follows`) never stand without these, so what
    is looked at are entries converted on their value date. One that is refused leaves its days to
    the new rate before it, which is then looked at again.
    """
    rows = _converted(new)
    if not rows:
        return []
    codes = {row.currency for row in rows}
    before = _Table(
        {key: units for key, units in (there or _stored(codes)).items() if key[0] in codes}
    )
    after, waiting = _Table(before.units), {_key(rate): rate for rate in new}
    for key, rate in waiting.items():
        after.add(key, rate.units_per_usd)
    found: list[Displaced] = []
    while hit := _hit(rows, before, after, waiting):
        for key, those in hit.items():
            found.append(_displaced(waiting.pop(key), those, before))
            after.take_out(key)
    return found


def _converted(new: Sequence[ExchangeRate]) -> list[_Converted]:
    """Every day and rate at which entries stand in the time in which the rates may be in force."""
    if not new:
        return []
    until = max(last_day_of(rate.rate_type, rate.effective_on) for rate in new)
    rows = Entry.objects.filter(
        standing(), _own_day(), currency__in={rate.currency_id for rate in new},
        rate_type__in=RANKED_IN_DEMONSTRATION,
        value_date__range=(min(rate.effective_on for rate in new), until),
    ).order_by()  # fmt: skip
    grouped = rows.values_list("currency_id", "value_date", "rate_type", "rate")
    return [_Converted(*row) for row in grouped.annotate(count=Count("pk"))]


def _stored(codes: Iterable[str]) -> dict[RateKey, Decimal]:
    rows = ExchangeRate.objects.filter(currency__in=codes).order_by("revision")
    return {
        (code, rate_type, on): units
        for code, rate_type, on, units in rows.values_list(
            "currency_id", "rate_type", "effective_on", "units_per_usd"
        )
    }


def _hit(
    rows: Sequence[_Converted], before: _Table, after: _Table, new: Mapping[RateKey, ExchangeRate]
) -> dict[RateKey, list[_Converted]]:
    """What stands at another rate than the new one that would be in force, by the new one."""
    hit: dict[RateKey, list[_Converted]] = defaultdict(list)
    for row in rows:
        is_shown = row.rate_type == RateType.DEMONSTRATION
        ranked = RANKED_IN_DEMONSTRATION if is_shown else RANKED
        key = after.in_force(row.currency, row.on, ranked)
        if key is None or key not in new or after.units[key] == row.units:
            continue
        was = before.in_force(row.currency, row.on, ranked)
        if was is None or before.units[was] != after.units[key]:
            hit[key].append(row)
    return hit


def _displaced(rate: ExchangeRate, those: Sequence[_Converted], before: _Table) -> Displaced:
    key = before.in_force(rate.currency_id, rate.effective_on, RANKED)
    was = before.units[key] if key else None
    if was is None or was == rate.units_per_usd:  # the days after it are another rate's
        was = min(those, key=lambda row: (row.on, row.units)).units
    return Displaced(rate, was, sum(row.count for row in those))


def _key(rate: ExchangeRate) -> RateKey:
    return rate.currency_id, rate.rate_type, rate.effective_on


def displaced_by(correction: RateCorrection) -> Q:
    """Entries that were converted for a day on which its rate is in force, at whatever rate.

    Of its type or one that comes after it. The day is exact for every entry that is converted on
    its value date, and for what falls due by the signature. What was changed later carries the
    rate of the promise that it changes: where an agreement has two promises at one rate, one in
    these days and one not, its changes are listed with the first; so are the dues of two additions
    at one rate. Early money moved to an instalment cancels out and is not listed.
    """
    kind, on = RateType(correction.rate_type), correction.effective_on
    later = ExchangeRate.objects.filter(
        currency=correction.currency_id, rate_type=kind, effective_on__gt=on
    ).aggregate(on=Min("effective_on"))["on"]
    last = last_day_of(kind, on)
    if later is not None:
        last = min(last, later - datetime.timedelta(days=1))
    ranked = RANKED_IN_DEMONSTRATION[RANKED_IN_DEMONSTRATION.index(kind) :]
    on_own_day = _own_day() & Q(value_date__range=(on, last))
    return Q(rate_type__in=ranked) & (on_own_day | _follows(on, last))


def standing() -> Q:
    """Entries that were not reversed and reverse nothing.

    By lists of postings: reversals are few, and SQLite would join all postings to every entry.
    """
    reversals = Posting.objects.filter(act=Act.REVERSE, reverses__isnull=False)
    return ~Q(posting__in=reversals.values("pk")) & ~Q(posting__in=reversals.values("reverses"))


def _own_day() -> Q:
    """Entries whose value date is the day for which they were converted."""
    is_moved = Q(kind=Kind.RECEIPT, posting__act__in=MOVES_EARLY_MONEY)
    is_added = Q(kind__in=PROMISES, reason=Reason.AMENDMENT, amount__gt=0)
    return ~Q(kind=Kind.DUE) & ((Q(reason__in=OWN_DAY) & ~is_moved) | is_added)


def _follows(first: datetime.date, last: datetime.date) -> Q:
    """Dues, and changes of what was promised, that carry the rate of a promise of these days."""
    promises = Entry.objects.filter(
        standing(), _own_day(), kind__in=PROMISES, contribution=OuterRef("contribution"),
        value_date__range=(first, last), rate_type=OuterRef("rate_type"),
        rate_on=OuterRef("rate_on"),
    )  # fmt: skip
    is_born = Q(reason=Reason.ORDINARY) | Q(reason=Reason.AMENDMENT, amount__gt=0)
    born = Q(kind=Kind.DUE) & is_born & Exists(promises.filter(reason=OuterRef("reason")))
    is_changed = Q(kind__in=(*PROMISES, Kind.DUE)) & ~Q(reason__in=OWN_DAY)
    is_put_back = Q(reason=Reason.AMENDMENT, amount__gt=0)
    return born | (is_changed & ~is_put_back & Exists(promises))
