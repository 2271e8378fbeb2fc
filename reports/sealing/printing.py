"""The seal as a report prints it: `templates/reports/_seal.typ` sets what stands here."""

import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from interface.formatting import format_date, format_number
from reports.figures.asked_period import AskedPeriod
from reports.figures.words import books_named
from reports.models import SealedReport
from reports.pdf.statement import grouped_hash
from reports.sealing.documents import ALPHABET, CODE_LENGTH, SealedDocument, grouped_code


def verify_address(report: SealedReport) -> str:
    """Where anybody can ask whether the report is genuine and current."""
    address: str = settings.PORTAL_ADDRESS
    return address.rstrip("/") + reverse("verify_printed", args=[report.code])


def seal_data(report: SealedReport, document: SealedDocument) -> dict[str, Any]:
    """The seal in the document's language, JSON-ready.

    `facts` are label and value; `qr` is a drawing of the address, `qr_alt` what it is. `number`
    and `version` are there for heads and feet of pages.
    """
    address = verify_address(report)
    with translation.override(document.language):
        return {
            "title": _("Seal of this report"),
            "number": report.number,
            "version": format_number(report.version),
            "facts": _facts(report, document),
            "code_label": _("Verification code"),
            "code": grouped_code(report.code),
            "address": address,
            "sentence": _(
                "Whether this report is genuine and current, everybody can ask at this address, "
                "with the code or with the file."
            ),
            "qr": _drawing(address, _mask(address.replace(report.code, ALPHABET[:CODE_LENGTH]))),
            "qr_alt": _("QR code that opens the page of verification of this report"),
        }


def _facts(report: SealedReport, document: SealedDocument) -> list[list[str]]:
    facts = [
        [_("Report number"), report.number],
        [_("Version"), format_number(report.version)],
        [_("Period"), str(AskedPeriod(document.from_on, document.until_on))],
        [_("As at"), format_date(document.as_at_on)],
    ]
    if document.known:
        facts.append([_("State of knowledge"), document.known.label])
    return [
        *facts,
        [_("Made"), moment_text(report.made_at)],
        [_("Books"), books_named(document.ledger)],
        [_("State of the books"), format_number(document.sequence)],
        [_("Seal"), grouped_hash(document.hash)],
    ]


def moment_text(at: datetime.datetime) -> str:
    """Day and time, the same for readers of every time zone."""
    moment = at.astimezone(datetime.UTC)
    day = format_date(moment.date())
    return _("%(day)s, %(time)s UTC") % {"day": day, "time": moment.strftime("%H:%M")}


@lru_cache(maxsize=2)
def _mask(address: str) -> int:
    """The pattern that suits this address best, and nearly always the same with any other code in
    it: to weigh all eight for each takes longer than to draw one.
    """
    found: int = segno.make(address, error="m", micro=False).mask
    return found


def _drawing(address: str, mask: int) -> str:
    """Black on white with the quiet zone that the standard asks for, whatever is around it."""
    code = segno.make(address, error="m", micro=False, mask=mask)
    drawn = BytesIO()
    code.save(drawn, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, nl=False)
    return drawn.getvalue().decode()
