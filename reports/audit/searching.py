"""Finding events of the audit trail, page by page along their numbers."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit.personal import with_values
from accounts.audit.sealing import sealed_times
from accounts.models import AuditEvent, User
from donors.models import Donor

EVENTS_A_PAGE = 100


class AuditSearch(forms.Form):
    """Who did what, to what, for whom, when. Every field may be empty."""

    who = forms.CharField(
        label=_("Person"), required=False, max_length=200,
        help_text=_("A part of the name or e-mail address."),
    )  # fmt: skip
    act = forms.CharField(label=_("Act"), required=False, max_length=60)
    subject = forms.CharField(label=_("Concerning"), required=False, max_length=60)
    donor = forms.CharField(label=_("Code of the donor"), required=False, max_length=40)
    since = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_donor(self) -> str:
        code: str = self.cleaned_data["donor"].strip()
        if code and not Donor.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("There is no donor with this code."))
        return code


@dataclass(frozen=True)
class Row:
    """An event as a page shows it."""

    event: AuditEvent
    by: str  # name; empty where nobody is named
    donor: str  # code
    sealed_at: datetime.datetime | None


def found(asked: Mapping[str, Any]) -> "QuerySet[AuditEvent]":
    """The events that were asked for, the newest first."""
    events = AuditEvent.objects.order_by("-pk")
    if who := asked.get("who"):
        of_name = User.objects.filter(Q(name__icontains=who) | Q(email__icontains=who))
        events = events.filter(by__in=list(of_name.values_list("uuid", flat=True)))
    if act := asked.get("act"):
        events = events.filter(act__icontains=act.strip().replace(" ", "_"))
    if subject := asked.get("subject"):
        events = events.filter(Q(subject__icontains=subject) | Q(subject_id__iexact=subject))
    if donor := asked.get("donor"):
        events = events.filter(donor_pk__in=_same_donors(donor))
    if since := asked.get("since"):
        events = events.filter(at__gte=_begin(since))
    if until := asked.get("until"):
        events = events.filter(at__lt=_begin(until + datetime.timedelta(days=1)))
    return events


def _same_donors(code: str) -> list[int]:
    same = Donor.objects.with_merged(Donor.objects.get(code__iexact=code))
    return [donor.pk for donor in same]


def _begin(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def page_before(events: "QuerySet[AuditEvent]", before: str) -> tuple[list[Row], int | None]:
    """The events with numbers under `before` (all where that is no number), as many as a page
    holds, and the number to go on from; None at the end.
    """
    if before.isascii() and before.isdigit():
        events = events.filter(pk__lt=int(before[:18]))
    read = list(events[: EVENTS_A_PAGE + 1])
    shown = read[:EVENTS_A_PAGE]
    return rows(shown), shown[-1].pk if len(read) > EVENTS_A_PAGE else None


def rows(events: Sequence[AuditEvent]) -> list[Row]:
    """The events with names, donors, seals and the personal values that are still held."""
    names, codes = _names(events), _codes(events)
    sealed = sealed_times(event.pk for event in events)
    return [
        Row(
            event=event, by=names.get(event.by, "") if event.by else "",
            donor=codes.get(event.donor_pk, "") if event.donor_pk else "",
            sealed_at=sealed.get(event.pk),
        )
        for event in with_values(events)
    ]  # fmt: skip


def _names(events: Iterable[AuditEvent]) -> dict[UUID, str]:
    wanted = {event.by for event in events if event.by}
    return dict(User.objects.filter(uuid__in=wanted).values_list("uuid", "name"))


def _codes(events: Iterable[AuditEvent]) -> dict[int, str]:
    wanted = {event.donor_pk for event in events if event.donor_pk}
    return dict(Donor.objects.filter(pk__in=wanted).values_list("pk", "code"))
