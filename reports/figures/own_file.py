"""What a donor's representatives see of the working side: instalments, reports, letters, documents.

Of donors that were merged into it as well. Notes, summaries and what was only hoped for are not
in here: they are the staff's.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q, QuerySet

from donors.models import Contact, Donor, DonorDocument, Engagement
from donors.models.relations import DocumentKind, EngagementKind
from income.models import Contribution, Ledger, ReportDue
from reports.figures.relation import MOST, Owed, owed_of

# What passed between the two anyway, as far as DONOR_DOCUMENTS lets it (docs/decisions/0027).
SHARED_KINDS = (DocumentKind.AGREEMENT, DocumentKind.AMENDMENT, DocumentKind.NOTE_VERBALE)
SWITCHED = (*SHARED_KINDS, DocumentKind.LETTER, DocumentKind.REPORT)
NEVER_SHARED = (DocumentKind.BANK_ADVICE, DocumentKind.VALUATION, DocumentKind.CLEARANCE)


@dataclass(frozen=True)
class OwnFile:
    """Reports are by due date; letters and documents the latest first."""

    donor: Donor
    today: datetime.date
    owed: tuple[Owed, ...]
    reports_due: tuple[ReportDue, ...]  # not delivered yet
    reports_delivered: tuple[ReportDue, ...]  # the latest first
    letters: tuple[Engagement, ...]
    addressees: tuple[Contact, ...]
    documents: tuple[DonorDocument, ...]

    def has(self, document: DonorDocument | None) -> bool:
        """Whether the document is one of those that the donor may open."""
        return document is not None and document.pk in {one.pk for one in self.documents}


def own_file(ledger: Ledger, donor: Donor, today: datetime.date) -> OwnFile:
    """The donor's file in these books as it stands today; as many queries however long it is."""
    same = Donor.objects.with_merged(donor)
    found = Contribution.objects.in_books(ledger).filter(donor__in=same).promised()
    contributions = list(found.select_related("fund", "currency", "donor").order_by("pk"))
    reports = _reports(contributions)
    return OwnFile(
        donor=donor,
        today=today,
        owed=owed_of(contributions, today),
        reports_due=tuple(one for one in reports if one.submitted_on is None),
        reports_delivered=tuple(one for one in reversed(reports) if one.submitted_on),
        letters=tuple(_letters(same)[:MOST]),
        addressees=tuple(
            Contact.objects.filter(donor__in=same, is_current=True, is_addressee=True)
        ),
        documents=tuple(shared_documents(same)[:MOST]),
    )


def shared_documents(same: QuerySet[Donor]) -> QuerySet[DonorDocument]:
    """The documents that the donors' representatives may open.

    Agreements, amendments and notes verbales; what is filed as a letter; reports once they are
    delivered; each unless the installation leaves it out. Never bank advices, valuations, or what
    a due diligence clearance rests on.
    """
    closed = [kind for kind in SWITCHED if kind not in settings.DONOR_DOCUMENTS]
    found = Q(kind__in=SHARED_KINDS)
    if DocumentKind.LETTER not in closed:
        found |= Q(engagements__kind=EngagementKind.LETTER, engagements__donor=F("donor"))
    if DocumentKind.REPORT not in closed:
        found |= Q(reportdue__submitted_on__isnull=False)
    documents = DonorDocument.objects.filter(found, donor__in=same, clearance=None)
    shown = documents.exclude(kind__in=[*NEVER_SHARED, *closed])
    return shown.distinct().order_by("-dated_on", "-pk")


def _letters(same: QuerySet[Donor]) -> QuerySet[Engagement]:
    """Letters of which the file holds the letter itself: others are the staff's notes."""
    found = Engagement.objects.filter(
        donor__in=same, kind=EngagementKind.LETTER, document__isnull=False
    )
    return found.select_related("document").order_by("-happened_on", "-pk")


def _reports(contributions: list[Contribution]) -> list[ReportDue]:
    found = ReportDue.objects.filter(contribution__in=[one.pk for one in contributions])
    related = found.select_related("contribution", "document")
    return list(related.order_by("due_on", "pk")[:MOST])
