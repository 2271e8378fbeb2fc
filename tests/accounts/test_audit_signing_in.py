"""Signing in and out leaves events, never a password, and network addresses only beside them."""

import json

import pytest
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.test import RequestFactory
from django.utils.module_loading import import_string

from accounts.audit.models import AuditEvent, AuditValue
from accounts.audit.signing_in import OF_ALLAUTH, _Listener
from interface.request_log import current_request
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "a wrong and secret password"


@pytest.fixture
def request_():
    """Somebody at a browser, as the middleware hands requests on."""
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")
    request.request_id = "a-request"
    token = current_request.set(request)
    yield request
    current_request.reset(token)


def the_event():
    return AuditEvent.objects.get()


def test_signing_in_says_who_and_from_where(request_):
    user = factories.user()
    request_.session = {}
    user_logged_in.send(type(user), request=request_, user=user)
    event = the_event()
    assert (event.act, event.by, event.subject_id) == ("sign_in", user.uuid, str(user.pk))
    assert event.request_id == "a-request"
    assert [json.loads(row.value) for row in AuditValue.objects.all()] == ["192.0.2.7"]


def test_a_failure_keeps_the_address_beside_the_event_and_no_password(client):
    factories.user(email="known@example.org")
    client.post("/sign-in/", {"login": "known@example.org", "username": "known@example.org",
                              "password": PASSWORD}, REMOTE_ADDR="192.0.2.9")  # fmt: skip
    event = AuditEvent.objects.filter(act="sign_in_failed").get()
    assert (event.by, event.subject_id) == (None, "")
    values = {row.field: json.loads(row.value) for row in AuditValue.objects.filter(event=event)}
    assert values["email"] == "known@example.org"
    assert set(values) == {"email", "ip"}
    kept = json.dumps(list(AuditEvent.objects.values_list("before", "after")))
    assert PASSWORD not in kept + json.dumps(values)
    assert "known@" not in kept


def test_signing_out_and_the_end_of_time_are_two_acts(officer, client_of, settings):
    client = client_of(officer)
    assert client.post("/sign-out/").status_code == 302
    client = client_of(officer)
    session = client.session
    session["begun_at"] = session["acted_at"] = 0.0
    session.save()
    client.get("/donors/")
    acts = AuditEvent.objects.filter(by=officer.uuid).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["sign_out", "session_ended"]


def test_somebody_who_was_not_signed_in_signs_out_without_an_event(client):
    client.post("/sign-out/")
    assert AuditEvent.objects.count() == 0


def test_what_a_package_tells_is_recorded_with_the_factor(request_):
    user = factories.user()

    class Authenticator:
        type = "totp"

    _Listener("add_factor")(user=user, authenticator=Authenticator())
    event = the_event()
    assert (event.act, event.by, event.after["factor"]) == ("add_factor", user.uuid, "totp")


def test_each_signal_of_the_package_is_connected():
    for path, act in OF_ALLAUTH.items():
        uids = [key[0] for key, *_rest in import_string(path).receivers]
        assert f"audit {act}" in uids, path
    for signal in (user_logged_in, user_logged_out, user_login_failed):
        assert "audit" in [key[0] for key, *_rest in signal.receivers]


def test_a_test_or_command_that_signs_somebody_in_is_no_visit(client, officer):
    client.force_login(officer)
    assert AuditEvent.objects.count() == 0
