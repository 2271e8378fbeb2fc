"""What was promised under each contribution of a donor, and what is still to come of it."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Max, Min, Q, Sum

from donors.models import Donor
from income.models import Contribution, Ledger
from income.periods import YearMonth
from income.vocabulary import Kind
from reports.figures import links
from reports.figures.donor_entries import of_donor
from reports.figures.sums import ZERO

BALANCED_KINDS = (Kind.PLEDGE, Kind.AGREEMENT, Kind.DUE, Kind.RECEIPT)
Days = tuple[datetime.date, datetime.date]  # the first and the last


@dataclass(frozen=True)
class Balance:
    """A contribution in its own currency. What was agreed was received, is outstanding or is to
    fall due later; nothing falls due under a pledge, so `agreed` is None there.
    """

    contribution: Contribution
    pledged: Decimal
    agreed: Decimal | None
    due_so_far: Decimal
    received: Decimal  # what payments credited to it
    hrefs: Mapping[str, str] = field(default_factory=dict)  # of its entries, by kind

    @property
    def outstanding(self) -> Decimal:
        """What has fallen due and has not arrived."""
        return max(self.due_so_far - self.received, ZERO)

    @property
    def due_later(self) -> Decimal:
        """What is agreed and has neither arrived nor fallen due."""
        return max((self.agreed or ZERO) - max(self.received, self.due_so_far), ZERO)


def balances_of(ledger: Ledger, donor: Donor, today: datetime.date) -> tuple[Balance, ...]:
    """Summed from the entries, so that corrections count."""
    rows = (
        of_donor(ledger, donor)
        .filter(contribution__isnull=False, kind__in=BALANCED_KINDS)
        .order_by()
        .values_list("contribution", "kind")
        .annotate(
            whole=Sum("amount"),
            so_far=Sum("amount", filter=Q(value_date__lte=today)),
            credited=Sum("credited_amount"),
            first=Min("value_date"),
            last=Max("value_date"),
        )
    )
    sums: dict[int, dict[str, Decimal]] = defaultdict(dict)
    spans: dict[int, dict[str, Days]] = defaultdict(dict)
    for contribution, kind, whole, so_far, credited, first, last in rows:
        spans[contribution][kind] = first, last
        counted = {Kind.DUE: so_far, Kind.RECEIPT: credited}.get(kind, whole)
        sums[contribution][kind] = counted or ZERO
    family = Donor.objects.with_merged(donor)
    found = Contribution.objects.in_books(ledger).filter(donor__in=family).promised()
    found = found.select_related("fund", "currency")
    balances = [
        _balance(one, sums[one.pk], _hrefs(ledger, donor, one, spans[one.pk]))
        for one in found.order_by("-pk")
    ]
    return tuple(sorted(balances, key=lambda one: not (one.outstanding or one.due_later)))


def _hrefs(
    ledger: Ledger, donor: Donor, contribution: Contribution, spans: Mapping[str, Days]
) -> dict[str, str]:
    """The addresses of the contribution's entries, by kind."""
    narrow = {"contribution": str(contribution.uuid)}
    return {
        kind: links.entries(
            ledger.code, [kind], [], YearMonth.of(first), YearMonth.of(last), donor=donor.code,
            narrow=narrow,
        )
        for kind, (first, last) in spans.items()
    }  # fmt: skip


def _balance(
    contribution: Contribution, sums: Mapping[str, Decimal], hrefs: Mapping[str, str]
) -> Balance:
    return Balance(
        hrefs=hrefs,
        contribution=contribution,
        pledged=sums.get(Kind.PLEDGE, ZERO),
        agreed=sums.get(Kind.AGREEMENT),
        due_so_far=sums.get(Kind.DUE, ZERO),
        received=sums.get(Kind.RECEIPT, ZERO),
    )
