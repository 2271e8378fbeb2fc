"""What the Board is told of the ERP beside the books: counts and sums per fund, nothing else."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.erp.matching import reconciliation
from income.models import ErpExport, Ledger
from income.periods import YearMonth
from interface.formatting import joined
from reports.figures.words import dollars


@dataclass(frozen=True)
class ErpStanding:
    """The last month up to the as-at month whose export was loaded; US dollars ERP less books.

    `by_fund` holds the funds that differ, by name.
    """

    month: YearMonth
    lines: int  # receipts of the ERP without a match
    postings: int  # receipts of the books without a match
    different: int  # matched, with another amount
    by_fund: tuple[tuple[str, Decimal], ...]

    @property
    def sentence(self) -> str:
        """The one line that the dashboard shows."""
        said = {"month": self.month, "lines": self.lines, "postings": self.postings}
        if not (self.lines or self.postings or self.different):
            return _("ERP and books match for %(month)s.") % said
        counts = (
            _(
                "Receipts of %(month)s without a match: %(lines)s of the ERP, "
                "%(postings)s of the books"
            )
            % said
        )
        if self.different:
            counts += _("; matched with another amount: %(count)s") % {"count": self.different}
        funds = joined([f"{name} {dollars(usd, 'exact')}" for name, usd in self.by_fund], ";")
        return _("%(counts)s. ERP less books: %(funds)s.") % {
            "counts": counts, "funds": funds or dollars(Decimal(0), "exact"),
        }  # fmt: skip


def erp_standing(ledger: Ledger, as_at: YearMonth) -> ErpStanding | None:
    """How ERP and books compare; None where no export was loaded up to the month."""
    months = ErpExport.objects.filter(ledger=ledger, is_current=True, month__lte=as_at.key)
    newest = months.order_by("-month").values_list("month", flat=True).first()
    if newest is None:
        return None
    found = reconciliation(ledger, YearMonth.from_key(newest))
    return ErpStanding(
        month=found.month,
        lines=len(found.unmatched_lines),
        postings=len(found.unmatched_receipts),
        different=len(found.different),
        by_fund=tuple((row.name, row.difference_usd) for row in found.funds if row.count),
    )
