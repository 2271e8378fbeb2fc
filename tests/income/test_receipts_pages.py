"""Entering payments on the pages: the donor first, previews, duplicates, unidentified money."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from income.balances import instalment_states
from income.models import Contribution, Draft, Entry, ErpReference, Ledger, ParkedReceipt, Posting
from income.services.actors import Actors
from income.services.parked import UnidentifiedMoney, park_receipt
from tests.income.payment_cases import JUNE_3, TODAY, agreement, currency, d, pay

ClientOf = Callable[[User], Client]
RECEIPT = "/income/receipts/new/"


@pytest.fixture
def books(reference: None) -> Ledger:
    """The books that the pages work in."""
    return Ledger.objects.get(code="UNH")


@pytest.fixture
def contribution(books: Ledger, officer: User, reviewer: User) -> Contribution:
    return agreement(books, Actors(officer, reviewer))


def typed(contribution: Contribution, **changed: Any) -> dict[str, Any]:
    return {
        "token": uuid.uuid4().hex, "contribution": str(contribution.uuid), "currency": "SEK",
        "amount": "3,000,000", "received_on": "2021-06-03", **changed,
    }  # fmt: skip


def submitted(client: Client, address: str, fields: dict[str, Any]) -> str:
    response = client.post(address, fields)
    assert response.status_code == 302, response.context["form"].errors
    return str(response["Location"])


def approved(client: Client, address: str) -> Posting:
    response = client.post(f"{address}approve/", {"version": 1})
    assert "/postings/" in response["Location"], client.get(address).content.decode()[:3000]
    return Posting.objects.order_by("sequence").last()  # type: ignore[return-value]


def test_choosing_a_donor_fills_in_its_oldest_open_instalment(
    contribution: Contribution, officer: User, client_of: ClientOf
) -> None:
    page = client_of(officer).get(RECEIPT, {"donor": "Suède"})
    form = page.context["form"]
    first = contribution.instalments.get(number=1)
    assert form.initial["contribution"] == str(contribution.uuid)
    assert form.initial["instalment"] == str(first.uuid)
    assert (form.initial["amount"], form.initial["currency"]) == ("3,000,000", "SEK")
    text = page.content.decode()
    assert 'value="3,000,000"' in text
    assert "1 June 2021" in text
    assert "checked" in text.split(str(first.uuid))[1][:80]


def test_the_next_open_instalment_follows_when_the_first_is_paid(
    contribution: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    pay(contribution, "3,500,000", Actors(officer, reviewer), automatic=True)
    form = client_of(officer).get(RECEIPT, {"donor": "SWE"}).context["form"]
    assert form.initial["amount"] == "3,500,000"
    assert form.initial["instalment"] == str(contribution.instalments.get(number=2).uuid)


def test_an_unknown_donor_and_one_without_agreement_are_told(
    contribution: Contribution, officer: User, client_of: ClientOf
) -> None:
    client = client_of(officer)
    assert "No donor is called" in client.get(RECEIPT, {"donor": "Atlantis"}).content.decode()
    text = client.get(RECEIPT, {"donor": "NOR"}).content.decode()
    assert "has no signed agreement in these books" in text
    assert "/income/gifts/new/?donor=NOR" in text


def test_the_donors_one_entered_last_come_first(
    contribution: Contribution, officer: User, other_officer: User, client_of: ClientOf
) -> None:
    submitted(client_of(officer), RECEIPT, typed(contribution))
    gift = {"token": uuid.uuid4().hex, "donor": "Norway", "fund": "FNE", "title": "Core",
            "currency": "USD", "amount": "5", "received_on": "2022-12-01"}  # fmt: skip
    submitted(client_of(officer), "/income/gifts/new/", gift)
    recent = client_of(officer).get(RECEIPT).context["form"].page["recent"]
    assert [donor.code for donor in recent] == ["NOR", "SWE"]
    assert client_of(other_officer).get(RECEIPT).context["form"].page["recent"] == []


def test_several_ticked_instalments_survive_draft_and_approval(
    contribution: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    both = [str(row.uuid) for row in contribution.instalments.order_by("number")]
    fields = typed(contribution, amount="5,000,000", instalment=both, document="510001")
    address = submitted(client_of(officer), RECEIPT, fields)
    assert Draft.objects.get().payload["instalment"] == ",".join(both)
    text = client_of(reviewer).get(address).content.decode()
    assert "1 June 2021" in text
    assert "1 June 2022" in text
    posting = approved(client_of(reviewer), address)
    paid = posting.entries.filter(kind="receipt").order_by("line")
    assert [e.amount for e in paid] == [d("3,000,000"), d("2,000,000")]
    assert ErpReference.objects.get(posting=posting).value == "510001"
    edited = client_of(officer).get(f"{address}edit/")
    assert edited.status_code in (200, 302)


PREVIEWS = [
    ({"amount": "2,999,600"}, "within the tolerance is not asked for"),
    ({"amount": "2,999,600", "leave_open": "on"}, "still open"),
    ({"amount": "7,000,100"}, "More than due"),
    ({"amount": "3,000,000", "unmatched": "on"}, "settle no instalment"),
    # 3,000,000 / 8.3966 = 357,287.47 arrived, 351,160.59 were agreed.
    ({"amount": "3,000,000"}, "6,126.88"),
    ({"amount": "3,000,000", "coordination_levy": "100"}, "are no income"),
    ({"amount": "1", "currency": "KES", "credited": "1"}, "once a rate is known"),
]


@pytest.mark.parametrize(("changed", "sentence"), PREVIEWS)
def test_the_form_says_at_once_what_the_payment_will_do(
    contribution: Contribution, officer: User, client_of: ClientOf, changed: dict[str, str],
    sentence: str,
) -> None:  # fmt: skip
    fields = {k: v for k, v in typed(contribution, **changed).items() if k != "token"}
    client = client_of(officer)
    assert sentence in client.get("/income/conversion/", fields).content.decode()
    checked = client.post(RECEIPT, {**fields, "check": "1"})
    assert sentence in checked.content.decode()
    assert not Draft.objects.exists()


def test_what_is_delivered_in_kind_is_a_value_and_no_cash(
    contribution: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    Contribution.objects.update(mode="in_kind")
    page = client_of(officer).get(RECEIPT, {"contribution": str(contribution.uuid)})
    assert "Value delivered" in page.content.decode()
    address = submitted(client_of(officer), RECEIPT, typed(contribution))
    posting = approved(client_of(reviewer), address)
    assert {entry.mode for entry in posting.entries.all()} == {"in_kind"}


def test_a_likely_duplicate_is_shown_and_must_be_meant(
    contribution: Contribution, officer: User, reviewer: User, other_officer: User,
    client_of: ClientOf,
) -> None:  # fmt: skip
    fields = typed(contribution, amount="1,000", reference="SWIFT-1")
    address = submitted(client_of(officer), RECEIPT, fields)
    # The same page sent twice is the same draft.
    assert submitted(client_of(officer), RECEIPT, fields) == address
    again = typed(contribution, amount="1000.00", received_on="2021-06-09")
    refused = client_of(other_officer).post(RECEIPT, again)
    assert list(refused.context["form"].errors) == ["is_another"]
    assert "written by Officer" in refused.content.decode()
    approved(client_of(reviewer), address)
    refused = client_of(other_officer).post(RECEIPT, again)
    assert "Posting 2" in refused.content.decode()
    later = typed(contribution, amount="1,000", received_on="2021-06-11")
    second = submitted(client_of(other_officer), RECEIPT, later)
    assert Draft.objects.filter(payload__received_on="2021-06-11").exists()
    same_reference = typed(contribution, amount="77", reference="swift-1")
    assert client_of(other_officer).post(RECEIPT, same_reference).status_code == 422
    meant = submitted(client_of(officer), RECEIPT, {**again, "is_another": "on"})
    approved(client_of(reviewer), meant)
    approved_second = client_of(reviewer).post(f"{second}approve/", {"version": 1}, follow=True)
    assert "It looks like a payment that was entered before" in approved_second.content.decode()


def test_a_reversed_payment_is_no_duplicate(
    contribution: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    actors = Actors(officer, reviewer)
    from income.services import reverse_posting

    posting = pay(contribution, "1,000", actors, automatic=True)
    reverse_posting(posting, because="x", token="undo", today=TODAY, actors=actors)
    submitted(client_of(officer), RECEIPT, typed(contribution, amount="1,000"))


def test_unidentified_money_is_parked_matched_and_leads_to_its_posting(
    contribution: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(officer)
    told = {"amount": "3,000,000", "currency": "SEK", "received_on": "2021-06-03",
            "payer": "SIDA STOCKHOLM", "bank_reference": "B-9"}  # fmt: skip
    told["token"] = client.get("/income/parked/new/").context["token"]
    for _twice in range(2):
        assert client.post("/income/parked/new/", told).status_code == 302
    row = ParkedReceipt.objects.get()
    assert "SIDA STOCKHOLM" in client.get("/income/parked/").content.decode()
    page = client.get(RECEIPT, {"parked": str(row.uuid), "donor": "SWE"})
    initial = page.context["form"].initial
    assert (initial["amount"], initial["reference"]) == ("3,000,000", "B-9")
    assert initial["received_on"] == JUNE_3
    assert f'name="parked" value="{row.uuid}"' in page.content.decode()
    fields = typed(contribution, parked=str(row.uuid), reference="B-9")
    wrong = client.post(RECEIPT, {**fields, "amount": "2,000,000"})
    assert "The unidentified money is 3,000,000 SEK" in wrong.content.decode()
    posting = approved(client_of(reviewer), submitted(client, RECEIPT, fields))
    row.refresh_from_db()
    assert (row.state, row.posting) == ("matched", posting)
    text = client.get("/income/parked/?state=matched").content.decode()
    assert f"/income/postings/UNH/{posting.sequence}/" in text
    assert client.get(RECEIPT, {"parked": str(row.uuid)}).status_code == 404


def test_unidentified_money_without_an_agreement_becomes_a_gift(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    money = UnidentifiedMoney(currency("SEK"), d("500.00"), JUNE_3, "A GOVERNMENT")
    row = park_receipt(books, money, today=TODAY, by=officer)
    page = client_of(officer).get("/income/gifts/new/", {"parked": str(row.uuid)})
    assert page.context["form"].initial["amount"] == "500"
    fields = {"token": uuid.uuid4().hex, "donor": "NOR", "fund": "FNE", "title": "Core",
              "currency": "SEK", "amount": "500.00", "received_on": "2021-06-03",
              "parked": str(row.uuid)}  # fmt: skip
    posting = approved(
        client_of(reviewer), submitted(client_of(officer), "/income/gifts/new/", fields)
    )
    row.refresh_from_db()
    assert row.posting == posting


def test_two_people_who_correct_unidentified_money_see_both_versions(
    books: Ledger, officer: User, other_officer: User, client_of: ClientOf
) -> None:
    money = UnidentifiedMoney(currency("SEK"), d("500.00"), JUNE_3, "A GOVERNMENT")
    row = park_receipt(books, money, today=TODAY, by=officer)
    told = {"amount": "500", "currency": "SEK", "received_on": "2021-06-03", "version": "1"}
    address = f"/income/parked/{row.uuid}/"
    assert client_of(officer).post(address, {**told, "payer": "NORWAY"}).status_code == 302
    page = client_of(other_officer).post(address, {**told, "payer": "SWEDEN"})
    assert page.status_code == 422
    assert [(c.saved, c.typed) for c in page.context["conflict"]] == [("NORWAY", "SWEDEN")]
    assert 'name="version" value="2"' in page.content.decode()
    sent = client_of(officer).post(
        f"{address}send-back/", {"sent_on": "2022-01-05", "because": "Not ours", "version": "2"}
    )
    assert sent.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.settled_on) == ("returned", datetime.date(2022, 1, 5))


def test_a_months_online_gifts_go_through_once(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = "/income/online-gifts/new/"
    page = client_of(officer).get(address)
    donor = page.context["form"].initial["donor"]
    assert donor == "Other contributors, not named by UN CEB"
    fields = {"token": uuid.uuid4().hex, "month": "2021-05", "platform": "Give Now",
              "count": "412", "donor": donor, "fund": "FNE", "amount": "10,300.00",
              "bank_charge": "309.00", "currency": "USD", "received_on": "2021-06-03"}  # fmt: skip
    posting = approved(client_of(reviewer), submitted(client_of(officer), address, fields))
    kinds = [(e.kind, e.amount, e.year_for) for e in posting.entries.order_by("line")]
    assert kinds == [
        ("agreement", d("10,300"), 2021), ("due", d("10,300"), 2021), ("receipt", d("9,991"), 2021),
    ]  # fmt: skip
    second = {**fields, "token": uuid.uuid4().hex, "amount": "99", "bank_charge": "1"}
    refused = client_of(officer).post(address, second)
    assert "were entered before" in str(refused.context["form"].errors["is_another"])
    submitted(client_of(officer), address, {**second, "is_another": "on"})


def test_a_return_and_a_transfer_go_through_review(
    contribution: Contribution, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    actors = Actors(officer, reviewer)
    pay(contribution, "3,000,000", actors, automatic=True)
    target = agreement(contribution.ledger, actors, token="target", title="Other")
    page = client_of(officer).get("/income/returns/new/", {"contribution": str(contribution.uuid)})
    assert page.context["form"].initial["currency"] == "SEK"
    fields = {"token": uuid.uuid4().hex, "contribution": str(contribution.uuid),
              "reason": "refund", "amount": "100", "currency": "SEK", "moved_on": "2021-06-30",
              "document_reference": "Letter 7"}  # fmt: skip
    without = client_of(officer).post("/income/returns/new/", {**fields, "document_reference": ""})
    assert list(without.context["form"].errors) == ["document_reference"]
    back = approved(
        client_of(reviewer), submitted(client_of(officer), "/income/returns/new/", fields)
    )
    assert [(e.reason, e.amount) for e in back.entries.all()] == [("refund", d("-100"))]
    moved = {**fields, "token": uuid.uuid4().hex, "target": str(target.uuid)}
    posting = approved(
        client_of(reviewer), submitted(client_of(officer), "/income/transfers/new/", moved)
    )
    assert [(e.contribution_id, e.amount) for e in posting.entries.order_by("line")] == [
        (contribution.pk, d("-100")), (target.pk, d("100")),
    ]  # fmt: skip
    assert instalment_states(contribution)[0].credited == d("3,000,000")
    assert Entry.objects.filter(contribution=contribution, kind="receipt").count() == 3


def test_after_a_session_ran_out_one_signs_in_and_is_back_at_the_form(
    books: Ledger, officer: User
) -> None:
    sent = Client().post(RECEIPT + "?donor=SWE", {"amount": "5"})
    assert sent["Location"] == "/sign-in/?next=/income/receipts/new/%3Fdonor%3DSWE"
    act = f"/income/drafts/{uuid.uuid4()}/return/"
    sent = Client().post(act, {}, headers={"referer": "http://testserver/income/drafts/x/"})
    assert sent["Location"] == "/sign-in/?next=/income/drafts/x/"
    sent = Client().post(act, {}, headers={"referer": "https://elsewhere.example/x/"})
    assert sent["Location"] == f"/sign-in/?next={act}"
