"""The steps of bench/imports.py: each runs in a process of its own and prints what it found.

python bench/imports_steps.py prepare|path|raw|peer FILE DUMP
"""

import datetime
import io
import json
import pickle
import resource
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Sum  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.permissions import Role  # noqa: E402
from income.models import Entry, ExchangeRate, Ledger, Posting  # noqa: E402
from income.vocabulary import Kind, RateType  # noqa: E402

TODAY = datetime.date(2022, 12, 15)
BOOKS = "BENCH"
PEER_ROWS = 2_000
AT_ONCE = 5_000
RATES = {"EUR": "0.8461", "SEK": "8.5431"}  # units per US dollar, on the first of each month


def prepare(_file: Path, _dump: Path) -> dict[str, Any]:
    """Tables, reference data, two persons, books and rates."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    Ledger.objects.create(code=BOOKS, name="Books of the bench")
    for email, role in (("officer", Role.OFFICER), ("reviewer", Role.REVIEWER)):
        User.objects.create(email=f"{email}@example.org", name=email, role=role)
    ExchangeRate.objects.filter(currency__in=RATES).delete()
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            currency_id=code, effective_on=datetime.date(2021, month, 1), source="bench",
            units_per_usd=Decimal(units), rate_type=RateType.MONTHLY_AVERAGE,
        )
        for code, units in RATES.items()
        for month in range(1, 13)
    )  # fmt: skip
    return {}


def path(file: Path, dump: Path) -> dict[str, Any]:
    """The file through the portal's own services, as the command line takes it."""
    from income.imports.columns.plan import Plan
    from income.imports.course.checking import check
    from income.imports.course.posting import post_import
    from income.imports.services import read_in, submit
    from income.services.drafts import approve_draft

    officer, reviewer = User.objects.filter(email__endswith="@example.org").order_by("pk")
    fields = ("donor_code", "fund", "date", "amount", "currency", "reference")
    headings = ("donor", "fund", "date", "amount", "currency", "reference")
    plan = Plan(
        kind=Kind.AUDITED_REVENUE.value, columns=dict(zip(fields, headings, strict=True)),
        decimal_sign=".", date_order="ymd", encoding="utf-8", delimiter=",",
    )  # fmt: skip
    books = Ledger.objects.get(code=BOOKS)
    import_ = read_in(file, ledger=books, by=officer, name=file.name, plan=plan)
    start = time.perf_counter()
    found = check(import_, today=TODAY)
    checked = time.perf_counter() - start
    if not found.may_be_submitted or found.accepted != found.rows:
        raise SystemExit(f"The file cannot be posted: {found.problems[:3]}")
    import_.refresh_from_db()
    draft = submit(import_, version=import_.version, by=officer)
    start = time.perf_counter()
    with transaction.atomic():
        approve_draft(
            draft, version=draft.version, by=reviewer, at=timezone.now(),
            post_it=lambda locked, actors: post_import(locked, actors, today=TODAY)[0],
        )  # fmt: skip
    seconds = time.perf_counter() - start
    peak = _megabytes()
    import_.file.delete(save=False)
    if not dump.exists():
        _dump(dump)
    return {"seconds": seconds, "check_seconds": checked, "megabytes": peak, "sums": _sums()}


def raw(_file: Path, dump: Path) -> dict[str, Any]:
    """The entries of the path, ready made, with nothing but the database's own work."""
    kept = pickle.loads(dump.read_bytes())  # noqa: S301  written by this bench
    names = [field.column for field in Entry._meta.concrete_fields if not field.primary_key]
    write = _copies(names, kept["entries"]) if _is_postgres() else _inserts(names, kept["entries"])
    seconds = _timed(write, kept["postings"])
    return {"seconds": seconds, "megabytes": _megabytes(), "sums": _sums()}


