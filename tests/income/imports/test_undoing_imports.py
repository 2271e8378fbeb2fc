"""An import is undone as a whole, or not at all; its postings are not reversed one by one.

SEK 1,000,000 on 3 June 2021 are US$ 119,095.82 at 8.3966.
"""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from income.errors import NotAllowed, PostingWrong
from income.forms import ReversalForm
from income.imports.course.posting import postings_of
from income.imports.course.undoing import ask_to_undo, undo_import
from income.models import Contribution, Import, ImportedRow, Posting
from income.services import approve_draft, reverse_posting
from income.services.actors import Actors
from income.services.payments import ReceivedMoney
from income.services.receipts import record_receipt
from income.services.replacing import why_not_correct
from income.services.returns import MovedMoney, return_money
from income.vocabulary import Act, ContributionState, DraftState
from tests.income.imports.passes_cases import (
    SWEDEN,
    TODAY,
    brought,
    checked,
    imported,
    in_books,
    sound,
)

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AGREED = ("Sweden", "TC", "2021-06-03", "USD", "5000", "G-1")


@pytest.fixture
def import_(ledger, officer, reviewer):
    return imported(ledger, officer, reviewer)


def undone(draft, by, today=TODAY):
    approve_draft(
        draft, version=draft.version, by=by, at=timezone.now(),
        post_it=lambda locked, actors: undo_import(locked, actors, today=today)[0],
    )  # fmt: skip
    return Import.objects.get(undo_draft=draft)


def test_an_undone_import_has_every_posting_reversed_in_todays_month(
    ledger, officer, reviewer, import_
):
    draft = ask_to_undo(import_, because="The wrong year's file.", by=officer)
    assert (draft.act, draft.state) == (Act.UNDO_IMPORT, DraftState.SUBMITTED)
    assert draft.title == "Undo the import of receipts.csv: The wrong year's file."
    again = undone(draft, reviewer)
    reversals = Posting.objects.filter(act=Act.REVERSE).order_by("sequence")
    assert [one.reverses_id for one in reversals] == [one.pk for one in postings_of(import_)]
    assert {(one.booked_month, one.note) for one in reversals} == {
        (202212, "The wrong year's file.")
    }
    assert in_books(ledger) == D(0)
    assert again.undone_at is not None
    assert again.undo_draft.posting == reversals[0]
    assert sound(ledger)


def test_what_its_rows_made_is_cancelled_and_forgotten(officer, reviewer, import_):
    undone(ask_to_undo(import_, because="Wrong.", by=officer), reviewer)
    states = set(Contribution.objects.values_list("state", flat=True))
    assert states == {ContributionState.CANCELLED}
    assert not ImportedRow.objects.exists()
    event = AuditEvent.objects.get(act="undo_import")
    assert event.after == {
        "because": "Wrong.", "rows": 3, "contributions": 3, "postings": ["T/1", "T/2"],
        "reversals": ["T/3", "T/4"],
    }  # fmt: skip


def test_the_same_file_may_be_posted_again_afterwards(ledger, officer, reviewer, import_):
    undone(ask_to_undo(import_, because="Wrong.", by=officer), reviewer)
    again = imported(ledger, officer, reviewer)
    assert again.found["accepted"] == 3
    assert in_books(ledger) == D("119095.82") + D("290000.50")
    assert sound(ledger)


def test_it_is_undone_once(officer, reviewer, import_):
    draft = ask_to_undo(import_, because="Wrong.", by=officer)
    assert ask_to_undo(import_, because="Wrong.", by=officer) == draft
    undone(draft, reviewer)
    draft.refresh_from_db()
    actors = Actors(officer, reviewer)
    assert len(undo_import(draft, actors, today=TODAY)) == 2
    assert Posting.objects.count() == 4
    with pytest.raises(NotAllowed, match="was undone before"):
        ask_to_undo(Import.objects.get(pk=import_.pk), because="Wrong.", by=officer)


def test_it_needs_a_reason_and_something_posted(ledger, officer, import_):
    with pytest.raises(NotAllowed, match="Say what is wrong"):
        ask_to_undo(import_, because=" ", by=officer)
    with pytest.raises(NotAllowed, match="is not posted"):
        ask_to_undo(brought(ledger, officer, [SWEDEN]), because="Wrong.", by=officer)


def test_who_asked_does_not_approve(officer, import_):
    draft = ask_to_undo(import_, because="Wrong.", by=officer)
    officer.role = "reviewer"
    officer.save()
    with pytest.raises(NotAllowed, match="their own"):
        undone(draft, officer)


@pytest.fixture
def agreements(ledger, officer, reviewer):
    return imported(ledger, officer, reviewer, [AGREED], kind="agreement", name="agreements.csv")


def receipt(ledger, agreement, amount="5000", token="r-1"):
    money = ReceivedMoney(
        currency=agreement.currency, amount=D(amount), received_on=datetime.date(2021, 9, 1),
        year_for=2021, automatic=True,
    )  # fmt: skip
    return record_receipt(ledger, agreement, money, token=token, today=TODAY, actors=Actors())


