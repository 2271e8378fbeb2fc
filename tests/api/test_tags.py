"""Tags of answers: the same tag, the same answer; what changes an answer changes its tag."""

import datetime
import gzip
import json

import pytest
from django.utils import timezone

from accounts.audit.models import AuditEvent
from donors.models import Donor
from reports import api_state
from targets.measuring import approve_measurement
from tests import board_factories, factories
from tests.api.test_api import BASE, books, norway

__all__ = ["books", "norway"]
FROM_THE_STATE = ("donors/", "entries/", "contributions/SWE/", "measurements/", "dashboard/")


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Without the wait after an act, of which one test below is."""
    monkeypatch.setattr(api_state, "SETTLES_AFTER", datetime.timedelta(0))


@pytest.fixture
def client(client_of, officer):
    return client_of(officer)


def asked_again(client, path, tag, **headers):
    return client.get(BASE + path, headers={"If-None-Match": tag, **headers})


@pytest.mark.parametrize("path", ["donors/", "entries/", "dashboard/", "measurements/", ""])
def test_what_has_not_changed_costs_one_look_up(books, client, path, django_assert_num_queries):
    tag = client.get(BASE + path)["ETag"]
    events = AuditEvent.objects.count()
    with django_assert_num_queries(3):  # session, person, state
        answer = asked_again(client, path, tag)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Accept-Language", "Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
    assert AuditEvent.objects.count() == events


def test_closing_a_month_changes_the_tag(books, client):
    tag = client.get(f"{BASE}entries/")["ETag"]
    factories.month(ledger=books, month=202101)
    assert asked_again(client, "entries/", tag).status_code == 200


def test_a_posting_changes_the_tag(books, client):
    tag = client.get(f"{BASE}dashboard/")["ETag"]
    factories.posting(books, factories.entry("1.00"))
    answer = asked_again(client, "dashboard/", tag)
    assert (answer.status_code, answer.json()["provenance"]["sequence"]) == (200, 5)


def test_an_edit_of_a_donor_changes_the_tag_and_the_answer(books, client, officer):
    tag = client.get(f"{BASE}donors/NOR/")["ETag"]
    norway = Donor.objects.get(code="NOR")
    note = {"names_en": "Kingdom of Norway"}
    form = client.get("/donors/NOR/edit/").context["form"]
    typed = {name: form.initial.get(name) or "" for name in form.fields} | note
    sent = {**typed, "name_en": "Kingdom of Norway", "version": norway.version}
    client.post("/donors/NOR/edit/", {k: v for k, v in sent.items() if v not in (None, "")})
    norway.refresh_from_db()
    assert norway.name == "Kingdom of Norway"
    answer = asked_again(client, "donors/NOR/", tag)
    assert (answer.status_code, answer.json()["name"]) == (200, "Kingdom of Norway")


def test_an_approval_changes_the_tag(books, client, reviewer):
    tag = client.get(f"{BASE}measurements/")["ETag"]
    approve_measurement(board_factories.measurement(), by=reviewer)
    answer = asked_again(client, "measurements/", tag)
    assert [row["value"] for row in answer.json()["results"]] == ["120000.00"]


def test_a_look_changes_no_tag(books, client, reviewer, client_of):
    tag = client.get(f"{BASE}funds/")["ETag"]
    client_of(reviewer).get(f"{BASE}donors/")
    assert AuditEvent.objects.filter(act="read_api").count() == 2
    assert asked_again(client, "funds/", tag).status_code == 304


def test_another_asker_language_address_or_day_has_another_tag(
    books, client, client_of, reviewer, monkeypatch
):
    tag = client.get(f"{BASE}funds/")["ETag"]
    later = timezone.localdate() + datetime.timedelta(days=1)
    assert asked_again(client_of(reviewer), "funds/", tag).status_code == 200
    assert asked_again(client, "funds/?sort=code", tag).status_code == 200
    assert asked_again(client, "regions/", tag).status_code == 200
    assert asked_again(client, "funds/", tag, Accept_Language="fr").status_code == 200
    monkeypatch.setattr(timezone, "localdate", lambda *_: later)
    assert asked_again(client, "funds/", tag).status_code == 200


def test_who_may_not_look_gets_no_304(books, client, client_of, board_member):
    tag = client.get(f"{BASE}donors/")["ETag"]
    assert asked_again(client_of(board_member), "donors/", tag).status_code == 403


def test_a_job_goes_on_without_an_act(books, client, officer):
    job = factories.job(asked_by=officer, state="running", done_steps=1, all_steps=4)
    tag = client.get(f"{BASE}jobs/")["ETag"]
    assert asked_again(client, "jobs/", tag).status_code == 304
    type(job).objects.filter(pk=job.pk).update(done_steps=2)
    (row,) = asked_again(client, "jobs/", tag).json()["results"]
    assert row["percent"] == 50


def test_after_an_act_there_is_no_tag_until_it_has_settled(books, client, monkeypatch):
    monkeypatch.setattr(api_state, "SETTLES_AFTER", datetime.timedelta(seconds=10))
    event = factories.audit_event(act="edit_donor")
    assert "ETag" not in client.get(f"{BASE}funds/")
    after = event.at + datetime.timedelta(seconds=11)
    assert api_state.state_of_everything(after) != ""
    factories.audit_event(act="run_command")
    assert api_state.state_of_everything(after) == ""


def test_answers_are_compressed_for_who_takes_them_so_and_pages_are_not(books, client):
    plain = client.get(f"{BASE}areas/")
    packed = client.get(f"{BASE}areas/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content)) == plain.json()
    assert len(packed.content) * 3 < len(plain.content)
    assert "Accept-Encoding" in packed["Vary"]
    assert packed["ETag"] == plain["ETag"]
    page = client.get(f"{BASE}docs/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in page
    told = AuditEvent.objects.filter(act="read_api").values_list("after__bytes", flat=True)
    assert set(told) == {len(plain.content)}
