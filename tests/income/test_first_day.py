"""An officer's first day: rows around the demonstration books, marked, and gone without a trace."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.demonstration import open_demonstration_accounts
from accounts.models import User
from donors.clearances import is_cleared
from donors.models import Clearance, Contact, Donor, DonorDocument, DonorName, Engagement
from income.acts import form_of
from income.approaches import summary
from income.balances import instalment_states
from income.closing import checklist
from income.demonstration.books import load_books
from income.demonstration.first_day import lay_out_first_day
from income.demonstration.posting import LOADED_ON
from income.demonstration.rates import carry_rates_on
from income.ledger.verification import problems
from income.models import (
    Approach,
    Campaign,
    Contribution,
    Draft,
    ErpExport,
    ErpLine,
    ErpReference,
    Import,
    Ledger,
    ParkedReceipt,
    PooledShare,
    ReportClause,
    ReportDue,
)
from income.periods import YearMonth
from income.vocabulary import Answer, ContributionState, DraftState

LAID = (
    Contact, Engagement, Clearance, DonorName, Campaign, Approach, Contribution, Draft, ErpExport,
    ErpLine, ErpReference, ParkedReceipt, PooledShare, ReportClause, ReportDue,
)  # fmt: skip
STAFF = ("officer@demo.example", "second.officer@demo.example")


@pytest.fixture(scope="module")
def laid(django_db_setup, django_db_blocker):
    """The books and their heads before and after the rows were laid out; rolled back in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        carry_rates_on(datetime.date(2022, 12, 31))
        load_books()
        open_demonstration_accounts()
        before = head()
        lay_out_first_day()
        yield before
        transaction.set_rollback(True)


def head():
    return Ledger.objects.values_list("sequence", "head_hash").get(code="DEMO")


def counts():
    return [model._default_manager.count() for model in LAID]


def test_no_figure_moves(laid):
    assert head() == laid
    assert list(problems(Ledger.objects.get(code="DEMO"))) == []


def test_laying_it_out_again_adds_nothing(laid):
    before = counts()
    assert lay_out_first_day() == 0
    assert counts() == before


def test_what_is_made_up_says_so(laid):
    texts = [
        *Contact.objects.values_list("title", flat=True),
        *Engagement.objects.values_list("subject", flat=True),
        *Campaign.objects.values_list("title", flat=True),
        *Contribution.objects.filter(state="prospect").values_list("title", flat=True),
    ]
    assert [text for text in texts if not text.endswith("(demonstration)")] == []
    identifiers = [
        *DonorName.objects.filter(scheme="erp").values_list("name", flat=True),
        *ErpReference.objects.values_list("value", flat=True),
        *ErpLine.objects.values_list("document", flat=True),
        *Clearance.objects.values_list("reference", flat=True),
        *ParkedReceipt.objects.values_list("bank_reference", flat=True),
    ]
    assert [value for value in identifiers if not value.startswith("DEMO-")] == []
    assert set(Campaign.objects.values_list("is_demonstration", flat=True)) == {True}
    assert set(PooledShare.objects.values_list("source", "is_demonstration")) == {
        ("demonstration", True)
    }


def test_no_person_is_made_up(laid):
    assert set(Contact.objects.values_list("name", flat=True)) == {""}
    assert all(email.endswith("@demo.example")
               for email in Contact.objects.values_list("email", flat=True))  # fmt: skip


def test_the_officers_share_the_donors(laid):
    kept = {email: Donor.objects.filter(focal_point__email=email).count() for email in STAFF}
    assert kept == dict.fromkeys(STAFF, 7)


def test_the_private_donor_was_cleared_when_it_signed(laid):
    foundation = Donor.objects.get(code="GATES_FOUNDATION")
    [signed] = Contribution.objects.filter(donor=foundation)
    assert is_cleared(foundation, signed.signed_on)
    waiting = Clearance.objects.get(state="requested")
    assert waiting.donor.code == "PRIVATE_DONORS"


