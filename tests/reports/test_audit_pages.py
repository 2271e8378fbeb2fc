"""The administrator's pages of the audit trail: looked for, paged, taken along, verified."""

import csv
import datetime
import io

import pytest
from django.core.management import call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.audit import sealing
from accounts.audit.models import AuditEvent, AuditSeal, AuditValue
from accounts.services import record
from donors.models import Donor
from reports.audit import searching, verifying
from tests import factories

pytestmark = pytest.mark.django_db
LATER = datetime.timedelta(minutes=5)


@pytest.fixture
def told(reference, officer):
    """One event of an officer about Sweden, one of nobody about an account."""
    sweden = Donor.objects.get(code="SWE")
    one = record("edit_donor", sweden, by=officer, before={"note": "a"}, after={"note": "b"})
    two = record("open_account", officer, by=None, after={"email": "x@b.example", "role": "board"})
    return one, two


@pytest.fixture
def browser(administrator, client_of):
    return client_of(administrator)


def shown(browser, **asked):
    response = browser.get("/audit/", asked)
    assert response.status_code == 200
    # What the page's own look left is not what was asked for.
    return [row.event.pk for row in response.context["rows"] if row.event.act != "look"]


def test_events_are_found_by_person_act_subject_donor_and_period(told, browser):
    one, two = (event.pk for event in told)
    today = timezone.localdate()
    tomorrow = today + datetime.timedelta(days=1)
    assert shown(browser) == [two, one]
    assert shown(browser, who="offic") == [one]
    assert shown(browser, who="officer@EXAMPLE") == [one]
    assert shown(browser, who="nobody") == []
    assert shown(browser, act="edit donor") == [one]
    assert shown(browser, subject="accounts.user") == [two]
    assert shown(browser, donor="swe") == [one]
    assert shown(browser, donor="NOR") == []
    assert shown(browser, since=today, until=today) == [two, one]
    assert shown(browser, since=tomorrow) == []


def test_a_donor_that_is_none_is_told_at_the_form(told, browser):
    response = browser.get("/audit/", {"donor": "NOWHERE"})
    assert "There is no donor with this code." in response.content.decode()
    assert browser.get("/audit/trail.csv", {"donor": "NOWHERE"}).status_code == 422


def test_pages_go_on_from_a_number(told, browser, monkeypatch):
    monkeypatch.setattr(searching, "EVENTS_A_PAGE", 1)
    one, two = (event.pk for event in told)
    first = browser.get("/audit/", {"subject": "o"})  # both subjects hold the letter
    assert [row.event.pk for row in first.context["rows"]] == [two]
    assert first.context["next_before"] == two
    assert f"before={two}" in first.content.decode()
    second = browser.get("/audit/", {"subject": "o", "before": two})
    assert [row.event.pk for row in second.context["rows"]] == [one]
    assert second.context["next_before"] is None


def test_the_event_shows_both_sides_its_values_and_its_seal(told, browser, officer):
    one, two = told
    text = browser.get(f"/audit/{two.pk}/").content.decode()
    assert "x@b.example" in text
    assert "Not sealed yet" in text
    sealing.seal_all(two.at + LATER)
    AuditValue.objects.filter(event=two).delete()
    text = browser.get(f"/audit/{two.pk}/").content.decode()
    assert "x@b.example" not in text
    assert "(erased)" in text
    assert "Sealed at" in text
    response = browser.get(f"/audit/{one.pk}/")
    assert response.context["changes"] == [("note", "a", "b")]
    assert officer.name in response.content.decode()
    assert browser.get("/audit/0/").status_code == 404


def test_the_list_says_up_to_where_it_is_sealed(told, browser):
    assert "No event is sealed yet." in browser.get("/audit/").content.decode()
    sealing.seal_all(told[1].at + LATER)
    seal = AuditSeal.objects.get()
    text = browser.get("/audit/").content.decode()
    assert seal.hash in text
    assert f"Seal 1 covers every event up to number {seal.last_id}." in text


def test_the_trail_is_taken_as_csv_and_that_is_an_event_with_the_count(
    told, browser, administrator
):
    response = browser.get("/audit/trail.csv", {"who": "officer"})
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0][:5] == ["Number", "When (UTC)", "By", "Account", "Act"]
    assert [row[4] for row in rows[1:]] == ["edit_donor"]
    assert rows[1][7] == "SWE"
    assert (rows[1][9], rows[1][10]) == ('{"note": "a"}', '{"note": "b"}')
    event = AuditEvent.objects.get(act="export_audit")
    assert event.by == administrator.uuid
    assert (event.after["rows"], event.after["file"]) == (1, "csv")
    assert set(event.after["question"]["who"]) == {"personal"}


def test_the_trail_is_taken_as_a_workbook(told, browser):
    response = browser.get("/audit/trail.xlsx", {"act": "open_account"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
    rows = [row for row in sheet.to_python() if row[0]]
    assert rows[0][4] == "Act"
    assert [row[4] for row in rows[1:]] == ["open_account"]
    assert "x@b.example" in rows[1][10]


def test_verifying_is_an_act_with_what_was_found(told):
    now = timezone.now() + LATER
    sealing.seal_all(now)
    found = verifying.verify(by=None, now=now)
    assert (found.seal, found.last_id, found.problems) == (1, told[1].pk, ())
    event = AuditEvent.objects.get(act="verify_audit")
    assert event.after == {"seal": 1, "hash": found.hash, "problems": 0}


def test_the_command_says_the_seal_or_ends_with_one(told, capsys, monkeypatch):
    sealing.seal_all(timezone.now() + LATER)
    call_command("verify_audit")
    hash_ = AuditSeal.objects.get().hash
    last = told[1].pk
    assert capsys.readouterr().out == (
        f"The audit trail is sound. Seal 1, up to event {last}, hash {hash_}.\n"
    )
    monkeypatch.setattr(verifying, "problems", lambda _now: iter(["Event 7 was changed (seal 1)."]))
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 1
    assert "Event 7 was changed (seal 1)." in capsys.readouterr().err


def test_the_job_tells_the_first_problem(administrator, monkeypatch):
    monkeypatch.setattr(verifying, "problems", lambda _now: iter(["Event 7 was removed (seal 1)."]))
    job = factories.job(asked_by=administrator)
    sentence = verifying.verify_audit(job, lambda _done, _of: None)
    assert "1 problem was found" in sentence
    assert job.result["problems"] == ["Event 7 was removed (seal 1)."]
