"""The steps of bench/posting.py: each runs in a process of its own and prints what it found.

python bench/posting_steps.py prepare|receipts|posting COUNT
"""

import datetime
import gc
import json
import random
import sys
import time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Sum  # noqa: E402

from accounts.models import User  # noqa: E402
from bench import imports_steps  # noqa: E402
from bench.posting_replay import Replay, recorded  # noqa: E402
from bench.profiled import shares  # noqa: E402
from bench.told import take_turns  # noqa: E402
from donors.models import Donor  # noqa: E402
from income.ledger import new_posting_id, rollups, seal  # noqa: E402
from income.ledger.bulk import BulkWriter  # noqa: E402
from income.ledger.lines import Line  # noqa: E402
from income.models import Contribution, Currency, Entry, Fund, Ledger, Posting  # noqa: E402
from income.rates import RateInForce  # noqa: E402
from income.services import PromisedContribution, ReceivedMoney, record_receipt, sign_agreement  # noqa: E402  # noqa: E402
from income.services.actors import Actors  # noqa: E402
from income.vocabulary import Act, Kind, RateType  # noqa: E402

TODAY = datetime.date(2022, 12, 15)
SIGNED, RECEIVED = datetime.date(2021, 3, 4), datetime.date(2021, 6, 3)
AGREEMENTS = 20
FUNDS = ("FNE", "FE", "TC")
ROUNDS = 6


def _actors() -> Actors:
    officer, reviewer = User.objects.filter(email__endswith="@example.org").order_by("pk")
    return Actors(prepared_by=officer, approved_by=reviewer)


def agreements(books: Ledger, actors: Actors, count: int) -> list[Contribution]:
    """Agreements in kronor over four instalments, signed through the service."""
    donors = list(Donor.objects.filter(code__in=["SWE", "NOR", "DNK", "FIN"]).order_by("pk"))
    fund, kronor = Fund.objects.get(code="FE"), Currency.objects.get(code="SEK")
    found = []
    for number in range(count):
        promise = PromisedContribution(
            donor=donors[number % len(donors)], fund=fund, title=f"Housing {number}",
            currency=kronor, amount=Decimal(400_000_000), promised_on=SIGNED,
            schedule=[
                (datetime.date(2021 + year, 6, 1), Decimal(100_000_000)) for year in range(4)
            ],
            support_rate=Decimal("0.13"),
        )  # fmt: skip
        posting = sign_agreement(
            books, promise, token=f"sign:{books.pk}:{number}", today=TODAY, actors=actors
        )
        entry = posting.entries.select_related("contribution").first()
        assert entry is not None and entry.contribution is not None  # noqa: S101
        found.append(Contribution.objects.get(pk=entry.contribution.pk))
    return found


def receipts(count: int) -> dict[str, Any]:
    """One receipt through the service, and its statements as bare SQL, by turns."""
    books, actors = Ledger.objects.get(code=imports_steps.BOOKS), _actors()
    kronor = Currency.objects.get(code="SEK")
    signed = agreements(books, actors, AGREEMENTS)
    firsts = [contribution.instalments.order_by("number")[0] for contribution in signed]
    books.refresh_from_db()
    start = books.sequence
    sent = {"service": 0, "bare": 0}

    def service(token: str = "") -> Posting:
        number = sent["service"]
        sent["service"] += 1
        money = ReceivedMoney(
            kronor, Decimal(1_000 + number), RECEIVED, instalment=firsts[number % AGREEMENTS],
            bank_reference=f"bank {number}",
        )  # fmt: skip
        return record_receipt(
            books, signed[number % AGREEMENTS], money, token=token or f"service:{start}:{number}",
            today=TODAY, actors=actors,
        )  # fmt: skip

    replay = Replay()
    tokens = [f"recorded:{start}:{number}" for number in range(AGREEMENTS)]
    written = [replay.ready(recorded(partial(service, token), token)) for token in tokens]

    def bare() -> None:
        number = sent["bare"]
        sent["bare"] += 1
        replay.send(written[number % AGREEMENTS], f"bare:{start}:{number}")

    gc.collect()
    gc.freeze()  # what stands is not looked through before each turn
    seconds, _answers = take_turns({"service": service, "bare": bare}, count, warm=AGREEMENTS)
    waited = _waited(service, min(count, 100))
    processor = _processor(service) / _processor(bare)
    profile = shares(service, 50)
    replay.close()
    books.refresh_from_db()
    expected = start + sent["service"] + sent["bare"]
    if books.sequence != expected or list(rollups.differences(books)):
        raise SystemExit(f"The books hold {books.sequence} postings, not {expected}, or differ.")
    # BEGIN and COMMIT as Django counts them.
    return {**seconds, "statements": len(written[0]) + 2, "waited": waited,
            "processor": processor, "profile": profile}  # fmt: skip


def _processor(act: Any) -> float:
    """Seconds of this process's processor time for a hundred."""
    begun = time.process_time()
    for _receipt in range(100):
        act()
    return time.process_time() - begun


