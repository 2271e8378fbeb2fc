"""Gross and net: what was received and agreed, and every reduction with its reason."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from income.periods import YearMonth
from income.vocabulary import Kind, Reason
from reports.figures.scope import Scope

ZERO = Decimal(0)
KINDS = (Kind.RECEIPT, Kind.AGREEMENT)


@dataclass(frozen=True)
class Reduction:
    """What one reason took off or added; US dollars, below zero where it reduces."""

    reason: str
    label: str
    amount_usd: Decimal
    count: int
    link: str


@dataclass(frozen=True)
class GrossNet:
    """One kind: gross (ordinary entries), each other reason, and what is left. In cash."""

    kind: str
    label: str
    gross_usd: Decimal
    gross_link: str
    changes: tuple[Reduction, ...]
    net_link: str

    @property
    def net_usd(self) -> Decimal:
        """Gross and all changes together: what the sums of the books hold."""
        return self.gross_usd + sum((one.amount_usd for one in self.changes), ZERO)


def gross_and_net(
    scope: Scope, first: YearMonth | None = None, last: YearMonth | None = None
) -> tuple[GrossNet, ...]:
    """Receipts and agreements of the months (of all time, without); one query.

    A kind without any entry is left out.
    """
    within = Q()
    if first:
        within &= Q(value_date__gte=first.first_day)
    if last:
        within &= Q(value_date__lte=last.last_day)
    rows = (
        scope.entries()
        .in_cash()
        .filter(within, kind__in=KINDS, amount_usd__isnull=False)
        .order_by()
        .values_list("kind", "reason")
        .annotate(usd=Sum("amount_usd"), count=Count("pk"))
    )
    found: dict[str, dict[str, tuple[Decimal, int]]] = defaultdict(dict)
    for kind, reason, usd, count in rows:
        found[kind][reason] = (usd, count)
    return tuple(_gross_net(scope, kind, found[kind], first, last) for kind in KINDS if found[kind])


def _gross_net(
    scope: Scope, kind: Kind, found: dict[str, tuple[Decimal, int]], first: YearMonth | None,
    last: YearMonth | None,
) -> GrossNet:  # fmt: skip
    return GrossNet(
        kind=kind,
        label=str(kind.label),
        gross_usd=found.get(Reason.ORDINARY, (ZERO, 0))[0],
        gross_link=scope.link([kind], first, last, reason=Reason.ORDINARY),
        changes=tuple(
            Reduction(
                reason, str(reason.label), *found[reason],
                scope.link([kind], first, last, reason=reason),
            )
            for reason in Reason
            if reason in found and reason is not Reason.ORDINARY
        ),
        net_link=scope.link([kind], first, last),
    )  # fmt: skip
