"""Lists of the API: whatever the order, walking all pages gives each row once."""

import base64
import datetime
import json
from decimal import Decimal

import pytest
from django.test import Client

from donors.models import Donor
from income.models import Contribution, Entry, ExchangeRate
from reports.api_index import resources
from tests import factories
from tests.api.test_api import BASE, books, norway

__all__ = ["books", "norway"]
ORDERS = [
    ("contributions/", name) for name in
    ("number", "-number", "signed_on", "-signed_on", "ends_on", "amount", "-currency")
] + [
    ("entries/", name) for name in ("id", "-id", "value_date", "amount_usd", "-amount_usd")
] + [
    ("donors/", "code"), ("donors/", "-area"), ("areas/", "region"), ("areas/", "-m49"),
    ("exchange-rates/", "currency"), ("exchange-rates/", "-effective_on"), ("funds/", "order"),
    ("postings/", "sequence"), ("published-figures/", "-year"), ("documents/", "dated_on"),
]  # fmt: skip


@pytest.fixture
def client(client_of, officer):
    return client_of(officer)


@pytest.fixture
def many(books):
    """Contributions with the same and with no days, entries with the same and with no dollars."""
    for number, day in enumerate((1, 2, 2, 2, None, None, 3)):
        ends = datetime.date(2022, 1, day) if day else None
        factories.contribution(
            ledger=books, signed_on=ends, ends_on=ends, amount=Decimal(number % 3 + 1),
            currency_id="SEK" if number % 2 else "USD",
        )  # fmt: skip
    for amount in ("5.00", "5.00", "7.00"):
        factories.posting(books, factories.entry(amount))
        factories.posting(books, factories.entry(amount, currency_id="SEK"))
    return books


def walked(client, path, leading="next", **query):
    """Every row, page by page, with the number of pages."""
    answer = client.get(BASE + path, query).json()
    rows, pages = list(answer["results"]), 1
    while answer[leading]:
        answer = client.get(answer[leading]).json()
        rows, pages = rows + answer["results"], pages + 1
    return rows, pages


