"""Checkpoints: what each era of the books added to the rollups, so that earlier states are sums.

A state of the books is all eras that were over by then and a short tail of entries, or the next
checkpoint without the entries up to it (`income/earlier.py`). Eras are derived from postings that
never change: where they are missing, a question takes longer and its answer is the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Max, Sum

from income.ledger.rollups import Drift, written
from income.models import (
    DonorMonthTotal,
    Era,
    EraDonorTotal,
    EraMonthlyTotal,
    Ledger,
    Month,
    MonthlyTotal,
    Posting,
)
from income.models.rollups import Grain

Sums = dict[tuple[Any, ...], tuple[Decimal, ...]]  # US dollars of cells
# A question reads about half of an era's entries at the worst, besides the cells of the eras: where
# an era has few cells, more and shorter ones cost nothing.
MOST_ENTRIES = {Grain.MONTHS: 10_000, Grain.DONORS: 100_000}
ERAS_PER_ROUND = 10  # of the jobs' clock, so that nothing else waits long


@dataclass(frozen=True)
class Cells:
    """A table of what eras added, and the rollup that it takes apart.

    An era holds `most` entries; a posting with more is one by itself.
    """

    grain: Grain
    model: type[models.Model]
    present: type[models.Model]
    dimension: str  # the column of the key beside kind, mode, fund and month
    measures: tuple[str, ...]

    @property
    def most(self) -> int:
        return MOST_ENTRIES[self.grain]

    @property
    def alone(self) -> int:
        """A posting with so many entries shares no era: the way to a moment is told in postings."""
        return self.most // 4

    @property
    def key(self) -> tuple[str, ...]:
        return ("kind", "mode", "fund_id", self.dimension, "month")


BY_MONTH = Cells(
    Grain.MONTHS, EraMonthlyTotal, MonthlyTotal, "region_id",
    ("amount_usd", "programme_support_usd"),
)  # fmt: skip
BY_DONOR = Cells(Grain.DONORS, EraDonorTotal, DonorMonthTotal, "donor_id", ("amount_usd",))
TABLES = (BY_MONTH, BY_DONOR)
# Converted entries of a stretch of postings: posting by posting, which the order of a CROSS JOIN
# tells SQLite. Takes the ledger, the sequence before the first posting, and that of the last.
ENTRIES_BETWEEN = (
    "FROM income_posting p CROSS JOIN income_entry e "
    "WHERE p.ledger_id = %s AND p.sequence > %s AND p.sequence <= %s "
    "AND e.posting_id = p.id AND e.amount_usd IS NOT NULL"
)


def month_of_entry() -> str:
    """The month of an entry's value date (yyyymm) in this database's SQL."""
    if connection.vendor == "postgresql":
        return (
            "CAST(EXTRACT(YEAR FROM e.value_date) * 100 + EXTRACT(MONTH FROM e.value_date) "
            "AS integer)"
        )
    # Django's own way calls Python for each row.
    return "CAST(substr(e.value_date, 1, 4) || substr(e.value_date, 6, 2) AS integer)"


def make(ledger: Ledger, *, most: int | None = None) -> int:
    """Keep the eras that are over and not kept yet, at most so many; returns how many.

    Each is a transaction of its own: what breaks off is gone on with later. Two at once keep each
    era once.
    """
    made = 0
    for table in TABLES:
        while (most is None or made < most) and (era := _next(table, ledger)):
            made += _keep(table, era)
    return made


def make_due() -> int:
    """A duty of the jobs' clock: some eras of every ledger that has any to keep."""
    return sum(make(ledger, most=ERAS_PER_ROUND) for ledger in Ledger.objects.order_by("code"))


@transaction.atomic
def forget(ledger: Ledger) -> None:
    """Throw all eras of the books away, and with them every answer that was kept of them."""
    for table in TABLES:
        table.model._default_manager.filter(ledger=ledger).delete()
    Era.objects.filter(ledger=ledger).delete()


def _next(table: Cells, ledger: Ledger) -> Era | None:
    """The era after the last one, unsaved; None while it is not over."""
    eras = Era.objects.filter(ledger=ledger, grain=table.grain)
    after = eras.aggregate(last=Max("until"))["last"] or 0
    closings = Month.objects.filter(ledger=ledger, sequence__gt=after)
    closing = closings.order_by("sequence").values_list("sequence", flat=True).first()
    postings = Posting.objects.filter(ledger=ledger, sequence__gt=after).order_by("sequence")
    if closing is None:
        newest = postings[: table.most + 1]
        size = newest.aggregate(entries=Sum("entry_count"), largest=Max("entry_count"))
        if (size["entries"] or 0) <= table.most and (size["largest"] or 0) < table.alone:
            return None
    else:
        postings = postings.filter(sequence__lte=closing)
    until = _end(table, postings) or closing
    if until is None:
        return None
    hashes = Posting.objects.filter(ledger=ledger, sequence=until).values_list("hash", flat=True)
    return Era(ledger=ledger, grain=table.grain, after=after, until=until, hash=hashes.get())


