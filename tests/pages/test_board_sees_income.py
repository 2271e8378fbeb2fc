"""The Board sees income, entry by entry: not who promised what, nor what the bank or staff wrote.

Sweden signed for 900.00 and paid 400.00, of which the bank kept 3.75; Norway pledged 650.00.
"""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from donors.models import Donor
from income.vocabulary import Act, Kind
from tests import factories

PRIVATE = (
    "BANK-4711", "3.75", "396.25", "A note of the officer's", "Olga Officer", "Rene Reviewer",
    "900.00", "650.00", "Norway", "NOR",
)  # fmt: skip
HIDDEN_KINDS = (Kind.PLEDGE, Kind.AGREEMENT, Kind.DUE)


@pytest.fixture
def books(ledger, settings, officer, reviewer):
    settings.PORTAL_BOOKS = ledger.code
    for user, name in ((officer, "Olga Officer"), (reviewer, "Rene Reviewer")):
        type(user).objects.filter(pk=user.pk).update(name=name)
    actors = {"prepared_by": officer, "approved_by": reviewer}
    paid = factories.entry("400.00", credited_amount=Decimal("396.25"), bank_charge=Decimal("3.75"))
    promised = [factories.entry("900.00", kind=kind) for kind in (Kind.AGREEMENT, Kind.DUE)]
    factories.posting(
        ledger, *promised, paid, reference="BANK-4711", note="A note of the officer's", **actors
    )
    norway = Donor.objects.get(code="NOR")
    pledge = factories.entry("650.00", kind=Kind.PLEDGE, donor=norway)
    factories.posting(ledger, pledge, act=Act.RECORD_PLEDGE, **actors)
    on = datetime.date(2021, 3, 31)
    for kind, fund, donor in (
        (Kind.ALLOTMENT, "RB", None), (Kind.PROGRAMME_SUPPORT, "PS", None),
        (Kind.AUDITED_REVENUE, "FNE", paid.donor),
    ):  # fmt: skip
        row = {"kind": kind, "fund_id": fund, "donor": donor, "value_date": on}
        factories.posting(ledger, factories.entry("7.00", **row))
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def board(client_of, board_member, books):
    return client_of(board_member)


@pytest.fixture
def staff(client_of, reviewer, books):
    return client_of(reviewer)


def text(response):
    return response.getvalue().decode().replace("\u00a0", " ")


def posting_page(number):
    return reverse("posting", args=["T", number])


def everything_shown(board):
    """Every page, file and answer about entries that is open to the Board."""
    addresses = [
        reverse("entry_list"), reverse("entry_csv"), posting_page(1), reverse("api_entry_list"),
        *(f"{reverse('entry_list')}?kind={kind}" for kind in Kind),
        *(f"{reverse('entry_csv')}?kind={kind}" for kind in Kind),
        *(f"{reverse('api_entry_list')}?kind={kind}" for kind in Kind),
        *(posting_page(number) for number in (2, 3, 4, 5)),
    ]  # fmt: skip
    return {address: text(board.get(address)) for address in addresses}


def test_nothing_private_is_on_any_page_file_or_answer_for_the_board(board):
    for address, shown in everything_shown(board).items():
        assert [word for word in PRIVATE if word in shown] == [], address


def test_staff_see_it_on_the_posting_and_in_the_file(staff):
    page = text(staff.get(posting_page(1)))
    for word in ("BANK-4711", "A note of the officer", "Olga Officer", "Rene Reviewer", "900.00"):
        assert word in page
    file = text(staff.get(reverse("entry_csv"), {"kind": "receipt"}))
    header, row = (line.split(",") for line in file.removeprefix("\ufeff").splitlines())
    assert header[-3:] == ["credited_amount", "bank_charge", "reference"]
    assert [Decimal(row[-3]), Decimal(row[-2]), row[-1]] == [
        Decimal("396.25"), Decimal("3.75"), "BANK-4711",
    ]  # fmt: skip


def test_the_board_sees_the_income_of_a_posting_and_its_place_in_the_chain(board, books):
    answer = board.get(posting_page(1))
    shown = [(entry.kind, entry.amount) for entry in answer.context["entries"]]
    assert shown == [("receipt", Decimal(400))]
    assert books.postings.get(sequence=1).hash in text(answer)


def test_a_posting_without_income_is_not_there_for_the_board(board, staff):
    assert board.get(posting_page(2)).status_code == 404
    assert staff.get(posting_page(2)).status_code == 200


def test_the_boards_list_and_file_hold_income_of_every_kind(board):
    listed = board.get(reverse("entry_list")).context["page"].items
    assert sorted((entry.kind, entry.amount) for entry in listed) == [
        ("allotment", 7), ("audited", 7), ("receipt", 400), ("support", 7),
    ]  # fmt: skip
    lines = text(board.get(reverse("entry_csv"), {"kind": "receipt"})).splitlines()
    assert lines[0].endswith("amount_usd,programme_support_usd")
    assert len(lines[1].split(",")) == len(lines[0].split(","))
    assert lines[1].split(",")[17] == "400.00"


@pytest.mark.parametrize("kind", HIDDEN_KINDS)
@pytest.mark.parametrize("name", ["entry_list", "entry_csv", "api_entry_list"])
def test_a_kind_that_is_not_open_is_refused_and_not_shown_as_nothing(board, staff, name, kind):
    assert board.get(reverse(name), {"kind": kind}).status_code == 403
    assert board.get(reverse(name), {"kind": ["receipt", kind]}).status_code == 403
    assert staff.get(reverse(name), {"kind": kind}).status_code == 200


def test_one_entry_that_is_not_income_is_not_there_for_the_board(board, books):
    found = {
        entry.kind: board.get(reverse("api_entry", args=[entry.pk])).status_code
        for entry in books.entries.all()
    }
    assert found == {
        "pledge": 404, "agreement": 404, "due": 404, "receipt": 200, "allotment": 200,
        "support": 200, "audited": 200,
    }  # fmt: skip


def test_a_representative_sees_their_own_donors_entries_whole(client_of, representative, books):
    browser = client_of(representative)
    own = text(browser.get(reverse("entry_csv")))
    assert "BANK-4711" in own
    assert [entry.kind for entry in browser.get(
        reverse("entry_list"), {"kind": ["due", "agreement"]}
    ).context["page"].items] == ["due", "agreement"]  # fmt: skip
    assert "650.00" not in own
    assert browser.get(posting_page(1)).status_code == 403
