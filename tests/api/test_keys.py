"""Personal API keys: made, shown once, bounded, ended; a program sees what its person sees."""

import datetime
import hashlib
import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from accounts import factors
from accounts.api_keys import make_key, revoke_key
from accounts.audit.models import AuditEvent
from accounts.models import ApiKey, Scope
from accounts.permissions import Role
from accounts.services import change_role, let_sign_in
from income.models import Draft
from jobs.models import OutgoingMail
from tests import factories
from tests.api.programs import BASE, bearing, key_of, program_of, send, told
from tests.api.test_api import books, norway
from tests.pages.matrix.rows import acts, address_of, cast, parts
from tests.pages.matrix.table import EVERYWHERE

__all__ = ["acts", "books", "cast", "norway", "parts"]
pytestmark = pytest.mark.django_db
KEY = re.compile(r"hpk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}")
DONORS = BASE + "donors/"


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def typed(**changed):
    return {"name": "Web site", "scope": "read", "expires_on": in_days(30).isoformat(), **changed}


def test_a_key_is_shown_once_and_kept_as_its_hash(client_of, officer):
    page = client_of(officer).post("/account/keys/new/", typed(scope="write")).content.decode()
    (text,) = set(KEY.findall(page))
    key = ApiKey.objects.get()
    assert key.secret_hash == hashlib.sha256(text.encode()).hexdigest()
    assert (key.scope, key.expires_on) == ("write", in_days(30))
    again = client_of(officer).get("/account/keys/").content.decode()
    assert f"hpk_{key.identifier}" in again
    assert text not in again
    assert Client(headers=bearing(text)).get(DONORS).status_code == 200


def test_the_person_is_told_by_mail_that_a_key_was_made(client_of, officer):
    client_of(officer).post("/account/keys/new/", typed())
    mail = OutgoingMail.objects.get(recipient=officer)
    assert (mail.kind, mail.about.split(":")[0]) == ("security_notice", "api_key_made")


@pytest.mark.parametrize("days", [-1, 366])
def test_a_key_works_for_a_year_at_most(client_of, officer, days):
    late = typed(expires_on=in_days(days).isoformat())
    answer = client_of(officer).post("/account/keys/new/", late)
    assert (answer.status_code, ApiKey.objects.count()) == (422, 0)
    assert "A key works for a year at most" in answer.content.decode()


def test_the_board_cannot_make_a_key_that_writes(client_of, board_member):
    answer = client_of(board_member).post("/account/keys/new/", typed(scope="write"))
    assert (answer.status_code, ApiKey.objects.count()) == (422, 0)


def test_who_signed_in_long_ago_shows_again_who_they_are(client_of, officer):
    client = client_of(officer)
    session = client.session
    session["begun_at"] -= 3600
    session.save()
    answer = client.post("/account/keys/new/", typed())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/my-security/confirm/")
    assert ApiKey.objects.count() == 0


def test_without_the_second_factor_nobody_makes_a_key(officer):
    client = Client()
    client.force_login(officer)
    answer = client.post("/account/keys/new/", typed())
    assert (answer.status_code, answer["Location"]) == (302, "/my-security/")
    assert ApiKey.objects.count() == 0


def test_there_are_no_more_than_twenty_keys(officer):
    for _number in range(20):
        key_of(officer)
    with pytest.raises(Exception, match="too many keys"):
        key_of(officer)


@pytest.mark.parametrize(
    "text", ["", "hpk_", "hpk_0123456789abcdef_" + "A" * 43, "Bearer", "ключ", "hpk_" + "0" * 400]
)
def test_what_is_no_key_opens_nothing(db, text):
    answer = Client(headers={"Authorization": f"Bearer {text}"}).get(DONORS)
    assert told(answer) == (401, "key_refused")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Habitat Portal"'


def test_a_key_with_one_letter_changed_opens_nothing(officer):
    _key, text = key_of(officer)
    other = text[:-1] + ("A" if text[-1] != "A" else "B")
    assert Client(headers=bearing(other)).get(DONORS).status_code == 401


def end_by_owner(key, administrator):
    revoke_key(key, by=key.user)


def end_by_time(key, administrator):
    ApiKey.objects.filter(pk=key.pk).update(expires_on=in_days(-1))


def end_by_barring(key, administrator):
    let_sign_in(key.user, allowed=False, by=administrator)
    let_sign_in(key.user, allowed=True, by=administrator)


def end_by_another_role(key, administrator):
    change_role(key.user, Role.BOARD, by=administrator)


def end_by_reset(key, administrator):
    factors.reset(key.user, by=administrator)


@pytest.mark.parametrize(
    ("end", "says"),
    [(end_by_owner, "revoked"), (end_by_time, "expired"), (end_by_barring, "revoked"),
     (end_by_another_role, "revoked"), (end_by_reset, "revoked")],
)  # fmt: skip
def test_a_key_that_has_ended_opens_nothing(officer, administrator, end, says):
    key, text = key_of(officer)
    assert Client(headers=bearing(text)).get(DONORS).status_code == 200
    end(key, administrator)
    answer = Client(headers=bearing(text)).get(DONORS)
    assert told(answer) == (401, "key_refused")
    assert says in answer.json()["detail"]


def test_a_key_opens_on_its_last_day(officer):
    _key, text = key_of(officer, days=0)
    assert Client(headers=bearing(text)).get(DONORS).status_code == 200