def peer(_file: Path, dump: Path) -> dict[str, Any]:
    """The first of the same entries through a ModelResource of django-import-export."""
    try:
        import tablib
        from import_export import fields, resources, widgets
    except ImportError:
        return {"sentence": "left out: requirements-bench.txt is not installed."}

    exact = {
        field.name: fields.Field(field.name, field.name, widget=widgets.DecimalWidget())
        for field in Entry._meta.concrete_fields
        if type(field).__name__ == "ExactDecimalField"
    }
    options = type("Meta", (), {"model": Entry})
    entry_resource = type("EntryResource", (resources.ModelResource,), {**exact, "Meta": options})
    kept = pickle.loads(dump.read_bytes())  # noqa: S301  written by this bench
    with transaction.atomic():
        Posting.objects.bulk_create(kept["postings"])
    columns = [field for field in Entry._meta.concrete_fields if not field.primary_key]
    rows = [
        [_shown(field, value) for field, value in zip(columns, row, strict=True)]
        for row in kept["entries"][:PEER_ROWS]
    ]
    data = tablib.Dataset(*rows, headers=[field.name for field in columns])
    start = time.perf_counter()
    entry_resource().import_data(data, dry_run=True)
    tried = time.perf_counter() - start
    start = time.perf_counter()
    result = entry_resource().import_data(data)
    seconds = time.perf_counter() - start
    if result.has_errors() or Entry.objects.count() != len(rows):
        raise SystemExit(f"The peer failed: {result.row_errors()[:1]} {result.base_errors[:1]}")
    share = PEER_ROWS / len(rows)
    return {"seconds": seconds * share, "check_seconds": tried * share, "megabytes": _megabytes()}


def _shown(field: Any, value: Any) -> str:
    """A kept value as a file shows it."""
    if value is None:
        return ""
    places = getattr(field, "places", None)
    return str(value) if places is None else str(Decimal(value).scaleb(-places))


def _dump(dump: Path) -> None:
    """The postings, and the entries as the database keeps them."""
    names = [field.column for field in Entry._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM income_entry ORDER BY id")  # noqa: S608
        entries = cursor.fetchall()
    postings = list(Posting.objects.order_by("sequence"))
    for posting in postings:  # of books and persons that every copy of the database has
        posting._state.fields_cache.clear()
    dump.write_bytes(pickle.dumps({"entries": entries, "postings": postings}))


def _copies(names: list[str], entries: list[tuple[Any, ...]]) -> Callable[[], None]:
    text = "".join(  # codes, days and numbers: nothing in them is to be escaped
        "\t".join("\\N" if value is None else str(value) for value in row) + "\n" for row in entries
    )
    file, statement = (
        io.BytesIO(text.encode()),
        f"COPY income_entry ({', '.join(names)}) FROM STDIN",
    )

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.copy_expert(statement, file, size=1 << 20)

    return write


def _inserts(names: list[str], entries: list[tuple[Any, ...]]) -> Callable[[], None]:
    statement = (  # all names are the model's
        f"INSERT INTO income_entry ({', '.join(names)}) "  # noqa: S608
        f"VALUES ({', '.join(['%s'] * len(names))})"
    )

    def write() -> None:
        with connection.cursor() as cursor:
            for start in range(0, len(entries), AT_ONCE):
                cursor.executemany(statement, entries[start : start + AT_ONCE])

    return write


def _timed(write: Callable[[], None], postings: list[Posting]) -> float:
    """With the commit, at which PostgreSQL checks the foreign keys."""
    with transaction.atomic():
        Posting.objects.bulk_create(postings)
        start = time.perf_counter()
        write()
    return time.perf_counter() - start


def _sums() -> dict[str, str]:
    rows = Entry.objects.order_by("fund", "currency").values_list("fund", "currency")
    return {
        f"{fund} {currency}": f"{amount:.2f}"
        for fund, currency, amount in rows.annotate(total=Sum("amount"))
    }


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    steps = {"prepare": prepare, "path": path, "raw": raw, "peer": peer}
    found = steps[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    sys.stdout.write(json.dumps(found) + "\n")
