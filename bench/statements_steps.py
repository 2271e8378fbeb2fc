"""The steps of bench/statements.py: each runs in a process of its own and prints what it found.

python bench/statements_steps.py prepare|path|bare|peer DUMP DONORS LANGUAGES SHARE PROCESSES MOST
"""

import datetime
import io
import json
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.permissions import Role  # noqa: E402
from donors.models import Donor  # noqa: E402
from income import ledger as door  # noqa: E402
from income.models import Entry, Ledger  # noqa: E402
from income.periods import YearMonth  # noqa: E402
from income.vocabulary import Act, Kind, RateType  # noqa: E402

BOOKS, YEAR, FIRST_YEAR = "BENCH", 2021, 2012
TODAY = datetime.date(2022, 12, 15)
FROM, UNTIL = datetime.date(YEAR, 1, 1), datetime.date(YEAR, 12, 31)
RECEIPTS = 8  # of the year, of each donor
STAGES = ("words", "typeset", "sign")
FUNDS = ("FNE", "FE", "TC")
Documents = list[tuple[str, dict[str, Any], str]]  # template, data, language


@dataclass(frozen=True)
class Asked:
    """Of `donors` × `languages`, every `processes`-th donor, beginning with number `share`."""

    dump: Path
    donors: int
    languages: list[str]
    share: int
    processes: int
    most: int  # documents of the peer; 0: all

    def chosen(self) -> list[Donor]:
        return list(every_donor()[: self.donors])[self.share :: self.processes]


def every_donor() -> Any:
    return Donor.objects.standing().filter(contributor_type="C01").order_by("code")


def prepare(asked: Asked) -> dict[str, Any]:
    """Tables, reference data, an officer, books with ten years of receipts, fonts and a key."""
    from reports.sealing.demonstration_key import demonstration_key

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("prepare_fonts", verbosity=0)
    demonstration_key()
    User.objects.create(email="officer@example.org", name="Officer", role=Role.OFFICER)
    books = Ledger.objects.create(code=BOOKS, name="Books of the bench")
    # One more for each process, to warm up with.
    for number, donor in enumerate(every_donor()):
        door.post(
            books, act=Act.RECORD_RECEIPT, booked_month=YearMonth(YEAR, 12), token=donor.code,
            prepared_by=None, approved_by=None, entries=list(receipts(donor, number)),
            reference=f"BANK-{donor.code}",
        )  # fmt: skip
    return {}


def receipts(donor: Donor, number: int) -> Iterator[Entry]:
    """One in each of nine years, and eight in the last."""
    days = [datetime.date(year, 6, 15) for year in range(FIRST_YEAR, YEAR)]
    days += [datetime.date(YEAR, month + 1, 1 + number % 28) for month in range(RECEIPTS)]
    for at, day in enumerate(days):
        entry = Entry(
            kind=Kind.RECEIPT, fund_id=FUNDS[at % len(FUNDS)], donor=donor, value_date=day,
            year_for=day.year, currency_id="USD", amount=Decimal(1000 * (number + 1) + 37 * at),
        )  # fmt: skip
        yield door.convert(entry, door_parity(day))


def door_parity(day: datetime.date) -> Any:
    from income.rates import RateInForce

    return RateInForce("USD", Decimal(1), day, RateType.PARITY)


def path(asked: Asked) -> dict[str, Any]:
    """Documents and seals; what was typeset is dumped for the others, warm documents first."""
    from reports.documents import statement as documents
    from reports.figures.statement import one_reading
    from reports.sealing import making, signing

    books, by = Ledger.objects.get(code=BOOKS), User.objects.get()
    spent = {f"{stage}{unit}": 0.0 for stage in STAGES for unit in ("", "_cpu")}
    typeset: Documents = []
    compile_pdf, sign = making.compile_pdf, signing.sign

    def timed_compile(template: str, data: dict[str, Any], **more: Any) -> bytes:
        typeset.append((template, data, more["language"]))
        with timed(spent, "typeset"):
            return compile_pdf(template, data, **more)

    def timed_sign(pdf: bytes, **more: Any) -> bytes | None:
        with timed(spent, "sign"):
            return sign(pdf, **more)

    # Signing is asked for where it is needed, from its own module.
    making.compile_pdf, signing.sign = timed_compile, timed_sign  # type: ignore[assignment]

    def one(donor: Donor, language: str) -> bytes:
        with timed(spent, "words"):
            made = documents.statement_document(books, donor, FROM, UNTIL, language, today=TODAY)
        report = making.seal(made, by=by, at=timezone.now())
        with report.file.open("rb") as file:  # the store's bytes, for their pages
            content: bytes = file.read()
        return content

    loaded = held()
    last = every_donor().reverse()[asked.share]
    work = [(donor, language) for donor in asked.chosen() for language in asked.languages]
    with asked.dump.open("wb") as file, one_reading():  # as an order of many reports does

        def put_down() -> None:  # a worker keeps none of them
            for document in typeset:
                pickle.dump(document, file)
            typeset.clear()

        for language in asked.languages:
            one(last, language)
        warm = held()
        spent.update(dict.fromkeys(spent, 0.0))
        jobs = [partial(one, *job) for job in work]
        found = measured(jobs, put_down)
    return {**found, **spent, "loaded": loaded, "warm": warm}


