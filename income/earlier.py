"""Sums as they were known at a sequence of the books: checkpoints and a short tail of entries.

What was known then never changes, so an answer is kept for ever, under the hash of the books at
that sequence: restored or other books have other hashes.
"""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import F, Subquery

from income.ledger.checkpoints import (
    BY_DONOR,
    BY_MONTH,
    ENTRIES_BETWEEN,
    Cells,
    month_of_entry,
)
from income.models import Era, Posting
from income.periods import YearMonth

Found = defaultdict[tuple[Any, ...], Decimal]  # US dollars by key
MOST_KEPT = 20_000  # cells of an answer that is kept
FAR = 2**62  # no books get there


@dataclass(frozen=True)
class Asked:
    """A question about whole months: what `income.narrow.grouped` was asked."""

    kinds: tuple[str, ...]
    by: tuple[str, ...]  # columns of an entry, and `month`
    first: int  # yyyymm
    last: int
    mode: str
    measure: str
    part: tuple[str, ...] = ()  # region and programme; nothing: all of the money


@dataclass(frozen=True)
class Moment:
    """A state of the books, and the checkpoints before and after it."""

    ledger: int
    sequence: int
    hash: str
    before: int  # sequence of a checkpoint; 0: the beginning
    after: int | None  # the same; None: the present
    head: int
    first_era: int | None  # a key: another one once all eras were made anew


def answer(ledger: int, sequence: int, asked: Asked, from_entries: Callable[[], Found]) -> Found:
    """The sums by key as they were known; from the cache, the checkpoints or the entries."""
    table = _table(asked)
    at = _moment(ledger, sequence, table)
    if at is None:  # books that did not get there yet
        return from_entries()
    name = _name(at, asked)
    if (kept := cache.get(name)) is not None:
        return _unpacked(kept)
    found = _summed(at, asked, table) if table else from_entries()
    if len(found) <= MOST_KEPT:
        cache.set(name, _packed(found), timeout=None)
    return found


def _moment(ledger: int, sequence: int, table: Cells | None) -> Moment | None:
    """The state of the books at the sequence, one query; None where there is none."""
    eras = Era.objects.filter(ledger=ledger, grain=table.grain if table else "")
    row = (
        Posting.objects.filter(ledger=ledger, sequence=sequence)
        .annotate(
            before=Subquery(
                eras.filter(until__lte=sequence).order_by("-until").values("until")[:1]
            ),
            after=Subquery(eras.filter(until__gt=sequence).order_by("until").values("until")[:1]),
            head=F("ledger__sequence"),
            first_era=Subquery(eras.filter(after=0).values("pk")[:1]),
        )
        .values_list("hash", "before", "after", "head", "first_era")
        .first()
    )
    return Moment(ledger, sequence, row[0], row[1] or 0, *row[2:]) if row else None


def _name(at: Moment, asked: Asked) -> str:
    told = json.dumps([at.ledger, at.hash, at.first_era, *astuple(asked)])
    return f"known:{hashlib.sha256(told.encode()).hexdigest()}"


def _packed(found: Found) -> bytes:
    """Small: a cache in memory holds some hundred of them."""
    rows = [(*key, str(usd)) for key, usd in found.items()]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 1)


def _unpacked(kept: bytes) -> Found:
    rows = json.loads(zlib.decompress(kept))
    return defaultdict(Decimal, {tuple(key): Decimal(usd) for *key, usd in rows})


def _table(asked: Asked) -> Cells | None:
    """The narrowest table of checkpoints that holds the answer."""
    if asked.part:
        return None
    for table in (BY_MONTH, BY_DONOR):
        if set(asked.by) <= set(table.key) and asked.measure in table.measures:
            return table
    return None


def _summed(at: Moment, asked: Asked, table: Cells) -> Found:
    """The same from the nearest checkpoint and the entries between it and the moment.

    One statement, so that rollups and entries are of one moment where the nearest is the present.
    """
    after = at.head if at.after is None else at.after
    if at.sequence - at.before <= after - at.sequence:
        cells, tail = _eras(table, asked, at, at.before), _tail(asked, at, at.before, at.sequence)
    elif at.after is not None:
        cells, tail = (
            _eras(table, asked, at, at.after),
            _tail(asked, at, at.sequence, at.after, sign="-"),
        )
    else:
        cells = _present(table, asked, at)
        tail = _tail(asked, at, at.sequence, FAR, sign="-")
    columns = ", ".join(asked.by)
    statement = (  # all names are those of columns
        f"SELECT {columns}, SUM(usd) FROM ({cells[0]} UNION ALL {tail[0]}) AS parts "  # noqa: S608
        f"GROUP BY {columns} HAVING SUM(usd) <> 0"
    )
    found: Found = defaultdict(Decimal)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*cells[1], *tail[1]])
        for *key, cents in cursor.fetchall():
            found[tuple(key)] = Decimal(cents).scaleb(-2)
    return found


Statement = tuple[str, list[Any]]


def _eras(table: Cells, asked: Asked, at: Moment, until: int) -> Statement:
    select, values = _cells(table.model._meta.db_table, asked, at)
    return f"{select} AND until <= %s", [*values, until]


def _present(table: Cells, asked: Asked, at: Moment) -> Statement:
    return _cells(table.present._meta.db_table, asked, at)


def _cells(name: str, asked: Asked, at: Moment) -> Statement:
    wanted, values = _wanted(asked, "")
    return (
        f"SELECT {', '.join(asked.by)}, {asked.measure} AS usd FROM {name} "  # noqa: S608
        f"WHERE ledger_id = %s AND month BETWEEN %s AND %s {wanted}",
        [at.ledger, asked.first, asked.last, *values],
    )


def _tail(asked: Asked, at: Moment, after: int, until: int, sign: str = "") -> Statement:
    """Entries of the postings after a sequence up to another."""
    columns = [f"{month_of_entry()} AS month" if c == "month" else f"e.{c}" for c in asked.by]
    wanted, values = _wanted(asked, "e.")
    first, last = YearMonth.from_key(asked.first), YearMonth.from_key(asked.last)
    days = first.first_day.isoformat(), last.last_day.isoformat()
    return (
        f"SELECT {', '.join(columns)}, {sign}COALESCE(e.{asked.measure}, 0) AS usd "
        f"{ENTRIES_BETWEEN} AND e.value_date BETWEEN %s AND %s {wanted}",
        [at.ledger, after, until, *days, *values],
    )


def _wanted(asked: Asked, prefix: str) -> Statement:
    kinds = f"AND {prefix}kind IN ({', '.join(['%s'] * len(asked.kinds))})"
    if not asked.mode:
        return kinds, [*asked.kinds]
    return f"{kinds} AND {prefix}mode = %s", [*asked.kinds, asked.mode]
