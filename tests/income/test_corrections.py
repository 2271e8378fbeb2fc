"""Corrections and drafts: reverse and replace, keep for later, two versions side by side.

SEK 1,000,000 on 3 June 2021 are US$ 119,095.82 at 8.3966; SEK 1,100,000 are US$ 131,005.41.
"""

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from income.acts import post_draft
from income.errors import NotAllowed
from income.ledger.chain import chain_of, chain_of_contribution
from income.ledger.verification import problems
from income.models import Contribution, Draft, Entry, Ledger, Posting
from income.periods import YearMonth
from income.rehearsal import rehearse
from income.services import approve_draft, close_month, return_draft
from income.services.drafts import payload_of_version
from income.vocabulary import Act, ContributionState, DraftState, Kind

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def token(word: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, word).hex


GIFT = {
    "token": token("t-1"), "donor": "SWE", "fund": "FNE", "title": "Core contribution 2022",
    "currency": "SEK", "amount": "1,000,000", "received_on": "2021-06-03", "reference": "B-77",
}  # fmt: skip


@pytest.fixture
def books(reference: None) -> Ledger:
    return Ledger.objects.get(code="UNH")


def send(client: Client, address: str = "/income/gifts/new/", **typed: str) -> str:
    response = client.post(address, {**GIFT, **typed})
    assert response.status_code == 302, response.context["form"].errors
    return str(response["Location"])


def approve(client: Client, address: str) -> Posting:
    version = Draft.objects.get(uuid=address.split("/")[3]).version
    client.post(f"{address}approve/", {"version": version})
    return Posting.objects.order_by("-sequence")[0]


@pytest.fixture
def wrong(books: Ledger, officer: User, reviewer: User, client_of: ClientOf) -> Posting:
    """A gift of SEK 1,000,000 in the books, as posting 1."""
    return approve(client_of(reviewer), send(client_of(officer)))


CORRECT = "/income/postings/UNH/1/correct/"


def correct(client: Client, **typed: str) -> str:
    changed = {"amount": "1,100,000", "token": token("t-2"), "correcting_because": "A nought less"}
    return send(client, CORRECT, **{**changed, **typed})


def test_a_correction_opens_with_what_was_typed_and_asks_for_the_reason(
    wrong: Posting, officer: User, client_of: ClientOf
) -> None:
    page = client_of(officer).get(CORRECT)
    assert page.context["form"]["amount"].value() == "1,000,000"
    refused = client_of(officer).post(CORRECT, {**GIFT, "amount": "2"})
    assert refused.status_code == 422
    assert "Say what is wrong with the posting" in refused.content.decode()
    assert refused.context["form"]["amount"].value() == "2"
    assert Draft.objects.count() == 1


def test_a_correction_reverses_and_replaces_once_another_person_approves(
    wrong: Posting, officer: User, reviewer: User, client_of: ClientOf, books: Ledger
) -> None:
    address = correct(client_of(officer))
    assert Posting.objects.count() == 1
    right = approve(client_of(reviewer), address)
    undo = Posting.objects.get(reverses=wrong)
    assert (undo.sequence, right.sequence, right.replaces) == (2, 3, wrong)
    assert (undo.note, undo.prepared_by, undo.approved_by) == ("A nought less", officer, reviewer)
    received = Entry.objects.receipts().values_list("amount_usd", flat=True)
    assert sum(usd for usd in received if usd) == Decimal("131005.41")
    assert list(problems(books)) == []


def test_the_chain_is_told_from_either_end(
    wrong: Posting, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    right = approve(client_of(reviewer), correct(client_of(officer)))
    for posting in (wrong, right):
        assert [one.sequence for one in chain_of([posting])] == [1, 2, 3]
    for contribution in Contribution.objects.all():
        assert [one.sequence for one in chain_of_contribution(contribution)] == [1, 2, 3]
    page = client_of(officer).get("/income/postings/UNH/1/").content.decode()
    assert "replaced by posting 3" in page
    assert "reverses posting 1" in page
    assert "A nought less" in page
    states = Contribution.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ContributionState.CANCELLED, ContributionState.SIGNED]


