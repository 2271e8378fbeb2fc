"""What the tests of judging share: a judge of one sheet, rows in plain words, their entries."""

import datetime
from collections.abc import Sequence
from typing import Any

from income.imports.choices import Choices
from income.imports.columns.plan import Plan, heading_keys
from income.imports.course.findings import Accepted, Judged
from income.imports.course.promises import write_promises
from income.imports.judging import Judge
from income.imports.sources import Cell, SourceRow
from income.ledger import seal
from income.ledger.lines import Line
from income.models import Entry, Ledger, Posting

TODAY = datetime.date(2022, 12, 15)


def plan(fields: Sequence[str], **changed: Any) -> Plan:
    """A plan whose columns are called as the fields are, with points for decimals."""
    columns = dict(zip(fields, heading_keys(fields), strict=True))
    row = {"kind": "receipt", "columns": columns, "decimal_sign": ".", "date_order": "ymd"}
    return Plan(**{**row, **changed})  # type: ignore[arg-type]


def judge_of(ledger: Ledger, fields: Sequence[str], **changed: Any) -> Judge:
    """A judge that has read the heading of a sheet called “Sheet”, in row 1."""
    names = ("today", "by_people", "new_donors", "new_books", "defers", "locks")
    told = {name: changed.pop(name) for name in names if name in changed}
    choices = changed.pop("choices", Choices())
    judge = Judge(
        plan(fields, **changed), choices, ledger, **{"today": TODAY, "by_people": True, **told}
    )
    judge.heading(0, "Sheet", list(fields))
    return judge


def judged(ledger: Ledger, kind: str, cells: dict[str, Cell], **changed: Any) -> Judged:
    """The only row of a file, in row 2."""
    return row_of(judge_of(ledger, list(cells), kind=kind, **changed), cells)


def row_of(judge: Judge, cells: dict[str, Cell], number: int = 2) -> Judged:
    """A row of the judge's file, whose columns stand in this order."""
    return judge.row(SourceRow(number, list(cells.values())))


def accepted(ledger: Ledger, kind: str, cells: dict[str, Cell], **changed: Any) -> Accepted:
    return taken(judged(ledger, kind, cells, **changed))


def taken(found: Judged) -> Accepted:
    """What a row that is not stopped would post."""
    assert not found.is_stopped, found.problems
    assert found.accepted is not None
    return found.accepted


def codes(found: Judged) -> list[str]:
    return [problem.code for problem in found.problems]


def canonical(rows: Sequence[Entry | Line], *, skips: Sequence[int] = ()) -> list[str]:
    """The seal's lines, with keys instead of UUIDs, without line numbers and the months booked."""
    keys: Any = type("Keys", (dict,), {"__missing__": lambda self, key: str(key or "")})()
    same: Any = type("Same", (), {"donors": keys, "contributions": keys, "instalments": keys})()
    lines = [
        seal.canonical_line(row, same).split(seal.SEPARATOR)
        for row in rows  # type: ignore[arg-type]
    ]
    without = {0, 15, *skips}
    return ["|".join(p for n, p in enumerate(line) if n not in without) for line in lines]


CONTRIBUTION, INSTALMENT = 7, 8  # places of the seal's line


def posted(posting: Posting) -> list[Entry]:
    return list(posting.entries.order_by("line"))


def written_rows(row: Accepted, ledger: Ledger) -> dict[str, Any]:
    """The contribution that the row makes, and its instalments, as the bulk writer makes them."""
    write_promises([row], {row.ledger: ledger})
    from income.models import Contribution

    return described(Contribution.objects.get(pk=row.lines[0].contribution_id))


def described(contribution: Any) -> dict[str, Any]:
    """Every column of a contribution that is not its own, and its instalments."""
    own = {"id", "uuid", "created_at", "title"}
    row = {
        field.attname: getattr(contribution, field.attname)
        for field in contribution._meta.concrete_fields
        if field.attname not in own
    }
    due = contribution.instalments.order_by("number").values_list("number", "due_on", "amount")
    return {**row, "instalments": list(due)}
