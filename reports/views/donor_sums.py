"""What a donor's money adds up to besides the years: gross and net, the years it is for, memos."""

import datetime
from typing import Any

from donors.models import Donor
from income.models import Ledger
from income.periods import YearMonth
from interface.tables import Table
from reports.figures.lookthrough import memo_of_contributor, memo_of_pool
from reports.figures.reductions import gross_and_net
from reports.figures.scope import Scope
from reports.figures.years_for import years_for
from reports.tables import bases as tables_bases
from reports.tables import memos as tables_memos


def donor_sums(books: Ledger, found: Donor, today: datetime.date) -> dict[str, Any]:
    """For staff and for who speaks for the donor: it is the donor's own money."""
    scope = Scope(books, donor=found)
    changes = gross_and_net(scope)
    matrix = years_for(scope, until=YearMonth.of(today))
    return {
        "gross_net_table": tables_bases.gross_net_table(changes) if changes else None,
        "years_for_table": tables_bases.years_for_table(matrix) if matrix.rows else None,
    }


def memos(books: Ledger, found: Donor, year: int) -> dict[str, Any]:
    """For staff: who stands behind a pooled fund, or the part of pooled funds a donor stands for.

    Of a pooled fund the year that the page is about, to keep the page short.
    """
    lines = memo_of_contributor(books, found)
    return {
        "pool_tables": _of_year(books, found, year),
        "through_pools_table": tables_memos.through_pools_table(lines) if lines else None,
    }


def _of_year(books: Ledger, found: Donor, year: int) -> list[Table]:
    behind = memo_of_pool(books, found)
    return [tables_memos.pool_table(one) for one in behind if one.year == year]
