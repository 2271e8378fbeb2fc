"""Writing through the API: the forms of the pages, by another hand and under the same rules."""

import datetime
import json
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts import idempotency
from accounts.models import KeptAnswer, Scope
from income.models import Contribution, Draft, Entry, Import
from jobs.models import Job
from jobs.services import run_due
from tests.api.programs import BASE, program_of, send, told

pytestmark = pytest.mark.django_db
A_DAY = timezone.localdate() - datetime.timedelta(days=3)
PLEDGE = {"donor": "SWE", "fund": "FNE", "title": "Core 2022", "currency": "USD",
          "amount": "1234567.89", "promised_on": A_DAY.isoformat()}  # fmt: skip
NEW = {"act": "record_pledge", "fields": PLEDGE}


@pytest.fixture
def books(ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    settings.API_WRITES_PER_MINUTE = 1000
    return ledger


@pytest.fixture
def writer(books, officer):
    return program_of(officer, Scope.WRITE)


@pytest.fixture
def checker(books, reviewer):
    return program_of(reviewer, Scope.WRITE)


def made(client, **changed):
    """A new draft, as it was told."""
    answer = send(client, "drafts/", {**NEW, **changed})
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_pledge_is_written_by_one_and_posted_by_another(writer, checker, books):
    answer = send(writer, "contributions/", NEW)
    draft = answer.json()
    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    assert answer["Location"] == f"/api/v1/drafts/{draft['uuid']}/"
    assert (draft["state"], draft["title"]) == (
        "submitted", "Sweden · 1,234,567.89 USD · Core 2022",
    )  # fmt: skip
    assert draft["fields"] == {"act": "record_pledge", **PLEDGE}
    assert (Contribution.objects.count(), Entry.objects.count()) == (0, 0)
    posted = send(checker, f"drafts/{draft['uuid']}/approve/", If_Match='"1"')
    assert (posted.status_code, posted.json()["state"]) == (200, "posted")
    assert posted.json()["posting"] == {"books": "T", "sequence": 1}
    entry = Entry.objects.get()
    assert (entry.kind, entry.amount, entry.donor.code) == ("pledge", Decimal("1234567.89"), "SWE")


def test_nobody_approves_their_own(checker):
    draft = made(checker)
    answer = send(checker, f"drafts/{draft['uuid']}/approve/", If_Match='"1"')
    assert told(answer) == (403, "not_allowed")
    assert answer.json()["detail"].startswith("Nobody approves their own draft.")
    assert Entry.objects.count() == 0


def test_the_form_says_what_is_wrong_field_by_field(writer):
    answer = send(writer, "drafts/", {**NEW, "fields": {**PLEDGE, "amount": "much", "donor": "XX"}})
    assert told(answer) == (422, "not_valid")
    assert set(answer.json()["errors"]) == {"amount", "donor"}
    unknown = send(writer, "drafts/", {**NEW, "fields": {**PLEDGE, "amuont": "1"}})
    assert unknown.json()["errors"] == {"amuont": ["There is no such field."]}
    assert Draft.objects.count() == 0


def test_an_open_draft_may_be_incomplete_and_is_its_writers_alone(writer, checker):
    draft = made(writer, fields={"donor": "SWE"}, state="open")
    assert checker.get(f"{BASE}drafts/{draft['uuid']}/").status_code == 404
    address = f"drafts/{draft['uuid']}/"
    wrong = send(writer, f"{address}submit/", If_Match='"1"')
    assert told(wrong) == (422, "not_valid")
    changed = send(writer, address, {"fields": PLEDGE}, method="PATCH", If_Match='"1"')
    assert (changed.json()["state"], changed["ETag"]) == ("open", '"2"')
    done = send(writer, f"{address}submit/", If_Match='"2"')
    assert (done.json()["state"], done["ETag"]) == ("submitted", '"3"')
    assert checker.get(f"{BASE}drafts/{draft['uuid']}/")["ETag"] == '"3"'


def test_a_change_names_the_version_it_was_made_from(writer):
    address = f"drafts/{made(writer)['uuid']}/"
    change = {"fields": {"title": "Another", "reference": "A-1"}}
    assert told(send(writer, address, change, method="PATCH")) == (428, "precondition_required")
    for other in ('"2"', "1", 'W/"1"', "*", '"x"'):
        late = send(writer, address, change, method="PATCH", If_Match=other)
        assert told(late) == (412, "precondition_failed"), other
    done = send(writer, address, change, method="PATCH", If_Match='"1"')
    assert done.json()["fields"]["title"] == "Another"
    assert done.json()["state"] == "submitted"
    removed = send(writer, address, {"fields": {"reference": None}}, method="PATCH",
                   If_Match='"2"')  # fmt: skip
    assert "reference" not in removed.json()["fields"]


def test_a_draft_goes_back_with_a_reason(writer, checker):
    address = f"drafts/{made(writer)['uuid']}/return/"
    assert told(send(checker, address, {}, If_Match='"1"')) == (400, "bad_request")
    answer = send(checker, address, {"because": "The fund is wrong."}, If_Match='"1"')
    assert answer.json()["state"] == "returned"
    assert answer.json()["returned_because"] == "The fund is wrong."


def test_others_drafts_are_not_there(writer, other_officer, board_member):
    draft = made(writer)
    another = program_of(other_officer, Scope.WRITE)
    address = f"{BASE}drafts/{draft['uuid']}/"
    assert another.get(address).status_code == 404
    assert send(another, address, {}, method="PATCH", If_Match='"1"').status_code == 404
    assert another.get(f"{BASE}drafts/").json()["results"] == []
    assert told(program_of(board_member).get(f"{BASE}drafts/")) == (403, "not_allowed")


def test_the_list_is_narrowed_by_state(writer):
    made(writer, state="open")
    made(writer)
    found = writer.get(f"{BASE}drafts/?state=open").json()["results"]
    assert [one["state"] for one in found] == ["open"]


def test_what_finance_reports_is_finances(writer, checker):
    sent = {"act": "record_allotment", "fields": {}, "state": "open"}
    assert told(send(writer, "drafts/", sent)) == (403, "not_allowed")
    assert send(checker, "drafts/", sent).status_code == 201


def test_files_are_no_act_of_a_draft(writer):
    answer = send(writer, "drafts/", {"act": "import_rows", "fields": {}})
    assert answer.json()["errors"] == {"act": ['"import_rows" is not a valid choice.']}


# The same request, sent twice.


def test_a_request_without_a_key_is_refused(writer):
    for key in (" ", "x" * 81):
        answer = send(writer, "drafts/", NEW, key=key)
        assert told(answer) == (400, "idempotency_key_missing")
    assert Draft.objects.count() == 0


def test_the_same_key_gives_the_same_answer_and_does_nothing_again(writer):
    first = send(writer, "drafts/", NEW, key="one")
    again = send(writer, "drafts/", dict(reversed(NEW.items())), key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Location"] == first["Location"]
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Draft.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(writer):
    send(writer, "drafts/", NEW, key="one")
    other = send(writer, "drafts/", {**NEW, "state": "open"}, key="one")
    assert told(other) == (422, "idempotency_key_used")
    assert told(send(writer, "contributions/", NEW, key="one")) == (422, "idempotency_key_used")


def test_another_person_may_choose_the_same_key(writer, checker):
    send(writer, "drafts/", NEW, key="one")
    assert send(checker, "drafts/", NEW, key="one").status_code == 201
    assert Draft.objects.count() == 2


def test_what_was_refused_may_be_sent_again_corrected(writer):
    wrong = {**NEW, "fields": {**PLEDGE, "amount": "0"}}
    assert send(writer, "drafts/", wrong, key="one").status_code == 422
    assert KeptAnswer.objects.count() == 0
    assert send(writer, "drafts/", NEW, key="one").status_code == 201


def test_approving_twice_posts_once(writer, checker):
    address = f"drafts/{made(writer)['uuid']}/approve/"
    first, again = (send(checker, address, If_Match='"1"', key="a") for _time in range(2))
    assert first.json() == again.json()
    assert Entry.objects.count() == 1


def test_what_is_being_done_is_not_done_a_second_time(writer, officer):
    send(writer, "drafts/", NEW, key="one")
    kept = KeptAnswer.objects.get()
    Draft.objects.all().delete()
    KeptAnswer.objects.update(status=None, content=None)
    assert told(send(writer, "drafts/", NEW, key="one")) == (409, "request_under_way")
    KeptAnswer.objects.update(claimed_at=kept.claimed_at - datetime.timedelta(minutes=11))
    assert send(writer, "drafts/", NEW, key="one").status_code == 201


def test_after_the_answer_is_forgotten_the_draft_still_stands_once(writer):
    first = send(writer, "drafts/", NEW, key="one").json()
    KeptAnswer.objects.all().delete()
    assert send(writer, "drafts/", NEW, key="one").json()["uuid"] == first["uuid"]
    KeptAnswer.objects.all().delete()
    other = {**NEW, "fields": {**PLEDGE, "title": "Another"}}
    assert told(send(writer, "drafts/", other, key="one")) == (422, "idempotency_key_used")
    assert Draft.objects.count() == 1


def test_answers_are_kept_for_seven_days(writer):
    made(writer)
    now = timezone.now()
    kept = KeptAnswer.objects.filter(claimed_at__lt=idempotency.oldest(now))
    assert (kept.count(), idempotency.KEPT_DAYS) == (0, 7)
    KeptAnswer.objects.update(claimed_at=now - datetime.timedelta(days=7, seconds=1))
    assert kept.count() == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_once_is_done_once(committed, writer):
    answers = []

    def ask():
        try:
            answers.append(send(writer, "drafts/", NEW, key="at once").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {201, 409}
    assert answers.count(201) >= 1
    assert (Draft.objects.count(), KeptAnswer.objects.count()) == (1, 1)


# Files.

ROWS = (
    b"Donor,Amount,Currency,Date,Fund\n"
    b"Sweden,100.50,USD,2022-11-03,FNE\nNorway,20,USD,2022-11-04,FNE\n"
)


def bring(client, content=ROWS, name="receipts.csv", key="file", **more):
    sent = {"file": SimpleUploadedFile(name, content), **more}
    return client.post(f"{BASE}imports/", sent, headers={"Idempotency-Key": key})


@pytest.fixture
def brought(writer, monkeypatch):
    """A file, checked: two receipts."""
    monkeypatch.setattr("jobs.services.runner.wake", lambda _run: None)
    answer = bring(writer, as_proposed="true")
    assert answer.status_code == 201, answer.content
    return answer


def test_a_file_is_brought_in_checked_and_submitted(brought, writer, checker):
    first = brought.json()
    assert (first["state"], first["job"]["state"]) == ("checking", "waiting")
    run_due()
    address = f"imports/{first['uuid']}/"
    found = writer.get(BASE + address).json()
    assert (found["state"], found["found"]["rows"]) == ("checked", 2), found
    assert (found["found"]["accepted"], found["found"]["problems"]) == (2, [])
    totals = [(one["kind"], one["fund"], one["amount"]) for one in found["found"]["totals"]]
    assert ("receipt", "FNE", "120.50") in totals
    sent = send(writer, f"{address}submit/", If_Match=writer.get(BASE + address)["ETag"])
    assert sent.json()["state"] == "submitted"
    approve = f"drafts/{sent.json()['draft']}/approve/"
    assert send(checker, approve, If_Match='"1"').status_code == 202
    run_due()
    done = checker.get(BASE + address).json()
    assert (done["state"], done["postings"][0]["books"]) == ("posted", "T")
    assert Entry.objects.receipts().get(donor__code="SWE").amount == Decimal("100.50")
    assert Import.objects.get().file.read() == ROWS


def test_a_file_sent_twice_is_one_import(brought, writer):
    again = bring(writer, as_proposed="true")
    assert again["Idempotency-Replayed"] == "true"
    assert again.json()["uuid"] == brought.json()["uuid"]
    other = bring(writer, ROWS + b"x", as_proposed="true")
    assert told(other) == (422, "idempotency_key_used")
    assert (Import.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "empty.csv"), (b"MZ\x90\x00\x03", "program.xlsx")]
)
def test_what_the_page_refuses_is_refused_and_leaves_nothing(writer, content, name, settings):
    answer = bring(writer, content, name, as_proposed="true")
    assert answer.status_code == 422
    assert (Import.objects.count(), KeptAnswer.objects.count()) == (0, 0)


def test_choices_are_made_with_the_version_and_checked_again(brought, writer):
    run_due()
    address = f"imports/{brought.json()['uuid']}/"
    version = writer.get(BASE + address)["ETag"]
    wrong = {"donors": {"sweden": {"donor": "SWE", "leave_out": True}}}
    answer = send(writer, address, wrong, method="PATCH", If_Match=version)
    assert told(answer) == (400, "bad_request")
    chosen = {"donors": {"sweden": {"leave_out": True}}, "similar": "post"}
    assert told(send(writer, address, chosen, method="PATCH")) == (428, "precondition_required")
    done = send(writer, address, chosen, method="PATCH", If_Match=version)
    assert done.json()["choices"]["donors"] == {"sweden": {"leave_out": True}}
    assert (done.json()["state"], done["ETag"] != version) == ("checking", True)
    nobody = {"donors": {"sweden": {"donor": "NOBODY"}}}
    late = send(writer, address, nobody, method="PATCH", If_Match=done["ETag"])
    assert told(late) == (422, "new_donors_wrong")


def test_the_example_of_the_document_works(writer):
    text = (Path(portal.BASE_DIR) / "docs" / "api.md").read_text("utf-8")
    writing = text.partition("\n## Writing")[2]
    example = json.loads(writing.partition("```json")[2].partition("```")[0])
    answer = send(writer, "drafts/", example)
    assert (answer.status_code, answer.json()["state"]) == (201, "submitted"), answer.content
