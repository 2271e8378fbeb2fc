"""A file into the books: the pass of the check once more, written as it goes, all or nothing."""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from income.errors import NotAllowed, PostingWrong
from income.imports.choices import Choices
from income.imports.columns.plan import Plan
from income.imports.course.checking import ROWS_AT_ONCE, judge_of
from income.imports.course.documents import write_documents
from income.imports.course.passes import Fate, Outcome, Pass, Progress
from income.imports.course.promises import write_promises
from income.imports.naming.new_books import make_new_books
from income.imports.naming.new_donors import make_new
from income.imports.naming.remembering import remember
from income.imports.sheets import source_of
from income.ledger.bulk import BulkWriter, bulk_insert
from income.models import Draft, Import, ImportedRow, Ledger, Posting
from income.services.actors import Actors
from income.vocabulary import Act

AT_ONCE = 2_000  # rows written together
COLUMNS = ("fingerprint", "content", "source_id", "sheet", "row", "posting_id", "line")


class BooksChanged(PostingWrong):
    """The rows come out otherwise than when the file was checked."""

    def __init__(self) -> None:
        super().__init__(_("The books have changed since this file was checked. Check it again."))


def post_import(
    draft: Draft, actors: Actors, *, today: datetime.date, report: Progress | None = None
) -> list[Posting]:
    """Post what the draft's file says, by code of the books and month; again, the same postings.

    Rows that fail stay out, as the check told. Raises BooksChanged where the rows come out
    otherwise than they were checked and submitted, FileRefused, FileGone, NotAllowed,
    PostingWrong; then nothing stands.
    """
    try:
        with transaction.atomic():
            import_ = _locked(draft)
            if earlier := postings_of(import_):
                return earlier
            refuse_own_file(import_, actors.approved_by)
            return _post(import_, str(draft.payload["digest"]), actors, today, report)
    except IntegrityError as error:
        # Another import of the same rows was faster.
        if "fingerprint" in str(error) or "importedrow" in str(error):
            raise BooksChanged from error
        raise


def postings_of(import_: Import) -> list[Posting]:
    """What the import posted, by code of the books and month."""
    found = import_.postings.select_related("ledger")
    return list(found.order_by("ledger__code", "booked_month", "sequence"))


def refuse_own_file(import_: Import, by: User | None) -> None:
    """Who brought a file in does not approve it, whoever submitted it. Raises NotAllowed."""
    if by is not None and import_.uploaded_by_id == by.pk:
        raise NotAllowed(_("You brought this file in. Ask a colleague to review it."))


def _locked(draft: Draft) -> Import:
    import_ = (
        Import.objects.select_for_update(of=("self",))
        .select_related("ledger", "uploaded_by")
        .filter(draft=draft.pk)
        .first()
    )
    if import_ is None:
        raise PostingWrong(_("This draft has no file to post."))
    return import_


def _post(
    import_: Import, digest: str, actors: Actors, today: datetime.date, report: Progress | None
) -> list[Posting]:
    plan, choices = Plan.of_json(import_.plan), Choices.of_json(import_.choices)
    _refuse_other_file(import_)
    used = _used(choices, import_.found)
    new_books = make_new_books(used, import_.ledger, by=actors.prepared_by)
    new_donors = make_new(used, by=actors.prepared_by)
    judge = judge_of(
        import_, plan, choices, today=today, new_donors=new_donors, new_books=new_books,
        locks=True,
    )  # fmt: skip
    reading = Pass(source_of(import_, plan), plan, judge, choices, new_donors=new_donors)
    writer = BulkWriter(
        Act.IMPORT_ROWS, f"import:{import_.uuid.hex}", note=_note(import_, choices),
        prepared_by=actors.prepared_by, approved_by=actors.approved_by,
    )  # fmt: skip
    written = _write(import_, reading, writer, report)
    if reading.problems or not written or reading.digest.hexdigest() != digest:
        raise BooksChanged
    postings = writer.finish()
    import_.postings.set(postings)
    remember(choices, reading.chosen, by=actors.prepared_by)
    record("post_import", import_, by=actors.prepared_by, after=_told(import_, postings, written))
    return postings


def _refuse_other_file(import_: Import) -> None:
    """What was checked is what is posted, byte for byte."""
    found = hashlib.sha256()
    try:
        with import_.file.open("rb") as file:
            while block := file.read(1 << 20):
                found.update(block)
    except FileNotFoundError:
        return  # opening it says so
    if found.hexdigest() != import_.sha256:
        raise PostingWrong(_("The file was changed after it was brought in. Bring it in again."))


def _used(choices: Choices, found: Mapping[str, Any]) -> Choices:
    """Without the donors and books that no row to be posted needs."""
    donors = {one["code"] for one in found.get("new_donors", ())}
    books = {one["code"] for one in found.get("new_books", ())}
    return Choices(
        donors=_kept(choices.donors, donors), books=_kept(choices.books, books),
        similar=choices.similar, because=choices.because,
    )  # fmt: skip


def _kept(chosen: Mapping[str, Mapping[str, Any]], codes: set[str]) -> dict[str, Any]:
    return {
        key: choice
        for key, choice in chosen.items()
        if "new" not in choice or choice["new"]["code"] in codes
    }


def _note(import_: Import, choices: Choices) -> str:
    return " · ".join(filter(None, [import_.file_name, choices.because]))


def _write(import_: Import, reading: Pass, writer: BulkWriter, report: Progress | None) -> int:
    """Write every accepted row with what it promises; how many rows."""
    books = {ledger.code: ledger for ledger in Ledger.objects.all()}
    of = int(import_.found.get("rows", 0))
    accepted = (
        outcome for outcome in _watched(reading, of, report) if outcome.fate == Fate.ACCEPTED
    )
    written = 0
    while chunk := list(islice(accepted, AT_ONCE)):
        write_promises([outcome.row for outcome in chunk], books)
        bulk_insert(ImportedRow, COLUMNS, (_line(import_, one, writer, books) for one in chunk))
        write_documents(outcome.row for outcome in chunk)
        written += len(chunk)
    return written


def _watched(reading: Pass, of: int, report: Progress | None) -> Iterator[Outcome]:
    for number, outcome in enumerate(reading, start=1):
        if report and number % ROWS_AT_ONCE == 0:
            report(number, max(of, number))
        yield outcome


def _line(
    import_: Import, outcome: Outcome, writer: BulkWriter, books: Mapping[str, Ledger]
) -> tuple[Any, ...]:
    """The row as it is recognised again, once its lines were handed over."""
    row, seen = outcome.row, outcome.seen
    ledger = books[row.ledger]
    places = [writer.add(ledger, row.month, line) for line in row.lines]
    posting, line = places[0]
    assert seen is not None  # noqa: S101  for the type checker
    return (seen.fingerprint, seen.content, import_.pk, row.sheet, row.row, posting, line)


def _told(import_: Import, postings: list[Posting], rows: int) -> dict[str, Any]:
    """For the audit trail: one event for the file, and none for each contribution."""
    return {
        "file": import_.file_name,
        "sha256": import_.sha256,
        "rows": rows,
        "entries": sum(posting.entry_count for posting in postings),
        "contributions": int(import_.found.get("contributions", 0)),
        "postings": [f"{posting.ledger.code}/{posting.sequence}" for posting in postings],
    }
