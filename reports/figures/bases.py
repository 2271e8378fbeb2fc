"""Three bases of one year, always labelled: agreed at signature, due, received; with their bridge.

US dollars, in cash; what is not cash, what is conditional and what is pledged stand apart. Agreed
and due are of the whole year, received is up to the as-at month.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from income.models import DonorMonthTotal, Ledger
from income.periods import YearMonth
from income.totals import NotConverted
from income.vocabulary import Kind, Mode
from reports.figures import base_words as words
from reports.figures.base_cells import Key, Reading, read_cells
from reports.figures.bridge import Bridge, bridge
from reports.figures.reductions import GrossNet, gross_and_net
from reports.figures.scope import Scope, State, fund_names, of_one_state
from reports.figures.words import dollars
from reports.figures.years_for import YearsFor, years_for

__all__ = ["BaseCell", "BaseRow", "Bases", "BasesQuestion", "bases"]
ZERO = Decimal(0)
TOTAL = ""
BASES = (Kind.AGREEMENT, Kind.DUE, Kind.RECEIPT)
APART = (Kind.CONDITIONAL, Kind.PLEDGE)
COLUMNS = (*BASES, *APART)
OTHER_MODES = tuple(mode for mode in Mode if mode is not Mode.CASH)


@dataclass(frozen=True)
class BasesQuestion:
    """A year of the books, of one donor or one contribution where the scope names it.

    `fund` is the fund that the bridge is about; empty for all. `sees_everything` is False for
    the Board: sums that would give away a single donor are withheld.
    """

    scope: Scope
    year: int
    as_at: YearMonth
    fund: str = TOTAL
    sees_everything: bool = True

    @property
    def january(self) -> YearMonth:
        return YearMonth(self.year, 1)

    @property
    def december(self) -> YearMonth:
        return YearMonth(self.year, 12)


@dataclass(frozen=True)
class BaseCell:
    """A sum on one basis. None: withheld, because too few donors stand behind it."""

    basis: str
    amount_usd: Decimal | None
    link: str = ""

    @property
    def is_withheld(self) -> bool:
        return self.amount_usd is None


@dataclass(frozen=True)
class BaseRow:
    """A fund, a mode that is not cash, or the total in cash; cells in the order of COLUMNS."""

    code: str
    name: str
    cells: tuple[BaseCell, ...]
    is_total: bool = False

    def of(self, basis: str) -> BaseCell:
        """The cell of a basis. Raises KeyError."""
        return {cell.basis: cell for cell in self.cells}[basis]


@dataclass(frozen=True)
class Bases:
    """Everything the page shows; rows of funds are in cash and add up to the total.

    `not_cash` has a row for each other mode with money in it; it is in no other sum.
    """

    question: BasesQuestion
    state: State
    rows: tuple[BaseRow, ...]
    total: BaseRow
    not_cash: tuple[BaseRow, ...]
    bridge: Bridge
    years_for: YearsFor
    gross_net: tuple[GrossNet, ...]
    not_converted: tuple[tuple[str, tuple[NotConverted, ...]], ...]  # by kind
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def withholds(self) -> bool:
        """Whether a sum of the page is not shown."""
        cells = [cell for row in (*self.rows, self.total, *self.not_cash) for cell in row.cells]
        return any(cell.is_withheld for cell in cells) or self.bridge.withholds

    @property
    def headline(self) -> str:
        """The three bases in one sentence, each with its name."""
        row = self.row(self.question.fund)
        said = [
            words.said_of(basis, self.question.year, dollars(usd, digits=2))
            for basis in BASES
            for usd in (row.of(basis).amount_usd,)
            if usd is not None
        ]
        return " ".join(said)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: what is not converted, and money for other years."""
        left_out = [words.not_converted(kind, cells) for kind, cells in self.not_converted]
        return (*left_out, *self.years_for.notes)

    def row(self, fund: str) -> BaseRow:
        """The row of a fund, or the total."""
        return next((row for row in self.rows if row.code == fund), self.total)


def bases(question: BasesQuestion) -> Bases:
    """The answer, of one state of the books; about a dozen queries. Raises BooksMoving."""

    def make(ledger: Ledger) -> Bases:
        scope = replace(question.scope, ledger=ledger)
        return _Maker(replace(question, scope=scope)).make()

    return of_one_state(question.scope.ledger, make)


