"""The audit trail as a file."""

import datetime
import json
from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import AuditEvent
from interface.formatting import is_right_to_left
from interface.sheets import csv_stream
from interface.workbooks import xlsx_bytes
from reports.audit.searching import rows

AT_ONCE = 500
MOST_ROWS = 50_000  # of a workbook, which is made in memory; a CSV file has no end


def header() -> list[str]:
    """The columns, in the reader's language."""
    return [
        _("Number"), _("When (UTC)"), _("By"), _("Account"), _("Act"), _("Concerning"),
        _("Key of the row"), _("Donor"), _("Request"), _("Before"), _("After"),
        _("Sealed at (UTC)"),
    ]  # fmt: skip


def lines(events: "QuerySet[AuditEvent]") -> Iterator[list[object]]:
    """A line per event, read in pieces; personal values as far as they are still held."""
    waiting = events.iterator(chunk_size=AT_ONCE)
    while part := list(islice(waiting, AT_ONCE)):
        for row in rows(part):
            event = row.event
            yield [
                event.pk, _utc(event.at), row.by, str(event.by or ""), event.act, event.subject,
                event.subject_id, row.donor, event.request_id, _text(event.before),
                _text(event.after), _utc(row.sealed_at),
            ]  # fmt: skip


def audit_csv(events: "QuerySet[AuditEvent]") -> Iterator[bytes]:
    """All of them, in pieces."""
    return csv_stream(header(), lines(events))


def audit_xlsx(events: "QuerySet[AuditEvent]", *, made_at: datetime.datetime) -> bytes:
    """The newest MOST_ROWS of them."""
    return xlsx_bytes(
        _("Audit trail"), header(), lines(events[:MOST_ROWS]),
        is_right_to_left=is_right_to_left(), made_at=made_at.replace(tzinfo=None),
    )  # fmt: skip


def _utc(at: datetime.datetime | None) -> str:
    return at.astimezone(datetime.UTC).isoformat(timespec="seconds") if at else ""


def _text(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else ""
