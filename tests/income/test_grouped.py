"""Sums of whole years come from their rollup, and say what the entries say."""

import datetime
import random
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from income.models import Entry
from income.narrow import ALL, NONE, Narrow, grouped
from income.periods import YearMonth
from income.vocabulary import Kind, Mode
from tests import factories

pytestmark = pytest.mark.both_databases

D = Decimal
ENTRIES = 120
LAST_MONTH = YearMonth(2021, 11)  # the books go no further
SPANS = [
    (YearMonth(2019, 1), YearMonth(2021, 12)),
    (YearMonth(2021, 1), LAST_MONTH),
    (YearMonth(2021, 1), YearMonth(2021, 10)),
    (YearMonth(2020, 1), YearMonth(2021, 3)),
    (YearMonth(2021, 1), YearMonth(2021, 3)),
    (YearMonth(2020, 4), YearMonth(2021, 12)),
]
BY = [
    ("programme", "fund", "donor"),
    ("fund", "earmarking", "instrument", "area"),
    ("region", "mode", "kind"),
    ("fund", "month"),
]
PARTS = [
    ALL,
    Narrow(region="AFRICA"),
    Narrow(region=NONE),
    Narrow(programme="SMART_CITIES"),
    Narrow(programme=NONE, donor_type="C01"),
    Narrow(donor="SE"),
]


@pytest.fixture
def books(ledger):
    """Receipts of three years in every sort of cell, some of them paid back to the cent."""
    dice = random.Random(1978)
    donors = [factories.donor(code=code) for code in ("SE", "NO", "EC")]
    last = LAST_MONTH.last_day
    for _number in range(ENTRIES):
        day = last - datetime.timedelta(days=dice.randrange(3 * 365 - 40))
        where = {
            "region_id": dice.choice(["AFRICA", "ARAB", None]),
            "programme_id": dice.choice(["SMART_CITIES", None]),
            "instrument_id": dice.choice(["R03A", "R03E", None]),
            "earmarking_id": dice.choice(["earmarked", "tightly_earmarked", None]),
            "area_id": dice.choice(["KEN", "COL", None]),
        }
        fund = {"fund_id": "FE", "donor": dice.choice(donors), "value_date": day}
        amount = D(dice.randrange(1, 10**6)).scaleb(-2)
        factories.posting(ledger, factories.entry(amount, **fund, **where))
        if dice.random() < 0.2:
            factories.posting(ledger, factories.entry(-amount, **fund, **where))
    return ledger


def from_entries(ledger, by, span, narrow):
    """The same, added up one by one."""
    first, last = span
    found = {}
    for entry in narrow.apply(Entry.objects.filter(ledger=ledger, kind=Kind.RECEIPT)):
        month = YearMonth.of(entry.value_date)
        if first <= month <= last:
            values = {"month": month.key, "kind": entry.kind, "mode": entry.mode}
            key = tuple(values[one] if one in values else getattr(entry, f"{one}_id") for one in by)
            found[key] = found.get(key, D(0)) + entry.amount_usd
    return {key: usd for key, usd in found.items() if usd}


def test_every_span_part_and_key_says_what_the_entries_say(books):
    told = 0
    for span in SPANS:
        for by in BY:
            for narrow in PARTS:
                sums = grouped(books, [Kind.RECEIPT], by, *span, narrow)
                assert dict(sums) == from_entries(books, by, span, narrow), (span, by, narrow)
                told += len(sums)
    assert told > 1_000


@pytest.mark.parametrize(
    ("span", "reads_entries"),
    [(SPANS[0], False), (SPANS[1], False), (SPANS[2], True), (SPANS[3], True), (SPANS[5], True)],
)
def test_entries_are_read_only_of_a_part_of_a_year(books, span, reads_entries):
    with CaptureQueriesContext(connection) as asked:
        grouped(books, [Kind.RECEIPT], ("fund", "area"), *span, mode=Mode.CASH)
    assert any("income_entry" in one["sql"] for one in asked.captured_queries) == reads_entries


def test_what_came_after_the_month_is_taken_off_by_hand(ledger):
    """100 and 40 for 2021; as at September the 40 of October are not there yet."""
    for amount, month in ((100, 2), (40, 10)):
        day = datetime.date(2021, month, 5)
        factories.posting(ledger, factories.entry(amount, fund_id="FE", value_date=day))
    january, september = YearMonth(2021, 1), YearMonth(2021, 9)
    assert grouped(ledger, [Kind.RECEIPT], ("fund",), january, september) == {("FE",): D(100)}
    october = YearMonth(2021, 10)
    assert grouped(ledger, [Kind.RECEIPT], ("fund",), january, october) == {("FE",): D(140)}
