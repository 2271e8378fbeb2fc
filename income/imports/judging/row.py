"""One row on its way: what its cells say, and what was found wrong with them."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from income.imports.columns.fields import FIELDS
from income.imports.course.findings import Judged, Problem
from income.imports.judging.names import UnknownNames
from income.imports.sources import Cell, CellError, SpoiltNumber
from income.models import Currency, Fund, Instrument
from income.vocabulary import Grade
from interface.errors import PortalError

MOST_TOLD = 80  # characters of a cell that a problem repeats
# Fields of the forms, as a file calls them.
OF_FORMS = {
    "promised_on": "date", "received_on": "date", "moved_on": "date", "credited": "currency",
    "instalments": "due_on", "valuation_method": "note", "support_reason": "note",
    "contribution": "agreement", "instalment": "agreement",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """The sheet that is being read, and where in it each field stands (from 0)."""

    index: int
    name: str
    columns: Mapping[str, int]


class Row:
    """What a row says, by field; what it does not say keeps the value of the class.

    Amounts are in `currency`, `amount_usd` in US dollars, rates in per cent (`support_rate`) or in
    units per US dollar (`exchange_rate`), as the file has them.
    """

    kind: str = ""
    entity: str = ""
    donor: str = ""
    donor_code: str = ""
    iso3: str = ""
    contributor_type: str = ""
    channel: str = ""
    fund: Fund | None = None
    instrument: Instrument | None = None
    earmarking: str | None = None
    programme: str | None = None
    region: str | None = None
    area: str | None = None
    date: datetime.date | None = None
    due_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    year: int | None = None
    year_for: int | None = None
    amount: Decimal | None = None
    currency: Currency | None = None
    amount_usd: Decimal | None = None
    exchange_rate: Decimal | None = None
    agreement: str = ""
    reference: str = ""
    document: str = ""
    title: str = ""
    support_rate: Decimal | None = None
    bank_charge: Decimal | None = None
    row_id: str = ""
    note: str = ""

    unread: tuple[str, ...] = ()  # fields whose cells could not be read: told already
    amount_field: str = "amount"  # where the amount that is posted stands
    # Names that nobody has: where they are counted, text, ISO3, contributor type.
    nobody: tuple[tuple[UnknownNames, str, str, str], ...] = ()
    chosen: tuple[str, ...] = ()  # keys of the choices of donors that it uses, of names alone
    has_failed: bool = False
    is_left_out: bool = False  # by the user's choice for its donor

    def __init__(self, place: Place, number: int, cells: list[Cell]) -> None:
        self.place = place
        self.cells = cells
        self.judged = Judged(place.index, number)

    @property
    def donor_text(self) -> str:
        """How the file names the donor, in whatever column."""
        return self.donor or self.donor_code or self.iso3

    def cell_of(self, field: str) -> Cell:
        """What stands in the field's cell; None without one."""
        column = self.place.columns.get(field)
        return None if column is None or column >= len(self.cells) else self.cells[column]

    def wrong(
        self, code: str, field: str, sentence: str, *, grade: Grade = Grade.ROW, value: str = ""
    ) -> None:
        """Note a problem at the field's cell, or of the row where the field has no column."""
        if grade != Grade.WARNING:
            self.has_failed = True
        column = self.place.columns.get(field)
        told = value or as_told(self.cell_of(field))
        self.judged.problems.append(
            Problem(
                grade, code, sentence, sheet=self.place.name, row=self.judged.row,
                column=0 if column is None else column + 1, field=field, value=told[:MOST_TOLD],
            )
        )  # fmt: skip

    def warn(self, code: str, field: str, sentence: str) -> None:
        """Note what does not stop the row."""
        self.wrong(code, field, sentence, grade=Grade.WARNING)

    def missing(self, field: str) -> None:
        """Note that a cell that is needed says nothing, unless it was told to be unreadable."""
        if field in self.unread:
            return
        self.wrong(
            f"missing_{field}", field,
            _("“%(field)s” is missing in this row. Fill in the cell.")
            % {"field": FIELDS[field].label},
        )  # fmt: skip

    def refuse(self, error: PortalError, field: str = "", code: str = "") -> None:
        """Note what a rule of the forms says about the row."""
        named = field or OF_FORMS.get(error.field or "", error.field or "")
        self.wrong(code or getattr(error, "code", "refused"), named, error.sentence)

    def ask(self, rule: Callable[..., Any], *told: Any, **named: Any) -> None:
        """Ask a rule of the forms, and note what it says."""
        try:
            rule(*told, **named)
        except PortalError as error:
            self.refuse(error)


def as_told(cell: Cell) -> str:
    """A cell as people read it back in a problem."""
    if cell is None:
        return ""
    if isinstance(cell, CellError | SpoiltNumber):
        return cell.text
    if isinstance(cell, datetime.date | datetime.time):  # a datetime is a date
        return cell.isoformat()
    # A workbook holds every number as a float: 1000, not 1000.0.
    return str(cell).removesuffix(".0") if isinstance(cell, float) else str(cell)
