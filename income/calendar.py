"""What falls on which day: instalments, reports, prospects, ends of agreements, campaigns.

For staff: prospects and overdue names are in it. Days are those of the books (Nairobi).
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from income.balances import states_of
from income.models import Campaign, Condition, Contribution, Instalment, Ledger, ReportDue
from income.vocabulary import ConditionState, ContributionState
from interface.formatting import format_amount

KINDS = {
    "instalment": _("Instalment due"),
    "report": _("Report due"),
    "prospect": _("Prospect expected"),
    "ending": _("Agreement ends"),
    "campaign": _("Campaign"),
    "condition": _("Condition still open"),
}
CAMPAIGN_PAGE = "campaign"  # the name of a campaign's address


@dataclass(frozen=True)
class Event:
    """Something that falls on a day. `identifier` is the same whenever it is asked for."""

    on: datetime.date
    kind: str
    title: str  # the donor, or the campaign's title
    detail: str
    path: str
    identifier: str
    is_done: bool = False
    until: datetime.date | None = None  # the last day, where it lasts

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class Span:
    """The first and the last day asked about, in which books, for whom."""

    books: Ledger
    user: User
    today: datetime.date
    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        return self.first, self.last

    @property
    def contributions(self) -> QuerySet[Contribution]:
        """Those of the books that the person may see."""
        return Contribution.objects.in_books(self.books).for_user(self.user, self.today)


def events(span: Span, kinds: Iterable[str] = ()) -> list[Event]:
    """What falls in the span, by day; all kinds, or those named. A constant number of queries."""
    wanted = set(kinds) or set(SOURCES)
    found = [event for kind, of in SOURCES.items() if kind in wanted for event in of(span)]
    return sorted(found, key=lambda event: (event.on, list(KINDS).index(event.kind), event.title))


def _instalments(span: Span) -> list[Event]:
    rows = Instalment.objects.filter(
        contribution__in=span.contributions.values("pk"), due_on__range=span.days
    ).select_related("contribution__donor")
    contributions = {row.contribution_id: row.contribution for row in rows}
    states = {
        state.instalment.pk: state
        for found in states_of(contributions.values()).values()
        for state in found
    }
    return [
        _of_contribution(
            row.contribution, row.due_on, "instalment", f"instalment-{row.uuid}",
            detail=format_amount(row.amount, row.contribution.currency_id),
            is_done=states[row.pk].is_settled,
        )
        for row in rows
        if row.pk in states
    ]  # fmt: skip


def _reports(span: Span) -> list[Event]:
    rows = ReportDue.objects.filter(
        contribution__in=span.contributions.values("pk"), due_on__range=span.days
    ).select_related("contribution__donor")
    return [
        Event(
            row.due_on, "report", row.contribution.donor.name, row.get_kind_display(),
            reverse("report", args=[row.uuid]), f"report-{row.uuid}", bool(row.submitted_on),
        )
        for row in rows
    ]  # fmt: skip


def _prospects(span: Span) -> list[Event]:
    rows = span.contributions.filter(
        state=ContributionState.PROSPECT, expected_on__range=span.days
    ).select_related("donor")
    return [
        _of_contribution(row, row.expected_on, "prospect", f"prospect-{row.uuid}") for row in rows
    ]


def _endings(span: Span) -> list[Event]:
    rows = span.contributions.filter(
        state=ContributionState.SIGNED, ends_on__range=span.days
    ).select_related("donor")
    return [_of_contribution(row, row.ends_on, "ending", f"ending-{row.uuid}") for row in rows]


def _conditions(span: Span) -> list[Event]:
    """Open conditions, on the day of their instalment; of the whole, on that of its first."""
    first = Min("contribution__instalments__due_on")
    rows = (
        Condition.objects.filter(
            contribution__in=span.contributions.values("pk"), state=ConditionState.OPEN
        )
        .annotate(on=Coalesce(F("instalment__due_on"), first))
        .filter(on__range=span.days)
        .select_related("contribution__donor")
    )
    return [
        _of_contribution(row.contribution, row.on, "condition", f"condition-{row.pk}", row.text)
        for row in rows
    ]


def _campaigns(span: Span) -> list[Event]:
    lasting = Q(ends_on__gte=span.first) | Q(ends_on=None, starts_on__gte=span.first)
    rows = Campaign.objects.filter(
        lasting, starts_on__lte=span.last, is_demonstration=span.books.is_demonstration
    )
    return [
        Event(
            row.starts_on, "campaign", row.title, row.get_kind_display(), campaign_path(row),
            f"campaign-{row.uuid}", until=row.ends_on,
        )
        for row in rows
    ]  # fmt: skip


def campaign_path(campaign: Campaign) -> str:
    """Where the campaign is handled."""
    return reverse("campaign", args=[campaign.uuid])


def _of_contribution(
    row: Contribution, on: datetime.date | None, kind: str, identifier: str, detail: str = "",
    *, is_done: bool = False,
) -> Event:  # fmt: skip
    path = reverse("contribution", args=[row.uuid])
    on = on or datetime.date.max
    return Event(on, kind, row.donor.name, detail or row.title, path, identifier, is_done)


SOURCES: dict[str, Callable[[Span], list[Event]]] = {
    "instalment": _instalments,
    "report": _reports,
    "prospect": _prospects,
    "ending": _endings,
    "campaign": _campaigns,
    "condition": _conditions,
}
