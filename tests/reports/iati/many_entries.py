"""Steps of the test of many entries, each a process of its own, on the database that is set up.

    python -m tests.reports.iati.many_entries fill ENTRIES
    python -m tests.reports.iati.many_entries file PATH

The second prints what it found as JSON, with the most memory that it took in MB.
"""

import datetime
import json
import random
import resource
import sys
import time
from decimal import Decimal
from pathlib import Path

import django

django.setup()

from django.db import transaction  # noqa: E402

from donors.models import Donor  # noqa: E402
from income.ledger.bulk import BulkWriter  # noqa: E402
from income.ledger.lines import Line  # noqa: E402
from income.models import Contribution, Ledger  # noqa: E402
from income.vocabulary import Act, Kind, RateType  # noqa: E402
from reports.iati.checking import problems  # noqa: E402
from reports.iati.ledger_sums import ledger_sums  # noqa: E402
from reports.iati.reading import read_back  # noqa: E402
from reports.iati.writing import write_activities  # noqa: E402
from reports.models import MonthlyUpdate  # noqa: E402
from reports.open.state import Published  # noqa: E402

BOOKS = "MANY"
FIRST, DAYS = datetime.date(2021, 1, 1), 364
PER_CONTRIBUTION = 40
FUNDS = ("FNE", "FE", "TC")
RATES = {"USD": Decimal(1), "EUR": Decimal("0.85"), "JPY": None}  # the yen is not converted
AT = datetime.datetime(2022, 1, 15, tzinfo=datetime.UTC)


@transaction.atomic
def fill(entries: int) -> None:
    """Books with that many entries: nine tenths in contributions, the rest in none."""
    books = Ledger.objects.create(code=BOOKS, name="Books of many entries")
    donors = list(Donor.objects.order_by("pk").values_list("pk", flat=True))
    dice = random.Random(entries)
    made = Contribution.objects.bulk_create(
        Contribution(
            ledger=books, donor_id=dice.choice(donors), fund_id=dice.choice(FUNDS), amount=1000,
            title=f"Cities {number}", state="signed", signed_on=FIRST, currency_id="USD",
        )
        for number in range(entries * 9 // 10 // PER_CONTRIBUTION)
    )  # fmt: skip
    whose = [(one.pk, one.fund_id, one.donor_id) for one in made]
    writer = BulkWriter(Act.IMPORT_ROWS, "many", prepared_by=None, approved_by=None)
    for number in range(entries):
        within = number < entries * 9 // 10
        pk, fund, donor = (
            whose[number % len(whose)] if within else (None, "FE", dice.choice(donors))
        )
        writer.add(books, 202101, _line(dice, pk, fund, donor))
    writer.finish()


def _line(dice: random.Random, contribution: int | None, fund: str, donor: int) -> Line:
    day = FIRST + datetime.timedelta(dice.randrange(DAYS))
    currency = dice.choice(tuple(RATES))
    amount = Decimal(dice.randrange(-(10**6), 10**8) * 100 + 100).scaleb(-2)
    line = Line(
        kind=dice.choice((Kind.RECEIPT, Kind.RECEIPT, Kind.AGREEMENT, Kind.DUE)).value,
        fund_id=fund, donor_id=donor, contribution_id=contribution, value_date=day, year_for=2021,
        currency_id=currency, amount=amount or Decimal(1),
        region_id=dice.choice((None, "AFRICA", "ARAB")),
    )  # fmt: skip
    if rate := RATES[currency]:
        kind = RateType.PARITY if currency == "USD" else RateType.MONTHLY_AVERAGE
        line.rate, line.rate_on, line.rate_type = rate, FIRST, kind.value
        line.amount_usd = round(line.amount / rate, 2) + 0
    return line


def make_file(path: Path) -> dict[str, object]:
    """Write the activity file, check it and read it back."""
    books = Ledger.objects.get(code=BOOKS)
    state = Published(
        MonthlyUpdate(ledger=books, month=202112, sequence=books.sequence, published_at=AT)
    )
    seconds = {}
    with path.open("w+b") as file:
        begun = time.monotonic()
        write_activities(state, file)
        seconds["write"] = time.monotonic() - begun
        after_writing = _megabytes()
        found = problems(file)
        file.seek(0)
        sums = read_back(file)
        seconds["all"] = time.monotonic() - begun
    return {
        "megabytes": _megabytes(), "after_writing": after_writing, "seconds": seconds,
        "problems": [one.sentence for one in found[:3]], "is_equal": sums == ledger_sums(state),
        "transactions": sum(one.count for one in sums), "bytes": path.stat().st_size,
    }  # fmt: skip


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        print(json.dumps(make_file(Path(sys.argv[2]))))  # noqa: T201
