"""Where one contribution stands: promised, fallen due, received; and the reports owed for it.

The sums are those of the contribution's own page.
"""

import datetime
from dataclasses import dataclass

from income.agreement_page import sentence
from income.agreement_sums import Bases, bases
from income.balances import InstalmentState, instalment_states
from income.models import Contribution, Ledger, ReportDue
from reports.figures.receipts import Receipt, receipt_of
from reports.figures.scope import State, of_one_state

RELATED = ("fund", "currency", "posting", "contribution")


@dataclass(frozen=True)
class AgreementStatus:
    """As the books have it on `today`. Amounts of `sums` and `instalments` are in the
    contribution's currency; each receipt is in its own.
    """

    contribution: Contribution
    today: datetime.date
    state: State
    headline: str
    sums: Bases
    instalments: tuple[InstalmentState, ...]  # by due date
    receipts: tuple[Receipt, ...]  # those that stand, by value date
    reports: tuple[ReportDue, ...]  # owed and delivered, by due date

    @property
    def is_binding(self) -> bool:
        """Whether an agreement was signed: under a pledge nothing falls due."""
        return self.contribution.signed_on is not None


def agreement_status(contribution: Contribution, today: datetime.date) -> AgreementStatus:
    """The status of one state of the books. Raises BooksMoving."""

    def make(ledger: Ledger) -> AgreementStatus:
        entries = list(
            contribution.entries.select_related(*RELATED).order_by(
                "value_date", "posting__sequence", "line"
            )
        )
        states = instalment_states(contribution)
        sums = bases(contribution, entries, states, today)
        receipts = contribution.entries.receipts().filter(
            posting__reverses=None, posting__reversed_by=None
        )
        return AgreementStatus(
            contribution=contribution, today=today, state=State.of(ledger),
            headline=sentence(contribution, sums, states, today), sums=sums,
            instalments=tuple(states),
            receipts=tuple(map(receipt_of, receipts.select_related(*RELATED).order_by(
                "value_date", "posting__sequence", "line"))),
            reports=tuple(contribution.reports_due.order_by("due_on", "pk")),
        )  # fmt: skip

    return of_one_state(contribution.ledger, make)
