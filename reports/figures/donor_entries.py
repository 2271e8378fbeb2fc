"""Which entries are a donor's: its own, and those of the donors that were merged into it."""

from decimal import Decimal

from django.db.models import Count, Q, Sum

from donors.models import Donor
from income.models import DonorTotal, Entry, Ledger
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.totals import NotConverted
from income.vocabulary import Kind, Mode
from reports.figures import links
from reports.figures.asked_period import AskedPeriod

GIVEN_KINDS = (Kind.RECEIPT, Kind.AUDITED_REVENUE)  # what a donor gave, on either basis
Cell = tuple[str, int, str, str, Decimal]  # kind, year, fund, mode, US dollars


def of_donor(ledger: Ledger, donor: Donor, until: int | None = None) -> EntryQuerySet:
    """Every entry of the donor in the books, or of what was posted up to the sequence `until`."""
    entries = Entry.objects.in_books(ledger).filter(donor__in=Donor.objects.with_merged(donor))
    return entries if until is None else entries.filter(posting__sequence__lte=until)


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


def period_cells(
    ledger: Ledger, donor: Donor, kinds: tuple[Kind, ...], period: AskedPeriod,
    until: int | None = None,
) -> list[Cell]:  # fmt: skip
    """The same for any time, its years together under the last; as known at a sequence if asked.

    Whole years as they stand are read from the rollup, anything else from the entries.
    """
    if period.is_whole_years and until is None:
        return yearly_cells(ledger, donor, kinds, period.years[0], period.years[-1])
    rows = (
        of_donor(ledger, donor, until)
        .filter(
            kind__in=kinds, amount_usd__isnull=False,
            value_date__gte=period.from_on, value_date__lte=period.until_on,
        )
        .order_by()
        .values_list("kind", "fund_id", "mode")
        .annotate(usd=Sum("amount_usd"))
    )  # fmt: skip
    last = period.years[-1]
    return [
        (kind, last, fund, mode, usd)
        for kind, fund, mode, usd in rows
        if usd and (period.is_whole_years or kind != Kind.AUDITED_REVENUE)
    ]


def standing_receipts(ledger: Ledger, donor: Donor, until: int | None = None) -> EntryQuerySet:
    """The donor's receipts, without those that were reversed and their reversals.

    A reversal after the sequence `until` has not happened yet.
    """
    stands = Q(posting__reversed_by=None)
    if until is not None:
        stands |= Q(posting__reversed_by__sequence__gt=until)
    return of_donor(ledger, donor, until).receipts().filter(stands, posting__reverses=None)


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
    ledger: Ledger, donor: Donor, kind: str, funds: list[str], first: int, last: int,
    mode: str = "", until: int | None = None,
) -> str:  # fmt: skip
    """The address of the donor's entries of a kind from the first to the last year."""
    return links.entries(
        ledger.code, [kind], funds, YearMonth(first, 1), YearMonth(last, 12),
        donor=donor.code, mode=mode, narrow={} if until is None else {"until": str(until)},
    )  # fmt: skip