def test_a_new_password_ends_the_keys(client_of, officer):
    _key, text = key_of(officer)
    new = {"oldpassword": factories.PASSWORD, "password1": "Another-Secret-77",
           "password2": "Another-Secret-77"}  # fmt: skip
    assert client_of(officer).post("/password/", new).status_code == 302
    assert Client(headers=bearing(text)).get(DONORS).status_code == 401


def test_ones_own_key_is_revoked_on_the_page_and_anothers_is_not_there(
    client_of, officer, other_officer, administrator
):
    key, _text = key_of(officer)
    address = f"/account/keys/{key.pk}/revoke/"
    assert client_of(other_officer).post(address).status_code == 404
    assert client_of(administrator).get(f"/accounts/{officer.uuid}/").status_code == 200
    assert client_of(administrator).post(address)["Location"] == f"/accounts/{officer.uuid}/"
    key.refresh_from_db()
    assert key.revoked_by == administrator
    told_of = AuditEvent.objects.get(act="revoke_api_key")
    assert (told_of.by, told_of.after) == (administrator.uuid, {"identifier": key.identifier})


SEEN = ("donors/", "donors/SWE/", "donors/NOR/", "contributions/", "entries/", "entries/?donor=NOR",
        "target-sets/", "drafts/", "imports/", "schema/")  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_by_key_everybody_sees_exactly_what_they_see_in_the_browser(books, cast, client_of, role):
    by_key, by_session = program_of(cast[role]), client_of(cast[role])
    for path in SEEN:
        one, other = by_key.get(BASE + path), by_session.get(BASE + path)
        assert (path, one.status_code) == (path, other.status_code)
        assert one.content == other.content, path


def test_when_the_representation_ends_the_key_sees_nothing(books, representative):
    program = program_of(representative)
    assert [one["code"] for one in program.get(DONORS).json()["results"]] == ["SWE"]
    bound = representative.representations.get()
    bound.ends_on = bound.starts_on.replace(year=2021)
    bound.save()
    assert program.get(DONORS).json()["results"] == []


def unsafe_routes():
    """(name, route, method) of every address of the API that takes another method than GET."""
    for name, route in EVERYWHERE:
        if route.startswith("api/"):
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                yield name, route, method


def test_a_key_that_may_only_read_is_refused_at_every_unsafe_method(acts, cast):
    """Also a reviewer's, who may do the most; nothing is written but the day of the key's use."""
    program, before = program_of(cast[Role.REVIEWER]), Draft.objects.count()
    taken = 0
    for name, route, method in unsafe_routes():
        address = address_of(name, route, acts)
        view = getattr(resolve(address).func, "cls", None)
        answer = program.generic(method, address, "{}", "application/json")
        if hasattr(view, method.lower()):
            taken += 1
            assert (address, told(answer)) == (address, (403, "key_only_reads"))
        else:  # also the page that describes the API, which no key opens
            assert answer.status_code in (302, 403, 405), (method, address)
    assert taken >= 10
    assert Draft.objects.count() == before


def test_a_key_needs_no_token_of_a_form_and_a_session_does(officer, client_of, ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    draft = {"act": "record_pledge", "fields": {"donor": "SWE"}, "state": "open"}
    browser = client_of(officer)
    browser.handler.enforce_csrf_checks = True
    assert told(send(browser, "drafts/", draft)) == (403, "not_allowed")
    assert send(program_of(officer, Scope.WRITE), "drafts/", draft).status_code == 201


def test_what_is_read_and_written_by_key_is_in_the_audit_trail(officer, ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    key, text = key_of(officer, Scope.WRITE)
    program = Client(headers=bearing(text))
    program.get(DONORS + "?page_size=3")
    draft = {"act": "record_pledge", "fields": {"donor": "SWE"}, "state": "open"}
    send(program, "drafts/", draft)
    read = AuditEvent.objects.get(act="read_api")
    assert (read.by, read.after["api_key"], read.after["rows"]) == (officer.uuid, key.identifier, 3)
    written = AuditEvent.objects.get(act="write_api")
    saved = AuditEvent.objects.get(act="save_draft")
    assert written.after["api_key"] == key.identifier
    assert written.request_id == saved.request_id
    key.refresh_from_db()
    assert key.last_used_on == timezone.localdate()


def test_no_log_and_no_event_holds_a_key(officer, caplog):
    _key, text = key_of(officer)
    with caplog.at_level(logging.DEBUG):
        Client(headers=bearing(text)).get(DONORS)
        Client(headers=bearing(text + "x")).get(DONORS)
    secret = text.rpartition("_")[2]
    assert secret not in caplog.text
    for event in AuditEvent.objects.all():
        assert secret not in str(event.after)


def test_the_key_is_found_by_one_look_up_and_its_use_kept_once_a_day(officer):
    _key, text = key_of(officer)
    program, asked = Client(headers=bearing(text)), []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            program.get(DONORS)
        own = [one["sql"].split()[0] for one in queries if '"accounts_apikey"' in one["sql"]]
        asked.append(own)
    assert asked == [["SELECT", "UPDATE"], ["SELECT"]]


def test_making_a_key_for_too_long_is_refused_by_the_service_too(officer):
    today = timezone.localdate()
    with pytest.raises(Exception, match="a year at most"):
        make_key(officer, name="x", scope=Scope.READ, today=today,
                 expires_on=today + datetime.timedelta(days=366))  # fmt: skip
    assert ApiKey.objects.count() == 0
