"""Rows with several amounts, each in a column of its own: one reading of the row for each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.imports.columns.plan import Plan, heading_keys
from income.imports.course.findings import Judged, Problem
from income.imports.judging.cells import Cells, SheetCells
from income.imports.judging.row import MOST_TOLD, Row, as_told
from income.imports.sources import Cell, SourceRow
from income.vocabulary import Grade
from interface.formatting import format_exact

# What stands in a table where there is no amount.
NO_AMOUNT = frozenset(" \t\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212.\u2026")
LEAST_APART = Decimal("0.01")  # of a currency: what rounding does not explain


@dataclass(frozen=True, slots=True)
class Amount:
    """A column of amounts: `at` counts from 0, `beside` is what each of them says besides."""

    at: int
    beside: Mapping[str, str]
    label: str  # tells the amounts of one row apart, whatever the columns are called
    cells: SheetCells

    def row(self, source: SourceRow) -> Row:
        """The row as far as this amount goes, with an identifier of its own where it has one."""
        row = self.cells.row(source)
        if row.row_id:
            row.row_id = f"{row.row_id} · {self.label}"
        return row


class Several:
    """The columns of amounts of one sheet, and those of their totals."""

    def __init__(
        self, plan: Plan, cells: Cells, index: int, name: str, heading: Sequence[Cell]
    ) -> None:
        self._cells, self._index, self._name = cells, index, name
        keys = {key: place for place, key in enumerate(heading_keys(heading))}
        self.amounts: list[Amount] = []
        labels: Counter[str] = Counter()
        for at, key in sorted((keys[key], key) for key in plan.amounts if key in keys):
            beside = {field: text for field, text in plan.amounts[key].items() if text}
            label = " ".join(text for _field, text in sorted(beside.items()))
            labels[label] += 1
            label = label if labels[label] == 1 else f"{label} #{labels[label]}"
            read = cells.sheet(index, name, heading, amount=key, beside=beside)
            self.amounts.append(Amount(at, beside, label, read))
        self._totals = [
            (keys[key], [one for one in self.amounts if common.items() <= one.beside.items()])
            for key, common in plan.totals.items() if key in keys
        ]  # fmt: skip

    def of(self, row: SourceRow) -> list[Amount]:
        """Those that stand in the row."""
        cells = row.cells
        return [one for one in self.amounts if one.at < len(cells) and is_amount(cells[one.at])]

    def totals(self, source: SourceRow, rows: Sequence[Row]) -> Judged | None:
        """A warning at each total that is not the sum of its amounts, of which `rows` are all.

        Nothing is asked where an amount cannot be read, or stands in another currency than others.
        """
        judged = Judged(self._index, source.number)
        unread = any("amount" in row.unread for row in rows)
        if unread or len({row.currency and row.currency.code for row in rows}) > 1:
            return None
        for at, amounts in self._totals:
            cell = source.cells[at] if at < len(source.cells) else None
            total = self._cells.number(cell) if is_amount(cell) else None
            found = [self._cells.number(source.cells[one.at]) for one in amounts
                     if one.at < len(source.cells) and is_amount(source.cells[one.at])]  # fmt: skip
            added = sum((one for one in found if one is not None), Decimal(0))
            if total is not None and abs(total - added) >= LEAST_APART:
                judged.problems.append(self._apart(source, at, total, added))
        return judged if judged.problems else None

    def _apart(self, source: SourceRow, at: int, total: Decimal, added: Decimal) -> Problem:
        sentence = _(
            "The amounts of this row add up to %(added)s, its total says %(total)s. The amounts "
            "count: check them."
        )
        said = sentence % {"added": format_exact(added), "total": format_exact(total)}
        return Problem(
            Grade.WARNING, "total_differs", said, sheet=self._name, row=source.number,
            column=at + 1, value=as_told(source.cells[at])[:MOST_TOLD],
        )  # fmt: skip


def is_amount(cell: Cell) -> bool:
    """Whether the cell says something; a dash says that there is no amount."""
    if isinstance(cell, str):
        return not NO_AMOUNT.issuperset(cell)
    return cell is not None
