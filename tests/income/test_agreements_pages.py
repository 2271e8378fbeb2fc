"""The pages of a contribution's life: forms, drafts, approval, and who sees what."""

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from income.models import (
    Amendment,
    Condition,
    Contribution,
    Draft,
    Entry,
    ErpReference,
    Ledger,
    ReportClause,
)
from income.services.actors import Actors
from income.services.prospects import add_prospect
from income.vocabulary import ContributionState
from tests import factories
from tests.income.agreements import pay, sign
from tests.income.test_agreements_prospects import prospect

D = Decimal
ClientOf = Callable[[User], Client]
TODAY = datetime.date(2022, 12, 15)
AGREEMENT = {
    "act": "sign_agreement", "donor": "SWE", "fund": "FE", "title": "Adequate housing",
    "currency": "SEK", "amount": "7,000,000", "promised_on": "2021-03-04",
    "due_on_1": "2021-06-01", "due_amount_1": "3,000,000",
    "due_on_2": "2022-06-01", "due_amount_2": "4,000,000",
}  # fmt: skip


@pytest.fixture
def books(reference: None) -> Ledger:
    """The books that the pages work in."""
    return Ledger.objects.get(code="UNH")


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(prepared_by=officer, approved_by=reviewer)


@pytest.fixture
def signed(books: Ledger, actors: Actors) -> Contribution:
    return sign(books, actors, conditions=((2, "A vote in parliament"),))


def send(client: Client, address: str, **typed: str) -> str:
    """Send a good form; the address it leads to."""
    response = client.post(address, {"token": uuid.uuid4().hex, **typed})
    assert response.status_code == 302, response.context["form"].errors
    return str(response["Location"])


def approve(reviewer_client: Client, address: str) -> None:
    response = reviewer_client.post(f"{address}approve/", {"version": 1}, follow=True)
    assert Draft.objects.order_by("-pk")[0].posting_id, response.content.decode()[:3000]


def page(client: Client, contribution: Contribution) -> str:
    response = client.get(f"/income/contributions/{contribution.uuid}/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_an_agreement_with_everything_on_its_form(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    typed = {
        **AGREEMENT, "condition_2": "A vote in parliament", "ends_on": "2023-12-31",
        "starts_on": "2021-03-04", "part_amount_1": "2,000,000", "part_region_1": "AFRICA",
        "part_amount_2": "5,000,000", "part_area_2": "ken", "erp_grant": "S1-32QXX-000123",
        "clause_kind_1": "narrative", "clause_frequency_1": "yearly", "clause_days_1": "90",
        "is_domestic": "on",
    }  # fmt: skip
    draft = send(client_of(officer), "/income/contributions/new/", **typed)
    assert client_of(reviewer).get(draft).status_code == 200
    approve(client_of(reviewer), draft)
    made = Contribution.objects.get()
    assert [(a.amount, a.region_id, a.area and a.area.iso3) for a in made.allocations.all()] == [
        (D(2_000_000), "AFRICA", None), (D(5_000_000), "AFRICA", "KEN"),  # Kenya's own
    ]  # fmt: skip
    assert ErpReference.objects.get().value == "S1-32QXX-000123"
    assert ReportClause.objects.get().days_after == 90
    assert Condition.objects.get().instalment.number == 2  # type: ignore[union-attr]
    assert made.is_domestic
    agreed = Entry.objects.filter(kind="agreement").order_by("line")
    # 3,000,000 × 2/7 = 857,142.857..., × 5/7 = 2,142,857.142...
    assert [e.amount for e in agreed] == [D("857142.86"), D("2142857.14")]


