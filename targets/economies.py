"""Lists of emerging economies: one person enters one after a document, another approves it."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Area
from targets.measuring import MeasurementWrong, check_decider
from targets.models import EconomyList, ProposalState

BETWEEN_CODES = re.compile(r"[\s,;|]+")


def areas_typed(text: str) -> list[Area]:
    """The countries of pasted ISO 3166 codes of three letters, in any order.

    Raises MeasurementWrong, which names the codes that are not known.
    """
    codes = list(dict.fromkeys(code.upper() for code in BETWEEN_CODES.split(text) if code))
    found = Area.objects.in_bulk(codes)
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise MeasurementWrong(
            _("Not known as codes of countries: %(codes)s. Write the three letters of ISO 3166, "
              "such as BRA.") % {"codes": ", ".join(code[:12] for code in unknown[:10])},
            field="codes",
        )  # fmt: skip
    return [found[code] for code in codes]


@transaction.atomic
def enter_economy_list(
    *, source: str, dated_on: datetime.date, areas: Iterable[Area], by: User,
    today: datetime.date,
) -> EconomyList:  # fmt: skip
    """Keep a list for another person to decide. Raises MeasurementWrong."""
    if not by.may(Permission.ENTER_TARGETS):
        raise PermissionDenied
    countries = {area.pk: area for area in areas}
    if not source.strip():
        raise MeasurementWrong(_("Name the document and its edition."), field="source")
    if dated_on > today:
        raise MeasurementWrong(_("The day lies ahead."), field="dated_on")
    if not countries:
        raise MeasurementWrong(_("Choose or paste the countries of the list."), field="areas")
    row = EconomyList.objects.create(source=source.strip(), dated_on=dated_on, entered_by=by)
    row.areas.set(countries.values())
    record("enter_economy_list", row, by=by, after=_told(row))
    return row


@transaction.atomic
def approve_economy_list(found: EconomyList, *, by: User) -> EconomyList:
    """Put it in force from its day on; never by who entered it. Raises MeasurementWrong."""
    return _decided(found, ProposalState.APPROVED, "approve_economy_list", by)


@transaction.atomic
def return_economy_list(found: EconomyList, *, because: str, by: User) -> EconomyList:
    """Send it back with the reason; it is never in force. Raises MeasurementWrong."""
    if not because.strip():
        raise MeasurementWrong(_("Say why it is returned."), field="because")
    return _decided(found, ProposalState.RETURNED, "return_economy_list", by, because.strip())


def _decided(
    found: EconomyList, state: ProposalState, act: str, by: User, because: str = ""
) -> EconomyList:
    row = EconomyList.objects.select_for_update().get(pk=found.pk)
    before = _told(row)
    check_decider(row.state, row.entered_by_id, by)
    row.state, row.because = state, because
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["state", "because", "decided_by", "decided_at"])
    record(act, row, by=by, before=before, after=_told(row))
    return row


def _told(row: EconomyList) -> dict[str, Any]:
    return {
        "list": str(row.uuid), "source": row.source, "dated_on": row.dated_on.isoformat(),
        "areas": sorted(row.areas.values_list("iso3", flat=True)), "state": row.state,
        "because": row.because,
    }  # fmt: skip
