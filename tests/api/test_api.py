"""The API: the same figures and the same access as the pages, errors as a sentence."""

import datetime
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from donors.models import Donor
from income.models import Entry
from income.vocabulary import Kind
from reports.plain import plain
from tests import factories

BASE = "/api/v1/"


@pytest.fixture
def norway(reference):
    return Donor.objects.get(code="NOR")


@pytest.fixture
def books(ledger, settings, norway):
    """Sweden and Norway each promised something and gave something; the Assembly allotted."""
    settings.PORTAL_BOOKS = ledger.code
    sweden = Donor.objects.get(code="SWE")
    for donor, amount in ((sweden, "100.10"), (norway, "250.00")):
        promised = factories.contribution(
            ledger=ledger, donor=donor, amount=Decimal(amount), title=f"From {donor.code}"
        )
        factories.instalment(contribution=promised, amount=Decimal(amount))
        factories.posting(ledger, factories.entry(amount, donor=donor, contribution=promised))
    in_may = datetime.date(2021, 5, 6)
    allotted = factories.entry("9.00", kind=Kind.ALLOTMENT, fund_id="RB", value_date=in_may)
    factories.posting(ledger, allotted)
    kronor = factories.entry("80.00", currency_id="SEK", donor=sweden, value_date=in_may)
    factories.posting(ledger, kronor)
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def api():
    """Asks as the person; gives the status and the JSON values."""

    def ask(user, path, **query):
        client = APIClient()
        if user:
            factories.sign_in(client, user)
        answer = client.get(path if path.startswith("http") else BASE + path, query)
        return answer.status_code, json.loads(answer.content)

    return ask


def test_an_entry_carries_its_amounts_as_exact_decimals_and_its_posting(api, books, officer):
    _status, answer = api(officer, "entries/", donor="NOR")
    (entry,) = answer["results"]
    posting = books.postings.get(sequence=2)
    assert entry["amount"] == "250.0000"
    assert entry["amount_usd"] == "250.00"
    assert entry["currency"] == "USD"
    assert entry["booked_month"] == "2021-03"
    assert entry["books"] == "T"
    assert (entry["posting"]["sequence"], entry["posting"]["hash"]) == (2, posting.hash)


def test_what_is_not_converted_has_no_us_dollars(api, books, officer):
    _status, answer = api(officer, "entries/", donor="SWE", **{"from": "2021-05"})
    (entry,) = answer["results"]
    assert (entry["amount"], entry["amount_usd"], entry["rate"]) == ("80.0000", None, None)


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ({}, ["80.0000", "9.0000", "250.0000", "100.1000"]),
        ({"kind": "allotment"}, ["9.0000"]),
        ({"kind": ["allotment", "receipt"], "to": "2021-03"}, ["250.0000", "100.1000"]),
        ({"fund": "RB"}, ["9.0000"]),
        ({"fund": ["RB", "FNE"], "from": "2021-05", "to": "2021-05"}, ["80.0000", "9.0000"]),
        ({"donor": "none"}, ["9.0000"]),
        ({"region": "none", "donors": "member_states", "to": "2021-03"}, ["250.0000", "100.1000"]),
        ({"mode": "in_kind"}, []),
    ],
)
def test_filters_narrow_the_entries(api, books, officer, query, amounts):
    _status, answer = api(officer, "entries/", **query)
    assert [entry["amount"] for entry in answer["results"]] == amounts


@pytest.mark.parametrize(
    ("path", "query", "sentence"),
    [
        ("entries/", {"books": "NONE"}, "books"),
        ("entries/", {"kind": "gift"}, '"gift" is not a valid choice.'),
        ("entries/", {"kind": ""}, "kind"),
        ("entries/", {"fund": "XX"}, "There is no fund “XX”."),
        ("entries/", {"fund": ["FNE", "XX"]}, "There is no fund “XX”."),
        ("entries/", {"donor": "nobody"}, "There is no donor “nobody” that you can see."),
        ("entries/", {"donor": "a\x00b"}, "NUL"),
        ("entries/", {"books": "a\x00b"}, "NUL"),
        ("entries/", {"region": "MOON"}, "There is no region “MOON”."),
        ("entries/", {"from": "2021-13"}, "“2021-13” is not a month."),
        ("entries/", {"to": "yesterday"}, "“yesterday” is not a month."),
        ("entries/", {"to": "٢٠٢١-١٢"}, "is not a month."),
        ("entries/", {"mode": "barter"}, '"barter" is not a valid choice.'),
        ("entries/", {"donr": "SWE"}, "There is no filter “donr” here."),
        ("entries/", {"page_size": "0"}, "page_size must be a number from 1 to 500."),
        ("entries/", {"page_size": "9" * 99}, "page_size must be a number from 1 to 500."),
        ("contributions/", {"state": "lost"}, '"lost" is not a valid choice.'),
        ("contributions/", {"fund": "XX"}, "fund: "),
        ("donors/", {"area": "XXX"}, "area: "),
        ("donors/", {"q": "a\x00b"}, "NUL"),
        ("entries/", {"form": "2022-01"}, "There is no filter “form” here."),
        ("entries/", {"cursor": "cD1hYmM="}, "The cursor is none of this list."),  # p=abc
        ("entries/", {"cursor": "cD0tMQ=="}, "The cursor is none of this list."),  # p=-1
        ("entries/", {"cursor": "not base64"}, "The cursor is none of this list."),
        ("donors/", {"cursor": "cD0lMDA="}, "The cursor is none of this list."),  # p=%00
        ("target-sets/", {"donor": "SWE"}, "There is no filter “donor” here."),
        ("dashboard/", {"as_at": "1066"}, "is not a month"),
        ("dashboard/", {"books": "NONE"}, "There are no books called “NONE”."),
        ("dashboard/", {"targets": "NONE"}, "There is no target set called “NONE”."),
        ("dashboard/", {"year": "2021"}, "There is no filter “year” here."),
    ],
)
def test_a_wrong_filter_is_told_in_a_sentence(api, books, officer, path, query, sentence):
    status, answer = api(officer, path, **query)
    assert status == 400
    assert answer["detail"] and answer["status"] == status
    assert sentence in answer["detail"]


