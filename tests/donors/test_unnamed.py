"""A donor that wishes to stay unnamed is named to staff and to who speaks for it: nobody else."""

import datetime

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from donors.models import Donor
from income.models import Ledger
from tests import factories
from tests.api.test_api import BASE

pytestmark = pytest.mark.django_db
NAME, CODE, ALIAS = "Quuxfield Secret Trust", "QUUX_SECRET", "Quux Hidden Alias"
LABEL = "Donor that wishes to stay unnamed"


@pytest.fixture
def donor(reference):
    made = factories.donor(
        code=CODE, names={"en": NAME}, contributor_type_id="C05", is_unnamed=True
    )
    factories.donor_name(NAME, donor=made)
    factories.donor_name(ALIAS, donor=made)
    return made


@pytest.fixture
def books(donor):
    """The working books, with receipts of the donor and one channelled through it."""
    ledger = Ledger.objects.get(code="UNH")
    factories.posting(ledger, factories.entry("9000000.00", donor=donor))
    factories.posting(
        ledger, factories.entry("500.00", donor=Donor.objects.get(code="NOR"), channel=donor)
    )
    return ledger


def addresses_without_parts(resolver=None, before=""):
    """Every address of the portal that needs nothing filled in."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses_without_parts(pattern, route)
        elif isinstance(pattern, URLPattern) and "<" not in route and "(" not in route:
            yield f"/{route}"


def board_addresses(books):
    years = "?books=UNH&as_at=2021-12"
    yield from (f"{address}{years}" for address in addresses_without_parts())
    yield from addresses_without_parts()
    for sequence in (1, 2):
        yield reverse("posting", args=["UNH", sequence])
    for entry in books.entries.filter(kind="receipt", value_date=datetime.date(2021, 3, 4)):
        yield reverse("api_entry", args=[entry.pk])
    for name in ("entry_list", "entry_csv", "api_entry_list"):
        yield reverse(name) + "?kind=receipt&from=2021-03&to=2021-03"
    yield reverse("history") + "?books=UNH&level=parent"
    yield reverse("dashboard") + "?books=UNH&as_at=2021-12&level=parent"


def text(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def test_no_page_file_or_answer_that_the_board_may_open_names_it(client_of, board_member, books):
    board = client_of(board_member)
    opened = 0
    for address in dict.fromkeys(board_addresses(books)):
        answer = board.get(address)
        shown = text(answer)
        found = [word for word in (NAME, CODE, ALIAS) if word in shown]
        assert found == [], address
        opened += answer.status_code == 200
    assert opened > 20


def test_the_board_reads_that_the_donor_wishes_to_stay_unnamed(client_of, board_member, books):
    board = client_of(board_member)
    asked = {"kind": "receipt", "from": "2021-03", "to": "2021-03"}
    assert LABEL in text(board.get(reverse("entry_list"), asked))
    assert f",unnamed,{LABEL}," in text(board.get(reverse("entry_csv"), asked))
    assert LABEL in text(board.get(reverse("posting", args=["UNH", 1])))
    answer = board.get(reverse("api_entry_list"), asked).json()["results"]
    assert [(one["amount"], one["donor"], one["channel"]) for one in answer] == [
        ("500.0000", "NOR", "unnamed"), ("9000000.0000", "unnamed", None),
    ]  # fmt: skip


def test_asking_by_its_code_gives_nothing_away(client_of, board_member, officer, books):
    board = client_of(board_member)
    asked = {"kind": "receipt", "donor": CODE}
    assert list(board.get(reverse("entry_list"), asked).context["page"].items) == []
    assert len(text(board.get(reverse("entry_csv"), asked)).splitlines()) == 1
    unknown = board.get(reverse("api_entry_list"), {**asked, "donor": "NOBODY"})
    hidden = board.get(reverse("api_entry_list"), asked)
    assert hidden.status_code == unknown.status_code == 400
    assert text(hidden).replace(CODE, "NOBODY") == text(unknown)
    shown = client_of(officer).get(reverse("entry_list"), asked).context["page"].items
    assert [str(entry.amount) for entry in shown] == ["9000000.0000"]


def test_staff_and_its_own_representative_read_its_name(client_of, reviewer, books, donor):
    asked = {"kind": "receipt", "from": "2021-03", "to": "2021-03"}
    assert NAME in text(client_of(reviewer).get(reverse("entry_list"), asked))
    assert f",{CODE},{NAME}," in text(client_of(reviewer).get(reverse("entry_csv"), asked))
    own = factories.user(role="representative")
    factories.representation(user=own, donor=donor)
    page = text(client_of(own).get(reverse("entry_list"), asked))
    assert NAME in page
    assert LABEL not in page
    assert client_of(own).get(BASE + "entries/").json()["results"][0]["donor"] == CODE