def _waited(service: Any, count: int) -> float:
    """Of the service's time, the share in which the driver had a statement or the commit."""
    inside = [0.0]

    def wrapper(execute: Any, *given: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*given)
        finally:
            inside[0] += time.perf_counter() - begun

    commit = connection._commit

    def timed_commit() -> None:
        begun = time.perf_counter()
        commit()
        inside[0] += time.perf_counter() - begun

    connection._commit = timed_commit
    begun = time.perf_counter()
    with connection.execute_wrapper(wrapper):
        for _receipt in range(count):
            service()
    del connection._commit
    return inside[0] / (time.perf_counter() - begun)


def lines(count: int) -> list[Line]:
    """Receipts of a year, in kronor, converted; the same ones every time."""
    dice = random.Random(count)  # noqa: S311
    donors = list(Donor.objects.order_by("code").values_list("pk", flat=True)[:180])
    found = []
    for _number in range(count):
        day = datetime.date(2021, 1, 1) + datetime.timedelta(dice.randrange(365))
        rate = RateInForce("SEK", Decimal("8.5431"), day.replace(day=1), RateType.MONTHLY_AVERAGE)
        line = Line(
            kind=Kind.RECEIPT.value, fund_id=dice.choice(FUNDS), value_date=day, year_for=day.year,
            currency_id="SEK", amount=Decimal(dice.randrange(1, 10**9)).scaleb(-2),
            donor_id=dice.choice(donors),
        )  # fmt: skip
        found.append(line.convert(rate))
    return found


def posting(count: int) -> dict[str, Any]:
    """A posting of that many rows, and the same rows ready made and copied, by turns."""
    books, actors = Ledger.objects.create(code="COPIED", name="Rows without rollups"), _actors()
    names = [field.column for field in Entry._meta.concrete_fields if not field.primary_key]
    first = _post(books, actors, lines(count), "first")
    with connection.cursor() as cursor:
        cursor.execute(  # all names are the model's
            f"SELECT {', '.join(names)} FROM income_entry "  # noqa: S608
            "WHERE posting_id = %s ORDER BY line",
            [first.pk if connection.vendor == "postgresql" else first.pk.hex],
        )
        kept = cursor.fetchall()
    seconds: dict[str, list[float]] = {"posting": [], "copy": []}
    for turn in range(ROUNDS):
        ready = lines(count)
        gc.collect()
        begun = time.perf_counter()
        _post(books, actors, ready, f"turn {turn}")
        seconds["posting"].append(time.perf_counter() - begun)
        seconds["copy"].append(_copied(books, names, kept))
    _refuse_other_sums(count)
    middle = {name: sorted(taken)[len(taken) // 2] for name, taken in seconds.items()}
    return {**middle, **_sealed(count)}


def _post(books: Ledger, actors: Actors, ready: list[Line], token: str) -> Posting:
    with transaction.atomic():
        writer = BulkWriter(
            Act.IMPORT_ROWS, token, prepared_by=actors.prepared_by, approved_by=actors.approved_by
        )
        for line in ready:
            writer.add(books, 202112, line)
        [made] = writer.finish()
    return made


def _copied(books: Ledger, names: list[str], kept: list[tuple[Any, ...]]) -> float:
    """Seconds for the rows under a posting that stands already, with the commit."""
    row = Posting.objects.filter(ledger=books).latest("sequence")
    row.pk, row.sequence, row.token = new_posting_id(), row.sequence + 1, f"copy {row.sequence + 1}"
    place = names.index("posting_id")
    key = row.pk if connection.vendor == "postgresql" else row.pk.hex
    rows = [(*one[:place], key, *one[place + 1 :]) for one in kept]
    write = (
        imports_steps._copies(names, rows)
        if connection.vendor == "postgresql"
        else imports_steps._inserts(names, rows)
    )
    with transaction.atomic():
        row.save(force_insert=True)
        Ledger.objects.filter(pk=books.pk).update(sequence=row.sequence)
        begun = time.perf_counter()
        write()
    return time.perf_counter() - begun


def _refuse_other_sums(count: int) -> None:
    """Each posting has the same rows: so many of them, and their sum to the cent."""
    right = sum((line.amount_usd or Decimal(0) for line in lines(count)), Decimal(0))
    found = Entry.objects.filter(posting__act=Act.IMPORT_ROWS).order_by().values_list("posting")
    found = found.annotate(total=Sum("amount_usd"))
    if {total for _posting, total in found} != {right}:
        raise SystemExit("The sums of the postings differ.")


def _sealed(count: int) -> dict[str, float]:
    """Seconds of processor time to make the canonical text of the rows and hash it."""
    ready = lines(count)
    for number, line in enumerate(ready, start=1):
        line.line, line.booked_month = number, 202112
    known = seal.Identities(ready)
    taken = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        seal.content_hash(ready, known)
        taken.append(time.process_time() - begun)
    return {"sealing": sorted(taken)[len(taken) // 2]}


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        told = imports_steps.prepare(Path(), Path())
    else:
        told = {"receipts": receipts, "posting": posting}[sys.argv[1]](int(sys.argv[2]))
    sys.stdout.write(json.dumps(told) + "\n")