@contextmanager
def timed(spent: dict[str, float], stage: str) -> Iterator[None]:
    begun, worked = time.perf_counter(), time.process_time()
    try:
        yield
    finally:
        spent[stage] += time.perf_counter() - begun
        spent[f"{stage}_cpu"] += time.process_time() - worked


def measured(
    work: list[Callable[[], bytes]], between: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Seconds, seconds of the processor, and pages of each document; `between` is not counted."""
    seconds, cpu, pages = [], [], []
    for one in work:
        begun, worked = time.perf_counter(), time.process_time()
        content = one()
        seconds.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - worked)
        pages.append(int(PdfFileReader(io.BytesIO(content)).root["/Pages"]["/Count"]))
        between()
    return {"seconds": seconds, "cpu": cpu, "pages": pages, "megabytes": held("VmHWM")}


def held(what: str = "VmRSS") -> float:
    """Megabytes of memory that this process holds, or held at most (VmHWM)."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition(f"{what}:")[2].split()[0]) / 1024


def dumped(asked: Asked) -> tuple[Documents, Documents]:
    """Those to warm up with, and those to measure."""
    found: Documents = []
    with asked.dump.open("rb") as file, suppress(EOFError):
        while True:
            found.append(pickle.load(file))  # noqa: S301  the bench's own file
    warm = len(asked.languages)
    return found[:warm], found[warm:]


def bare(asked: Asked) -> dict[str, Any]:
    """The compiler alone, kept for its template, on JSON that is ready."""
    import typst
    from django.conf import settings

    from reports.pdf.compiler import _language_inputs
    from reports.pdf.fonts import font_folders

    folder = settings.BASE_DIR / "templates" / "reports"
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False,
        font_paths=[str(path) for path in font_folders()],
    )  # fmt: skip
    warm, ready = dumped(asked)
    compiler = typst.Compiler(
        str(folder / ready[0][0]), root=str(folder), font_paths=fonts, ignore_system_fonts=True
    )
    at = timezone.now().replace(microsecond=0)

    def one(document: tuple[str, str, str]) -> bytes:
        _template, data, language = document
        made: bytes = compiler.compile(
            format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=at,
            sys_inputs={"data": data, **_language_inputs(language)},
        )  # fmt: skip
        return made

    return run(warm, ready, one)


def run(
    warm: Documents, ready: Documents, one: Callable[[tuple[str, str, str]], bytes]
) -> dict[str, Any]:
    """Measure, with the data as JSON made before."""
    texts = [
        (name, json.dumps(data, ensure_ascii=False), lang) for name, data, lang in warm + ready
    ]
    for document in texts[: len(warm)]:
        one(document)
    return measured([lambda text=text: one(text) for text in texts[len(warm) :]])  # type: ignore[misc]


def peer(asked: Asked) -> dict[str, Any]:
    """WeasyPrint with the same texts and fonts, as PDF/UA-1; its fonts are kept as well."""
    from bench.statements_peer import Peer

    warm, ready = dumped(asked)
    printer = Peer()
    chosen = ready[: asked.most] if asked.most else ready
    return run(warm, chosen, lambda document: printer.pdf(json.loads(document[1]), document[2]))


if __name__ == "__main__":
    step, dump, donors, languages, share, processes, most = sys.argv[1:]
    given = Asked(
        Path(dump), int(donors), languages.split(","), int(share), int(processes), int(most)
    )
    does = {"prepare": prepare, "path": path, "bare": bare, "peer": peer}
    print(json.dumps(does[step](given)))  # noqa: T201