def test_a_posting_is_corrected_at_its_last_link_only(
    wrong: Posting, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    approve(client_of(reviewer), correct(client_of(officer)))
    page = client_of(officer).get(CORRECT, follow=True).content.decode()
    assert "Posting 3 stands instead of this one already" in page
    again = send(
        client_of(officer), "/income/postings/UNH/3/correct/", amount="1,200,000",
        token=token("t-3"), correcting_because="Two noughts",
    )  # fmt: skip
    last = approve(client_of(reviewer), again)
    assert [one.sequence for one in chain_of([last])] == [1, 2, 3, 4, 5]


def test_nothing_is_reversed_when_the_replacement_cannot_be_posted(
    wrong: Posting, officer: User, reviewer: User, client_of: ClientOf, books: Ledger
) -> None:
    address = correct(client_of(officer))
    at = datetime.datetime(2022, 1, 5, tzinfo=datetime.UTC)
    close_month(books, YearMonth(2021, 6), by=reviewer, at=at)
    page = client_of(reviewer).post(f"{address}approve/", {"version": 1}, follow=True)
    assert "June 2021 is closed" in page.content.decode()
    assert not Posting.objects.filter(reverses=wrong).exists()
    form = client_of(officer).get(CORRECT).context["form"]
    assert form["adjusts"].value() == "on"  # offered as an adjustment from then on


AGREEMENT = {
    "token": token("a"), "act": "sign_agreement", "donor": "SWE", "fund": "FE", "title": "Housing",
    "currency": "USD", "amount": "100", "promised_on": "2021-03-04", "support_rate": "13",
}  # fmt: skip


def test_an_agreement_under_which_money_arrived_is_amended_instead(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    signed = approve(
        client_of(reviewer), send(client_of(officer), "/income/contributions/new/", **AGREEMENT)
    )
    contribution = Contribution.objects.get()
    paid = {
        "token": token("r"), "contribution": str(contribution.uuid), "currency": "USD",
        "amount": "40", "received_on": "2021-06-01",
    }  # fmt: skip
    approve(client_of(reviewer), send(client_of(officer), "/income/receipts/new/", **paid))
    typed = {**AGREEMENT, "token": token("a2"), "amount": "90", "correcting_because": "Ninety"}
    address = f"/income/postings/UNH/{signed.sequence}/correct/"
    refused = client_of(officer).post(address, typed)
    assert refused.status_code == 422
    assert "Amend the agreement instead" in str(refused.context["form"].errors)
    assert refused.context["form"]["amount"].value() == "90"


def test_what_the_portal_loaded_itself_has_no_form_and_says_so(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    from tests import factories

    factories.posting(books)
    page = client_of(officer).get(CORRECT, follow=True).content.decode()
    assert "Reverse it and enter what is right" in page


def test_the_reviewer_sees_what_will_be_posted_and_nothing_stays_of_the_rehearsal(
    wrong: Posting, officer: User, reviewer: User, client_of: ClientOf, books: Ledger,
    today: datetime.date,
) -> None:  # fmt: skip
    draft = Draft.objects.get(uuid=correct(client_of(officer)).split("/")[3])
    shown = rehearse(draft, today)
    kinds = [(entry.kind, entry.amount_usd) for entry in shown.entries]
    assert kinds == [
        (Kind.AGREEMENT, Decimal("131005.41")), (Kind.DUE, Decimal("131005.41")),
        (Kind.RECEIPT, Decimal("131005.41")),
    ]  # fmt: skip
    assert shown.booked == YearMonth(2021, 6)
    assert [(one.kind, one.difference) for one in shown.changes] == [
        (Kind.AGREEMENT, Decimal(100_000)), (Kind.DUE, Decimal(100_000)),
        (Kind.RECEIPT, Decimal(100_000)),
    ]  # fmt: skip
    assert {one.difference_usd for one in shown.changes} == {Decimal("11909.59")}
    books.refresh_from_db()
    assert (books.sequence, Posting.objects.count(), Entry.objects.count()) == (1, 1, 3)
    page = client_of(reviewer).get(f"/income/drafts/{draft.uuid}/").content.decode()
    assert "What the correction changes" in page


def test_money_that_was_entered_before_is_pointed_out(
    wrong: Posting, officer: User, client_of: ClientOf, today: datetime.date
) -> None:
    again = send(client_of(officer), token=token("t-9"), received_on="2021-06-08", is_another="on")
    draft = Draft.objects.get(uuid=again.split("/")[3])
    assert rehearse(draft, today).twins == (1,)
    other = send(client_of(officer), token=token("t-8"), received_on="2021-08-08", is_another="on")
    shown = rehearse(Draft.objects.get(uuid=other.split("/")[3]), today)
    assert (shown.twins, shown.twin_drafts) == ((), (draft,))


def test_half_a_form_is_kept_for_later_by_its_writer_alone(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    half = {**GIFT, "amount": "", "save": "1"}
    address = client_of(officer).post("/income/gifts/new/", half)["Location"]
    draft = Draft.objects.get()
    assert (draft.state, draft.act, draft.payload["donor"]) == (
        DraftState.OPEN, Act.RECORD_GIFT, "SWE",
    )  # fmt: skip
    assert client_of(reviewer).get(address).status_code == 404
    assert "amount" not in draft.payload
    resumed = client_of(officer).get(f"{address}edit/").context["form"]
    assert resumed["title"].value() == "Core contribution 2022"
    client_of(officer).post(f"{address}edit/", {**GIFT, "version": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.version) == (DraftState.SUBMITTED, 2)
    assert approve(client_of(reviewer), address).sequence == 1


def test_the_same_form_kept_and_then_submitted_is_submitted(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    client_of(officer).post("/income/gifts/new/", {**GIFT, "save": "1"})
    send(client_of(officer), amount="5")
    draft = Draft.objects.get()
    assert (draft.state, draft.payload["amount"]) == (DraftState.SUBMITTED, "5")


def test_a_draft_is_taken_back_and_thrown_away_by_who_wrote_it(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = send(client_of(officer))
    assert client_of(reviewer).post(f"{address}withdraw/", {"version": 1}).status_code == 404
    client_of(officer).post(f"{address}discard/", {"version": 1})
    assert Draft.objects.get().state == DraftState.SUBMITTED
    client_of(officer).post(f"{address}withdraw/", {"version": 1})
    assert Draft.objects.get().state == DraftState.OPEN
    client_of(officer).post(f"{address}discard/", {"version": 2})
    assert not Draft.objects.exists()
    assert AuditEvent.objects.get(act="discard_draft").before["amount"] == "1,000,000"


def test_who_writes_while_the_draft_comes_back_sees_both_versions_and_loses_nothing(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = send(client_of(officer))
    client_of(officer).post(f"{address}edit/", {**GIFT, "version": "1", "amount": "7"})
    client_of(reviewer).post(f"{address}return/", {"version": 2, "because": "Which bank?"})
    late = client_of(officer).post(f"{address}edit/", {**GIFT, "version": "1", "amount": "9"})
    assert late.status_code == 422
    assert late.context["form"]["amount"].value() == "9"
    [amount] = late.context["conflict"]
    assert (amount.saved, amount.typed) == ("7", "9")
    page = late.content.decode()
    assert "Which bank?" in page
    assert 'name="version" value="3"' in page
    client_of(officer).post(f"{address}edit/", {**GIFT, "version": "3", "amount": "9"})
    assert Draft.objects.get().payload["amount"] == "9"


def test_a_reviewer_of_an_older_version_sees_what_changed(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    address = send(client_of(officer))
    client_of(officer).post(f"{address}edit/", {**GIFT, "version": "1", "amount": "2"})
    page = client_of(reviewer).post(f"{address}approve/", {"version": 1}, follow=True)
    [amount] = page.context["conflict"]
    assert (amount.label, amount.typed, amount.saved) == ("Amount received", "1,000,000", "2")
    draft = Draft.objects.get()
    before = payload_of_version(draft, 1)
    assert before is not None
    assert before["amount"] == "1,000,000"
    assert payload_of_version(draft, 9) is None


def test_the_queue_is_narrowed_by_act_donor_and_age(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    send(client_of(officer))
    send(client_of(officer), token=token("n"), donor="NOR", amount="4", title="Core", reference="")
    old = Draft.objects.get(title__startswith="Norway")
    Draft.objects.filter(pk=old.pk).update(written_at=timezone.now() - datetime.timedelta(days=8))

    def asked(query: str) -> list[str]:
        page = client_of(reviewer).get(f"/income/drafts/?{query}").context["page"]
        return [draft.title.split(" ")[0] for draft in page.items]

    assert asked("state=submitted") == ["Norway", "Sweden"]
    assert asked("age=7") == ["Norway"]
    assert asked("q=swed") == ["Sweden"]
    assert asked("act=record_receipt") == []
    assert asked("age=nonsense&act=nonsense") == ["Sweden", "Norway"]


@pytest.mark.parametrize("decide", ["approve", "return"])
def test_nobody_decides_on_their_own_whichever_way_they_come(
    books: Ledger, reviewer: User, client_of: ClientOf, decide: str
) -> None:
    address = send(client_of(reviewer))
    draft, at = Draft.objects.get(), timezone.now()
    with pytest.raises(NotAllowed):
        if decide == "approve":
            approve_draft(
                draft, version=1, by=reviewer, at=at,
                post_it=lambda one, actors: post_draft(one, actors, at.date()),
            )  # fmt: skip
        else:
            return_draft(draft, because="x", version=1, by=reviewer, at=at)
    client_of(reviewer).post(f"{address}{decide}/", {"version": 1, "because": "x"})
    headers = {"Idempotency-Key": "one", "If-Match": '"1"'}
    for method, status in (("post", 403), ("put", 405), ("patch", 405)):
        answer = getattr(client_of(reviewer), method)(
            f"/api/v1/drafts/{draft.uuid}/{decide}/", '{"because": "x"}', "application/json",
            headers=headers,
        )  # fmt: skip
        assert answer.status_code == status
    assert Draft.objects.get().state == DraftState.SUBMITTED
    assert not Posting.objects.exists()
