"""Which entries are a donor's: its own, and those of the donors that were merged into it."""

from decimal import Decimal

from django.db.models import Count, Sum

from donors.models import Donor
from income.models import DonorTotal, Entry, Ledger
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.totals import NotConverted
from income.vocabulary import Kind, Mode
from reports.figures import links

GIVEN_KINDS = (Kind.RECEIPT, Kind.AUDITED_REVENUE)  # what a donor gave, on either basis
Cell = tuple[str, int, str, str, Decimal]  # kind, year, fund, mode, US dollars


def of_donor(ledger: Ledger, donor: Donor) -> EntryQuerySet:
    """Every entry of the donor in the books."""
    return Entry.objects.in_books(ledger).filter(donor__in=Donor.objects.with_merged(donor))


def yearly_cells(
    ledger: Ledger, donor: Donor, kinds: tuple[Kind, ...], first: int, last: int
) -> list[Cell]:
    """US dollars of the donor from the rollup, years `first` to `last`; none of them zero."""
    rows = DonorTotal.objects.filter(
        ledger=ledger, donor__in=Donor.objects.with_merged(donor), kind__in=kinds,
        year__gte=first, year__lte=last,
    )  # fmt: skip
    return list(
        rows.exclude(amount_usd=0).values_list("kind", "year", "fund_id", "mode", "amount_usd")
    )


def standing_receipts(ledger: Ledger, donor: Donor) -> EntryQuerySet:
    """The donor's receipts, without those that were reversed and their reversals."""
    receipts = of_donor(ledger, donor).receipts()
    return receipts.filter(posting__reverses=None, posting__reversed_by=None)


def not_converted(receipts: EntryQuerySet) -> tuple[NotConverted, ...]:
    """These receipts that have no exchange rate, by currency."""
    rows = receipts.not_converted().order_by("currency").values_list("currency")
    return tuple(
        NotConverted(*row) for row in rows.annotate(count=Count("pk"), amount=Sum("amount"))
    )


def not_cash_usd(receipts: EntryQuerySet) -> Decimal:
    """US dollars of these receipts that are goods, services or personnel; 0 where none is."""
    found = receipts.exclude(mode=Mode.CASH).aggregate(total=Sum("amount_usd"))["total"]
    return found or Decimal(0)


def entries_of(
    ledger: Ledger, donor: Donor, kind: str, funds: list[str], first: int, last: int, mode: str = ""
) -> str:
    """The address of the donor's entries of a kind from the first to the last year."""
    return links.entries(
        ledger.code, [kind], funds, YearMonth(first, 1), YearMonth(last, 12),
        donor=donor.code, mode=mode,
    )  # fmt: skip
