"""The pages of the three bases: what staff and Board read, and what the Board may not."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from donors.models import Donor
from income.models import Currency, Fund
from income.services import PromisedContribution, close_month, sign_agreement
from income.services.actors import Actors
from income.vocabulary import Kind
from tests import factories

D = Decimal
PRIVATE = ("7,777.00", "7777.00", "Norway", "NOR", "A note", "Reviewer")


def day(text):
    return datetime.date.fromisoformat(text)


def sign(books, donor, fund, amount, actors, on="2021-03-04"):
    promise = PromisedContribution(
        donor=Donor.objects.get(code=donor), fund=Fund.objects.get(code=fund), title="A note",
        currency=Currency.objects.get(code="USD"), amount=D(amount), promised_on=day(on),
    )  # fmt: skip
    sign_agreement(books, promise, token=f"{donor} {fund}", today=day("2022-12-15"), actors=actors)


@pytest.fixture
def books(ledger, settings, officer, reviewer):
    """Technical cooperation is Norway's alone; the other funds have four donors each."""
    settings.PORTAL_BOOKS = ledger.code
    actors = Actors(officer, reviewer)
    for donor, amount in (("SWE", 100), ("DEU", 110), ("JPN", 120), ("FRA", 130)):
        sign(ledger, donor, "FNE", amount, actors)
        sign(ledger, donor, "FE", amount * 10, actors)
    sign(ledger, "NOR", "TC", 7777, actors)
    factories.posting(ledger, factories.entry("55.00"))
    close_month(ledger, factories.MARCH, by=None, at=timezone.now())
    late = {"prepared_by": officer, "approved_by": reviewer, "note": "A note"}
    factories.posting(ledger, factories.entry("5.00"), booked_month=factories.MARCH.next, **late)
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def board(client_of, board_member, books):
    return client_of(board_member)


@pytest.fixture
def staff(client_of, officer, books):
    return client_of(officer)


def text(response):
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


NAMES = ("bases", "outstanding", "restatement")
# Why a closed month changed, and who approved it, is what the Board is to read there.
TOLD_OF_CHANGES = ("A note", "Reviewer")


@pytest.mark.parametrize("name", [*NAMES, *(f"{name}_csv" for name in NAMES)])
@pytest.mark.parametrize("query", ["", "?year=2021&fund=TC", "?year=2021&fund=FE"])
def test_nothing_of_a_single_donor_is_there_for_the_board(board, name, query):
    asked = query if "bases" in name else ""
    shown = text(board.get(reverse(name) + asked))
    told = TOLD_OF_CHANGES if "restatement" in name else ()
    assert [word for word in PRIVATE if word in shown and word not in told] == []


def test_the_board_reads_sums_and_where_one_is_withheld(board):
    answer = board.get(reverse("bases"), {"year": "2021"})
    told = answer.context["told"]
    agreed = {row.code: row.of(Kind.AGREEMENT).amount_usd for row in (*told.rows, told.total)}
    # TC is Norway's alone. With FNE, the total less FE would be Norway's to 94 per cent, so FE too.
    assert agreed == {"FNE": None, "FE": None, "TC": None, "": D(12_837)}
    assert "not shown: too few donors" in text(answer)
    assert "kind=agreement" not in text(answer)
    assert told.row("FNE").of(Kind.RECEIPT).amount_usd == D(60)


def test_staff_read_everything_with_links(staff):
    answer = staff.get(reverse("bases"), {"year": "2021"})
    told = answer.context["told"]
    assert [row.of(Kind.AGREEMENT).amount_usd for row in (*told.rows, told.total)] == [
        D(460), D(4600), D(7777), D(12837),
    ]  # fmt: skip
    assert not told.withholds and "kind=agreement" in text(answer)
    norway = text(staff.get(reverse("bases"), {"year": "2021", "donor": "NOR"}))
    assert "7,777.00" in norway and "4,600.00" not in norway


def test_the_board_does_not_ask_for_a_donor_nor_for_a_month(board):
    assert board.get(reverse("bases"), {"donor": "NOR"}).status_code == 403
    told = board.get(reverse("bases"), {"year": "2021", "as_at": "2021-02"}).context["told"]
    assert told.question.as_at.month == 12


@pytest.mark.parametrize(
    "narrow", ["due_from=2021-01", "agreed=none", "instalment=none", "agreed_to=2021-12"]
)
def test_the_boards_entries_do_not_tell_when_something_was_due(board, staff, narrow):
    for name in ("entry_list", "entry_csv"):
        assert board.get(f"{reverse(name)}?kind=receipt&{narrow}").status_code == 403
        assert staff.get(f"{reverse(name)}?kind=receipt&{narrow}").status_code == 200


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("bases", "year=2050"), ("bases", "year=x"), ("bases", "fund=RB"),
        ("bases", "year=2021&as_at=2022-01"), ("bases", "donor=NOBODY"),
        ("bases", "contribution=x"), ("restatement", "since=never"),
        ("restatement", "basis=guessed"),
    ],
)  # fmt: skip
def test_an_address_that_asks_for_what_is_not_there_says_so(staff, name, query):
    for one in (name, f"{name}_csv"):
        assert staff.get(f"{reverse(one)}?{query}").status_code == 400


def test_what_changed_is_open_to_the_board_for_income(board, staff):
    answer = board.get(reverse("restatement"), {"since": "2021-03"})
    told = answer.context["told"]
    assert [(row.fund, row.old_usd, row.change_usd, row.new_usd) for row in told.rows] == [
        ("FNE", D(55), D(5), D(60))
    ]
    assert "Reviewer" in text(staff.get(reverse("restatement"), {"since": "2021-03"}))
    for basis in ("agreed", "due"):
        address = {"since": "1", "basis": basis}
        assert board.get(reverse("restatement"), address).status_code == 403
        assert staff.get(reverse("restatement"), address).status_code == 200


def test_the_file_holds_what_the_page_shows(staff):
    lines = text(staff.get(reverse("bases_csv"), {"year": "2021"})).splitlines()
    assert "bases,TC,agreement,7777.00,USD,Technical cooperation" in lines
    assert any(line.startswith("bridge,not_received,amount,-12837.00,USD") for line in lines)


@pytest.mark.parametrize(
    ("name", "most"), [("outstanding", 16), ("bases", 30), ("restatement", 16)]
)
def test_the_pages_ask_a_bounded_number_of_queries(staff, books, officer, reviewer, name, most):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            text(staff.get(reverse(name)))
        return len(queries)

    asked()
    few = asked()
    for donor in ("CHE", "ITA", "ESP", "KEN", "BRA"):
        sign(books, donor, "FE", 40, Actors(officer, reviewer), on="2021-05-05")
    assert asked() == few <= most
