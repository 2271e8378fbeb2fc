"""Deterministic books of any size in the portal's own tables, made by the database itself.

    prepare_tables()              migrations, reference data, 5,000 donors, 300 programmes
    make_books(10_000_000)        ten years of entries with postings, closed months and rollups

Both work on the database that Django is connected to (see `figures_places`). Of 1,000 entries 930
are converted receipts in cash (ten of them without a donor), 49 receipts in kind, one not
converted, 10 allotments and 10 programme support; 20 are refunds. A donor has five agreements, each
with one fund, region and programme, some of them large and often paid; a few donors were merged.
Every foreign key holds, postings are booked in the order of time, and 5 % of the money is dated
back, so that some is later than its closed month. Hashes are well formed and mean nothing: what
seals cost is measured elsewhere. The same rows come out on PostgreSQL and SQLite.
"""

# ruff: noqa: S608  every statement is made of this module's own words and numbers
import datetime
import random
import uuid

from django.core.management import call_command
from django.db import connection, transaction

from bench.figures_bulk import run, settled, without_indexes
from donors.models import ContributorType, Donor, Region
from income.ledger.rollups import ROLLUPS, Rollup
from income.models import Instrument, Ledger, Month, Posting, Programme
from income.periods import YearMonth
from income.vocabulary import Act

