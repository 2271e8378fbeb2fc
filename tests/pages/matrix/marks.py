"""What only Sweden's rows contain, so that it is a leak wherever a stranger reads it."""

import uuid

import pytest

from accounts.models import User
from donors.models import Donor
from income.models import Entry, Ledger
from reports.models import BulkOrder, SealedReport
from tests import factories, report_factories

NAME, AMOUNT, REFERENCE = "Zemblania", "7654321.09", "ZEMBLA-REFERENCE"


@pytest.fixture
def swedens(acts: dict[str, str], cast: dict[str, User], settings) -> dict[str, str]:
    """What fills the variable parts; all of it under a name and an amount that nobody else has."""
    settings.PORTAL_BOOKS = "UNH"
    books, sweden = Ledger.objects.get(code="UNH"), Donor.objects.get(code="SWE")
    for code in sweden.names:
        sweden.names[code] = NAME
    sweden.save()
    gift = factories.entry(AMOUNT, donor=sweden)
    factories.posting(books, gift, reference=REFERENCE)
    old = SealedReport.objects.get(uuid=acts["report_file"])
    newer = report_factories.sealed_report(donor=sweden, ledger=books, version=2)
    SealedReport.objects.filter(pk=old.pk).update(superseded_by=newer, superseded_at=newer.made_at)
    order = BulkOrder.objects.get(uuid=acts["bulk"])
    report_factories.bulk_item(order=order, donor=sweden, report=newer, language="fr")
    return {**acts, "api_entry": str(Entry.objects.get(amount=AMOUNT).pk)}


def marks_of(swedens: dict[str, str]) -> set[str]:
    """The name, the amounts as pages and as files write them, and signs that rows are known by."""
    reports = SealedReport.objects.filter(donor__code="SWE")
    own = {sign for report in reports for sign in (report.code, report.number, str(report.uuid))}
    keys = {value for value in swedens.values() if len(value) == len(str(uuid.uuid4()))}
    return {NAME, AMOUNT, "7,654,321.09", REFERENCE, *own, *keys}


def marked(said: str, asked: str, marks: set[str]) -> list[str]:
    """The marks in what was said, but for those that the question itself held."""
    return [mark for mark in marks if mark in said and mark not in asked]