def test_parts_that_do_not_add_up_are_told(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    response = client_of(officer).post(
        "/income/contributions/new/",
        {**AGREEMENT, "part_amount_1": "6,999,999.99", "part_region_1": "AFRICA"},
    )
    assert response.status_code == 422
    assert "the difference is 0.01" in response.content.decode()


def test_the_form_of_a_prospect_is_filled_in_and_makes_one_contribution(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    made = add_prospect(books, prospect(), today=TODAY, by=officer)
    client = client_of(officer)
    html = client.get(f"/income/contributions/new/?from={made.uuid}").content.decode()
    assert 'value="6000000"' in html
    assert "becomes this" in html
    approve(
        client_of(reviewer),
        send(client, "/income/contributions/new/", **AGREEMENT, origin=str(made.uuid)),
    )
    made.refresh_from_db()
    assert (made.state, made.amount, Contribution.objects.count()) == ("signed", D(7_000_000), 1)


def test_an_amendment_from_the_page_of_the_agreement(
    signed: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = f"/income/contributions/{signed.uuid}/amend/"
    client = client_of(officer)
    assert f'href="{address}"' in page(client, signed)
    assert 'value="3000000"' in client.get(address).content.decode()
    draft = send(
        client, address, contribution=str(signed.uuid), agreed_on="2021-06-10", seen="1",
        reason="Less", due_on_1="2021-06-01", amount_1="2500000", due_on_2="2022-06-01",
        amount_2="4000000",
    )  # fmt: skip
    assert client_of(reviewer).get(draft).status_code == 200
    approve(client_of(reviewer), draft)
    assert Amendment.objects.get().amount_change == D(-500_000)
    html = page(client, signed)
    assert "Gross and net" in html
    assert "6,500,000.00" in html


def test_an_amendment_of_an_agreement_that_changed_shows_both_versions(
    signed: Contribution, officer: User, other_officer: User, client_of: ClientOf
) -> None:
    base, second = f"/income/contributions/{signed.uuid}/", client_of(other_officer)
    send(client_of(officer), f"{base}extend/", version="1", ends_on="2024-01-31",
         agreed_on="2021-06-10", reason="The flood")  # fmt: skip
    typed = {
        "contribution": str(signed.uuid), "agreed_on": "2021-06-10", "reason": "Less",
        "due_on_1": "2021-06-01", "amount_1": "2500000", "due_on_2": "2022-06-01",
        "amount_2": "4000000",
    }  # fmt: skip
    answer = second.post(f"{base}amend/", {**typed, "seen": "1"})
    assert [(one.saved, one.typed) for one in answer.context["form"].conflict] == [
        ("2024-01-31", "–"), ("3000000", "2500000"),
    ]  # fmt: skip
    html = answer.content.decode()
    assert 'name="seen" value="2"' in html
    assert "The two versions" in html
    assert second.post(f"{base}amend/", {**typed, "seen": "2"}).status_code == 302


def test_a_condition_is_settled_from_the_page(
    signed: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    condition = Condition.objects.get()
    address = f"/income/contributions/{signed.uuid}/condition/"
    client = client_of(officer)
    assert f"{address}?condition={condition.pk}" in page(client, signed)
    draft = send(
        client, address, condition=str(condition.pk), state="met", settled_on="2021-06-10",
        evidence="Official gazette",
    )  # fmt: skip
    approve(client_of(reviewer), draft)
    condition.refresh_from_db()
    assert condition.state == "met"
    assert "Conditional, not yet agreed" not in page(client, signed)


def test_a_write_off_a_cancellation_and_an_extension_from_the_page(
    signed: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    client, first = client_of(officer), signed.instalments.get(number=1)
    base = f"/income/contributions/{signed.uuid}/"
    assert "outstanding" in client.get(f"{base}write-off/").content.decode()
    send(client, f"{base}extend/", version="1", ends_on="2024-01-31", agreed_on="2021-06-10",
         reason="Later")  # fmt: skip
    typed = {"contribution": str(signed.uuid), "agreed_on": "2021-06-10", "reason": "Given up",
             "document_reference": "IOM/21/7"}  # fmt: skip
    approve(client_of(reviewer), send(
        client, f"{base}write-off/", **typed, instalment=str(first.uuid), authority="Controller"
    ))  # fmt: skip
    approve(client_of(reviewer), send(client, f"{base}cancel/", **typed))
    signed.refresh_from_db()
    assert (signed.state, signed.ends_on) == (
        ContributionState.CANCELLED, datetime.date(2024, 1, 31),
    )  # fmt: skip
    assert [a.kind for a in signed.amendments.all()] == ["extension", "write_off", "cancellation"]


def test_of_two_who_extend_an_agreement_the_second_sees_both_ends(
    signed: Contribution, officer: User, other_officer: User, client_of: ClientOf
) -> None:
    address = f"/income/contributions/{signed.uuid}/extend/"
    send(client_of(officer), address, version="1", ends_on="2024-01-31", agreed_on="2021-06-10",
         reason="The flood")  # fmt: skip
    typed = {"ends_on": "2024-06-30", "agreed_on": "2021-06-10", "reason": "The elections"}
    second = client_of(other_officer)
    answer = second.post(address, {**typed, "version": "1"})
    assert answer.status_code == 422
    assert [(one.saved, one.typed) for one in answer.context["conflict"]] == [
        ("2024-01-31", "2024-06-30"), ("The flood", "The elections"),
    ]  # fmt: skip
    assert 'name="version" value="2"' in answer.content.decode()
    signed.refresh_from_db()
    assert signed.ends_on == datetime.date(2024, 1, 31)
    second.post(address, {**typed, "version": "2"})
    signed.refresh_from_db()
    assert signed.ends_on == datetime.date(2024, 6, 30)


def test_an_agreement_that_was_received_is_closed_from_the_page(
    books: Ledger, actors: Actors, officer: User, client_of: ClientOf
) -> None:
    made = sign(books, actors)
    for number, amount in ((1, D(3_000_000)), (2, D(4_000_000))):
        pay(books, made, actors, amount, number=number)
    client = client_of(officer)
    address = f"/income/contributions/{made.uuid}/close/"
    assert f'href="{address}"' in page(client, made)
    send(client, address, because="All of it came")
    made.refresh_from_db()
    assert made.state == ContributionState.CLOSED


def test_the_bases_and_the_exchange_difference_on_the_page(
    books: Ledger, actors: Actors, officer: User, client_of: ClientOf
) -> None:
    made = sign(books, actors)
    pay(books, made, actors, D(3_000_000), number=1)
    html = page(client_of(officer), made)
    # Agreed 819,374.70; 3,000,000 / 8.3966 = 357,287.47 arrived for 351,160.59: a gain of 6,126.88.
    for figure in ("819,374.70", "351,160.59", "357,287.47", "6,126.88", "468,214.11"):
        assert figure in html
    assert "Overdue for 197 days" in html or "Falls due later" in html or "Overdue for" in html


def test_a_representative_sees_the_agreement_without_what_is_for_staff(
    books: Ledger, actors: Actors, officer: User, representative: User, board_member: User,
    client_of: ClientOf,
) -> None:  # fmt: skip
    made = sign(books, actors, erp=(("grant", "S1-0001"),))
    html = page(client_of(representative), made)
    assert "S1-0001" not in html
    assert "History of every change" not in html
    assert "S1-0001" in page(client_of(officer), made)
    hoped = add_prospect(books, prospect(), today=TODAY, by=officer)
    for who in (representative, board_member):
        response = client_of(who).get(f"/income/contributions/{hoped.uuid}/")
        assert response.status_code in (403, 404)


def test_who_saves_a_prospect_second_sees_both_versions(
    books: Ledger, officer: User, other_officer: User, client_of: ClientOf
) -> None:
    made = add_prospect(books, prospect(), today=TODAY, by=officer)
    address = f"/income/prospects/{made.uuid}/edit/"
    typed = {"donor": "SWE", "title": "Housing, perhaps", "fund": "FE", "amount": "6000000",
             "currency": "SEK", "expected_on": "2021-03-31", "version": "1"}  # fmt: skip
    send(client_of(officer), address, **typed, probability="80")
    second = client_of(other_officer).post(address, {**typed, "probability": "10"})
    html = second.content.decode()
    assert second.status_code == 422
    assert "The two versions" in html
    assert 'name="version" value="2"' in html
    made.refresh_from_db()
    assert made.probability == 80


def test_prospects_are_listed_with_their_weighted_sum(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    dollars = prospect(currency=factories.Currency.objects.get(code="USD"), amount=D(1_000))
    add_prospect(books, dollars, today=TODAY, by=officer)
    html = client_of(officer).get("/income/prospects/").content.decode()
    assert "600.00" in html
    assert "1,000.00" in html


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Suecia", 1), ("adequate", 1), ("UNH-77", 1), ("S1-32Q", 1), ("Norway", 0)],
)
def test_contributions_are_found_by_donor_purpose_reference_and_erp(
    books: Ledger, actors: Actors, officer: User, client_of: ClientOf, typed: str, found: int
) -> None:
    made = sign(books, actors, reference="UNH-77", erp=(("grant", "S1-32QXX"),))
    html = client_of(officer).get("/income/contributions/", {"q": typed}).content.decode()
    assert html.count(made.number) == found


def test_the_list_asks_as_often_for_fifty_as_for_five(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    client, counts = client_of(officer), []
    for more in (5, 45):
        for _number in range(more):
            factories.contribution(ledger=books)
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/income/contributions/", {"q": "purpose", "sort": "donor"})
        assert response.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_a_prospect_of_an_approach_is_entered_from_its_page(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    client = client_of(officer)
    answer = client.get("/income/contributions/new/?act=record_prospect&donor=SWE")
    assert answer["Location"] == "/income/prospects/new/?act=record_prospect&donor=SWE"
    assert 'value="SWE"' in client.get(answer["Location"]).content.decode()
    send(
        client, "/income/prospects/new/", donor="SWE", title="Perhaps", fund="FE", amount="5",
        currency="USD", probability="10", expected_on="2023-03-31",
    )  # fmt: skip
    assert Contribution.objects.get().probability == 10
