"""Finding agreements and receipts by what the ERP calls them."""

from dataclasses import dataclass

from django.db.models import Q

from donors.models import Donor, NameKind
from income.models import Contribution, ErpLine, ErpReference, Ledger, Posting
from income.vocabulary import ErpScheme

MOST = 50
# What people enter: the bank's reference comes with its payment.
ENTERED = [(value, label) for value, label in ErpScheme.choices if value != ErpScheme.BANK]


@dataclass(frozen=True)
class Found:
    """What carries the identifier, or one that begins with it."""

    contributions: tuple[Contribution, ...]
    postings: tuple[Posting, ...]
    rows: tuple[ErpReference, ...]  # each of one receipt of an import
    lines: tuple[ErpLine, ...]
    donors: tuple[Donor, ...]

    def __bool__(self) -> bool:
        return bool(self.contributions or self.postings or self.rows or self.lines or self.donors)


def find_by_reference(ledger: Ledger, value: str) -> Found:
    """Agreements, receipts and lines of the ERP by grant, fund, WBS, document or partner."""
    wanted = value.strip()[:60]
    if not wanted:
        return Found((), (), (), (), ())
    references = ErpReference.objects.filter(ledger=ledger, value__istartswith=wanted)
    contributions = Contribution.objects.filter(
        pk__in=references.filter(contribution__isnull=False).values("contribution")
    )
    whole = references.filter(posting__isnull=False, receipt_line=None)
    postings = Posting.objects.filter(pk__in=whole.values("posting"))
    rows = references.filter(receipt_line__isnull=False).select_related("posting__ledger")
    lines = ErpLine.objects.filter(export__ledger=ledger, export__is_current=True)
    by_line = lines.filter(
        Q(document__istartswith=wanted) | Q(partner__istartswith=wanted)
        | Q(grant__istartswith=wanted) | Q(fund__istartswith=wanted) | Q(wbs__istartswith=wanted)
    )  # fmt: skip
    donors = Donor.objects.filter(
        search_names__kind=NameKind.IDENTIFIER, search_names__name__istartswith=wanted
    ).distinct()
    return Found(
        tuple(contributions.select_related("donor", "fund").order_by("-pk")[:MOST]),
        tuple(postings.select_related("ledger").order_by("-sequence")[:MOST]),
        tuple(rows.order_by("-posting__sequence", "receipt_line", "pk")[:MOST]),
        tuple(by_line.select_related("export", "posting", "currency").order_by("-pk")[:MOST]),
        tuple(donors.order_by("code")[:MOST]),
    )
