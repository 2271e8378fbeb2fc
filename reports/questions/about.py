"""Which figure a question is about: carried in an address that nobody can make up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.http import urlencode

from interface.tables import Cell, Column, KeyFigure, Remark, Row, Table

LONGEST_NAME, LONGEST_VALUE, LONGEST_ADDRESS = 200, 80, 1000  # as the model keeps them
_SALT = "reports.questions.about"


class NotOurs(Exception):
    """The address was not made by the portal, or is not whole."""


@dataclass(frozen=True)
class About:
    """A figure as a page showed it: its name, its value, its entries, the books' state."""

    donor: str
    books: str
    sequence: int
    figure: str
    shown: str
    address: str = ""

    @property
    def signed(self) -> str:
        """The same as a text that only the portal can make; the same figure gives the same."""
        return Signer(salt=_SALT).sign_object(list(astuple(self)))


def opened(text: str) -> About:
    """What was signed. Raises NotOurs."""
    try:
        values: list[Any] = Signer(salt=_SALT).unsign_object(text)
        return About(*values)
    except (BadSignature, ValueError, TypeError):
        raise NotOurs from None


@dataclass(frozen=True)
class Remarks:
    """Puts beside each figure of a page the way to say that it looks wrong.

    Each figure has a name of its own: a second row of the same name is told apart by its number.
    """

    donor: str
    books: str
    sequence: int

    def remark(self, figure: str, shown: str, address: str) -> Remark:
        """The figure's name with the address of the form about it."""
        about = About(
            self.donor, self.books, self.sequence, figure[:LONGEST_NAME], shown[:LONGEST_VALUE],
            address if address.startswith("/") and len(address) <= LONGEST_ADDRESS else "",
        )  # fmt: skip
        page = reverse("question_new", args=[self.donor])
        return Remark(figure, f"{page}?{urlencode({'about': about.signed})}")

    def table(self, table: Table) -> Table:
        """The table, with a remark at every figure in it."""
        names, rows = Counter[str](), []
        for row in table.rows:
            names[row.header.text] += 1
            number = names[row.header.text]
            name = f"{row.header.text} ({number})" if number > 1 else row.header.text
            rows.append(self._row(table, row, name))
        return replace(table, rows=tuple(rows))

    def key_figures(self, figures: Iterable[KeyFigure]) -> list[KeyFigure]:
        """The key figures, each with a remark."""
        return [replace(f, remark=self.remark(f.label, f.value, f.href)) for f in figures]

    def _row(self, table: Table, row: Row, name: str) -> Row:
        def cell(column: Column, one: Cell) -> Cell:
            if not column.is_numeric or one.is_missing or not one.text:
                return one
            figure = f"{table.caption} · {name} · {column.label}"
            return replace(one, remark=self.remark(figure, one.text, one.href))

        return replace(row, cells=tuple(map(cell, table.columns, row.cells)))
