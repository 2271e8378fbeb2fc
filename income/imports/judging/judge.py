"""One judge for one file: every row comes to it in the order of the file."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from income.imports.choices import Choices
from income.imports.columns.fields import required_fields
from income.imports.columns.footnotes import footnote_in
from income.imports.columns.headings import is_heading_again, is_total_row
from income.imports.columns.plan import Plan
from income.imports.columns.words import Words
from income.imports.course.findings import Accepted, Judged
from income.imports.judging.around import Around
from income.imports.judging.books import Books
from income.imports.judging.cells import Cells, SheetCells
from income.imports.judging.finance import judge_audited, judge_finance
from income.imports.judging.money import take_money
from income.imports.judging.names import UnknownNames
from income.imports.judging.promises import judge_agreement, judge_gift, judge_pledge
from income.imports.judging.receipts import judge_payment, settle
from income.imports.judging.row import MOST_TOLD, Row, as_told
from income.imports.judging.several import Several
from income.imports.sources import Cell, SourceRow
from income.models import Ledger
from income.vocabulary import Kind

Rules = Callable[[Row, Around, Books], Accepted | None]
RULES: Mapping[str, Rules] = {
    Kind.PLEDGE.value: judge_pledge,
    Kind.AGREEMENT.value: judge_agreement,
    Kind.RECEIPT.value: judge_gift,  # with an agreement: judge_payment
    Kind.AUDITED_REVENUE.value: judge_audited,
    Kind.ALLOTMENT.value: judge_finance,
    Kind.PROGRAMME_SUPPORT.value: judge_finance,
}
RECEIPT = Kind.RECEIPT.value
# A row that is none, whatever stands in its cells.
NO_ROW = frozenset({"heading_again", "total_row", "no_row"})
IN_DOLLARS = (Kind.ALLOTMENT.value, Kind.PROGRAMME_SUPPORT.value)


class Judge:
    """Judges rows by the rules of the forms, from memory: a dozen queries when it is made.

    Only rows under an agreement ask the database again, once for each agreement that is named.
    `by_people` asks for what a person has to show before signing. `new_donors` and `new_books` are
    the keys, by code, of what the choices make, once it is made. `locks` holds the agreements'
    rows until the transaction ends. With `defers`, rows under an agreement are not settled until
    `settle` is called for them, for each row that is to be posted and in their order.
    """

    def __init__(
        self, plan: Plan, choices: Choices, ledger: Ledger, *, today: datetime.date,
        by_people: bool, new_donors: Mapping[str, int] | None = None,
        new_books: Mapping[str, int] | None = None, locks: bool = False, defers: bool = False,
    ) -> None:  # fmt: skip
        self._around = Around(
            choices, ledger, today=today, by_people=by_people, new_donors=new_donors or {},
            new_books=new_books or {}, locks=locks,
        )  # fmt: skip
        self._plan, self._kind, self._defers = plan, plan.kind, defers
        self._cells = Cells(plan, self._around.known, Words.load(plan.values))
        self._heading: Sequence[Cell] = ()
        self._sheet: SheetCells | None = None
        self._several: Several | None = None

    @property
    def unknown_donors(self) -> UnknownNames:
        """Names of donors (and channels) that nobody has, with their rows so far."""
        return self._around.unknown_donors

    @property
    def unknown_books(self) -> UnknownNames:
        """Texts of the field `entity` that stand for no books, with their rows so far."""
        return self._around.unknown_books

    @property
    def chosen_donors(self) -> UnknownNames:
        """Names that a choice decides, with their rows so far."""
        return self._around.chosen_donors

    @property
    def chosen_books(self) -> UnknownNames:
        """Texts of the field `entity` that a choice decides, with their rows so far."""
        return self._around.chosen_books

    def heading(self, sheet: int, name: str, cells: Sequence[Cell]) -> None:
        """The row of headings of the sheet (counted from 0) whose rows come next."""
        self._heading = cells
        self._sheet = self._cells.sheet(sheet, name, cells)
        if self._plan.amounts:
            self._several = Several(self._plan, self._cells, sheet, name, cells)
            self._heading = [as_told(cell) for cell in cells]

    def row(self, source: SourceRow) -> Judged:
        """What the row would post, or what is wrong with it. Call `heading` before.

        A row that is stopped may be accepted all the same: so it is recognised where it stands
        in the books already.
        """
        if self._sheet is None:
            raise ValueError("a sheet begins with its heading")
        return self._finished(self._sheet.row(source))

    def rows(self, source: SourceRow) -> Iterator[Judged]:
        """The row once for each of its amounts, where the plan has several columns of them.

        Each is judged by itself. What says that there is no amount, or that a total is no sum of
        them, is a `Judged` of its own that posts nothing.
        """
        if self._several is None:
            raise ValueError("a sheet begins with its heading")
        amounts = self._several.of(source)
        rows = [one.row(source) for one in amounts]
        for row in rows:
            yield self._finished(row)
            if any(one.code in NO_ROW for one in row.judged.problems):
                return
        if not rows:
            yield self._without_amounts(self._several.amounts[0].row(source))
        if told := self._several.totals(source, rows):
            yield told

    def _without_amounts(self, row: Row) -> Judged:
        """A row that posts nothing: it is told, but stops nobody."""
        self._judged(row)
        if not (row.judged.problems and self._is_no_row(row)):
            row.judged.problems.clear()
            row.warn("no_amounts", "amount", _("No amount stands here: nothing is posted."))
        return row.judged

    def _finished(self, row: Row) -> Judged:
        row.judged.accepted = self._judged(row)
        if row.judged.problems and self._is_no_row(row):
            return row.judged
        for names, text, iso3, contributor_type in row.nobody:
            names.count(text, iso3, contributor_type)
        if row.judged.accepted is not None:
            row.judged.accepted.chosen = row.chosen
            if not self._defers:
                self.settle(row.judged)
        return row.judged

    def settle(self, judged: Judged) -> None:
        """Fill in the lines of a row under an agreement that is going to be posted.

        May stop the row. Other rows, and rows that are settled, stay as they are.
        """
        if judged.accepted is not None and judged.accepted.payment is not None:
            settle(judged, self._around)

    def _judged(self, row: Row) -> Accepted | None:
        kind = row.kind or self._kind
        row.kind = kind
        take_money(row, self._around.dollars, only_dollars=kind in IN_DOLLARS)
        if row.amount is not None and not row.amount:
            row.judged.problems.clear()
            row.warn("zero", row.amount_field, _("The amount is zero: nothing is posted."))
            return None
        rules = RULES.get(kind)
        if rules is None:
            if "kind" not in row.unread:
                row.missing("kind")
            return None
        books = self._around.books(row)
        if kind == RECEIPT and row.agreement:
            rules = judge_payment
        # In whatever books: to find what else is wrong.
        found = rules(row, self._around, books or self._around.shelf.working)
        # Half of what a row says is not what it is recognised by.
        return None if books is None or row.unread else found

    def _is_no_row(self, row: Row) -> bool:
        """Whether it is left out by choice, or is no row of money at all: then it says so."""
        if row.is_left_out:
            sentence, code = _("Left out, as chosen for its donor."), "left_out"
        elif is_heading_again(self._texts_of(row), self._heading):
            sentence, code = _("The headings again: the row is skipped."), "heading_again"
        elif is_total_row(row.cells):
            sentence, code = _("A total of other rows: the row is skipped."), "total_row"
        elif note := self._note_in(row):
            sentence = _("“%(text)s” is read as a note below the table: the row is skipped.")
            sentence, code = sentence % {"text": note[:MOST_TOLD]}, "no_row"
        else:
            return False
        row.judged.problems.clear()
        row.judged.accepted = None
        row.warn(code, "donor" if code == "left_out" else "", sentence)
        return True

    def _texts_of(self, row: Row) -> Sequence[Cell]:
        """The cells to compare with headings, which are years where a row has several amounts."""
        return row.cells if self._several is None else [as_told(cell) for cell in row.cells]

    def _note_in(self, row: Row) -> str:
        """The text of a row that is a note; never of one that has an amount, however it came."""
        if row.amount is not None or row.amount_usd is not None:
            return ""
        needs = required_fields(row.kind)
        needed = {name for need in needs for names in need.any_of for name in names}
        return footnote_in(row.cells, row.place.columns, {"kind", *needed})
