"""From a page to what is done next: letters, returns, bases, saved views, what changed."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from income.acts import title_typed
from income.forms import ReceiptForm
from income.models import Contribution, Draft, Ledger, Posting
from income.periods import YearMonth
from income.services.actors import Actors
from income.vocabulary import ContributionState, DraftState
from tests import factories
from tests.income.payment_cases import TODAY, agreement, pay

ClientOf = Callable[[User], Client]


@pytest.fixture
def books(reference: None) -> Ledger:
    """The books that the pages work in."""
    return Ledger.objects.get(code="UNH")


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(officer, reviewer)


@pytest.fixture
def contribution(books: Ledger, actors: Actors) -> Contribution:
    return agreement(books, actors)


def html_of(client: Client, address: str, **asked: str) -> str:
    return client.get(address, asked).content.decode()


def page_of(client: Client, contribution: Contribution) -> str:
    return html_of(client, reverse("contribution", args=[contribution.uuid]))


def test_a_reminder_is_written_from_an_instalment_that_is_open(
    contribution: Contribution, actors: Actors, officer: User, board_member: User,
    client_of: ClientOf,
) -> None:  # fmt: skip
    first, second = contribution.instalments.order_by("number")
    pay(contribution, "3,000,000", actors, automatic=True)
    page = page_of(client_of(officer), contribution)
    assert reverse("letter_reminder", args=[second.uuid]) in page
    assert reverse("letter_reminder", args=[first.uuid]) not in page
    assert client_of(officer).get(reverse("letter_reminder", args=[second.uuid])).status_code == 200


def test_money_goes_back_and_moves_from_the_page_of_an_agreement_also_a_closed_one(
    contribution: Contribution, officer: User, client_of: ClientOf
) -> None:
    for state in (ContributionState.SIGNED, ContributionState.CLOSED):
        Contribution.objects.update(state=state)
        page = page_of(client_of(officer), contribution)
        for name in ("return_new", "transfer_new"):
            assert f"{reverse(name)}?contribution={contribution.uuid}" in page
    assert reverse("receipt_new") not in page
    Contribution.objects.update(state=ContributionState.CANCELLED)
    assert reverse("return_new") not in page_of(client_of(officer), contribution)


def test_staff_go_from_an_agreement_and_a_donor_to_the_bases(
    contribution: Contribution, officer: User, client_of: ClientOf
) -> None:
    browser, bases = client_of(officer), reverse("bases")
    of_one = f"{bases}?books=UNH&amp;contribution={contribution.uuid}&amp;year=2021"
    assert of_one in page_of(browser, contribution)
    donor = html_of(browser, reverse("donor", args=["SWE"]), year="2021")
    assert f"{bases}?books=UNH&amp;donor=SWE&amp;year=2021" in donor
    assert reverse("letter_core", args=["SWE"]) in donor
    assert browser.get(of_one.replace("&amp;", "&")).status_code == 200


def test_thanks_are_written_from_a_receipt_that_stands(
    contribution: Contribution, actors: Actors, officer: User, board_member: User,
    client_of: ClientOf,
) -> None:  # fmt: skip
    pay(contribution, "3,000,000", actors, automatic=True)
    paid = Posting.objects.get(act="record_receipt")
    letter = reverse("letter_thanks", args=["UNH", paid.sequence])
    page = reverse("posting", args=["UNH", paid.sequence])
    assert letter in html_of(client_of(officer), page)
    assert letter not in html_of(client_of(board_member), page)
    signed = Posting.objects.get(act="sign_agreement")
    assert "letters/thanks" not in html_of(
        client_of(officer), reverse("posting", args=["UNH", signed.sequence])
    )


@pytest.mark.parametrize(
    ("page", "question"),
    [
        ("contribution_list", "state=signed"), ("report_list", "state=overdue"),
        ("draft_list", "state=submitted"), ("parked_list", "state=matched"),
        ("entry_list", "fund=FE&kind=receipt"),
    ],
)  # fmt: skip
def test_a_list_is_kept_as_it_was_narrowed(
    books: Ledger, officer: User, client_of: ClientOf, page: str, question: str
) -> None:
    browser = client_of(officer)
    sent = {"page": page, "name": "Mine", "query": question}
    kept = browser.post(reverse("saved_view_save"), sent)
    assert kept["Location"] == f"{reverse(page)}?{question}"
    shown = browser.get(kept["Location"])
    assert shown.context["saved_views"].current.name == "Mine"
    assert "Delete the view “Mine”" in shown.content.decode()


def test_adjustments_lead_to_what_changed_since_the_month_closed_before(
    books: Ledger, reviewer: User, client_of: ClientOf
) -> None:
    march, browser = YearMonth(2021, 3), client_of(reviewer)
    address = reverse("month", args=["UNH", march.slug])
    assert reverse("restatement") not in html_of(browser, address)
    for month in (YearMonth(2021, 1), YearMonth(2021, 2), YearMonth(2021, 4)):
        factories.month(ledger=books, month=month.key, sequence=0)
    led_to = f"{reverse('restatement')}?books=UNH&amp;since=2021-02"
    assert led_to in html_of(browser, address)
    assert browser.get(led_to.replace("&amp;", "&")).status_code == 200


def payment(contribution: Contribution, **changed: Any) -> dict[str, Any]:
    return {
        "token": uuid.uuid4().hex, "contribution": str(contribution.uuid), "currency": "SEK",
        "amount": "3,000,000", "received_on": "2021-06-03", **changed,
    }  # fmt: skip


def test_a_draft_that_is_written_on_is_compared_with_what_waits(
    contribution: Contribution, officer: User, client_of: ClientOf
) -> None:
    browser = client_of(officer)
    browser.post(reverse("receipt_new"), payment(contribution))
    kept = payment(contribution, amount="2,999,999", save="1")
    browser.post(reverse("receipt_new"), kept)
    waiting = Draft.objects.get(state=DraftState.SUBMITTED)
    own = Draft.objects.get(state=DraftState.OPEN)
    edit = reverse("draft_edit", args=[own.uuid])
    answer = browser.post(edit, payment(contribution, version=own.version))
    assert answer.status_code == 422
    assert [one.draft for one in answer.context["form"].duplicates] == [waiting]
    answer = browser.post(edit, payment(contribution, version=own.version, is_another="on"))
    assert answer.status_code == 302
    edit = reverse("draft_edit", args=[waiting.uuid])
    assert [one.draft for one in browser.get(edit).context["form"].duplicates] == []


def test_the_preview_of_a_draft_settles_every_ticked_instalment(
    contribution: Contribution, officer: User, client_of: ClientOf
) -> None:
    browser = client_of(officer)
    browser.post(reverse("receipt_new"), payment(contribution, save="1"))
    own = Draft.objects.get()
    every = [str(one.uuid) for one in contribution.instalments.order_by("number")]
    typed = payment(contribution, amount="5,000,000", instalment=every, check="1")
    answer = browser.post(reverse("draft_edit", args=[own.uuid]), typed)
    parts = answer.context["conversion"].settlement.parts
    assert [str(part.instalment.uuid) for part in parts] == every


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("5200000.00", "Receipt recorded · 5,200,000.00 USD"),
        ("five", "Receipt recorded · five USD"), ("", "Receipt recorded"),
    ],
)  # fmt: skip
def test_a_title_of_a_half_filled_form_groups_its_amount(
    books: Ledger, typed: str, title: str
) -> None:
    form = ReceiptForm({"amount": typed, "currency": "USD"}, ledger=books, today=TODAY)
    assert title_typed(form) == title


def test_nobody_is_thanked_for_a_receipt_of_nobody(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    unknown = factories.posting(books, factories.entry("5.00", donor=None))
    address = reverse("posting", args=["UNH", unknown.sequence])
    assert "letters/thanks" not in html_of(client_of(officer), address)


@pytest.mark.parametrize("name", ["contribution_new", "gift_new"])
def test_a_donor_is_added_from_a_form_by_who_may_add_one(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf, name: str
) -> None:
    link = f'href="{reverse("donor_new")}?next='
    assert link in html_of(client_of(officer), reverse(name))
    assert link not in html_of(client_of(reviewer), reverse(name))
