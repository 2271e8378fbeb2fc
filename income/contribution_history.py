"""Every change of a contribution, from the audit trail, in words."""

import datetime
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEvent, User
from income.models import Contribution
from income.vocabulary import Act, ConditionState, ContributionState, Mode
from interface import formatting

MOST_HISTORY = 100
ACTS = {
    "add_prospect": gettext_lazy("Prospect added"),
    "edit_prospect": gettext_lazy("Prospect changed"),
    "drop_prospect": gettext_lazy("Prospect given up"),
    "extend_agreement": gettext_lazy("Agreement extended"),
    "close_contribution": gettext_lazy("Agreement closed"),
    "reopen_contribution": gettext_lazy("Opened again after a reversal"),
    "reopen_condition": gettext_lazy("Condition open again after a reversal"),
    "undo_amendment": gettext_lazy("Amendment undone by a reversal"),
    "derive_reports": gettext_lazy("Reports owed were derived"),
    "set_iati_identifier": gettext_lazy("IATI identifier set"),
}
# What a reader is told of the fields; the others only lead from a row to its record.
FIELDS = {
    "state": gettext_lazy("State"), "fund_id": gettext_lazy("Fund"),
    "title": gettext_lazy("Purpose"), "text": gettext_lazy("Condition"),
    "mode": gettext_lazy("Mode"), "currency_id": gettext_lazy("Currency"),
    "currency": gettext_lazy("Currency"), "amount": gettext_lazy("Amount"),
    "probability": gettext_lazy("Probability, per cent"),
    "expected_on": gettext_lazy("Expected on"), "pledged_on": gettext_lazy("Pledged on"),
    "signed_on": gettext_lazy("Signed on"),
    "starts_on": gettext_lazy("Money is for the time from"), "ends_on": gettext_lazy("until"),
    "instrument_id": gettext_lazy("Financing instrument"),
    "earmarking_id": gettext_lazy("Earmarking"), "programme_id": gettext_lazy("Programme"),
    "region_id": gettext_lazy("Region"), "area_id": gettext_lazy("Country or area"),
    "programme_support_reason": gettext_lazy("Reason for another rate"),
    "iati_identifier": gettext_lazy("IATI identifier"),
    "reference": gettext_lazy("Agreement number"), "ended_on": gettext_lazy("Ended on"),
    "ended_because": gettext_lazy("Reason"), "because": gettext_lazy("Reason"),
    "reason": gettext_lazy("Reason"), "evidence": gettext_lazy("Evidence"),
}  # fmt: skip


@dataclass(frozen=True)
class HistoryLine:
    """One act on the contribution: when, who, what it changed (field, before, after)."""

    event: AuditEvent
    label: str
    by: str
    changes: tuple[tuple[str, str, str], ...]


def history(contribution: Contribution) -> list[HistoryLine]:
    """The acts on the contribution, newest first, with the persons who acted; two queries."""
    events = list(
        AuditEvent.objects.filter(
            subject=Contribution._meta.label_lower, subject_id=str(contribution.pk)
        ).order_by("-pk")[:MOST_HISTORY]
    )
    people = {
        user.uuid: user.name
        for user in User.objects.filter(uuid__in={e.by for e in events if e.by})
    }
    labels = {**dict(Act.choices), **ACTS}
    return [
        HistoryLine(
            event, str(labels.get(event.act, event.act)),
            people.get(event.by, "") if event.by else _("the portal itself"), _changes(event),
        )
        for event in events
    ]  # fmt: skip


def _changes(event: AuditEvent) -> tuple[tuple[str, str, str], ...]:
    """Field, before and after of what the act changed, as far as it is one value."""
    changes = []
    for name, label in FIELDS.items():
        before, after = event.before.get(name), event.after.get(name)
        if after not in ("", None) and before != after:
            changes.append((str(label), _told(name, before), _told(name, after)))
    return tuple(changes)


def _told(name: str, value: Any) -> str:
    """A value of the trail as a page writes it."""
    text = "" if value is None else str(value)
    if name == "state":
        states = {**dict(ContributionState.choices), **dict(ConditionState.choices)}
        return str(states.get(text, text))
    if name == "mode":
        return str(dict(Mode.choices).get(text, text))
    if name == "amount" and text:
        return _amount(text)
    if name.endswith("_on") and text:
        return formatting.format_date(datetime.date.fromisoformat(text[:10]))
    return text


def _amount(text: str) -> str:
    try:
        return formatting.format_rate(Decimal(text))  # grouped, with the decimals it has
    except InvalidOperation:
        return text
