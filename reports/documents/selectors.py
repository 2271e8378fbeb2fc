"""Which sealed reports a person may have."""

import datetime

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor
from income.models import Entry, Ledger
from reports.figures.donor_entries import standing_receipts
from reports.models import ReportDownload, SealedReport


def reports_for(user: User, today: datetime.date) -> QuerySet[SealedReport]:
    """Those of every donor for staff; of one's own donors, and of those merged into them, for a
    representative.
    """
    found = SealedReport.objects.select_related("donor", "ledger", "superseded_by")
    if user.may(Permission.VIEW_DONORS):
        return found
    own = Donor.objects.for_user(user, today).values("pk")
    return found.filter(
        Q(donor__in=own)
        | Q(donor__merged_into__in=own)
        | Q(donor__merged_into__merged_into__in=own)
    )


def reports_of(donor: Donor, ledger: Ledger) -> QuerySet[SealedReport]:
    """Every version made for the donor from the books, newest first, with who took it."""
    taken = ReportDownload.objects.select_related("user").order_by("-downloaded_at")
    found = SealedReport.objects.filter(ledger=ledger, donor__in=Donor.objects.with_merged(donor))
    related = found.select_related("donor", "ledger", "superseded_by")
    return related.prefetch_related(Prefetch("downloads", queryset=taken)).order_by("-made_at")


def receipts_to_acknowledge(ledger: Ledger, donor: Donor, *, most: int) -> list[Entry]:
    """The donor's last receipts that stand, newest first."""
    found = standing_receipts(ledger, donor).filter(amount__gt=0).select_related("posting")
    return list(found.order_by("-value_date", "-posting__sequence", "line")[:most])
