"""The steps of bench/writers.py: each runs in a process of its own and prints what it found.

python bench/writers_steps.py prepare|run WRITERS [BOOKS SECONDS]
"""

import json
import multiprocessing
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django

django.setup()

from django.db import connections  # noqa: E402

from bench import imports_steps, posting_steps  # noqa: E402
from income.ledger.verification import problems  # noqa: E402
from income.models import Contribution, Currency, Ledger, Posting  # noqa: E402
from income.services import ReceivedMoney, record_receipt  # noqa: E402
from income.services.actors import Actors  # noqa: E402

TOGETHER = 0.5  # seconds that all writers have to be there
FORKED = multiprocessing.get_context("fork")


def run(writers: int, books: int, seconds: float) -> dict[str, Any]:
    """So many writers, a process and a connection each, post receipts into so many new books.

    Each writes under an agreement of its own; they are divided over the books in turn.
    """
    found = [_new_books() for _number in range(books)]
    actors = posting_steps._actors()
    signed = [
        agreement
        for number, ledger in enumerate(found)
        for agreement in posting_steps.agreements(
            ledger, actors, len(range(number, writers, books))
        )
    ]
    before = {ledger.pk: Ledger.objects.get(pk=ledger.pk).sequence for ledger in found}
    connections.close_all()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.json" for number in range(writers)]
        start, busy = time.monotonic() + TOGETHER + writers * 0.02, _processor()
        people = [
            FORKED.Process(target=_write, args=(one, actors, start, seconds, file))
            for one, file in zip(signed, files, strict=True)
        ]
        for person in people:
            person.start()
        for person in people:
            person.join()
        used = _share(busy, _processor())
        if any(person.exitcode for person in people):
            raise SystemExit("A writer broke.")
        each = [json.loads(file.read_text()) for file in files]
    taken = sorted(one for mine in each for one in mine["taken"])
    lasted = max(mine["end"] for mine in each) - start
    _refuse_unsound(found, before, len(taken))
    return {
        "postings": len(taken), "a_second": len(taken) / lasted,
        "p50": taken[len(taken) // 2], "p95": taken[len(taken) * 95 // 100], **used,
    }  # fmt: skip


def _new_books() -> Ledger:
    number = Ledger.objects.count()
    return Ledger.objects.create(code=f"W{number}", name=f"Agency {number}")


def _write(
    agreement: Contribution, actors: Actors, start: float, seconds: float, file: Path
) -> None:
    """One writer: receipts one after the other until the time is over."""
    kronor = Currency.objects.get(code="SEK")
    instalment = agreement.instalments.order_by("number")[0]
    books = Ledger.objects.get(pk=agreement.ledger_id)
    _receive(books, agreement, ReceivedMoney(kronor, Decimal(999), posting_steps.RECEIVED), actors)
    time.sleep(max(0.0, start - time.monotonic()))
    taken: list[float] = []
    while (begun := time.monotonic()) < start + seconds:
        money = ReceivedMoney(
            kronor, Decimal(1_000 + len(taken)), posting_steps.RECEIVED, instalment=instalment
        )
        _receive(books, agreement, money, actors)
        taken.append(time.monotonic() - begun)
    connections.close_all()
    file.write_text(json.dumps({"taken": taken, "end": time.monotonic()}))


def _receive(books: Ledger, agreement: Contribution, money: ReceivedMoney, actors: Actors) -> None:
    record_receipt(
        books, agreement, money, token=f"{agreement.pk}:{money.amount}",
        today=posting_steps.TODAY, actors=actors,
    )  # fmt: skip


def _refuse_unsound(books: list[Ledger], before: dict[int, int], made: int) -> None:
    """No gap, no number twice, every posting there, chain and rollups sound."""
    found = 0
    for ledger in books:
        numbers = Posting.objects.filter(ledger=ledger).order_by("sequence")
        sequence = list(numbers.values_list("sequence", flat=True))
        if sequence != list(range(1, len(sequence) + 1)):
            raise SystemExit(f"{ledger.code}: the sequence has a gap or a number twice.")
        found += len(sequence) - before[ledger.pk]
        if wrong := list(problems(ledger)):
            raise SystemExit(f"{ledger.code}: {wrong[0]}")
    writers = Contribution.objects.filter(ledger__in=books).count()  # each posted once to warm up
    if found != made + writers:
        raise SystemExit(f"{made + writers} postings were answered, {found} are there.")


def _processor() -> list[int]:
    """What the processors have done since the machine started, in ticks."""
    line = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    return [int(one) for one in line.split()[1:8]]


def _share(before: list[int], after: list[int]) -> dict[str, float]:
    """How busy they were meanwhile, with everything that ran, and how long only disks were."""
    ticks = [b - a for a, b in zip(before, after, strict=True)]
    whole = sum(ticks) or 1
    return {"busy": 1 - (ticks[3] + ticks[4]) / whole, "disk": ticks[4] / whole}


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        told: dict[str, Any] = imports_steps.prepare(Path(), Path())
    else:
        told = run(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    sys.stdout.write(json.dumps(told) + "\n")
