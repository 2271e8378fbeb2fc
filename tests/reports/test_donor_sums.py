"""A donor's page tells gross and net, the years money is for, and memos that are in no sum."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from donors.models import Donor
from income.vocabulary import Kind, Mode, Reason
from reports.figures.lookthrough import memo_of_contributor
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.fixture
def books(sweden):
    """900 for 2021 and 50 for 2022 that came in 2021; 100 of it went back."""
    ledger = factories.ledger(code="R")
    factories.posting(
        ledger,
        factories.entry("900.00", donor=sweden),
        factories.entry("50.00", donor=sweden, year_for=2022),
        factories.entry(
            "-100.00", donor=sweden, reason=Reason.REFUND, value_date=datetime.date(2021, 9, 1)
        ),
        factories.entry("7.00", donor=sweden, mode=Mode.IN_KIND),
        factories.entry("800.00", donor=sweden, kind=Kind.AGREEMENT),
    )
    return ledger


def page_of(client, donor, **asked):
    return client.get(reverse("donor", args=[donor.code]), {"books": "R", **asked})


def shown(table):
    return [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in table.rows]


def stands_behind(donor, *, pools=1, share="0.25", year=2021):
    made = []
    for _number in range(pools):
        pool = factories.donor(contributor_type_id="C04D")
        factories.pooled_share(
            pooled_fund=pool, contributor=donor, year=year, share_rate=Decimal(share),
            source="Annual report",
        )  # fmt: skip
        made.append(pool)
    return made


def test_gross_every_reduction_and_net_stand_on_the_page(client_of, officer, books, sweden):
    answer = page_of(client_of(officer), sweden)
    assert shown(answer.context["gross_net_table"]) == [
        ["Receipt, gross", "950.00"],
        [Reason.REFUND.label, "\N{MINUS SIGN}100.00"],
        ["Receipt, net", "850.00"],
        ["Agreement, gross", "800.00"],
        ["Agreement, net", "800.00"],
    ]
    assert 'id="gross-net"' in answer.content.decode()


def test_the_year_money_is_for_stands_beside_the_year_it_came(client_of, officer, books, sweden):
    table = page_of(client_of(officer), sweden).context["years_for_table"]
    assert shown(table) == [
        ["2021", "800.00", "800.00"], ["2022", "50.00", "50.00"], ["Together", "850.00", "–"],
    ]  # fmt: skip
    assert len(table.footnotes) == 1 and "2022" in table.footnotes[0]


def test_a_donors_own_representative_reads_its_sums_and_no_memo(client_of, books, sweden):
    (pool,) = stands_behind(sweden)
    factories.posting(books, factories.entry("400.00", donor=pool))
    own = factories.user(role="representative")
    factories.representation(user=own, donor=sweden)
    answer = page_of(client_of(own), sweden)
    assert shown(answer.context["gross_net_table"])[2] == ["Receipt, net", "850.00"]
    assert "through_pools_table" not in answer.context
    html = answer.content.decode()
    assert "never added to income" not in html and reverse("bases") not in html
    assert 'id="years-for"' in html


def test_staff_read_what_stands_behind_a_pooled_fund_and_nothing_is_added(
    client_of, officer, books, sweden
):
    (pool,) = stands_behind(sweden)
    factories.posting(books, factories.entry("400.00", donor=pool))
    browser = client_of(officer)
    of_fund = page_of(browser, pool, year=2021).context
    assert [shown(table) for table in of_fund["pool_tables"]] == [
        [
            ["Sweden", "25.00%", "100.00"], ["Contributors not known", "–", "300.00"],
            ["Given by the fund", "–", "400.00"],
        ]
    ]  # fmt: skip
    of_state = page_of(browser, sweden).context
    assert shown(of_state["through_pools_table"])[0][1:] == ["400.00", "25.00%", "100.00"]
    assert shown(of_state["gross_net_table"])[2] == ["Receipt, net", "850.00"]


def test_a_memo_takes_as_many_queries_for_twenty_funds_as_for_two(books, sweden):
    counts = []
    for pools in (2, 18):
        for pool in stands_behind(sweden, pools=pools):
            old = factories.donor(merged_into=pool, merged_on=datetime.date(2021, 12, 1))
            factories.posting(books, factories.entry("40.00", donor=old))
        with CaptureQueriesContext(connection) as queries:
            lines = memo_of_contributor(books, sweden)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert [line.amount_usd for line in lines] == [Decimal("10.00")] * 20
