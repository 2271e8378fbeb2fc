"""A donor's representative sees that donor's money through the API, and nobody else's."""

import pytest

from donors.models import Donor
from income.models import Contribution, Entry
from tests import factories
from tests.api.test_api import BASE, api, books, norway

__all__ = ["api", "books", "norway"]


def foreign(path, representative):
    """The address of something of Norway's."""
    return {
        "donor": "donors/NOR/",
        "contribution": f"contributions/{Contribution.objects.get(donor__code='NOR').uuid}/",
        "entry": f"entries/{Entry.objects.get(donor__code='NOR').pk}/",
        "allotment": f"entries/{Entry.objects.get(donor=None).pk}/",
    }[path]


def test_lists_hold_ones_own_only(api, books, representative):
    donors = api(representative, "donors/")[1]["results"]
    contributions = api(representative, "contributions/")[1]["results"]
    entries = api(representative, "entries/")[1]["results"]
    assert [donor["code"] for donor in donors] == ["SWE"]
    assert [one["donor"] for one in contributions] == ["SWE"]
    assert [one["donor"] for one in entries] == ["SWE", "SWE"]


@pytest.mark.parametrize("thing", ["donor", "contribution", "entry", "allotment"])
def test_anothers_is_not_found(api, books, representative, thing):
    status, answer = api(representative, foreign(thing, representative))
    assert status == 404
    assert answer["detail"] and answer["status"] == status


@pytest.mark.parametrize("path", ["contributions/", "entries/"])
def test_asking_by_another_donor_says_what_asking_by_nobody_says(api, books, representative, path):
    status, another = api(representative, path, donor="NOR")
    _status, nobody = api(representative, path, donor="nobody")
    assert status == 400
    assert another["detail"].replace("NOR", "nobody") == nobody["detail"]


@pytest.mark.parametrize(
    "query",
    [
        {"donor": "none"},
        {"donors": "member_states"},
        {"kind": "allotment"},
        {"fund": "RB"},
        {"region": "none"},
    ],
)
def test_no_filter_widens_the_list(api, books, representative, query):
    _status, answer = api(representative, "entries/", **query)
    assert {entry["donor"] for entry in answer["results"]} <= {"SWE"}


def test_a_search_finds_ones_own_only(api, books, representative):
    assert api(representative, "donors/", q="Norway")[1]["results"] == []
    assert [d["code"] for d in api(representative, "donors/", q="Sweden")[1]["results"]] == ["SWE"]


def test_a_cursor_of_somebody_else_does_not_widen_the_list(api, books, officer, representative):
    following = api(officer, "entries/", page_size=1)[1]["next"]
    _status, answer = api(representative, following)
    assert {entry["donor"] for entry in answer["results"]} <= {"SWE"}


@pytest.mark.parametrize("path", ["dashboard/", "target-sets/", "target-sets/any/"])
def test_what_is_the_boards_is_closed(api, books, representative, path):
    status, answer = api(representative, path)
    assert status == 403
    assert answer["detail"] == "This is not open to your account."


@pytest.mark.parametrize("path", ["donors/", "contributions/", "donors/SWE/"])
def test_the_board_sees_no_donors_file(api, books, board_member, path):
    assert api(board_member, path)[0] == 403


def test_the_board_sees_the_income_of_every_donor(api, books, board_member):
    answer = api(board_member, "entries/", donor="NOR")[1]["results"]
    assert [(entry["kind"], entry["amount"]) for entry in answer] == [("receipt", "250.0000")]


@pytest.mark.parametrize("kind", ["pledge", "agreement", "due"])
def test_the_board_may_not_ask_what_somebody_promised_or_owes(
    api, books, board_member, officer, kind
):
    promise = factories.entry("900.00", kind=kind, donor=Donor.objects.get(code="NOR"))
    factories.posting(books, promise)
    entry = Entry.objects.get(kind=kind)
    status, answer = api(board_member, "entries/", kind=kind)
    assert (status, answer["detail"]) == (403, "This is not open to your account.")
    assert api(board_member, f"entries/{entry.pk}/")[0] == 404
    assert "900.0000" not in str(api(board_member, "entries/"))
    assert [e["amount"] for e in api(officer, "entries/", kind=kind)[1]["results"]] == ["900.0000"]


def test_when_the_representation_ends_nothing_is_left(api, books, representative, monkeypatch):
    representation = representative.representations.get()
    representation.ends_on = representation.starts_on.replace(year=2021)
    representation.save()
    assert api(representative, "entries/")[1]["results"] == []
    assert api(representative, "donors/SWE/")[0] == 404


def test_no_answer_names_who_acted_or_whom_one_writes_to(api, books, officer):
    sweden = Donor.objects.get(code="SWE")
    sweden.contacts.create(title="Head of unit", name="Contact", email="contact@example.org")
    for path in ("donors/", "contributions/", "entries/"):
        text = str(api(officer, path)[1])
        assert "contact@example.org" not in text
        assert officer.email not in text
    assert BASE == "/api/v1/"
