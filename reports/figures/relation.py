"""The working side of the relation with one donor, for staff: what is due, owed, said and kept."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from donors.models import Clearance, Contact, Donor, DonorDocument, Engagement
from income.balances import InstalmentState, states_of
from income.families import family_of
from income.models import Approach, Contribution, DonorTotal, Ledger, ReportDue
from income.totals import reach
from income.vocabulary import ContributionState
from interface.sorting import in_order
from reports.figures.donor_entries import GIVEN_KINDS
from reports.figures.donor_history import Event, history_of
from reports.figures.sums import ZERO

LATEST = 20  # of each list, unless all are asked for
MOST = 1_000
OPEN_STATES = (ContributionState.PLEDGED, ContributionState.SIGNED)


@dataclass(frozen=True)
class Owed:
    """An instalment that is not settled; amounts in the contribution's currency."""

    contribution: Contribution
    state: InstalmentState
    is_overdue: bool
    is_next: bool  # the first that falls due from today on

    @property
    def due_on(self) -> datetime.date:
        return self.state.instalment.due_on


@dataclass(frozen=True)
class FamilyTotal:
    """What one donor of the family gave over all years of the books, US dollars, by kind."""

    donor: Donor
    by_kind: dict[str, Decimal]


@dataclass(frozen=True)
class Family:
    """The donor and its parts. Kinds are never added."""

    kinds: tuple[str, ...]
    rows: tuple[FamilyTotal, ...]  # the donor itself first

    def total(self, kind: str) -> Decimal:
        return sum((row.by_kind.get(kind, ZERO) for row in self.rows), ZERO)


@dataclass(frozen=True)
class Relation:
    """Everything about the donor that is for staff alone. Lists hold the donor's own rows and
    those of donors that were merged into it.
    """

    donor: Donor
    today: datetime.date
    owed: tuple[Owed, ...]  # by due date, overdue ones first
    prospects: tuple[Contribution, ...]
    reports: tuple[ReportDue, ...]  # not submitted, by due date
    contacts: tuple[Contact, ...]
    engagements: tuple[Engagement, ...]
    documents: tuple[DonorDocument, ...]
    clearances: tuple[Clearance, ...]
    approaches: tuple[Approach, ...]
    events: tuple[Event, ...]
    merged: tuple[Donor, ...]
    parts: tuple[Donor, ...]
    family: Family | None  # None where it has no parts
    open_count: int  # pledges and agreements that are neither closed nor cancelled
    is_cut: bool  # whether a list goes on

    @property
    def overdue(self) -> tuple[Owed, ...]:
        return tuple(one for one in self.owed if one.is_overdue)

    @property
    def next_due(self) -> Owed | None:
        return next((one for one in self.owed if one.is_next), None)


def relation_of(
    ledger: Ledger, donor: Donor, today: datetime.date, *, most: int = LATEST
) -> Relation:
    """The relation in the books as it stands today; as many queries however long it lasted."""
    same = list(Donor.objects.with_merged(donor))
    contributions = _contributions(ledger, same)
    engagements = _some(Engagement.objects.filter(donor__in=same), most, "donor", "document")
    documents = _some(DonorDocument.objects.filter(donor__in=same), most, "added_by", "donor")
    events = history_of(same, most)
    parts = tuple(donor.parts.standing().in_order())
    return Relation(
        donor=donor,
        today=today,
        owed=owed_of(contributions, today),
        prospects=tuple(one for one in contributions if one.state == ContributionState.PROSPECT),
        reports=_reports(contributions),
        contacts=tuple(Contact.objects.filter(donor__in=same).select_related("donor")),
        engagements=engagements[:most],
        documents=documents[:most],
        clearances=_clearances(same),
        approaches=_approaches(same),
        events=events[:most],
        merged=tuple(one for one in same if one.pk != donor.pk),
        parts=parts,
        family=_family(ledger, donor) if parts else None,
        open_count=sum(one.state in OPEN_STATES for one in contributions),
        is_cut=any(len(rows) > most for rows in (engagements, documents, events)),
    )


def _contributions(ledger: Ledger, same: list[Donor]) -> list[Contribution]:
    found = Contribution.objects.in_books(ledger).filter(donor__in=same)
    return list(found.select_related("fund", "currency", "donor").order_by("pk"))


def _some(rows: QuerySet[Any], most: int, *related: str) -> tuple[Any, ...]:
    """One more than are shown, so that the page can say that there are more."""
    return tuple(rows.select_related(*related)[: most + 1])


def owed_of(contributions: list[Contribution], today: datetime.date) -> tuple[Owed, ...]:
    """The instalments of the signed ones that are not settled, by due date."""
    signed = {one.pk: one for one in contributions if one.state == ContributionState.SIGNED}
    unsettled = [
        (state, signed[pk])
        for pk, states in states_of(signed.values()).items()
        for state in states
        if not state.is_settled
    ]
    unsettled.sort(key=lambda pair: (pair[0].instalment.due_on, pair[0].instalment.pk))
    ahead = [state for state, _of in unsettled if state.instalment.due_on >= today]
    return tuple(
        Owed(one, state, state.is_overdue(today), bool(ahead) and state is ahead[0])
        for state, one in unsettled
    )


def _reports(contributions: list[Contribution]) -> tuple[ReportDue, ...]:
    found = ReportDue.objects.filter(
        contribution__in=[one.pk for one in contributions], submitted_on=None
    )
    return tuple(found.select_related("contribution").order_by("due_on", "pk")[:MOST])


def _clearances(same: list[Donor]) -> tuple[Clearance, ...]:
    found = Clearance.objects.filter(donor__in=same)
    return tuple(found.select_related("requested_by", "decided_by", "document"))


def _approaches(same: list[Donor]) -> tuple[Approach, ...]:
    found = Approach.objects.filter(donor__in=same).select_related("campaign", "currency")
    counted = found.annotate(came_of_it=Count("contributions"))
    return tuple(counted.order_by("-campaign__starts_on", "-pk"))


def _family(ledger: Ledger, donor: Donor) -> Family:
    """Per donor of the family, as it is today; the parts of parts stand by themselves."""
    members = family_of(donor)
    today = Donor.objects.become(members)
    sums: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    rows = DonorTotal.objects.filter(ledger=ledger, donor__in=members, kind__in=GIVEN_KINDS)
    for pk, kind, usd in rows.order_by().values_list("donor", "kind").annotate(Sum("amount_usd")):
        sums[today[pk].pk][kind] += usd
    standing, spans = {one.pk: one for one in today.values()}, reach(ledger)
    others = in_order((one for pk, one in standing.items() if pk != donor.pk), lambda one: one.name)
    return Family(
        kinds=tuple(kind for kind in GIVEN_KINDS if kind in spans),
        rows=tuple(FamilyTotal(one, dict(sums[one.pk])) for one in (donor, *others)),
    )