def test_money_that_came_for_its_agreements_stands_in_the_way_by_name(
    ledger, officer, reviewer, agreements
):
    agreement = Contribution.objects.get()
    paid = receipt(ledger, agreement)
    with pytest.raises(PostingWrong) as refused:
        ask_to_undo(agreements, because="Wrong.", by=officer)
    assert refused.value.sentence == (
        f"{agreement.number} came from this import and was changed, or got money, by posting "
        f"{paid.sequence}. Reverse that one first."
    )
    reverse_posting(paid, because="Not ours.", token="x", today=TODAY, actors=Actors())
    undone(ask_to_undo(agreements, because="Wrong.", by=officer), reviewer)
    agreement.refresh_from_db()
    assert agreement.state == ContributionState.CANCELLED
    assert sound(ledger)


def test_money_that_came_between_asking_and_approving_stands_in_the_way_too(
    ledger, officer, reviewer, agreements
):
    draft = ask_to_undo(agreements, because="Wrong.", by=officer)
    receipt(ledger, Contribution.objects.get())
    with pytest.raises(PostingWrong, match="Reverse that one first"):
        undone(draft, reviewer)
    assert not Posting.objects.filter(act=Act.REVERSE).exists()


def test_an_import_that_booked_on_its_agreements_is_undone_first(
    ledger, officer, reviewer, agreements
):
    number = Contribution.objects.get().number
    fields = ("agreement", "date", "currency", "amount", "reference")
    rows = [
        (number, "2021-09-01", "USD", "2000", "P-1"),
        (number, "2021-10-01", "USD", "3000", "P-2"),
    ]
    payments = imported(ledger, officer, reviewer, rows, fields=fields, name="payments.csv")
    with pytest.raises(PostingWrong, match=r"the import of “payments\.csv” booked on it"):
        ask_to_undo(agreements, because="Wrong.", by=officer)
    undone(ask_to_undo(payments, because="Wrong.", by=officer), reviewer)
    undone(ask_to_undo(agreements, because="Wrong.", by=officer), reviewer)
    assert sound(ledger)


def test_payments_posted_again_with_more_rows_settle_only_the_new_ones(
    ledger, officer, reviewer, agreements
):
    number = Contribution.objects.get().number
    fields = ("agreement", "date", "currency", "amount", "reference")
    rows = [
        (number, "2021-09-01", "USD", "2000", "P-1"),
        (number, "2021-10-01", "USD", "3000", "P-2"),
    ]
    imported(ledger, officer, reviewer, rows[:1], fields=fields)
    second = imported(ledger, officer, reviewer, rows, fields=fields)
    assert (second.found["in_books"], second.found["accepted"]) == (1, 1)
    [entry] = second.postings.get().entries.filter(kind="receipt")
    assert (entry.amount, entry.instalment.number) == (D("3000"), 1)
    assert in_books(ledger) == D("5000")


def test_returned_money_of_its_receipts_stands_in_the_way(ledger, officer, reviewer, agreements):
    agreement = Contribution.objects.get()
    fields = ("agreement", "date", "currency", "amount", "reference")
    rows = [(agreement.number, "2021-09-01", "USD", "5000", "P-1")]
    payments = imported(ledger, officer, reviewer, rows, fields=fields, name="payments.csv")
    money = MovedMoney(
        currency=agreement.currency, amount=D("1000"), moved_on=datetime.date(2022, 3, 1),
        document_reference="R-1",
    )  # fmt: skip
    return_money(ledger, agreement, money, token="back", today=TODAY, actors=Actors())
    draft = ask_to_undo(payments, because="Wrong.", by=officer)
    with pytest.raises(PostingWrong, match=r"was changed afterwards\. Reverse posting 3 first"):
        undone(draft, reviewer)
    assert sound(ledger)


def test_one_posting_of_an_import_is_neither_reversed_nor_corrected(ledger, officer, import_):
    posting = postings_of(import_)[0]
    sentence = (
        "Posting 1 is part of the import of “receipts.csv”, which stands or falls as a whole: "
        "undo the import."
    )
    with pytest.raises(PostingWrong) as refused:
        reverse_posting(posting, because="Wrong.", token="x", today=TODAY, actors=Actors())
    assert refused.value.sentence == sentence
    assert why_not_correct(posting) == sentence
    form = ReversalForm({"sequence": 1, "because": "Wrong."}, ledger=ledger, today=TODAY)
    assert not form.is_valid()
    assert form.non_field_errors() == [sentence]


def test_a_pledge_that_became_an_agreement_stands_in_the_way(ledger, officer, reviewer):
    pledges = imported(ledger, officer, reviewer, [AGREED], kind="pledge", name="pledges.csv")
    pledge = Contribution.objects.get()
    assert (pledge.state, pledge.instalments.count()) == (ContributionState.PLEDGED, 0)
    undone(ask_to_undo(pledges, because="Wrong.", by=officer), reviewer)
    pledge.refresh_from_db()
    assert pledge.state == ContributionState.CANCELLED
    assert checked(brought(ledger, officer, [AGREED], kind="pledge")).accepted == 1
