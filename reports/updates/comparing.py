"""An update as it was told, asked again of the books as known then, and beside today's."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from income.models import Fund, Ledger
from income.narrow import ALL, Narrow
from income.periods import YearMonth
from reports.figures.provenance import Basis
from reports.figures.restatement import Restatement, Since, restatement
from reports.figures.scope import State, of_one_state
from reports.figures.sums import OTHER, UNSPLIT, ZERO, Sums
from reports.figures.words import dollars
from reports.models import MonthlyUpdate
from reports.updates.asking import question_of
from reports.updates.stored import Figures, StoredRow, figures_of, rows_of


@dataclass(frozen=True)
class ToldRow:
    """A fund from January to the month, US dollars; None: not reported.

    `published_usd` is read from the stored bytes, `again_usd` asked of the books as known at the
    update's state, `today_usd` of the books as they stand.
    """

    code: str
    name: str
    is_total: bool
    published_usd: Decimal | None
    again_usd: Decimal | None
    today_usd: Decimal | None

    @property
    def is_equal(self) -> bool:
        """Whether the books as known then still give what was published."""
        return self.published_usd == self.again_usd

    @property
    def difference_usd(self) -> Decimal:
        """Today less what was published."""
        return (self.today_usd or ZERO) - (self.published_usd or ZERO)


@dataclass(frozen=True)
class UpdateTold:
    """The three views of one update, and the restatement between the first and the last.

    The restatement's lines are those of the update's year, in cash, up to its month: fund by fund
    they add up to the difference.
    """

    update: MonthlyUpdate
    state: State
    rows: tuple[ToldRow, ...]
    restatement: Restatement

    @property
    def is_equal(self) -> bool:
        return all(row.is_equal for row in self.rows)

    @property
    def casts(self) -> bool:
        """Whether every difference is the sum of the restatement's changes, to the cent."""
        changed: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.restatement.changes:
            changed[one.fund] += one.amount_usd or ZERO
        by_fund = {row.code: row.difference_usd for row in self.rows}
        return all(by_fund.get(fund, ZERO) == usd for fund, usd in changed.items())

    @property
    def headline(self) -> str:
        """What became of the update's total since."""
        total = next((row for row in self.rows if row.is_total), None)
        words = {"month": self.update.as_at}
        if total is None:
            return _("The update of %(month)s tells no total.") % words
        if not total.difference_usd and not self.restatement.changes:
            return _("The figures of the update of %(month)s stand unchanged today.") % words
        if not total.difference_usd:
            return _("The total of %(month)s stands; corrections moved money inside of it.") % words
        amount = {"amount": dollars(abs(total.difference_usd), "exact"), **words}
        if total.difference_usd > 0:
            return _("Today the books tell %(amount)s more than the update of %(month)s.") % amount
        return _("Today the books tell %(amount)s less than the update of %(month)s.") % amount


def told(update: MonthlyUpdate) -> UpdateTold:
    """The update's amounts then and now; of one state of the books.

    Raises PortalError, UpdateFile.DoesNotExist.
    """
    figures = figures_of(update)

    def make(books: Ledger) -> UpdateTold:
        found = _restated(books, update)
        return UpdateTold(update, State.of(books), tuple(_rows(books, update, figures)), found)

    return of_one_state(update.ledger, make)


def _restated(books: Ledger, update: MonthlyUpdate) -> Restatement:
    label = _("the update of %(month)s") % {"month": update.as_at}
    found = restatement(books, Since(update.sequence, label, update.as_at))
    year = update.as_at.year
    return replace(
        found,
        rows=tuple(row for row in found.rows if row.is_cash and row.year == year),
        changes=tuple(one for one in found.changes if one.is_cash and one.value_month.year == year),
    )


def _rows(books: Ledger, update: MonthlyUpdate, figures: Figures) -> Iterable[ToldRow]:
    names = {fund.code: str(fund) for fund in Fund.objects.all()}
    names["TOTAL"] = _("Total received and allotted")
    names["WITH_OTHER"] = _("Total with other revenue")
    span = YearMonth(update.as_at.year, 1), update.as_at
    held = question_of(books, update.as_at).span
    then, now = (
        Sums.read(books, Basis.RECEIVED, held, *span, narrow)
        for narrow in (Narrow(until=update.sequence), ALL)
    )
    for row in _told_rows(figures, now, span):
        yield _row(row, names.get(row.code, row.code), then, now, span)


def _told_rows(
    figures: Figures, now: Sums, span: tuple[YearMonth, YearMonth]
) -> Iterable[StoredRow]:
    """Those that are stored, and funds that had no row then because they held nothing."""
    stored = rows_of(figures)
    codes = {row.code for row in stored}
    since = [f for f in (UNSPLIT, OTHER) if f not in codes and now.of((f,), *span)]
    added = {f: StoredRow(f, False, (f,), ZERO, None, None) for f in since}
    for row in stored:
        if row.is_total and UNSPLIT in added:
            yield added.pop(UNSPLIT)
        yield row
    yield from added.values()


def _row(
    row: StoredRow, name: str, then: Sums, now: Sums, span: tuple[YearMonth, YearMonth]
) -> ToldRow:
    return ToldRow(
        code=row.code, name=name, is_total=row.is_total, published_usd=row.actual_usd,
        again_usd=then.reported(row.funds, *span), today_usd=now.reported(row.funds, *span),
    )  # fmt: skip