def test_pages_follow_the_cursor_and_nothing_is_counted(
    api, books, officer, django_assert_max_num_queries
):
    seen, path = [], BASE + "entries/?page_size=3"
    client = APIClient()
    factories.sign_in(client, officer)
    while path:
        with django_assert_max_num_queries(7) as queries:
            answer = client.get(path).json()
        assert not any("COUNT(" in query["sql"] for query in queries.captured_queries)
        assert "count" not in answer
        seen += [entry["id"] for entry in answer["results"]]
        path = answer["next"]
    assert seen == list(Entry.objects.order_by("-id").values_list("id", flat=True))
    assert len(seen) == 4


def test_more_rows_need_no_more_queries(books, officer, django_assert_num_queries):
    """Session, person, the state for the tag, books, contributions with their four kinds of parts;
    the audit event with its address."""
    client = APIClient()
    factories.sign_in(client, officer)
    with django_assert_num_queries(11):
        client.get(BASE + "contributions/")
    for _number in range(5):
        factories.instalment(contribution=factories.contribution(ledger=books))
    with django_assert_num_queries(11):
        answer = client.get(BASE + "contributions/").json()
    assert len(answer["results"]) == 7


def test_a_contribution_comes_with_its_instalments(api, books, officer):
    _status, answer = api(officer, "contributions/", donor="SWE")
    (found,) = answer["results"]
    assert (found["amount"], found["title"], found["donor"]) == ("100.1000", "From SWE", "SWE")
    assert found["instalments"] == [{"number": 1, "due_on": "2021-03-04", "amount": "100.1000"}]
    assert api(officer, f"contributions/{found['uuid']}/") == (200, found)


def test_donors_are_found_by_part_of_any_of_their_names(api, books, officer):
    _status, answer = api(officer, "donors/", q="瑞典")
    assert [donor["code"] for donor in answer["results"]] == ["SWE"]
    assert api(officer, "donors/SWE/")[1]["name"] == "Sweden"


def test_a_target_set_says_what_it_covers(api, reference, board_member):
    _status, answer = api(board_member, "target-sets/")
    code = answer["results"][0]["code"]
    status, found = api(board_member, f"target-sets/{code}/")
    assert status == 200
    assert found["programme_support"] in {"inside", "on_top", "not_stated"}
    assert all(isinstance(target["amount_usd"], str) for target in found["targets"])


def test_the_dashboard_gives_the_figures_of_the_books(api, books, board_member):
    status, answer = api(board_member, "dashboard/", as_at="2021-03")
    received = {row["code"]: row["progress"]["actual_usd"] for row in answer["funds"]["rows"]}
    assert status == 200
    assert received["FNE"] == "350.10"  # 100.10 of Sweden and 250.00 of Norway
    assert answer["provenance"]["sequence"] == 4
    assert answer["provenance"]["hash"] == books.head_hash
    assert answer["provenance"]["as_at"] == "2021-03"


def test_another_months_books_give_another_answer(api, books, board_member):
    _status, answer = api(board_member, "dashboard/", as_at="2021-05")
    received = {row["code"]: row["progress"]["actual_usd"] for row in answer["funds"]["rows"]}
    assert received["RB"] == "9.00"


@pytest.mark.parametrize(
    "path", ["donors/", "contributions/", "entries/", "dashboard/", "scorecard/", "target-sets/"]
)
def test_signed_out_there_is_nothing_but_a_sentence(api, books, path):
    status, answer = api(None, path)
    assert status == 401
    assert answer["detail"] and answer["status"] == status


def test_nothing_can_be_written(books, officer):
    client = APIClient(enforce_csrf_checks=True)
    factories.sign_in(client, officer)
    for act in (client.post, client.put, client.patch, client.delete):
        assert act(BASE + "entries/").status_code in (403, 405)


def test_the_schema_describes_everything_without_a_warning(capsys, tmp_path):
    file = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", f"--file={file}")
    text = file.read_text()
    assert text.startswith("openapi: 3.1.0")
    for path in ("donors", "contributions", "entries", "dashboard", "scorecard", "target-sets"):
        assert f"/api/v1/{path}/:" in text


def test_who_is_signed_in_reads_the_schema(books, officer):
    client = APIClient()
    assert client.get(BASE + "schema/").status_code == 401
    factories.sign_in(client, officer)
    answer = client.get(BASE + "schema/", headers={"Accept": "application/json"})
    assert answer.status_code == 200


def test_what_has_no_plain_form_is_an_error_and_not_left_out():
    assert plain({"a": (Decimal("1E+2"), datetime.date(2021, 1, 2))}) == {
        "a": ["100", "2021-01-02"]
    }
    with pytest.raises(TypeError):
        plain(1.5)