@pytest.mark.parametrize(("path", "order"), ORDERS)
def test_every_row_comes_once_whatever_the_order(many, client, path, order):
    some = ExchangeRate.objects.order_by("pk").values_list("pk", flat=True)[:40]
    ExchangeRate.objects.exclude(pk__in=list(some)).delete()
    whole, _one = walked(client, path, sort=order, page_size=500)
    size = max(2, min(499, len(whole) // 4))
    rows, pages = walked(client, path, sort=order, page_size=size)
    assert rows == whole
    assert pages == -(-len(whole) // size) > 1
    assert len({json.dumps(row) for row in rows}) == len(rows)


def test_what_has_no_value_comes_last_up_and_down(many, client):
    for order in ("ends_on", "-ends_on"):
        days = [row["ends_on"] for row in walked(client, "contributions/", sort=order)[0]]
        known = [day for day in days if day]
        assert days[-4:] == [None] * 4
        assert known == sorted(known, reverse=order[0] == "-")


def test_previous_leads_back_to_where_one_came_from(many, client):
    first = client.get(f"{BASE}contributions/?sort=ends_on&page_size=2").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    fifth = client.get(client.get(third["next"]).json()["next"]).json()
    assert first["previous"] is None
    assert fifth["next"] is None
    assert client.get(third["previous"]).json()["results"] == second["results"]
    back = client.get(client.get(third["previous"]).json()["previous"]).json()
    assert (back["results"], back["previous"]) == (first["results"], None)


def test_rows_added_meanwhile_bring_no_row_twice_and_take_none_away(many, client):
    there = set(Contribution.objects.values_list("pk", flat=True))
    answer = client.get(f"{BASE}contributions/?sort=amount&page_size=2").json()
    seen = answer["results"]
    for amount in (1, 2, 99):
        factories.contribution(ledger=many, amount=Decimal(amount))
    rest, _pages = walked(client, answer["next"].removeprefix(f"http://testserver{BASE}"))
    numbers = [int(row["number"].removeprefix("C-")) for row in seen + rest]
    assert len(numbers) == len(set(numbers))
    assert there <= set(numbers)


def cursor(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize("wrong", [
    cursor("n", "-id", "1", "1", "1"), cursor("x", "-id", "1", "1"), cursor("n", "id", "1", "1"),
    cursor("n", "-id", None, "1"), cursor("n", "-id", "1", None), cursor("n", "-id", "1", "x"),
    cursor("n", "-id", "-1", "1"), cursor("n", "-id", "1", str(1 << 64)), cursor("n", "-id", [], 1),
    cursor("n", "-id", "\0", "1"), "W10=", "%00", "é",
])  # fmt: skip
def test_a_cursor_that_no_list_gave_out_is_refused(books, client, wrong):
    answer = client.get(f"{BASE}entries/", {"cursor": wrong})
    assert answer.status_code == 400
    told = answer.json()["detail"]
    assert told.startswith(("The cursor is none of this list.", "The address holds a NUL"))


def test_a_cursor_goes_with_its_order(many, client):
    following = client.get(f"{BASE}contributions/?sort=amount&page_size=2").json()["next"]
    assert client.get(following.replace("sort=amount", "sort=number")).status_code == 400


def test_an_order_that_is_not_declared_is_refused(books, client):
    answer = client.get(f"{BASE}entries/?sort=donor__names")
    assert answer.status_code == 400
    assert "It can by: id, value_date, amount_usd." in answer.json()["detail"]


def test_only_the_fields_that_are_asked_for_come(books, client):
    answer = client.get(f"{BASE}entries/?fields=donor,amount&donor=NOR").json()
    assert answer["results"] == [{"donor": "NOR", "amount": "250.0000"}]
    assert client.get(f"{BASE}donors/SWE/?fields=code").json() == {"code": "SWE"}


@pytest.mark.parametrize("fields", ["", "amount,", "password", "donor__names", ","])
def test_a_field_that_is_not_there_is_refused(books, client, fields):
    status = client.get(f"{BASE}entries/", {"fields": fields}).status_code
    assert status == (200 if fields == "amount," else 400)


def test_one_row_takes_no_filter(books, client):
    answer = client.get(f"{BASE}donors/SWE/?area=SWE")
    assert answer.status_code == 400
    assert "There is no filter “area” here." in answer.json()["detail"]


def test_a_list_asks_as_often_for_three_rows_as_for_one(
    many, client, django_assert_max_num_queries
):
    """Session, person, state, books, up to five for the rows and their parts, audit event."""
    for route, view in resources():
        if hasattr(view, "sorts") and route not in ("drafts/", "imports/"):
            with django_assert_max_num_queries(11) as one:
                assert client.get(f"{BASE}{route}?page_size=1").status_code == 200
            with django_assert_max_num_queries(len(one)):
                client.get(f"{BASE}{route}?page_size=3")


def test_entries_as_they_were_known_and_as_at_a_month(many, client):
    def amounts(**query):
        return [row["amount"] for row in client.get(f"{BASE}entries/", query).json()["results"]]

    assert amounts(known_as_at="2", sort="id") == ["100.1000", "250.0000"]
    assert amounts(known_as_at="0") == []
    assert amounts(after="8", sort="id") == ["7.0000", "7.0000", "5.0000"][:2]
    assert len(amounts(as_at="2021-03")) == Entry.objects.count() - 2  # two are of May
    day = Entry.objects.earliest("posting__posted_at").posting.posted_at.date()
    before = day - datetime.timedelta(days=1)
    assert amounts(known_as_at=before.isoformat()) == []
    assert len(amounts(known_as_at=(day).isoformat())) in (0, Entry.objects.count())


@pytest.mark.parametrize("moment", ["99", "tomorrow", "2199-01-01", "-1"])
def test_a_moment_that_cannot_be_known_is_refused(books, client, moment):
    for path in ("entries/", "postings/", "entries/totals/", "dashboard/"):
        assert client.get(BASE + path, {"known_as_at": moment}).status_code == 400


def test_totals_are_by_kind_with_what_is_left_out(books, client):
    answer = client.get(f"{BASE}entries/totals/").json()
    assert (answer["books"], answer["sequence"]) == ("T", 4)
    allotment, receipt = answer["totals"]
    assert (allotment["kind"], allotment["amount_usd"]) == ("allotment", "9.00")
    assert (receipt["count"], receipt["amount_usd"]) == (3, "350.10")  # 100.10 + 250.00
    assert receipt["not_converted"] == [{"currency": "SEK", "count": 1, "amount": "80.0000"}]
    then = client.get(f"{BASE}entries/totals/?known_as_at=1").json()
    assert (then["sequence"], then["totals"][0]["amount_usd"]) == (1, "100.10")


def test_the_rate_in_force_on_a_day_is_its_last_revision(books, client):
    ExchangeRate.objects.filter(currency="SEK").delete()
    for day, units, revision in ((1, "9", 1), (1, "9.5", 2), (15, "10", 1)):
        factories.exchange_rate(
            currency_id="SEK", effective_on=datetime.date(2021, 3, day),
            units_per_usd=Decimal(units), revision=revision,
        )  # fmt: skip
    asked = {"currency": "SEK", "in_force_on": "2021-03-14"}
    (found,) = client.get(f"{BASE}exchange-rates/", asked).json()["results"]
    assert (found["units_per_usd"], found["revision"]) == ("9.5000000000", 2)
    everything = client.get(f"{BASE}exchange-rates/?currency=SEK").json()["results"]
    assert [row["is_in_force"] for row in everything].count(False) == 1


def test_a_representative_sees_one_donor_in_every_list(many, client_of, representative):
    """Of the lists that are about donors."""
    mine: Client = client_of(representative)
    factories.report_due(contribution=factories.contribution(donor=Donor.objects.get(code="NOR")))
    for path in ("donors/", "contributions/", "entries/", "reports-due/"):
        rows = mine.get(BASE + path).json()["results"]
        assert {row.get("donor", row.get("code")) for row in rows} <= {"SWE"}