def test_of_twenty_reports_fifteen_were_due_and_ten_came_in_time(laid):
    # Due by the end of 2022: fifteen. Two were never handed in, three came 12 days late.
    due = ReportDue.objects.filter(due_on__lte=LOADED_ON)
    handed_in = [report for report in due if report.submitted_on]
    in_time = [report for report in handed_in if report.submitted_on <= report.due_on]
    assert (ReportDue.objects.count(), len(due), len(handed_in), len(in_time)) == (20, 15, 13, 10)


def test_the_letters_of_spring_were_answered_by_those_who_gave(laid):
    letters = Campaign.objects.get(title__startswith="Core contribution letters, spring 2021")
    answered = letters.approaches.filter(answer=Answer.POSITIVE)
    assert {row.donor_id for row in answered} == {
        row.donor_id for row in Contribution.objects.filter(approach__campaign=letters)
    }
    assert [said[2] for said in summary(letters.approaches.all()).answers] == [3, 1, 20, 2]


def test_prospects_stand_in_no_books(laid):
    hoped = Contribution.objects.filter(state=ContributionState.PROSPECT)
    assert hoped.filter(entries__isnull=False).count() == 0
    kronor = hoped.get(currency="SEK")
    assert (kronor.amount, kronor.probability, kronor.approach.campaign.starts_on) == (
        Decimal(10_000_000), 80, datetime.date(2022, 9, 15),
    )  # fmt: skip


def test_the_month_to_close_next_has_something_to_look_at(laid):
    items = checklist(Ledger.objects.get(code="DEMO"), YearMonth(2022, 1), LOADED_ON).items
    found = {item.key: item.count for item in items}
    assert (found["earlier_months"], found["parked"], found["erp"]) == (0, 1, 2)


def test_the_drafts_are_forms_that_could_be_posted(laid):
    drafts = {draft.state: draft for draft in Draft.objects.filter(ledger__code="DEMO")}
    assert set(drafts) == {DraftState.SUBMITTED, DraftState.RETURNED}
    for draft in drafts.values():
        assert form_of(draft, LOADED_ON).is_valid()
    waiting = drafts[DraftState.SUBMITTED].payload
    [state] = [
        one
        for one in instalment_states(Contribution.objects.get(uuid=waiting["contribution"]))
        if one.outstanding
    ]
    assert state.outstanding == Decimal(waiting["amount"])


def test_removing_takes_it_all_and_leaves_what_others_wrote(reference, settings, tmp_path, officer):
    settings.MEDIA_ROOT = tmp_path
    names = DonorName.objects.count()
    versions = dict(Donor.objects.values_list("code", "focal_point"))
    own = Engagement.objects.create(
        donor=Donor.objects.get(code="SWE"), kind="note", subject="Ours", recorded_by=officer,
        happened_on=LOADED_ON,
    )  # fmt: skip
    carry_rates_on(datetime.date(2022, 12, 31))
    load_books()
    open_demonstration_accounts()
    lay_out_first_day()

    call_command("remove_demonstration", "--yes", verbosity=0)

    assert list(Engagement.objects.all()) == [own]
    assert DonorName.objects.count() == names
    assert dict(Donor.objects.values_list("code", "focal_point")) == versions
    left = [model for model in (*LAID, DonorDocument) if model not in (Engagement, DonorName)]
    assert [model.__name__ for model in left if model._default_manager.exists()] == []
    assert not User.objects.filter(is_demonstration=True).exists()


def test_a_file_waits_with_its_errors_and_another_one_for_the_reviewer(laid):
    correct, review = Import.objects.filter(ledger__code="DEMO").order_by("file_name").reverse()
    assert (correct.found["accepted"], correct.found["failing"]) == (1, 4)
    names = [one["text"] for one in correct.found["unknown_donors"]]
    assert names == ["Friends of Quiet Harbours", "Norwayy"]
    assert correct.found["problem_counts"]["unknown_donor"] == 2
    assert (review.found["accepted"], review.found["failing"]) == (2, 0)
    assert review.draft.state == DraftState.SUBMITTED
