"""Ceilings on cost, in statements and in steps of SQLite's machine, never in time.

The same books twice: with 600 entries, and with 6,000 in the same cells (funds, donors, regions,
months). What reads rollups or one page takes the same steps, and so does the whole dashboard.
"""

import datetime
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection, transaction

from donors.models import Donor
from income.contributing import core
from income.leading import largest
from income.ledger.bulk import BulkWriter
from income.ledger.lines import Line
from income.models import Entry, Ledger
from income.narrow import grouped
from income.periods import YearMonth
from income.totals import (
    adjusted,
    closed_months,
    donor_sums,
    monthly_sums,
    not_converted,
    reach,
)
from income.vocabulary import Act, Kind, Mode, RateType
from reports.figures.dashboard import dashboard
from reports.figures.question import parse
from tests import factories
from tests.steps import counted, steps_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "connection.vendor != 'sqlite'", reason="counts the steps of SQLite's machine"
    ),
]

YEARS = (2020, 2021)
DONORS, FUNDS, REGIONS = 40, ("FNE", "FE", "TC"), ("AFRICA", "ARAB", None)
FEW, MANY, NOT_CONVERTED = 600, 6_000, 12
# A page of entries or an index one level deeper takes some steps more; a scan takes ten times.
MUCH_THE_SAME = 1.25
FIRST, LAST, TODAY = YearMonth(2021, 1), YearMonth(2021, 12), datetime.date(2022, 1, 15)


def _line(number: int) -> Line:
    """The cell follows from the number, so that more entries fill the same cells.

    The first few are not converted, in both books alike.
    """
    cell = random.Random(number % FEW)
    day = datetime.date(cell.choice(YEARS), cell.randrange(1, 13), cell.randrange(1, 29))
    amount = Decimal(1_000 + number)
    line = Line(
        kind=Kind.RECEIPT.value, fund_id=cell.choice(FUNDS), donor_id=cell.randrange(DONORS),
        region_id=cell.choice(REGIONS), value_date=day, year_for=day.year, currency_id="EUR",
        amount=amount,
    )  # fmt: skip
    if number < NOT_CONVERTED:
        return line
    return replace(
        line, currency_id="USD", amount_usd=amount, rate=Decimal(1), rate_on=day,
        rate_type=RateType.PARITY.value,
    )  # fmt: skip


def books_of(entries: int) -> Ledger:
    """Books of two years with that many receipts, posted as a file is."""
    books: Ledger = Ledger.objects.create(code=f"B{entries}", name="Books")
    donors = list(Donor.objects.order_by("pk").values_list("pk", flat=True)[:DONORS])
    with transaction.atomic():
        writer = BulkWriter(Act.IMPORT_ROWS, "file", prepared_by=None, approved_by=None)
        for number in range(entries):
            line = _line(number)
            line.donor_id = donors[line.donor_id or 0]
            writer.add(books, line.value_date.year * 100 + line.value_date.month, line)
        writer.finish()
    for month in range(1, 12):  # closed since: none of this money is late
        factories.month(ledger=books, month=202100 + month, sequence=books.sequence)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return books


@pytest.fixture
def both(reference: None) -> tuple[Ledger, Ledger]:
    return books_of(FEW), books_of(MANY)


ROLLUPS: dict[str, Callable[[Ledger], object]] = {
    "funds, regions and the line": lambda books: monthly_sums(books, [Kind.RECEIPT], FIRST, LAST),
    "donors of a year": lambda books: donor_sums(books, Kind.RECEIPT, FIRST, LAST),
    "donors as at June": lambda books: donor_sums(books, Kind.RECEIPT, FIRST, YearMonth(2021, 6)),
    "what is not converted": lambda books: not_converted(books, [Kind.RECEIPT], FIRST, LAST),
    "which months the books hold": reach,
    "the ten largest donors": lambda books: largest(
        books, Kind.RECEIPT, 2021, funds=FUNDS, most=10, mode=Mode.CASH, merged={}
    ),
    "what changed closed months": lambda books: adjusted(
        Entry.objects.in_books(books), closed_months(books, 2021)
    ),
    "what the year's money is for": lambda books: grouped(
        books, [Kind.RECEIPT], ("fund", "earmarking", "instrument", "area"), FIRST, LAST
    ),
    "the whole dashboard": lambda books: dashboard(
        parse({"as_at": "2021-12"}, default_books=books.code, today=TODAY), today=TODAY
    ),
    "governments that give core money": lambda books: core(
        books, Kind.RECEIPT, "FNE", [YearMonth(2020, 1), FIRST], LAST, merged={}
    ),
}


@pytest.mark.parametrize("name", ROLLUPS)
def test_ten_times_the_entries_take_the_same_steps(both: tuple[Ledger, Ledger], name: str) -> None:
    few, many = (steps_of(lambda books=books: ROLLUPS[name](books)) for books in both)
    assert many <= MUCH_THE_SAME * few, f"{name}: {few:,} steps, then {many:,}"


def test_a_scan_of_entries_would_be_seen(both: tuple[Ledger, Ledger]) -> None:
    """The instrument itself: what reads every entry takes ten times the steps."""
    few, many = (
        steps_of(lambda books=books: sum(Entry.objects.filter(ledger=books).values_list("amount",
                 flat=True)))
        for books in both
    )  # fmt: skip
    assert 8 * few < many < 12 * few


def test_steps_are_counted_only_meanwhile(db: None) -> None:
    with counted() as steps:
        Donor.objects.count()
    taken = steps.taken
    Donor.objects.count()
    assert steps.taken == taken
