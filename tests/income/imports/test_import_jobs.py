"""Checking, posting and undoing as jobs: said as it goes, done once, whole or not at all."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from accounts.append_only import lifted
from income.demonstration.removal import remove_books
from income.errors import DraftChanged, NotAllowed
from income.imports import jobs, services
from income.imports.course.posting import postings_of
from income.imports.course.undoing import ask_to_undo
from income.imports.jobs import approve_later, check_later
from income.imports.reading import FileRefused
from income.models import Import, Ledger, Posting
from income.periods import YearMonth
from income.rehearsal import Rehearsal, rehearse
from income.services import close_month, return_draft, withdraw_draft
from income.services.drafts import posting_job
from income.vocabulary import DraftState
from jobs.models import Job, JobState
from tests import factories
from tests.income.imports.passes_cases import (
    ROWS,
    TODAY,
    brought,
    choose,
    imported,
    in_books,
    posted,
    sound,
    submitted,
)

D = Decimal
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = datetime.datetime(2022, 12, 15, 9, tzinfo=datetime.UTC)


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """What is asked for is done at once, as when the transaction commits."""

    def asked(function, *told, **named):
        with django_capture_on_commit_callbacks(execute=True):
            job = function(*told, **named)
        job.refresh_from_db()
        return job

    return asked


def test_a_check_says_how_many_rows_would_be_posted(ledger, officer, run):
    import_ = brought(ledger, officer, [*ROWS, ("Nobody at all", *ROWS[0][1:])])
    job = run(check_later, import_, by=officer)
    assert (job.state, job.sentence) == (
        JobState.DONE, "3 rows would be posted, 1 would not."
    )  # fmt: skip
    assert job.result["accepted"] == 3
    assert Import.objects.get().job == job


def test_a_check_asked_for_twice_is_one_job(ledger, officer):
    import_ = brought(ledger, officer)
    assert check_later(import_, by=officer) == check_later(import_, by=officer)


def test_a_file_that_is_gone_ends_the_check_with_a_sentence(ledger, officer, run):
    import_ = brought(ledger, officer)
    Path(import_.file.path).unlink()
    job = run(check_later, import_, by=officer)
    assert (job.state, job.sentence) == (
        JobState.FAILED, "The file “receipts.csv” is not kept any more. Bring it in again."
    )  # fmt: skip


def test_an_approved_file_is_posted_by_the_job_with_its_address(ledger, officer, reviewer, run):
    draft = submitted(brought(ledger, officer), officer)
    job = run(approve_later, draft, version=1, by=reviewer)
    assert (job.state, job.sentence) == (
        JobState.DONE, "3 rows were posted as 2 postings."
    )  # fmt: skip
    assert job.result["postings"] == [
        {"books": "T", "sequence": 1}, {"books": "T", "sequence": 2},
    ]  # fmt: skip
    draft.refresh_from_db()
    assert (draft.state, draft.reviewed_by) == (DraftState.POSTED, reviewer)
    assert sound(ledger)


def test_what_changed_since_the_check_is_said_and_nothing_is_posted(ledger, officer, reviewer, run):
    draft = submitted(brought(ledger, officer), officer)
    close_month(ledger, YearMonth(2021, 6), by=None, at=AT)
    job = run(approve_later, draft, version=1, by=reviewer)
    assert (job.state, job.sentence) == (
        JobState.FAILED,
        "Nothing was posted: The books have changed since this file was checked. Check it again.",
    )
    draft.refresh_from_db()
    assert draft.state == DraftState.SUBMITTED
    assert not Posting.objects.exists()


def test_two_reviewers_or_two_clicks_are_one_job(ledger, officer, reviewer):
    second = factories.user(role="reviewer")
    draft = submitted(brought(ledger, officer), officer)
    first = approve_later(draft, version=1, by=reviewer)
    assert approve_later(draft, version=1, by=reviewer) == first
    assert approve_later(draft, version=1, by=second) == first
    assert Job.objects.filter(kind="post_import").count() == 1


def test_who_may_not_approve_is_told_at_once(ledger, officer, other_officer, reviewer):
    draft = submitted(brought(ledger, officer), officer)
    with pytest.raises(NotAllowed, match="may not review"):
        approve_later(draft, version=1, by=other_officer)
    with pytest.raises(DraftChanged):
        approve_later(draft, version=2, by=reviewer)
    officer.role = "reviewer"
    officer.save()
    with pytest.raises(NotAllowed, match="their own"):
        approve_later(draft, version=1, by=officer)
    assert not Job.objects.exists()


def test_a_draft_that_is_being_posted_is_neither_taken_back_nor_returned(ledger, officer, reviewer):
    import_ = brought(ledger, officer)
    draft = submitted(import_, officer)
    job = approve_later(draft, version=1, by=reviewer)
    assert posting_job(draft) == job
    with pytest.raises(NotAllowed, match="is being posted"):
        withdraw_draft(draft, version=1, by=officer)
    with pytest.raises(NotAllowed, match="is being posted"):
        return_draft(draft, because="No.", version=1, by=reviewer, at=AT)
    Job.objects.update(state=JobState.FAILED)
    assert withdraw_draft(draft, version=1, by=officer).state == DraftState.OPEN


def test_an_approved_undoing_is_done_by_the_job(ledger, officer, reviewer, run):
    import_ = imported(ledger, officer, reviewer)
    draft = ask_to_undo(import_, because="The wrong file.", by=officer)
    job = run(approve_later, draft, version=1, by=reviewer)
    assert (job.state, job.sentence) == (
        JobState.DONE, "The import was undone: 2 postings were reversed."
    )  # fmt: skip
    assert in_books(ledger) == 0
    assert sound(ledger)


def test_the_page_of_a_draft_does_not_rehearse_a_file(ledger, officer):
    draft = submitted(brought(ledger, officer), officer)
    assert rehearse(draft, TODAY) == Rehearsal()


def test_a_file_that_was_thrown_away_ends_its_job_with_a_sentence(ledger, officer, run):
    import_ = brought(ledger, officer)
    job = check_later(import_, by=officer)
    services.discard(import_, by=officer)
    with pytest.raises(Exception, match="was thrown away"):
        jobs.check_import(job, lambda done, of: None)


def test_a_bad_file_leaves_neither_row_nor_bytes(ledger, officer, settings):
    folder = Path(settings.MEDIA_ROOT) / "imports"
    before = set(folder.glob("*"))
    with pytest.raises(FileRefused):
        services.read_in(ContentFile(b"\0\1\2"), ledger=ledger, by=officer, name="x.xlsx")
    with pytest.raises(FileRefused) as refused:
        services.read_in(
            ContentFile(b"x" * 11), ledger=ledger, by=officer, name="x.csv", most_bytes=10
        )
    assert refused.value.code == "too_large"
    assert set(folder.glob("*")) == before
    assert not Import.objects.exists()


def test_a_discarded_file_takes_its_bytes_with_it(
    ledger, officer, django_capture_on_commit_callbacks
):
    import_ = brought(ledger, officer)
    path = Path(import_.file.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(import_, by=officer)
    assert not path.exists()


def test_who_may_not_enter_income_brings_nothing_in(ledger, board_member):
    with pytest.raises(NotAllowed, match="may not enter"):
        brought(ledger, board_member)


def test_imports_of_a_demonstration_go_with_its_books(
    reference, officer, reviewer, django_capture_on_commit_callbacks
):
    books = factories.ledger(code="SHOW", is_demonstration=True)
    other = factories.ledger(code="REAL2")
    fields = ("donor", "fund", "date", "currency", "amount", "reference", "entity")
    import_ = brought(books, officer, [(*ROWS[1], "Show Two")], fields=fields)
    new = {"code": "SHOW2", "name": "Show Two"}
    choose(import_, officer, books={"show two": {"new": new}})
    posted(submitted(import_, officer), reviewer)
    kept = imported(other, officer, reviewer)
    path = Path(import_.file.path)
    assert Ledger.objects.get(code="SHOW2").is_demonstration
    connection.check_constraints()
    with django_capture_on_commit_callbacks(execute=True), lifted(connection):
        removed = remove_books()
    assert removed["imports"] == 1
    assert not Ledger.objects.filter(code__in=["SHOW", "SHOW2"]).exists()
    assert not path.exists()
    assert list(Import.objects.all()) == [kept]
    assert len(postings_of(kept)) == 2
    assert sound(other)