def _end(table: Cells, postings: models.QuerySet[Posting]) -> int | None:
    """The last sequence before there would be too many entries; None if there are not."""
    entries, last = 0, None
    for sequence, count in postings.values_list("sequence", "entry_count")[: table.most + 1]:
        if last and (entries + count > table.most or count >= table.alone):
            return last
        entries, last = entries + count, sequence
        if count >= table.alone:
            return last
    return None


def _keep(table: Cells, era: Era) -> bool:
    """Write the era and its cells in one statement; False if somebody else did."""
    try:
        with transaction.atomic():
            era.save(force_insert=True)  # first: of two at once, the other one waits here
            with connection.cursor() as cursor:
                cursor.execute(*_statement(table, era))
    except IntegrityError:
        if Era.objects.filter(ledger=era.ledger, grain=era.grain, after=era.after).exists():
            return False
        raise
    return True


def _statement(table: Cells, era: Era) -> tuple[str, list[Any]]:
    columns = ", ".join(("ledger_id", "until", *table.key, *table.measures))
    select, values = _counted(table, era)
    # All names are constants of this module.
    return (
        f"INSERT INTO {table.model._meta.db_table} ({columns}) "  # noqa: S608
        f"SELECT %s, %s, cells.* FROM ({select}) AS cells",
        [era.ledger_id, era.until, *values],
    )


def _counted(table: Cells, era: Era) -> tuple[str, list[Any]]:
    """The era's cells as the entries say; a cell in which all sums are zero is none."""
    key = ", ".join(month_of_entry() if c == "month" else f"e.{c}" for c in table.key)
    sums = [f"SUM(COALESCE(e.{name}, 0))" for name in table.measures]
    some = " OR ".join(f"{one} <> 0" for one in sums)
    return (
        f"SELECT {key}, {', '.join(sums)} {ENTRIES_BETWEEN} "
        f"GROUP BY {', '.join(str(place + 1) for place in range(len(table.key)))} HAVING {some}",
        [era.ledger_id, era.after, era.until],
    )


def differences(ledger: Ledger) -> Iterator[Drift]:
    """Recount every era from its entries; a sentence per cell that differs."""
    for table in TABLES:
        eras, expected = {}, 0
        for era in Era.objects.filter(ledger=ledger, grain=table.grain).order_by("until"):
            if era.after != expected:
                yield Drift(f"Era of {era}: the one before it ends with {expected}.")
            if not Posting.objects.filter(
                ledger=ledger, sequence=era.until, hash=era.hash
            ).exists():
                yield Drift(f"Era of {era}: its hash is not that of posting {era.until}.")
            eras[era.until], expected = era, era.until
        missing = dict(eras)
        for until, kept in _kept(table, ledger):
            if until in eras:
                yield from _different(table, missing.pop(until), kept)
            else:
                yield Drift(f"{table.model.__name__}: {len(kept)} cells up to {until} of no era.")
        for era in missing.values():
            yield from _different(table, era, {})


def _kept(table: Cells, ledger: Ledger) -> Iterator[tuple[int, Sums]]:
    """The cells that are kept, era by era."""
    rows = (
        table.model._default_manager.filter(ledger=ledger)
        .order_by("until")
        .values_list("until", *table.key, *table.measures)
        .iterator()
    )
    width = len(table.key) + 1
    for until, group in groupby(rows, key=itemgetter(0)):
        yield until, {row[1:width]: row[width:] for row in group}


def _different(table: Cells, era: Era, kept: Sums) -> Iterator[Drift]:
    width, nothing = len(table.key), (Decimal(0),) * len(table.measures)
    with connection.cursor() as cursor:
        cursor.execute(*_counted(table, era))
        counted = {row[:width]: tuple(map(_dollars, row[width:])) for row in cursor.fetchall()}
    for key in sorted(counted.keys() | kept.keys(), key=repr):
        stands, should = kept.get(key, nothing), counted.get(key, nothing)
        if stands != should:
            yield Drift(
                f"{table.model.__name__} {key} of {era}: kept {written(stands)}, "
                f"entries say {written(should)}"
            )


def _dollars(cents: int | Decimal) -> Decimal:
    return Decimal(cents).scaleb(-2)
