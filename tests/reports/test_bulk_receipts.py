"""Acknowledgements of all payments of a period in one order."""

import datetime
from decimal import Decimal

import pytest

from donors.models import Donor
from jobs.models import JobState
from reports.bulk.ordering import payments_of
from reports.models import SealedReport
from tests import factories
from tests.reports.test_bulk_making import _store, archive_of, index_of, ordered, run

__all__ = ["_store"]
pytestmark = pytest.mark.django_db
MARCH, MAY = datetime.date(2021, 3, 4), datetime.date(2021, 5, 6)


@pytest.fixture
def books(ledger):
    """Sweden: in March one payment in two lines (posting 1), in May two gifts of one posting (2)
    and one that was taken back (3, by 4), in 2020 one (5). Norway: one in May (6)."""
    sweden, norway = (Donor.objects.get(code=code) for code in ("SWE", "NOR"))
    promised = factories.contribution(ledger=ledger, donor=sweden, amount=Decimal(30))
    lines = [factories.entry(amount, donor=sweden, contribution=promised, value_date=MARCH)
             for amount in ("10.00", "20.00")]  # fmt: skip
    factories.posting(ledger, *lines)
    gifts = [factories.entry(amount, donor=sweden, value_date=MAY) for amount in ("1.00", "2.00")]
    factories.posting(ledger, *gifts)
    taken_back = factories.posting(ledger, factories.entry("7.00", donor=sweden, value_date=MAY))
    factories.door.reverse(
        taken_back, booked_month=factories.MARCH, note="Sent twice", token="reversal",
        prepared_by=None, approved_by=None,
    )  # fmt: skip
    before = datetime.date(2020, 12, 31)
    factories.posting(ledger, factories.entry("3.00", donor=sweden, value_date=before))
    factories.posting(ledger, factories.entry("4.00", donor=norway, value_date=MAY))
    return ledger


def test_a_payment_in_lines_is_one_and_what_was_taken_back_is_none(books):
    year = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)
    sweden = Donor.objects.get(code="SWE")
    assert payments_of(books, sweden, *year) == ["1/1", "2/1", "2/2"]
    assert payments_of(books, sweden, MARCH, MARCH) == ["1/1"]
    assert payments_of(books, Donor.objects.get(code="NOR"), *year) == ["6/1"]


def test_each_payment_of_the_period_is_acknowledged_in_each_language(books, officer):
    made = run(ordered(books, officer, type="receipt", languages=["en", "fr"]))
    assert (made.job.state, made.job.sentence) == (JobState.DONE, "8 reports were made.")
    with archive_of(made) as archive:
        assert archive.namelist() == [
            "NOR/receipt-NOR-2021-05-06-6-1-T-en.pdf", "NOR/receipt-NOR-2021-05-06-6-1-T-fr.pdf",
            "SWE/receipt-SWE-2021-03-04-1-1-T-en.pdf", "SWE/receipt-SWE-2021-03-04-1-1-T-fr.pdf",
            "SWE/receipt-SWE-2021-05-06-2-1-T-en.pdf", "SWE/receipt-SWE-2021-05-06-2-1-T-fr.pdf",
            "SWE/receipt-SWE-2021-05-06-2-2-T-en.pdf", "SWE/receipt-SWE-2021-05-06-2-2-T-fr.pdf",
            "index.csv",
        ]  # fmt: skip
    assert [row["Receipt"] for row in index_of(made)][::2] == ["6/1", "1/1", "2/1", "2/2"]
    again = run(ordered(books, officer, type="receipt", languages=["en", "fr"]))
    assert SealedReport.objects.count() == again.items.count() == 8
