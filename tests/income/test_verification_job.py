"""Verifying the books as a command and as a job: what it says, and that it is noted."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.append_only import lifted
from accounts.models import AuditEvent
from income.ledger.verification_job import last_verification, verify
from income.models import Ledger
from jobs.models import Job, JobState
from tests import factories


@pytest.fixture
def books(ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    for amount in ("10.00", "20.00", "30.00"):
        factories.posting(ledger, factories.entry(amount))
    ledger.refresh_from_db()
    return ledger


def falsify(ledger, sequence):
    """As somebody would who has the database's own password."""
    posting = ledger.postings.get(sequence=sequence)
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE income_entry SET amount = amount + 10000, amount_usd = amount_usd + 100 "
            "WHERE posting_id = %s",
            [posting.pk.hex if connection.vendor == "sqlite" else posting.pk],
        )


def test_sound_books_are_said_to_be_sound_with_their_hash(books, capsys):
    call_command("verify_ledger", books="T")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "T: 3 of 3 postings"
    assert lines[-1] == f"T is sound. Sequence 3, hash {books.head_hash}."


def test_the_first_wrong_posting_is_named_and_the_answer_is_1(books, capsys):
    falsify(books, 2)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", books="T")
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("T is not sound. Posting 2: ")


def test_without_a_code_all_books_are_verified_even_when_some_are_wrong(books, capsys):
    factories.posting(Ledger.objects.create(code="U", name="Others"), factories.entry("1.00"))
    falsify(books, 1)
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert "U is sound. Sequence 1" in capsys.readouterr().out


def test_books_that_are_not_there_are_told_with_those_that_are(books):
    with pytest.raises(CommandError, match=r"There are no books “X”\. There are: .*T"):
        call_command("verify_ledger", books="X")


def test_a_verification_is_noted_with_the_state_of_the_books(books, reviewer):
    verify(books, by=reviewer)
    note = last_verification(books)
    assert (note.by, note.subject_id) == (reviewer.uuid, str(books.pk))
    sound = {"problems": 0, "rollup_cells_wrong": 0}
    assert note.after == {"sequence": 3, "hash": books.head_hash, **sound}


@pytest.mark.both_databases
def test_a_posting_made_meanwhile_is_no_problem(committed):
    """What is read is one state of the books, while others go on posting."""
    books = factories.ledger(code="MOVING")
    factories.posting(books, factories.entry("10.00"))

    def post():
        factories.posting(Ledger.objects.get(code="MOVING"), factories.entry("20.00"))
        connection.close()

    def meanwhile(done, of):
        poster = threading.Thread(target=post)
        poster.start()
        poster.join()

    found = verify(books, by=None, progress=meanwhile)
    assert (found.sequence, found.problems) == (1, ())
    assert not connection.in_atomic_block
    assert (verify(books, by=None).sequence, verify(books, by=None).problems) == (2, ())


class TestButton:
    def test_it_starts_a_job_that_says_that_the_books_are_sound(
        self, books, client_of, reviewer, django_capture_on_commit_callbacks
    ):
        client = client_of(reviewer)
        assert b"has not been verified yet" in client.get("/income/verify/").content
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/income/verify/", {"books": "T"})
        job = Job.objects.get()
        assert answer.headers["Location"] == f"/jobs/{job.uuid}/"
        assert job.state == JobState.DONE
        assert job.result == {"sequence": 3, "hash": books.head_hash, "problems": []}
        assert (job.done_steps, job.all_steps) == (3, 3)
        assert b"was sound up to posting 3" in client.get("/income/verify/").content

    def test_what_is_wrong_stands_on_the_page_of_the_job(
        self, books, client_of, reviewer, django_capture_on_commit_callbacks
    ):
        falsify(books, 2)
        client = client_of(reviewer)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/income/verify/", {"books": "T"})
        page = client.get(answer.headers["Location"]).content.decode()
        assert "is not sound" in page
        assert "Posting 2: the entries are not those that were sealed." in page

    def test_pressed_twice_it_is_one_job(self, books, client_of, reviewer):
        client = client_of(reviewer)
        first, second = (client.post("/income/verify/", {"books": "T"}) for _press in range(2))
        assert first.headers["Location"] == second.headers["Location"]

    def test_it_is_for_reviewers_and_administrators(
        self, books, client_of, reviewer, administrator, officer, board_member, representative
    ):
        people = (reviewer, administrator, officer, board_member, representative)
        answers = [client_of(person).get("/income/verify/").status_code for person in people]
        assert answers == [200, 200, 403, 403, 403]

    def test_books_that_are_not_there_are_not_found(self, books, client_of, reviewer):
        assert client_of(reviewer).post("/income/verify/", {"books": "X"}).status_code == 404
        assert AuditEvent.objects.filter(act="verify_ledger").exists() is False
