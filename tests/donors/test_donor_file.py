"""A donor's page for staff: the whole relation, with as many queries however long it lasted."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from donors.models import Donor
from income.vocabulary import ContributionState, Kind
from tests import factories

pytestmark = pytest.mark.django_db
DUE = datetime.date(2021, 3, 4)


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.fixture
def books(sweden):
    return factories.ledger(code="R")


def signed(books, donor, amount="100.00", due_on=DUE):
    """An agreement with one instalment that is due and not paid."""
    contribution = factories.contribution(
        ledger=books, donor=donor, state=ContributionState.SIGNED, signed_on=DUE,
        amount=Decimal(amount), title="Programme agreement",
    )  # fmt: skip
    instalment = factories.instalment(
        contribution=contribution, amount=Decimal(amount), due_on=due_on
    )
    row = {"contribution": contribution, "donor": donor, "fund_id": "FE"}
    factories.posting(
        books,
        factories.entry(amount, kind=Kind.AGREEMENT, **row),
        factories.entry(amount, kind=Kind.DUE, instalment=instalment, **row),
    )
    return contribution


def page_of(client, donor, **asked):
    return client.get(reverse("donor", args=[donor.code]), {"books": "R", **asked})


def shown(table):
    return [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in table.rows]


def test_what_is_overdue_owed_and_hoped_for_is_told(client_of, officer, books, sweden):
    one = signed(books, sweden)
    factories.report_due(contribution=one, due_on=DUE)
    factories.contribution(
        ledger=books, donor=sweden, state=ContributionState.PROSPECT, probability=60,
        expected_on=datetime.date(2030, 1, 1), title="Perhaps core",
    )  # fmt: skip
    answer = page_of(client_of(officer), sweden)
    assert shown(answer.context["owed_table"]) == [
        ["4 Mar 2021", "overdue", f"{one.number} · Programme agreement", "USD 100.00", "–"]
    ]
    assert [row[:2] for row in shown(answer.context["report_table"])] == [["4 Mar 2021", "overdue"]]
    (prospect,) = shown(answer.context["prospect_table"])
    assert prospect[1:] == ["1 Jan 2030", "Foundation earmarked", "USD 100.00", "60"]
    figures = {one.label: one.value for one in answer.context["key_figures_shown"]}
    assert figures["Overdue instalments"] == figures["Reports owed"] == "1"
    assert figures["Open pledges and agreements"] == "1"
    html = answer.content.decode()
    for anchor in ("due", "reports", "prospects", "contacts", "engagements", "changes"):
        assert f'id="{anchor}"' in html
        assert f'href="#{anchor}"' in html


def test_a_prospect_is_not_on_the_representatives_page(client_of, representative, books, sweden):
    factories.contribution(
        ledger=books, donor=sweden, state=ContributionState.PROSPECT, probability=60,
        expected_on=datetime.date(2030, 1, 1), title="Perhaps core",
    )  # fmt: skip
    assert "Perhaps core" not in page_of(client_of(representative), sweden).content.decode()


def test_the_family_is_summed_apart_from_the_donor(client_of, officer, books, sweden):
    agency = factories.donor(parent=sweden, names={"en": "Agency"})
    merged = factories.donor(merged_into=agency, merged_on=DUE)
    for donor, amount in ((sweden, "100.00"), (agency, "20.00"), (merged, "3.00")):
        factories.posting(books, factories.entry(amount, donor=donor))
    answer = page_of(client_of(officer), sweden)
    assert shown(answer.context["family_table"]) == [
        ["Sweden", "100.00"], ["Agency", "23.00"], ["Together", "123.00"],
    ]  # fmt: skip
    assert answer.context["relation"].tables[0].total.total.amount_usd == Decimal(100)


def grow(books, donor, officer, times):
    for number in range(times):
        one = signed(books, donor)
        factories.report_due(contribution=one, due_on=DUE)
        factories.contact(donor=donor)
        document = factories.donor_document(donor=donor, added_by=officer)
        factories.engagement(donor=donor, document=document)
        factories.clearance(donor=donor, requested_by=officer, document=document)
        factories.approach(donor=donor)
        factories.audit_event(
            subject_id=str(donor.pk), by=officer.uuid, act="edit_donor",
            after={"focal_point": str(officer.uuid), "note": f"Note {number}"},
        )  # fmt: skip


def test_the_page_asks_as_many_queries_for_thirty_of_each_as_for_two(
    client_of, officer, books, sweden
):
    browser, counts = client_of(officer), []
    for times in (2, 28):
        grow(books, sweden, officer, times)
        with CaptureQueriesContext(connection) as queries:
            answer = page_of(browser, sweden, all="1")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 52
    assert len(answer.context["file"].engagements) == 30
    assert answer.context["file"].events[0].changes[0].after == officer.name


def test_long_lists_are_cut_and_shown_whole_when_asked(client_of, officer, books, sweden):
    for number in range(25):
        factories.engagement(donor=sweden, subject=f"Talk {number}")
    html = page_of(client_of(officer), sweden).content.decode()
    assert html.count("Talk ") == 20
    assert "all=1#engagements" in html
    assert page_of(client_of(officer), sweden, all="1").content.decode().count("Talk ") == 25
