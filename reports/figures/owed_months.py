"""What was agreed and has not arrived, by the month it falls due: overdue together, then ahead.

As the books stand today, in US dollars at the rates in force today, as the page of what is
outstanding tells it: the two never differ, so that neither gives away what the other withholds.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.periods import YearMonth
from income.totals import NotConverted
from reports.figures.answering import Answering
from reports.figures.disclosure import Cells, families, may_be_shown
from reports.figures.outstanding import (
    TOTAL,
    Owed,
    OwedCell,
    amounts_by_donor,
    not_converted_of,
    owed_on,
    withheld_of,
)
from reports.figures.provenance import Basis, Provenance
from reports.figures.scope import Scope

OVERDUE, LATER = "overdue", "later"
MONTHS_AHEAD = 12


@dataclass(frozen=True)
class OwedMonths:
    """Overdue as one sum, the months ahead, and what is due after them: they add up to the total.

    A cell is None where it is withheld. `not_converted` is in no sum, and told to staff only.
    """

    provenance: Provenance
    on: datetime.date
    cells: tuple[OwedCell, ...]
    total: OwedCell
    not_converted: tuple[NotConverted, ...]

    @property
    def withholds(self) -> bool:
        return any(cell.amount_usd is None for cell in (*self.cells, self.total))


def why_not_owed(asked: Answering) -> str:
    """Why what is outstanding cannot stand beside the answer; empty where it can."""
    question = asked.question
    if question.known:
        return _("What is outstanding is told as the books stand now, not as they were known then.")
    if asked.basis is Basis.AUDITED:
        return _("What is outstanding is told beside money received, not beside audited revenue.")
    if asked.narrow.is_part:
        return _("What is outstanding is told for all of the money, not for a part of it.")
    if question.span and question.as_at != question.choices[0]:
        return _("What is outstanding is told as the books stand now: ask for their latest month.")
    return ""


def owed_months(asked: Answering, today: datetime.date) -> OwedMonths:
    """Who does not see promises sees sums that give away no single donor; six queries."""
    found = owed_on(Scope(asked.ledger), asked.ledger, today)
    cells = _by_month(found, today)
    sees_promises = asked.question.knows_unnamed
    withheld: frozenset[object] = frozenset() if sees_promises else _withheld(found, cells, today)
    usd = {key: sum(by_donor.values(), Decimal(0)) for key, by_donor in cells.items()}

    def cell(key: str, name: str) -> OwedCell:
        return OwedCell(key, name, None if key in withheld else usd[key])

    return OwedMonths(
        provenance=asked.provenance.about("OUTSTANDING"),
        on=today,
        cells=tuple(cell(key, _name(key)) for key in cells if key != TOTAL),
        total=cell(TOTAL, _("Total outstanding")),
        not_converted=not_converted_of(found) if sees_promises else (),
    )


def _name(key: str) -> str:
    if key == OVERDUE:
        return _("Overdue")
    return _("Later") if key == LATER else str(YearMonth.parse(key))


ByCell = dict[str, dict[int | None, Decimal]]


def _by_month(found: Iterable[Owed], today: datetime.date) -> ByCell:
    """US dollars by donor: overdue, each month ahead, later, and the total."""
    ahead = [YearMonth.of(today)]
    while len(ahead) < MONTHS_AHEAD:
        ahead.append(ahead[-1].next)
    cells: ByCell = {
        key: defaultdict(Decimal) for key in (OVERDUE, *(m.slug for m in ahead), LATER, TOTAL)
    }
    for one in found:
        usd = one.amount_usd
        if usd is not None:
            month = YearMonth.of(one.instalment.due_on).slug
            key = OVERDUE if one.days_overdue else month if month in cells else LATER
            cells[key][one.donor.pk] += usd
            cells[TOTAL][one.donor.pk] += usd
    return cells


def _withheld(found: list[Owed], cells: ByCell, today: datetime.date) -> frozenset[object]:
    """Overdue and the total are shown exactly where the page of what is outstanding shows them."""
    amounts = amounts_by_donor(found)
    there = withheld_of(amounts)
    fixed = {OVERDUE: ("overdue", TOTAL), TOTAL: ("total", TOTAL)}
    if any(key in there for key in fixed.values()):
        return frozenset(cells)  # the months would tell what is withheld there
    above = families({donor for by_donor in cells.values() for donor in by_donor})
    counted: ByCell = {key: defaultdict(Decimal) for key in cells}
    for key, by_donor in cells.items():
        for donor, usd in by_donor.items():
            counted[key][above[donor]] += usd
    equations = [[(key, -1 if key == TOTAL else 1) for key in cells]]
    # The forecast may tell what falls due to the end of the year: each part is a sum of its own.
    december = YearMonth(today.year, 12).slug
    ahead = [key for key in cells if key not in fixed]
    for part in ([k for k in ahead if k <= december], [k for k in ahead if k > december]):
        together: dict[int | None, Decimal] = defaultdict(Decimal)
        for key in part:
            for donor, usd in counted[key].items():
                together[donor] += usd
        if may_be_shown(together):
            equations.append([(key, 1) for key in part])
    return Cells(counted, equations, frozenset(fixed)).withheld()