class _Maker:
    def __init__(self, question: BasesQuestion) -> None:
        self.question, self.scope = question, question.scope
        self.reading: Reading = read_cells(
            self.scope, question.year, question.as_at, _sums(question),
            withholds=not question.sees_everything,
        )  # fmt: skip
        self.names = fund_names()

    def make(self) -> Bases:
        shown = [f for f in self.names if any((kind, Mode.CASH, f) in self.reading.amounts
                                              for kind in COLUMNS)]  # fmt: skip
        question = self.question
        fund_scope = replace(self.scope, fund=question.fund)
        return Bases(
            question=question,
            state=State.of(self.scope.ledger),
            rows=tuple(self._row(fund, self.names[fund], Mode.CASH, fund) for fund in shown),
            total=self._row(TOTAL, _("Total in cash"), Mode.CASH, TOTAL, is_total=True),
            not_cash=tuple(self._others()),
            bridge=bridge(self.reading, fund_scope, question.year, question.as_at),
            years_for=years_for(fund_scope, question.year, until=question.as_at),
            gross_net=self._gross_net(fund_scope),
            not_converted=_not_converted(question),
            names=self.names,
        )

    def _row(
        self, code: str, name: str, mode: str, fund: str, *, is_total: bool = False
    ) -> BaseRow:
        cells = tuple(self._cell((kind, mode, fund)) for kind in COLUMNS)
        return BaseRow(code, name, cells, is_total)

    def _cell(self, key: Key) -> BaseCell:
        kind, mode, fund = key
        usd = self.reading.shown(key)
        if usd is None:
            return BaseCell(kind, None)
        is_open = self.question.sees_everything or kind == Kind.RECEIPT
        last = self.question.as_at if kind == Kind.RECEIPT else self.question.december
        funds = [fund] if fund else []
        link = self.scope.link([kind], self.question.january, last, funds=funds, mode=mode)
        return BaseCell(kind, usd, link if usd and is_open else "")

    def _others(self) -> Iterable[BaseRow]:
        for mode in OTHER_MODES:
            if any((kind, mode, TOTAL) in self.reading.amounts for kind in COLUMNS):
                yield self._row(mode.value, str(mode.label), mode, TOTAL)

    def _gross_net(self, scope: Scope) -> tuple[GrossNet, ...]:
        """For the Board of receipts only: single reductions of agreements are not its business."""
        found = gross_and_net(scope, self.question.january, self.question.as_at)
        return tuple(
            one for one in found if self.question.sees_everything or one.kind == Kind.RECEIPT
        )


def _sums(question: BasesQuestion) -> dict[Key, dict[int | None, Decimal]]:
    """US dollars by (kind, mode, fund) and donor; one query."""
    found: dict[Key, dict[int | None, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for kind, mode, fund, donor, usd in _rows(question):
        if usd:
            found[kind, mode, fund][donor] += usd
            found[kind, mode, TOTAL][donor] += usd
    return found


def _rows(question: BasesQuestion) -> Iterable[tuple[str, str, str, int | None, Decimal | None]]:
    scope, last = question.scope, question.as_at
    if scope.contribution or scope.donor:
        entries = scope.entries().in_year(question.year).filter(kind__in=COLUMNS)
        entries = entries.filter(~Q(kind=Kind.RECEIPT) | Q(value_date__lte=last.last_day))
        return entries.order_by().values_list("kind", "mode", "fund", "donor").annotate(
            usd=Sum("amount_usd")
        )  # fmt: skip
    totals = DonorMonthTotal.objects.filter(
        ledger=scope.ledger, kind__in=COLUMNS, month__gte=question.january.key,
        month__lte=question.december.key,
    ).filter(~Q(kind=Kind.RECEIPT) | Q(month__lte=last.key))  # fmt: skip
    rows = totals.order_by().values_list("kind", "mode", "fund", "donor")
    return rows.annotate(usd=Sum("amount_usd"))


def _not_converted(
    question: BasesQuestion,
) -> tuple[tuple[str, tuple[NotConverted, ...]], ...]:
    """By kind: how many entries of the year, in which currencies; reversed ones left out."""
    kinds = COLUMNS if question.sees_everything else (Kind.RECEIPT,)
    rows = (
        replace(question.scope, fund=question.fund).entries()
        .not_converted().in_year(question.year)
        .filter(kind__in=kinds, posting__reverses=None, posting__reversed_by__isnull=True)
        .order_by("kind", "currency")
        .values_list("kind", "currency")
        .annotate(count=Count("pk"), total=Sum("amount"))
    )  # fmt: skip
    found: dict[str, list[NotConverted]] = defaultdict(list)
    for kind, currency, count, total in rows:
        found[kind].append(NotConverted(currency, count, total))
    return tuple((kind, tuple(cells)) for kind, cells in found.items())
