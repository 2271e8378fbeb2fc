"""Measurements of indicators and their owners: one person enters, another approves."""

import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from interface.errors import PortalError
from targets.models import (
    Indicator,
    IndicatorOwner,
    Measurement,
    Milestone,
    ProposalState,
)
from targets.units import is_measured

MILESTONE = "milestone"  # the unit of what is done once
PERCENT = "percent"


class MeasurementWrong(PortalError):
    """A measurement, an owner or a list of countries that cannot be entered or decided so."""


@transaction.atomic
def enter_measurement(
    indicator: Indicator, *, measured_on: datetime.date, evidence: str, by: User,
    today: datetime.date, value: Decimal | None = None, milestone: str = "",
    evidence_url: str = "",
) -> Measurement:  # fmt: skip
    """Keep what somebody measured, for another person to decide. Raises MeasurementWrong.

    `value` is in the indicator's unit; a milestone has a state instead. What the books answer is
    computed, and never entered.
    """
    if not by.may(Permission.ENTER_TARGETS):
        raise PermissionDenied
    if not is_measured(indicator.code):
        raise MeasurementWrong(_("The books answer this indicator: nothing is entered for it."))
    _check_value(indicator, value, milestone)
    if measured_on > today:
        raise MeasurementWrong(
            _("The day lies ahead. Enter it once it is over."), field="measured_on"
        )
    if not evidence.strip():
        raise MeasurementWrong(
            _("Say what shows it: a document, a count, a page."), field="evidence"
        )
    row = Measurement.objects.create(
        indicator=indicator, measured_on=measured_on, value=value, milestone=milestone,
        evidence=evidence.strip(), evidence_url=evidence_url, entered_by=by,
    )  # fmt: skip
    record("enter_measurement", row, by=by, after=_told(row))
    return row


def _check_value(indicator: Indicator, value: Decimal | None, milestone: str) -> None:
    if indicator.unit == MILESTONE:
        if milestone not in Milestone.values or value is not None:
            raise MeasurementWrong(_("Say how far it is."), field="milestone")
        return
    if value is None or milestone:
        raise MeasurementWrong(_("Enter the value that was measured."), field="value")
    if value < 0:
        raise MeasurementWrong(_("A value below zero cannot be measured."), field="value")
    if indicator.unit == PERCENT and value > 100:
        raise MeasurementWrong(_("A share is at most 100 per cent."), field="value")


@transaction.atomic
def approve_measurement(measurement: Measurement, *, by: User) -> Measurement:
    """Let it count from now on; never by who entered it. Raises MeasurementWrong."""
    return _decided(measurement, ProposalState.APPROVED, "approve_measurement", by)


@transaction.atomic
def return_measurement(measurement: Measurement, *, because: str, by: User) -> Measurement:
    """Send it back with the reason; it never counts. Raises MeasurementWrong."""
    if not because.strip():
        raise MeasurementWrong(_("Say why it is returned."), field="because")
    return _decided(measurement, ProposalState.RETURNED, "return_measurement", by, because.strip())


def _decided(
    measurement: Measurement, state: ProposalState, act: str, by: User, because: str = ""
) -> Measurement:
    row = Measurement.objects.select_for_update().get(pk=measurement.pk)
    before = _told(row)
    check_decider(row.state, row.entered_by_id, by)
    row.state, row.because = state, because
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["state", "because", "decided_by", "decided_at"])
    record(act, row, by=by, before=before, after=_told(row))
    return row


def check_decider(state: str, entered_by: int, by: User) -> None:
    """Whether the person may decide what waits. Raises PermissionDenied, MeasurementWrong."""
    if not by.may(Permission.APPROVE_TARGETS):
        raise PermissionDenied
    if entered_by == by.pk:
        raise MeasurementWrong(_("You entered this yourself. Another person has to decide it."))
    if state != ProposalState.WAITING:
        raise MeasurementWrong(_("This is decided already."))


@transaction.atomic
def name_owner(indicator: Indicator, name: str, *, by: User) -> IndicatorOwner:
    """Name the unit or post that answers for the indicator. Raises MeasurementWrong."""
    if not by.may(Permission.ENTER_TARGETS):
        raise PermissionDenied
    if not name.strip():
        raise MeasurementWrong(_("Name the unit or post that answers for it."), field="name")
    Indicator.objects.select_for_update().get(pk=indicator.pk)  # two at once: the second waits
    row = IndicatorOwner.objects.filter(indicator=indicator).first()
    before = {"name": row.name} if row else {}
    if row is None:
        row = IndicatorOwner(indicator=indicator)
    row.name, row.named_by = name.strip(), by
    row.save()
    record("name_indicator_owner", indicator, by=by, before=before, after={"name": row.name})
    return row


def _told(row: Measurement) -> dict[str, Any]:
    return {
        "measurement": str(row.uuid), "indicator": row.indicator_id,
        "measured_on": row.measured_on.isoformat(),
        "value": None if row.value is None else str(row.value), "milestone": row.milestone,
        "evidence": row.evidence, "evidence_url": row.evidence_url, "state": row.state,
        "because": row.because,
    }  # fmt: skip
