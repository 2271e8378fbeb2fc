"""Entering income on the pages, as each role, with good and bad input."""

import datetime
import re
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from income.models import Draft, Entry, Ledger, Posting
from income.periods import YearMonth
from income.services import close_month
from income.vocabulary import DraftState


def token(word: str) -> str:
    """A form's token, the same for the same word."""
    return uuid.uuid5(uuid.NAMESPACE_URL, word).hex


GIFT = {
    "token": token("t-1"), "donor": "SWE", "fund": "FNE", "title": "Core contribution 2022",
    "currency": "SEK", "amount": "1,000,000", "received_on": "2021-06-03", "reference": "B-77",
}  # fmt: skip
ClientOf = Callable[[User], Client]


@pytest.fixture
def books(reference: None) -> Ledger:
    """The books that the pages work in."""
    return Ledger.objects.get(code="UNH")


def submit(client: Client, address: str = "/income/gifts/new/", **typed: str) -> str:
    """Send a good form; the draft's address."""
    response = client.post(address, {**GIFT, **typed})
    assert response.status_code == 302, response.context["form"].errors
    return str(response["Location"])


def test_a_gift_is_entered_approved_by_another_and_posted(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = submit(client_of(officer))
    assert not Posting.objects.exists()
    page = client_of(reviewer).get(address)
    assert "Approve and post" in page.content.decode()
    response = client_of(reviewer).post(f"{address}approve/", {"version": 1})
    assert response["Location"] == "/income/postings/UNH/1/"
    receipt = Entry.objects.get(kind="receipt")
    # 1,000,000 / 8.3966 = 119,095.82
    assert (receipt.amount_usd, receipt.donor.code) == (Decimal("119095.82"), "SWE")  # type: ignore[union-attr]
    posting = Posting.objects.get()
    assert (posting.prepared_by, posting.approved_by) == (officer, reviewer)
    assert posting.reference == "B-77"


def test_nobody_approves_their_own(books: Ledger, reviewer: User, client_of: ClientOf) -> None:
    client = client_of(reviewer)
    address = submit(client)
    assert "Approve and post" not in client.get(address).content.decode()
    page = client.post(f"{address}approve/", {"version": 1}, follow=True)
    assert "Nobody approves their own draft" in page.content.decode()
    assert not Posting.objects.exists()


def test_an_officer_may_not_approve_at_all(
    books: Ledger, officer: User, other_officer: User, client_of: ClientOf
) -> None:
    address = submit(client_of(officer))
    response = client_of(other_officer).post(f"{address}approve/", {"version": 1})
    assert response.status_code == 403


def test_the_same_form_sent_twice_is_one_draft_and_one_posting(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    first = submit(client_of(officer))
    again = client_of(officer).post("/income/gifts/new/", {**GIFT, "amount": "9"}, follow=True)
    assert again.redirect_chain[0][0] == first
    assert "This form was sent before" in again.content.decode()
    for _time in range(2):
        client_of(reviewer).post(f"{first}approve/", {"version": 1})
    assert Posting.objects.count() == 1


def test_a_returned_draft_says_why_and_is_corrected_by_who_wrote_it(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = submit(client_of(officer))
    client_of(reviewer).post(f"{address}return/", {"version": 1, "because": "Which year?"})
    draft = Draft.objects.get()
    assert (draft.state, draft.returned_because) == (DraftState.RETURNED, "Which year?")
    assert "Which year?" in client_of(officer).get(address).content.decode()
    client_of(officer).post(f"{address}edit/", {**GIFT, "version": "2", "year_for": "2020"})
    draft.refresh_from_db()
    assert (draft.state, draft.version) == (DraftState.SUBMITTED, 3)
    client_of(reviewer).post(f"{address}approve/", {"version": 3})
    assert Entry.objects.get(kind="receipt").year_for == 2020
    changed = AuditEvent.objects.get(act="correct_draft")
    assert changed.after == {**changed.before, "year_for": "2020"}


def test_a_reviewer_who_looked_at_an_older_version_looks_again(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = submit(client_of(officer))
    client_of(officer).post(f"{address}edit/", {**GIFT, "version": "1", "amount": "2"})
    page = client_of(reviewer).post(f"{address}approve/", {"version": 1}, follow=True)
    assert "Somebody changed this draft" in page.content.decode()
    assert not Posting.objects.exists()


def test_approval_checks_again_what_has_changed_meanwhile(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = submit(client_of(officer))
    at = datetime.datetime(2022, 1, 5, tzinfo=datetime.UTC)
    close_month(books, YearMonth(2021, 6), by=reviewer, at=at)
    page = client_of(reviewer).post(f"{address}approve/", {"version": 1}, follow=True)
    assert "June 2021 is closed" in page.content.decode()
    assert Draft.objects.get().state == DraftState.SUBMITTED
    assert not Posting.objects.exists()


BAD = [
    ({"amount": "0"}, "amount", "must be above zero"),
    ({"amount": "-5"}, "amount", "must be above zero"),
    ({"amount": "19.234,56"}, "amount", "is not an amount"),
    ({"amount": "NaN"}, "amount", "is not an amount"),
    ({"amount": "Infinity"}, "amount", "is not an amount"),
    ({"amount": "1e309"}, "amount", "is not an amount"),
    ({"amount": "٥"}, "amount", "is not an amount"),
    ({"amount": "1.005"}, "amount", "SEK amounts have 2 decimals"),
    ({"currency": "JPY", "amount": "1.5"}, "amount", "JPY amounts have 0 decimals"),
    ({"amount": "99999999999999"}, "amount", "too large"),
    ({"amount": ""}, "amount", "required"),
    ({"received_on": "2999-01-01"}, "received_on", "in the future"),
    ({"received_on": "1950-01-01"}, "received_on", "too long ago"),
    ({"received_on": "31/31/2021"}, "received_on", "valid date"),
    ({"currency": "XXQ"}, "currency", "“XXQ” is not known"),
    ({"fund": "RB"}, "fund", "“RB” is not known"),
    ({"fund": "PS"}, "fund", "“PS” is not known"),
    ({"donor": "Atlantis"}, "donor", "No donor is called “Atlantis”"),
    ({"donor": "Korea"}, "donor", "could be one of"),
    ({"year_for": "1066"}, "year_for", "greater than or equal to 1978"),
    ({"bank_charge": "-1"}, "bank_charge", "above zero"),
]


@pytest.mark.parametrize(("typed", "field", "sentence"), BAD, ids=lambda value: str(value)[:40])
def test_bad_input_is_answered_beside_its_field_and_saves_nothing(
    books: Ledger, officer: User, client_of: ClientOf, typed: dict[str, str], field: str,
    sentence: str,
) -> None:  # fmt: skip
    response = client_of(officer).post("/income/gifts/new/", {**GIFT, **typed})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert sentence in str(response.context["form"].errors[field])
    assert re.search(rf'href="#id_{field}"', response.content.decode())
    assert not Draft.objects.exists()


AGREEMENT = {
    "token": token("a-1"), "act": "sign_agreement", "donor": "Japan", "fund": "TC",
    "title": "Recovery",
    "currency": "USD", "amount": "300.00", "promised_on": "2021-03-04",
    "due_on_1": "2021-06-01", "due_amount_1": "100.00",
    "due_on_2": "2021-09-01", "due_amount_2": "200.00",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"due_amount_2": "199.99"}, "due_amount_1", "the difference is 0.01"),
        ({"due_amount_2": ""}, "due_amount_2", "a day and an amount"),
        ({"due_on_2": ""}, "due_on_2", "a day and an amount"),
        ({"support_rate": "8"}, "support_reason", "not the standard 13 per cent"),
        ({"support_rate": "130"}, "support_rate", "from 0 to under 100"),
        ({"fund": "FNE", "support_rate": "13"}, "support_rate", "earmarked money only"),
        ({"starts_on": "2022-01-01", "ends_on": "2021-01-01"}, "ends_on", "before the beginning"),
        ({"act": "record_pledge"}, "due_amount_1", "not binding"),
        ({"act": "reverse"}, "act", "valid choice"),
    ],
)
def test_an_agreement_that_does_not_add_up_is_refused(
    books: Ledger, officer: User, client_of: ClientOf, typed: dict[str, str], field: str,
    sentence: str,
) -> None:  # fmt: skip
    response = client_of(officer).post("/income/contributions/new/", {**AGREEMENT, **typed})
    assert response.status_code == 422
    assert sentence in str(response.context["form"].errors[field])
    assert not Draft.objects.exists()


def test_an_agreement_and_its_receipt_go_through_to_the_instalment(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = client_of(officer).post("/income/contributions/new/", AGREEMENT)["Location"]
    client_of(reviewer).post(f"{address}approve/", {"version": 1})
    contribution = Entry.objects.filter(kind="agreement").get().contribution
    assert contribution is not None
    first = contribution.instalments.get(number=1)
    typed = {
        "token": token("r-1"), "contribution": str(contribution.uuid),
        "instalment": str(first.uuid),
        "currency": "USD", "amount": "60.00", "received_on": "2021-06-02",
    }  # fmt: skip
    address = client_of(officer).post("/income/receipts/new/", typed)["Location"]
    client_of(reviewer).post(f"{address}approve/", {"version": 1})
    page = client_of(officer).get(f"/income/contributions/{contribution.uuid}/")
    states = [(s.credited, s.outstanding) for s in page.context["instalments"]]
    assert states == [(Decimal(60), Decimal(40)), (Decimal(0), Decimal(200))]
    # Support inside 60.00 at 13 per cent: 60 × 0.13 / 1.13 = 6.90
    assert Entry.objects.get(kind="receipt").programme_support_usd == Decimal("6.90")


def test_the_form_shows_at_once_dollars_rate_date_type_and_support(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    typed = {"amount": "7,000,000", "currency": "SEK", "promised_on": "2021-03-04", "fund": "FE"}
    text = client_of(officer).get("/income/conversion/", typed).content.decode()
    for part in ("819,374.70", "8.5431", "not a UN rate", "1 March 2021", "94,264.35"):
        assert part in text
    missing = client_of(officer).get("/income/conversion/", {**typed, "currency": "KES"})
    assert "There is no KES rate in force" in missing.content.decode()
    half = client_of(officer).get("/income/conversion/", {"amount": "x"})
    assert "Give amount, currency and date" in half.content.decode()


def test_a_posting_is_reversed_through_review(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = submit(client_of(officer))
    client_of(reviewer).post(f"{address}approve/", {"version": 1})
    asked = submit(
        client_of(officer), "/income/postings/UNH/1/reverse/", token=token("u"), sequence="1",
        because="Wrong donor",
    )  # fmt: skip
    client_of(reviewer).post(f"{asked}approve/", {"version": 1})
    page = client_of(reviewer).get("/income/postings/UNH/1/")
    assert "It was reversed by posting 2" in page.content.decode()
    page = client_of(officer).post(
        "/income/postings/UNH/1/reverse/",
        {"token": token("v"), "sequence": "1", "because": "Again"},
    )
    assert "was reversed before" in page.content.decode()


def test_entries_add_up_to_the_figure_and_the_file_holds_them(
    books: Ledger, officer: User, reviewer: User, board_member: User, client_of: ClientOf
) -> None:
    for number, amount in enumerate(("10.10", "20.20"), start=1):
        address = submit(
            client_of(officer), token=token(f"g{number}"), currency="USD", amount=amount,
            reference=f"B-{number}",
        )  # fmt: skip
        client_of(reviewer).post(f"{address}approve/", {"version": 1})
    asked = "?books=UNH&kind=receipt&fund=FNE&donor=SWE&from=2021-06&to=2021-06"
    page = client_of(board_member).get(f"/income/entries/{asked}")
    assert page.context["totals"].amount_usd == Decimal("30.30")
    assert page.context["totals"].count == 2
    lines = client_of(board_member).get(f"/income/entries.csv{asked}").getvalue().decode()
    assert [line.split(",")[17] for line in lines.splitlines()[1:]] == ["10.10", "20.20"]
    nothing = client_of(board_member).get("/income/entries/?from=2021-13")
    assert nothing.context["totals"].count == 0
    assert "is not understood" in nothing.content.decode()


def test_a_form_cannot_take_the_token_of_the_systems_own_loads(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = submit(client_of(officer), token="audited-revenue-2022")
    client_of(reviewer).post(f"{address}approve/", {"version": 1})
    assert Posting.objects.get().token.startswith("form:")


def test_a_closed_month_is_adjusted_in_the_present_one_when_one_says_so(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    at = datetime.datetime(2022, 1, 5, tzinfo=datetime.UTC)
    close_month(books, YearMonth(2021, 6), by=reviewer, at=at)
    refused = client_of(officer).post("/income/gifts/new/", GIFT)
    assert "book it as an adjustment" in str(refused.context["form"].errors["received_on"])
    silent = client_of(officer).post("/income/gifts/new/", GIFT | {"adjusts": "on"})
    assert "after its month was closed" in str(silent.context["form"].errors["adjusts_because"])
    because = "The bank's advice came in July"
    address = submit(client_of(officer), adjusts="on", adjusts_because=because)
    client_of(reviewer).post(f"{address}approve/", {"version": 1})
    receipt = Entry.objects.get(kind="receipt")
    assert receipt.value_date == datetime.date(2021, 6, 3)
    assert receipt.booked_month == YearMonth.of(datetime.date.today()).key  # noqa: DTZ011
    assert receipt.posting.note == because


def test_correcting_what_has_happened_corrects_the_act_the_reviewer_sees(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    typed = {k: v for k, v in AGREEMENT.items() if not k.startswith("due_")}
    address = client_of(officer).post("/income/contributions/new/", typed)["Location"]
    corrected = {**typed, "act": "record_pledge", "version": "1"}
    client_of(officer).post(f"{address}edit/", corrected)
    assert Draft.objects.get().act == "record_pledge"
    client_of(reviewer).post(f"{address}approve/", {"version": 2})
    assert Posting.objects.get().act == "record_pledge"


def test_the_form_of_a_receipt_for_something_that_is_no_agreement_is_not_there(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    assert client_of(officer).get("/income/receipts/new/?contribution=xyz").status_code == 404
