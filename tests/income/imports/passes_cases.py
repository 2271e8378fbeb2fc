"""What the tests of passes share: files in a few words, and the way from an upload to the books."""

import csv
import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from income.imports import services
from income.imports.choices import Choices
from income.imports.columns.plan import Plan
from income.imports.course.checking import check
from income.imports.course.posting import post_import, postings_of
from income.imports.course.report import Report
from income.imports.jobs import approve_later
from income.ledger.verification import problems
from income.models import Draft, Entry, Import, Ledger, Posting
from income.services import approve_draft

D = Decimal
TODAY = datetime.date(2022, 12, 15)
FIELDS = ("donor", "fund", "date", "currency", "amount", "reference")
# SEK 1,000,000 on 3 June 2021 are US$ 119,095.82 at 8.3966.
SWEDEN = ("Sweden", "FNE", "2021-06-03", "SEK", "1000000", "B-1")
NORWAY = ("Norway", "FNE", "2021-06-10", "USD", "250000.50", "B-2")
KENYA = ("Kenya", "FNE", "2021-07-01", "USD", "40000", "B-3")
ROWS = (SWEDEN, NORWAY, KENYA)


def csv_of(rows: Sequence[Sequence[str]], fields: Sequence[str] = FIELDS) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([fields, *rows])
    return out.getvalue().encode()


def plan(kind: str = "receipt", fields: Sequence[str] = FIELDS, **changed: Any) -> Plan:
    columns = {field: field for field in fields}
    given = {"kind": kind, "columns": columns, "decimal_sign": ".", "date_order": "ymd"}
    return Plan(**{**given, **changed})


def brought(
    ledger: Ledger, by: User, rows: Sequence[Sequence[str]] = ROWS, *, kind: str = "receipt",
    fields: Sequence[str] = FIELDS, name: str = "receipts.csv", **changed: Any,
) -> Import:  # fmt: skip
    """A file that was brought in, with a plan of its own."""
    upload = SimpleUploadedFile(name, csv_of(rows, fields))
    made = plan(kind, fields, **changed)
    return services.read_in(upload, ledger=ledger, by=by, name=name, plan=made)


def checked(import_: Import, today: datetime.date = TODAY) -> Report:
    found = check(import_, today=today)
    import_.refresh_from_db()
    return found


def submitted(import_: Import, by: User, today: datetime.date = TODAY) -> Draft:
    checked(import_, today)
    draft = services.submit(import_, version=import_.version, by=by)
    import_.refresh_from_db()
    return draft


def posted(draft: Draft, by: User, today: datetime.date = TODAY) -> list[Posting]:
    """Approved and posted at once, as the job does it."""
    approve_draft(
        draft, version=draft.version, by=by, at=timezone.now(),
        post_it=lambda locked, actors: post_import(locked, actors, today=today)[0],
    )  # fmt: skip
    return postings_of(Import.objects.get(draft=draft))


def imported(
    ledger: Ledger, officer: User, reviewer: User, rows: Sequence[Sequence[str]] = ROWS,
    **changed: Any,
) -> Import:  # fmt: skip
    """All the way into the books."""
    import_ = brought(ledger, officer, rows, **changed)
    posted(submitted(import_, officer), reviewer)
    return Import.objects.get(pk=import_.pk)


def choose(import_: Import, by: User, **choices: Any) -> Import:
    changed = services.change_choices(import_, Choices(**choices), version=import_.version, by=by)
    import_.refresh_from_db()
    return changed


def in_books(ledger: Ledger, kind: str = "receipt") -> Decimal:
    """US dollars of the kind that stand in the books."""
    found = Entry.objects.filter(ledger=ledger, kind=kind).aggregate(total=Sum("amount_usd"))
    return found["total"] or D(0)


def sound(*ledgers: Ledger) -> bool:
    return [one for ledger in ledgers for one in problems(ledger)] == []


def approved_by_job(draft: Draft, by: User) -> Any:
    return approve_later(draft, version=draft.version, by=by)
