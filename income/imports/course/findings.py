"""What judging a row gives: what it would post, or what is wrong with it, cell by cell."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from income.ledger.lines import Line
from income.vocabulary import Grade


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence about a cell (sheet, row, column), a row (no column) or the file (no row)."""

    grade: Grade
    code: str  # short and stable, such as "no_date": what reports count and tests name
    sentence: str  # in the reader's language, naming what to do
    sheet: str = ""
    row: int = 0  # as the spreadsheet numbers it; 0: the file
    column: int = 0  # from 1, as it stands in the file; 0: the row
    field: str = ""  # code of the field
    value: str = ""  # what stands in the cell, at most 80 characters

    def as_json(self) -> dict[str, Any]:
        return {name: str(getattr(self, name)) if name == "grade" else getattr(self, name)
                for name in self.__slots__}  # fmt: skip


@dataclass(slots=True)
class NewPromise:
    """The contribution that a row makes, with its only instalment; columns by their own names.

    `values` are columns of `income.models.Contribution`. A pledge has no instalment. The row's
    lines name neither until the rows were written.
    """

    values: dict[str, Any]
    due_on: datetime.date | None
    amount: Decimal


@dataclass(slots=True)
class Accepted:
    """What a row would post.

    `identity` is what it is recognised by again (its own identifier, else all of `content`),
    `content` all it says, both as texts that do not depend on the file's format.
    """

    sheet: int  # counted from 0 in the file
    row: int
    ledger: str  # code of the books
    month: int  # yyyymm to book in
    lines: list[Line]
    identity: tuple[str, ...]
    content: tuple[str, ...]
    promise: NewPromise | None = None
    donor: str = ""  # the donor's code, "" for none: also that of a donor still to be made
    value_date: datetime.date | None = None
    document: str = ""  # the ERP's document number
    bank_reference: str = ""  # where no contribution of the row's own keeps it
    # Of a row under an agreement that is not settled yet: for `Judge.settle`, nobody else.
    payment: Any = None
    chosen: tuple[str, ...] = ()  # names whose donor the user chose, as keys of Choices
    kind: str = ""  # what the row is; its lines may be of other kinds as well


@dataclass(slots=True)
class Judged:
    """A row and what came of it; neither accepted nor a problem where it says zero."""

    sheet: int
    row: int
    accepted: Accepted | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_stopped(self) -> bool:
        return any(one.grade != Grade.WARNING for one in self.problems)


Choices = Mapping[str, Any]
