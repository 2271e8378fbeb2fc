"""Receipts by month and fund: every cell opens its entries, rows and columns add up."""

from dataclasses import dataclass

from income.totals import Span
from reports.figures.answering import Answering
from reports.figures.provenance import Provenance
from reports.figures.sums import months, total_of
from reports.figures.voluntary import Amount


@dataclass(frozen=True)
class MatrixRow:
    """One month: an amount per fund, in the funds' order, and their total. US dollars."""

    name: str
    slug: str
    cells: tuple[Amount, ...]
    total: Amount


@dataclass(frozen=True)
class MonthMatrix:
    """January to the as-at month by the funds of the total that hold money in that time.

    `funds` are codes and names; `totals` their sums, `total` the sum of everything: that of the
    fund table.
    """

    provenance: Provenance
    funds: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]
    totals: tuple[Amount, ...]
    total: Amount


def month_matrix(asked: Answering) -> MonthMatrix:
    """From the sums that are there already: no query."""
    every = list(months(*asked.span))
    funds = [
        fund
        for fund in total_of(asked.basis)
        if any((fund, month.key) in asked.sums.by_fund for month in every)
    ]
    rows = tuple(
        MatrixRow(
            name=str(month),
            slug=month.slug,
            cells=tuple(_amount(asked, (fund,), (month, month)) for fund in funds),
            total=_amount(asked, funds, (month, month)),
        )
        for month in every
    )
    return MonthMatrix(
        provenance=asked.provenance.about("TOTAL"),
        funds=tuple((fund, asked.names.get(fund, fund)) for fund in funds),
        rows=rows,
        totals=tuple(_amount(asked, (fund,), asked.span) for fund in funds),
        total=_amount(asked, funds, asked.span),
    )


def _amount(asked: Answering, funds: tuple[str, ...] | list[str], span: Span) -> Amount:
    """The sum; it leads to the entries of those of its funds that hold any."""
    held = [fund for fund in funds if asked.sums.of((fund,), *span)]
    return Amount(asked.sums.of(funds, *span), asked.sums.link(held, *span))
