"""The contributions that rows make, written by the thousand, before the lines that name them."""

import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

from income.imports.findings import Accepted, NewPromise
from income.ledger.bulk import bulk_insert
from income.models import Contribution, Instalment, Ledger
from income.vocabulary import Kind

FIRST = 1  # number of the only instalment
OF_INSTALMENTS = (Kind.DUE, Kind.RECEIPT)  # an agreement's entries name none
# Of a contribution as it is made; what a row does not say is as empty as a form leaves it.
DEFAULTS = {
    field.attname: field.get_default()
    for field in Contribution._meta.concrete_fields
    if not field.primary_key and field.name not in ("uuid", "ledger", "created_at")
}
COLUMNS = ("uuid", "ledger_id", *DEFAULTS)


def write_promises(rows: Sequence[Accepted], books: dict[str, Ledger]) -> None:
    """Write what the rows promise, with its instalment, and name both in the rows' lines.

    Inside a transaction. Contributions get one audit event together, by who posts them.
    """
    making = [row for row in rows if row.promise]
    if not making:
        return
    contributions = bulk_insert(
        Contribution,
        COLUMNS,
        (_values(_of(row), books[row.ledger].pk) for row in making),
        returning_ids=True,
    )
    due = [
        (row, key)
        for row, key in zip(making, contributions, strict=True)
        if _of(row).due_on is not None
    ]
    instalments = bulk_insert(
        Instalment,
        ("uuid", "contribution_id", "number", "due_on", "amount"),
        ((uuid.uuid4(), key, FIRST, _of(row).due_on, _of(row).amount) for row, key in due),
        returning_ids=True,
    )
    instalment_of = dict(zip((key for _row, key in due), instalments, strict=True))
    for row, key in zip(making, contributions, strict=True):
        for line in row.lines:
            line.contribution_id = key
            if line.kind in OF_INSTALMENTS:
                line.instalment_id = instalment_of.get(key)


def _of(row: Accepted) -> NewPromise:
    assert row.promise is not None  # noqa: S101  for the type checker
    return row.promise


def _values(promise: NewPromise, ledger: int) -> list[Any]:
    """The row of a contribution, in the order of COLUMNS."""
    given = {_column(name): getattr(value, "pk", value) for name, value in promise.values.items()}
    row = {**DEFAULTS, "amount": promise.amount, **given}
    return [uuid.uuid4(), ledger, *(row[name] for name in DEFAULTS)]


@cache
def _column(name: str) -> str:
    field: Any = Contribution._meta.get_field(name)
    return str(field.attname)
