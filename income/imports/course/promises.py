"""The contributions that rows make, written by the thousand, before the lines that name them."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from income.imports.course.findings import Accepted, NewPromise
from income.ledger.bulk import bulk_insert, reserve_ids
from income.ledger.copying import as_kept, insert_prepared
from income.models import Contribution, Instalment, Ledger
from income.vocabulary import Kind

# What stands under an instalment; an agreement is signed as a whole.
OF_INSTALMENTS = (Kind.DUE.value, Kind.RECEIPT.value)
FIRST = 1  # number of the only instalment
FIELDS: dict[str, Any] = {
    field.attname: field
    for field in Contribution._meta.concrete_fields
    if not field.primary_key and field.name not in ("uuid", "ledger", "created_at")
}
# Of a contribution as it is made; what a row does not say is as empty as a form leaves it.
DEFAULTS = {name: field.get_default() for name, field in FIELDS.items()}
COLUMNS = ("id", "uuid", "ledger_id", "created_at", *FIELDS)


def write_promises(rows: Sequence[Accepted], books: dict[str, Ledger]) -> None:
    """Write what the rows promise, with its instalment, and name both in the rows' lines.

    Inside a transaction. Contributions get one audit event together, by who posts them.
    """
    making = [row for row in rows if row.promise]
    if not making:
        return
    keys = reserve_ids(Contribution, len(making))
    now = timezone.now().isoformat(sep=" ")
    insert_prepared(
        Contribution._meta.db_table,
        COLUMNS,
        [
            [key, uuid.uuid4().hex, books[row.ledger].pk, now, *_values(_of(row))]
            for key, row in zip(keys, making, strict=True)
        ],
    )
    due = [(row, key) for row, key in zip(making, keys, strict=True) if _of(row).due_on is not None]
    instalments = bulk_insert(
        Instalment,
        ("uuid", "contribution_id", "number", "due_on", "amount"),
        ((uuid.uuid4(), key, FIRST, _of(row).due_on, _of(row).amount) for row, key in due),
        returning_ids=True,
    )
    instalment_of = dict(zip((key for _row, key in due), instalments, strict=True))
    for row, key in zip(making, keys, strict=True):
        for line in row.lines:
            line.contribution_id = key
            if line.kind in OF_INSTALMENTS:
                line.instalment_id = instalment_of.get(key)


def _of(row: Accepted) -> NewPromise:
    assert row.promise is not None  # noqa: S101  for the type checker
    return row.promise


def _values(promise: NewPromise) -> list[str | int | None]:
    """The row of a contribution as the database keeps it, in the order of FIELDS."""
    row = {**DEFAULTS, "amount": promise.amount, **promise.values}
    if row.keys() != FIELDS.keys():
        raise ValueError(f"A contribution has no {row.keys() - FIELDS.keys()}.")
    return [_kept(name, value) for name, value in row.items()]


def _kept(name: str, value: Any) -> str | int | None:
    """Without asking the field where that is plain: this is done a million times."""
    if value is None or value.__class__ in (int, bool):
        return value
    if value.__class__ is datetime.date:
        return str(value)
    if isinstance(value, str):
        return as_kept(value) if value else ""
    kept: int = FIELDS[name].get_prep_value(value)
    return kept