BOOKS = "BENCH"
FIRST_DAY, LAST_DAY = datetime.date(2012, 1, 1), datetime.date(2021, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
DONORS, MEMBERS, PROGRAMMES, PER_DONOR, MERGED = 5_000, 193, 300, 5, 12
MOST_IN_POSTING, LEAST_POSTINGS = 1_000, 1_200
PRIME = 2_147_483_647
FUNDS = {"FNE": 30, "FE": 32, "TC": 30, "EARMARKED": 4, "OTHER": 4}
STEPS = ("softly_earmarked", "earmarked", "tightly_earmarked")
# The entry's columns, each with what it is made from: r the row, p its posting, g its agreement,
# d the day of its value, w what sort of row it is (0 to 999).
COLUMNS = {
    "id": "r.i", "ledger_id": "{ledger}", "posting_id": "p.id", "line": "(r.i - 1) % {size} + 1",
    "kind": "CASE WHEN r.w < 980 THEN 'receipt' WHEN r.w < 990 THEN 'allotment' ELSE 'support' END",
    "mode": "CASE WHEN r.w BETWEEN 930 AND 978 THEN 'in_kind' ELSE 'cash' END",
    "reason": "CASE WHEN r.w % 50 = 7 THEN 'refund' ELSE 'ordinary' END",
    "fund_id": "CASE WHEN r.w < 980 THEN g.fund_id WHEN r.w < 990 THEN 'RB' ELSE 'PS' END",
    "donor_id": "CASE WHEN r.w < 10 OR r.w >= 980 THEN NULL ELSE g.donor_id END",
    "instrument_id": "g.instrument_id", "earmarking_id": "g.earmarking_id",
    "programme_id": "CASE WHEN r.w < 980 THEN g.programme_id END",
    "region_id": "CASE WHEN r.w < 980 THEN g.region_id END",
    "value_date": "d.day", "booked_month": "p.month", "year_for": "d.year",
    "currency_id": "CASE WHEN r.w = 979 THEN 'EUR' ELSE 'USD' END",
    "amount": "{cents} * 100",
    "rate": "CASE WHEN r.w <> 979 THEN 10000000000 END",
    "rate_on": "CASE WHEN r.w <> 979 THEN d.day END",
    "rate_type": "CASE WHEN r.w <> 979 THEN 'parity' ELSE '' END",
    "amount_usd": "CASE WHEN r.w <> 979 THEN {cents} END",
    "programme_support_usd":
        "CASE WHEN r.w < 930 AND g.fund_id IN ('FE', 'TC') THEN {cents} * 13 / 113 END",
}  # fmt: skip
CENTS = ("(CASE WHEN r.w % 50 = 7 THEN -1 ELSE 1 END"
         " * (g.cents * (r.u % 199 + 1) / 100 + r.u % 97 + 1))")  # fmt: skip
# Large and frequent agreements have small numbers: the cube of an even number between 0 and 1.
EVEN = "(r.v % 100000)"
SKEWED = f"1 + {{agreements}} * ({EVEN} * {EVEN} / 100000 * {EVEN} / 100000) / 100000"


def prepare_tables() -> None:
    """The portal's tables with its reference data, and the donors and programmes of the bench."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    dice = random.Random(2021)  # noqa: S311
    Programme.objects.bulk_create(
        Programme(code=f"BENCH-{number:03}", names=_names("Programme", number),
                  kind=Programme.Kind.OTHER, order=number)
        for number in range(Programme.objects.count(), PROGRAMMES)
    )  # fmt: skip
    _member_states()
    types = list(ContributorType.objects.values_list("code", flat=True))
    Donor.objects.bulk_create(
        (
            Donor(uuid=uuid.UUID(int=number), code=f"BENCH-{number:05}",
                  names=_names("Partner for better cities", number),
                  contributor_type_id=dice.choice(types), is_unnamed=number % 250 == 0)
            for number in range(Donor.objects.count(), DONORS)
        ),
        batch_size=500,
    )  # fmt: skip
    donors = list(Donor.objects.filter(code__startswith="BENCH-").order_by("code")[: 2 * MERGED])
    for gone, kept in zip(donors[::2], donors[1::2], strict=True):
        gone.merged_into, gone.merged_on = kept, LAST_DAY
        gone.save()


def _names(word: str, number: int) -> dict[str, str]:
    return dict.fromkeys(("en", "fr", "es", "ru", "ar", "zh"), f"{word} {number}")


def _member_states() -> None:
    """Every Member State is a donor; the reference data holds all of them, or the bench says so."""
    found = Donor.objects.filter(is_member_state=True).count()
    if found != MEMBERS:
        raise SystemExit(f"The reference data holds {found} Member States, not {MEMBERS}.")


def make_books(entries: int) -> Ledger:
    """Fill prepared tables with so many entries; the books, as the last posting left them.

    Ten million take about four minutes and 6 GB on either database. Amounts are US dollars in
    cents, days from FIRST_DAY to LAST_DAY; all months but the last are closed.
    """
    ledger = Ledger.objects.create(code=BOOKS, name="Books of the bench")
    size = min(MOST_IN_POSTING, max(1, entries // LEAST_POSTINGS))
    with without_indexes("income_entry"):
        _temporary_tables(ledger, entries, size)
        run(_insert(ledger, entries, size))
        if connection.vendor == "postgresql":
            run("ANALYZE income_entry")
        for rollup in ROLLUPS:
            with without_indexes(rollup.model._meta.db_table):
                run(_summed(rollup))
    if connection.vendor == "postgresql":  # ids were given, so the next one has to be told
        run(f"ALTER TABLE income_entry ALTER COLUMN id RESTART WITH {entries + 1}")
    settled()
    return ledger


def _temporary_tables(ledger: Ledger, entries: int, size: int) -> None:
    postings = _postings(ledger, entries, size)
    days = [FIRST_DAY + datetime.timedelta(number) for number in range(DAYS)]
    tables = {
        "bench_day (number, day, year)":
            [(number, day, day.year) for number, day in enumerate(days)],
        "bench_posting (number, id, day, month)": [
            (one.sequence, one.id if connection.vendor == "postgresql" else one.id.hex,
             (one.posted_at.date() - FIRST_DAY).days, one.booked_month)
            for one in postings
        ],
        "bench_agreement (number, donor_id, fund_id, region_id, programme_id, instrument_id,"
        " earmarking_id, cents)": list(_agreements()),
    }  # fmt: skip
    uuids = "uuid" if connection.vendor == "postgresql" else "char(32)"
    run(
        "CREATE TEMPORARY TABLE bench_day (number integer PRIMARY KEY, day date, year integer)",
        f"CREATE TEMPORARY TABLE bench_posting (number integer PRIMARY KEY, id {uuids},"
        " day integer, month integer)",
        "CREATE TEMPORARY TABLE bench_agreement (number integer PRIMARY KEY, donor_id bigint,"
        " fund_id varchar(20), region_id varchar(20), programme_id varchar(40),"
        " instrument_id varchar(6), earmarking_id varchar(20), cents bigint)",
    )
    with connection.cursor() as cursor, transaction.atomic():
        for table, rows in tables.items():
            row = ", ".join(["%s"] * len(rows[0]))
            for start in range(0, len(rows), 100):
                part = rows[start : start + 100]
                values = ", ".join([f"({row})"] * len(part))
                cursor.execute(f"INSERT INTO {table} VALUES {values}",
                               [value for one in part for value in one])  # fmt: skip
    for name in ("bench_day", "bench_posting", "bench_agreement"):
        run(f"ANALYZE {name}")


def _postings(ledger: Ledger, entries: int, size: int) -> list[Posting]:
    """In the order of time, each of one day, and the months that were closed between them."""
    count = -(-entries // size)
    made, last = [], {}
    for number in range(1, count + 1):
        day = FIRST_DAY + datetime.timedelta((number - 1) * DAYS // count)
        month = YearMonth.of(day)
        at = datetime.datetime.combine(day, datetime.time(9), datetime.UTC)
        of_it = min(size, entries - (number - 1) * size)
        made.append(
            Posting(
                id=uuid.UUID(int=number, version=4), ledger=ledger, sequence=number,
                act=Act.IMPORT_ROWS, token=f"bench-{number}", booked_month=month.key,
                posted_at=at, entry_count=of_it, content_hash=f"{number:064x}",
                previous_hash=f"{number - 1:064x}", hash=f"{number:064x}",
            )
        )  # fmt: skip
        last[month] = number
    Posting.objects.bulk_create(made, batch_size=50)
    Month.objects.bulk_create(
        Month(ledger=ledger, month=month.key, sequence=number, hash=f"{number:064x}",
              closed_at=datetime.datetime.combine(month.last_day, datetime.time(22), datetime.UTC))
        for month, number in list(last.items())[:-1]
    )  # fmt: skip
    ledger.sequence, ledger.head_hash, ledger.moved_at = count, made[-1].hash, made[-1].posted_at
    ledger.save()
    return made


def _agreements() -> list[tuple[object, ...]]:
    """Five for each donor, shuffled, of very different sizes."""
    dice = random.Random(1978)  # noqa: S311
    donors = list(Donor.objects.order_by("code").values_list("pk", "is_member_state")) * PER_DONOR
    dice.shuffle(donors)
    regions = list(Region.objects.values_list("code", flat=True))
    programmes = list(Programme.objects.values_list("code", flat=True))
    instruments = list(Instrument.objects.order_by("code").values_list("code", flat=True))
    rows: list[tuple[object, ...]] = []
    for number, (donor, is_member) in enumerate(donors, 1):
        fund = dice.choices(list(FUNDS), FUNDS.values())[0]
        is_core = fund == "FNE"
        rows.append((
            number, donor, fund, None if is_core else dice.choice(regions),
            None if is_core or dice.random() < 0.1 else dice.choice(programmes),
            dice.choice(instruments), "unearmarked" if is_core else dice.choice(STEPS),
            int(dice.lognormvariate(12, 1.6)) * (3 if is_member else 1) + 100,
        ))  # fmt: skip
    return rows


def _insert(ledger: Ledger, entries: int, size: int) -> str:
    """One statement for all entries. The numbers behind a row are arithmetic of its own number."""
    numbers = (
        f"(SELECT CAST(i AS bigint) AS i FROM generate_series(1, {entries}) AS t(i)) t"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {entries})"
        " SELECT i FROM n) t"
    )
    mixed = ", ".join(
        f"({x} * ({x} % 32749 + 7)) % {PRIME} AS {name}"
        for name, x in (
            (name, f"((t.i * {factor} + {shift}) % {PRIME})")
            for name, factor, shift in (
                ("u", 48_271, 11), ("v", 69_621, 13), ("x", 39_373, 17), ("y", 630_360_016, 19))
        )
    )  # fmt: skip
    values = {"ledger": ledger.pk, "size": size, "cents": CENTS}
    columns = ", ".join(f"{how.format(**values)} AS {name}" for name, how in COLUMNS.items())
    agreement = SKEWED.format(agreements=DONORS * PER_DONOR)
    return (  # nothing in it was typed by anybody
        f"INSERT INTO income_entry ({', '.join(COLUMNS)}) SELECT {columns} FROM "
        f"(SELECT i, u, v, x % 1000 AS w, "
        "CASE WHEN y % 20 = 0 THEN y / 20 % 45 ELSE 0 END AS back "
        f"FROM (SELECT t.i, {mixed} FROM {numbers}) m) r "
        f"JOIN bench_posting p ON p.number = (r.i - 1) / {size} + 1 "
        f"JOIN bench_agreement g ON g.number = {agreement} "
        "JOIN bench_day d ON d.number = CASE WHEN p.day > r.back THEN p.day - r.back ELSE 0 END"
    )


def _summed(rollup: Rollup) -> str:
    """The rollup's cells from the converted entries."""
    is_postgres = connection.vendor == "postgresql"
    month = (
        "to_char(value_date, 'YYYYMM')"
        if is_postgres
        else "substr(value_date, 1, 4) || substr(value_date, 6, 2)"
    )
    # The books are for the year of their value dates.
    made = {"year": "year_for", "month": f"CAST({month} AS integer)"}
    keys = [made.get(name, name) for name in rollup.key_columns]
    sums = [f"COALESCE(SUM({name}), 0)" for name in rollup.measures]
    return (
        f"INSERT INTO {rollup.model._meta.db_table} "
        f"({', '.join((*rollup.key_columns, *rollup.measures))}) "
        f"SELECT {', '.join((*keys, *sums))} FROM income_entry WHERE amount_usd IS NOT NULL "
        f"GROUP BY {', '.join(keys)}"
    )
