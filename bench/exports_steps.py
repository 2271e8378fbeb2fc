"""The steps of bench/exports.py: each runs in a process of its own, on the database that is set up.

python -P -m bench.exports_steps prepare|fill|csv|xlsx|iati|rival ENTRIES PATH
"""

import datetime
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from donors.models import Donor  # noqa: E402
from income.ledger.bulk import BulkWriter  # noqa: E402
from income.ledger.lines import Line  # noqa: E402
from income.models import Contribution, Entry, Ledger  # noqa: E402
from income.sheets import COLUMNS, entries_stream, entries_workbook, in_pieces  # noqa: E402
from income.vocabulary import Act, Kind, RateType  # noqa: E402
from reports.iati.writing import write_activities  # noqa: E402
from reports.models import MonthlyUpdate  # noqa: E402
from reports.open.state import Published  # noqa: E402

BOOKS = "EXPORTS"
FIRST, DAYS = datetime.date(2021, 1, 1), 364
PER_CONTRIBUTION = 40
FUNDS = ("FNE", "FE", "TC")
KINDS = (Kind.RECEIPT, Kind.RECEIPT, Kind.AGREEMENT, Kind.DUE)
RATES = {"USD": Decimal(1), "EUR": Decimal("0.85"), "JPY": None}  # the yen is not converted
AT = datetime.datetime(2022, 1, 15, tzinfo=datetime.UTC)
A_POSTING = 10_000  # entries


def prepare(_entries: int, _path: Path) -> dict[str, Any]:
    """Tables and reference data."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    return {}


@transaction.atomic
def fill(entries: int, _path: Path) -> dict[str, Any]:
    """Books with that many entries in contributions, through the door for files."""
    books = Ledger.objects.create(code=BOOKS, name="Books of many entries")
    donors = list(Donor.objects.order_by("pk").values_list("pk", flat=True))
    dice = random.Random(entries)  # noqa: S311
    made = Contribution.objects.bulk_create(
        [
            Contribution(
                ledger=books, donor_id=dice.choice(donors), fund_id=dice.choice(FUNDS), amount=1000,
                title=f"Cities {number}", state="signed", signed_on=FIRST, currency_id="USD",
            )
            for number in range(entries // PER_CONTRIBUTION)
        ],
        batch_size=2_000,
    )  # fmt: skip
    whose = [(one.pk, one.fund_id, one.donor_id) for one in made]
    for first in range(0, entries, A_POSTING):
        writer = BulkWriter(Act.IMPORT_ROWS, f"many-{first}", prepared_by=None, approved_by=None)
        for number in range(first, first + A_POSTING):
            writer.add(books, 202101, _line(dice, *whose[number % len(whose)]))
        writer.finish()
    return {}


def _line(dice: random.Random, contribution: int, fund: str, donor: int) -> Line:
    currency = dice.choice(tuple(RATES))
    line = Line(
        kind=dice.choice(KINDS).value, fund_id=fund, donor_id=donor, contribution_id=contribution,
        value_date=FIRST + datetime.timedelta(dice.randrange(DAYS)), year_for=2021,
        currency_id=currency, amount=Decimal(dice.randrange(1, 10**7)),
        region_id=dice.choice((None, "AFRICA", "ARAB")),
    )  # fmt: skip
    if rate := RATES[currency]:
        kind = RateType.PARITY if currency == "USD" else RateType.MONTHLY_AVERAGE
        line.rate, line.rate_on, line.rate_type = rate, FIRST, kind.value
        line.amount_usd = round(line.amount / rate, 2)
    return line


def as_csv(_entries: int, path: Path) -> dict[str, Any]:
    """The file that the list of entries hands out."""
    books = Ledger.objects.get(code=BOOKS)
    return _taken(path, lambda: entries_stream(_entries_of(books), books, with_bank_data=True))


def as_xlsx(_entries: int, path: Path) -> dict[str, Any]:
    """The same as a workbook."""
    books = Ledger.objects.get(code=BOOKS)
    return _taken(
        path,
        lambda: entries_workbook(_entries_of(books), books, with_bank_data=True, made_at=AT),
    )


def as_iati(_entries: int, path: Path) -> dict[str, Any]:
    """The activity file of a published state."""
    books = Ledger.objects.get(code=BOOKS)
    update = MonthlyUpdate(ledger=books, month=202112, sequence=books.sequence, published_at=AT)
    begun = time.monotonic()
    with path.open("w+b") as file:
        write_activities(Published(update), file)
    return {"seconds": time.monotonic() - begun, "bytes": path.stat().st_size}


def rival(_entries: int, path: Path) -> dict[str, Any]:
    """A workbook in constant memory by XlsxWriter, of bare rows of the database."""
    import xlsxwriter

    begun = time.monotonic()
    rows = Entry.objects.filter(ledger__code=BOOKS).order_by("value_date", "pk").values_list(
        "posting__sequence", "line", "kind", "mode", "reason", "fund_id", "donor__code",
        "donor__code", "contribution_id", "region_id", "value_date", "year_for", "currency_id",
        "amount", "rate", "rate_on", "rate_type", "amount_usd", "programme_support_usd",
        "credited_amount", "bank_charge", "posting__reference",
    )  # fmt: skip
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        for place, row in enumerate(rows.iterator(2_000), start=1):
            sheet.write_row(place, 0, [str(one) if isinstance(one, datetime.date) else one
                                       for one in row])  # fmt: skip
    return {"seconds": time.monotonic() - begun, "bytes": path.stat().st_size}


def _entries_of(books: Ledger) -> Iterator[Entry]:
    return in_pieces(Entry.objects.in_books(books))


def _taken(path: Path, make: Callable[[], Iterator[bytes]]) -> dict[str, Any]:
    """Seconds until the last piece was written, and until the first one came."""
    begun, first, size = time.monotonic(), 0.0, 0
    with path.open("wb") as file:
        for piece in make():
            first = first or time.monotonic() - begun
            size += file.write(piece)
    return {"seconds": time.monotonic() - begun, "first": first, "bytes": size}


STEPS = {"prepare": prepare, "fill": fill, "csv": as_csv, "xlsx": as_xlsx, "iati": as_iati,
         "rival": rival}  # fmt: skip

if __name__ == "__main__":
    found = STEPS[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "megabytes": peak}))  # noqa: T201
