"""What an administrator sees and does of another's second factor and lock; no secret is shown."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import AuditEvent
from accounts.permissions import Role
from jobs.models import OutgoingMail
from tests import factories
from tests.accounts.doors import (
    SECOND,
    SIGN_IN,
    code_of,
    door,
    next_code_of,
    password_typed,
    secret_of,
    set_up_app,
)

__all__ = ["door"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("door")]


@pytest.fixture
def admin(administrator):
    return factories.sign_in(Client(), administrator)


def acts() -> list[str]:
    return list(AuditEvent.objects.filter(subject="accounts.user").values_list("act", flat=True))


def test_the_list_and_the_page_tell_who_has_a_second_factor_and_no_secret(admin, officer, reviewer):
    secret, codes = set_up_app(password_typed(officer))
    listed = admin.get("/accounts/").text
    page, bare = (
        " ".join(admin.get(f"/accounts/{one.uuid}/").text.split()) for one in (officer, reviewer)
    )
    assert listed.count("<td>app </td>") == 1
    assert listed.count("<td>none yet</td>") == 2  # the reviewer and the administrator
    assert "<dt>Second factor</dt><dd>app </dd>" in page
    assert "<dd>none yet; set up at the next sign-in </dd>" in bare
    for hidden in (secret, secret_of(officer), *codes):
        assert hidden not in listed + page


def test_a_reset_takes_the_factors_ends_the_sign_ins_and_is_told_and_audited(
    admin, administrator, officer
):
    officers = password_typed(officer)
    set_up_app(officers)
    assert officers.get("/my-settings/").status_code == 200
    reset = admin.post(f"/accounts/{officer.uuid}/reset-factor/")
    assert reset["Location"] == f"/accounts/{officer.uuid}/"
    assert not Authenticator.objects.exists()
    assert officers.get("/my-settings/")["Location"].startswith(SIGN_IN)
    event = AuditEvent.objects.get(act="reset_second_factor")
    assert (event.by, event.subject_id) == (administrator.uuid, str(officer.pk))
    (notice,) = OutgoingMail.objects.filter(recipient=officer, about__startswith="factor_reset")
    assert notice.kind == "security_notice"
    assert password_typed(officer).get("/donors/")["Location"] == "/my-security/"


def test_a_reset_is_asked_for_once_more_and_nobody_resets_their_own(admin, administrator, officer):
    own = admin.post(f"/accounts/{administrator.uuid}/reset-factor/")
    assert own.status_code == 403
    session = admin.session
    session["begun_at"] = time.time() - 301
    session.save()
    asked = admin.post(f"/accounts/{officer.uuid}/reset-factor/")
    assert asked["Location"].startswith("/my-security/confirm/?next=")
    assert "reset_second_factor" not in acts()
    admin.post(asked["Location"], {"password": factories.PASSWORD})  # goes on with the act
    assert "reset_second_factor" in acts()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_no_other_role_resets_or_unlocks(role, officer):
    client = factories.sign_in(Client(), factories.user(role=role))
    for act in ("", "reset-factor/", "unlock/"):
        assert client.get(f"/accounts/{officer.uuid}/{act}").status_code == 403
        assert client.post(f"/accounts/{officer.uuid}/{act}").status_code == 403


def test_unlocking_forgets_failed_passwords_and_failed_codes(admin, officer):
    secret, _codes = set_up_app(password_typed(officer))
    waits = "<dt>Too many failed attempts</dt><dd>yes</dd>"
    address = f"/accounts/{officer.uuid}/"
    client = password_typed(officer)
    for _attempt in range(5):
        client.post(SECOND, {"code": "x"})
    assert client.post(SECOND, {"code": next_code_of(secret)}).status_code == 422
    assert waits in admin.get(address).text
    admin.post(f"{address}unlock/")
    assert waits not in admin.get(address).text
    assert client.post(SECOND, {"code": code_of(secret)}).status_code == 302
    for _attempt in range(5):
        password_typed(officer, "a wrong one")
    assert password_typed(officer).answer.status_code == 422
    assert waits in admin.get(address).text
    admin.post(f"{address}unlock/")
    assert password_typed(officer).answer["Location"] == SECOND
    assert acts().count("unlock_account") == 2
