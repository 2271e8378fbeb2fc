"""Files that people bring in: kept, corrected in their reading, submitted, thrown away."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.recognising import visible
from income.errors import ImportChanged, NotAllowed
from income.imports.choices import Choices
from income.imports.columns.plan import Plan
from income.imports.columns.proposing import propose
from income.imports.course.checking import not_open
from income.imports.course.report import Report
from income.imports.deciding import check_choices
from income.imports.reading import MOST_BYTES, refused
from income.imports.returned.returning import marked_name
from income.imports.sheets import source_of
from income.imports.telling import sums_by_kind
from income.models import Draft, Import, ImportLayout, Ledger
from income.services.drafts import correct_draft, discard_draft, submit_draft
from income.vocabulary import Act
from jobs.models import Job

LONGEST_NAME = 200
BLOCK = 1 << 20
Upload = Any  # File of Django, or a path


def read_in(
    upload: Upload, *, ledger: Ledger, by: User | None, name: str, is_pasted: bool = False,
    plan: Plan | None = None, most_bytes: int = MOST_BYTES,
) -> Import:  # fmt: skip
    """Keep a file, open it, and propose how to read it; `plan` is used instead where given.

    `upload` is a File of Django or a path. `by` may be nobody on the command line, which also
    lets larger files in. Raises FileRefused, and NotAllowed; then neither row nor file is left.
    """
    if by is not None:
        _may(by)
    if isinstance(upload, Path | str):
        with Path(upload).open("rb") as opened:
            return read_in(
                File(opened), ledger=ledger, by=by, name=name, is_pasted=is_pasted, plan=plan,
                most_bytes=most_bytes,
            )  # fmt: skip
    file = upload
    _refuse_size(file.size, name, most_bytes)
    row = Import(
        ledger=ledger, file_name=visible(name)[-LONGEST_NAME:], is_pasted=is_pasted,
        byte_count=file.size, sha256=_sha256(file), uploaded_by=by,
    )  # fmt: skip
    row.file.save("", file, save=False)
    try:
        with transaction.atomic():
            return _proposed(row, plan, by)
    except BaseException:
        row.file.storage.delete(row.file.name or "")
        raise


def _proposed(row: Import, plan: Plan | None, by: User | None) -> Import:
    if plan is None:
        source = source_of(row, Plan())
        if not any(True for sheet in source.sheets for _row in sheet.rows()):
            raise refused("empty_file", name=row.file_name)
        proposal = propose(source)
        plan, row.layout = proposal.plan, proposal.layout
    else:
        source_of(row, plan)
    row.plan, row.choices = plan.as_json(), Choices().as_json()
    row.save()
    told = {"file": row.file_name, "sha256": row.sha256, "bytes": row.byte_count}
    record("read_in_import", row, by=by, after={**told, "books": row.ledger.code})
    return row


def _refuse_size(size: int, name: str, most: int) -> None:
    if size > most:
        raise refused("too_large", name=name, most=most >> 20)


def _sha256(file: Any) -> str:
    found = hashlib.sha256()
    file.seek(0)
    while block := file.read(BLOCK):
        found.update(block)
    file.seek(0)
    return found.hexdigest()


@transaction.atomic
def change_plan(
    import_: Import, plan: Plan, *, version: int, by: User | None,
    layout: ImportLayout | None = None,
) -> Import:  # fmt: skip
    """Read the file otherwise from now on; what was found is forgotten.

    Raises ImportChanged when `version` is not the one that stands, NotAllowed under review.
    """

    def apply(row: Import) -> None:
        row.plan = plan.as_json()
        row.layout = layout or row.layout

    return _change(import_, "change_import_plan", "plan", apply, version=version, by=by)


@transaction.atomic
def change_choices(import_: Import, choices: Choices, *, version: int, by: User | None) -> Import:
    """Decide otherwise about names, books and repeats; what was found is forgotten.

    Raises ImportChanged when `version` is not the one that stands, NotAllowed under review,
    NewDonorsWrong, BooksWrong and BooksMixed for what cannot be chosen.
    """

    def apply(row: Import) -> None:
        check_choices(choices, Choices.of_json(row.choices), row.ledger)
        row.choices = choices.as_json()

    return _change(import_, "change_import_choices", "choices", apply, version=version, by=by)


def _change(
    import_: Import, act: str, field: str, apply: Callable[[Import], None], *, version: int,
    by: User | None,
) -> Import:  # fmt: skip
    locked = open_import(import_, version=version, by=by)
    before: Mapping[str, Any] = getattr(locked, field)
    apply(locked)
    if getattr(locked, field) == before:
        return locked
    locked.found, locked.digest, locked.checked_at = {}, "", None
    locked.version += 1
    locked.save()
    record(act, locked, by=by, before=before, after=getattr(locked, field))
    return locked


def open_import(import_: Import, *, version: int, by: User | None) -> Import:
    """The import, locked, as long as it may be changed. Raises ImportChanged, NotAllowed."""
    if by is not None:
        _may(by)
    locked = (
        Import.objects.select_for_update(of=("self",))
        .select_related("ledger", "draft", "job", "uploaded_by")
        .get(pk=import_.pk)
    )
    if not locked.is_open or is_under_way(locked.job):
        raise not_open()
    if locked.version != version:
        raise ImportChanged()
    return locked


def is_under_way(job: Job | None) -> bool:
    """Whether the books are being written by the job at this moment, or soon."""
    return job is not None and not job.is_over and job.kind in ("post_import", "undo_import")


def _may(by: User) -> None:
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))


@transaction.atomic
def discard(import_: Import, *, by: User) -> None:
    """Throw a file away that is not under review: row, draft and bytes go, the audit trail stays.

    Raises NotAllowed.
    """
    version = Import.objects.values_list("version", flat=True).get(pk=import_.pk)
    locked = open_import(import_, version=version, by=by)
    if draft := locked.draft:
        discard_draft(draft, version=draft.version, by=by)
    told = {"file": locked.file_name, "sha256": locked.sha256, "plan": locked.plan}
    record("discard_import", locked, by=by, before={**told, "choices": locked.choices})
    remove(locked)


def remove(import_: Import) -> None:
    """Delete the row; its bytes go when the transaction is kept."""
    storage, name = import_.file.storage, import_.file.name
    import_.delete()
    if name:
        for each in (name, marked_name(import_)):
            transaction.on_commit(partial(storage.delete, each))


@transaction.atomic
def submit(import_: Import, *, version: int, by: User) -> Draft:
    """Ask somebody else to approve what the last check found. Submitted again, the same draft.

    Raises ImportChanged when `version` is not the one that stands, NotAllowed where nothing was
    checked or nothing would be posted.
    """
    locked = open_import(import_, version=version, by=by)
    found = Report.of_json(locked.found)
    if not locked.digest or not found.may_be_submitted:
        raise NotAllowed(
            _("Nothing of this file can be posted as it stands. Check it first, and correct it.")
        )
    payload = {
        "import": str(locked.uuid), "digest": locked.digest, "rows": found.accepted,
        "file": locked.file_name,
    }  # fmt: skip
    title, draft = title_of(locked, found), locked.draft
    if draft is None:
        locked.draft = submit_draft(
            locked.ledger, act=Act.IMPORT_ROWS, payload=payload, title=title,
            token=f"import:{locked.uuid}:{locked.version}", by=by,
        )  # fmt: skip
        locked.save(update_fields=["draft"])
        return locked.draft
    return correct_draft(
        draft, act=Act.IMPORT_ROWS, payload=payload, title=title, version=draft.version, by=by
    )


def title_of(import_: Import, found: Report) -> str:
    """One line for lists: the file, its rows, and the US dollars of what they are."""
    rows = ngettext("%(count)s row", "%(count)s rows", found.accepted) % {
        "count": f"{found.accepted:,}"
    }
    money = [f"{one.kind} US$ {one.amount_usd:,}" for one in sums_by_kind(found.as_json())]
    return " · ".join([import_.file_name, rows, *money])
