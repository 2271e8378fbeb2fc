"""The second factor without a script: set up, shown, lost; and who must have it."""

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.test import Client

from accounts import factors, vault
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from habitat_portal.safety import Mode
from jobs.models import OutgoingMail
from tests import factories
from tests.accounts.doors import (
    CLOCK,
    SECOND,
    SIGN_IN,
    code_of,
    door,
    next_code_of,
    password_typed,
    secret_of,
    set_up_app,
    wrong_code,
)

__all__ = ["door"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("door")]


@pytest.fixture
def committed_at_once(django_capture_on_commit_callbacks):
    """What waits for a commit is done at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def with_app(committed_at_once):
    """Lets a person set up an app through the pages; secret and recovery codes."""

    def done(user: User) -> tuple[str, list[str]]:
        with committed_at_once():
            found = set_up_app(password_typed(user))
        CLOCK.now += 30
        return found

    return done


def notices(user: User) -> set[str]:
    rows = OutgoingMail.objects.filter(recipient=user, kind="security_notice")
    return {about.partition(":")[0] for about in rows.values_list("about", flat=True)}


@pytest.mark.parametrize("role", sorted(factors.MUST_HAVE))
def test_without_the_factor_of_the_role_nothing_opens_but_setting_one_up(role, committed_at_once):
    user = factories.user(role=role)
    client = password_typed(user, query="?next=/my-settings/%3Fa%3D1")
    assert (client.answer.status_code, client.answer["Location"]) == (302, "/my-settings/?a=1")
    led = client.get("/my-settings/?a=1")
    assert (led.status_code, led["Location"]) == (302, "/my-security/")
    for address in ("/", "/en/", "/donors/", "/accounts/", "/password/", "/no-such-page/"):
        assert client.get(address)["Location"] == "/my-security/", address
        assert client.post(address)["Location"] == "/my-security/", address
    problem = client.get("/api/v1/donors/")
    assert (problem.status_code, problem["Content-Type"]) == (403, "application/problem+json")
    assert problem.json()["detail"] == "Set up a second factor first."
    assert client.get("/donors/", HTTP_HX_REQUEST="true")["HX-Redirect"] == "/my-security/"
    page = client.get("/my-security/").text
    assert "Until it is set up, nothing else opens." in page
    assert 'class="site-navigation"' not in page
    client.get("/my-settings/?a=1")
    with committed_at_once():
        _secret, codes = set_up_app(client)
    assert len(codes) == len(set(codes)) == 10
    assert client.get("/my-settings/?a=1").status_code == 200


@pytest.mark.parametrize("role", [Role.BOARD, Role.REPRESENTATIVE])
def test_the_other_roles_may_have_one_and_need_none(role, with_app):
    user = factories.user(role=role)
    assert password_typed(user).get("/my-settings/").status_code == 200
    with_app(user)
    assert password_typed(user).answer["Location"] == SECOND


def test_after_the_password_a_code_is_asked_for_and_opens_where_one_wanted_to_go(officer, with_app):
    secret, _codes = with_app(officer)
    client = password_typed(officer, query="?next=/donors/")
    assert client.answer["Location"] == SECOND
    assert client.get("/donors/").status_code == 302  # not signed in yet
    assert "Your password is right." in client.get(SECOND).text
    refused = client.post(SECOND, {"code": wrong_code(secret)})
    assert refused.status_code == 422
    assert "This code is wrong, or was used already." in refused.text
    opened = client.post(SECOND, {"code": code_of(secret)})
    assert (opened.status_code, opened["Location"]) == (302, "/donors/")
    assert client.get("/donors/").status_code == 200


def test_a_code_opens_once(officer, with_app):
    secret, _codes = with_app(officer)
    code = code_of(secret)
    assert password_typed(officer).post(SECOND, {"code": code}).status_code == 302
    again = password_typed(officer)
    assert again.post(SECOND, {"code": code}).status_code == 422
    assert again.get("/donors/").status_code == 302
    assert again.post(SECOND, {"code": next_code_of(secret)}).status_code == 302


def test_a_recovery_code_opens_once_and_the_person_is_told(officer, with_app):
    _secret, codes = with_app(officer)
    client = password_typed(officer)
    assert client.post(SECOND, {"code": codes[3]}).status_code == 302
    assert client.get("/donors/").status_code == 200
    assert "9 codes are left." in client.get("/my-security/").text
    assert password_typed(officer).post(SECOND, {"code": codes[3]}).status_code == 422
    assert password_typed(officer).post(SECOND, {"code": codes[4]}).status_code == 302
    assert "recovery_code_used" in notices(officer)


def test_five_wrong_codes_close_the_second_step_and_the_right_one_too(officer, with_app):
    secret, _codes = with_app(officer)
    client = password_typed(officer)
    for _attempt in range(5):
        assert client.post(SECOND, {"code": wrong_code(secret)}).status_code == 422
    last = client.post(SECOND, {"code": code_of(secret)})
    assert last.status_code == 422
    assert "There were too many attempts." in last.text


def test_a_wrong_code_sets_nothing_up_and_the_key_stays(officer):
    client = password_typed(officer)
    shown = client.get("/my-security/app/")
    secret = shown.context["form"].secret
    wrong = client.post("/my-security/app/", {"code": wrong_code(secret)})
    assert (wrong.status_code, wrong.context["form"].secret) == (422, secret)
    assert not Authenticator.objects.exists()
    assert client.get("/donors/").status_code == 302


def test_secrets_are_encrypted_in_the_database_and_until_then_in_the_session(officer, with_app):
    client = password_typed(officer)
    secret = client.get("/my-security/app/").context["form"].secret
    assert secret not in str(dict(client.session))
    secret, _codes = with_app(officer)
    assert secret_of(officer) != secret
    assert vault.decrypt(secret_of(officer)) == secret
    seed = Authenticator.objects.get(user=officer, type="recovery_codes").data["seed"]
    assert len(bytes.fromhex(vault.decrypt(seed))) == 40


def test_an_earlier_key_is_read_until_the_secrets_are_renewed(officer, with_app, settings):
    secret, _codes = with_app(officer)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
    with pytest.raises(InvalidToken):
        vault.decrypt(secret_of(officer))
    settings.SECRET_KEY_FALLBACKS = [old]
    assert vault.decrypt(secret_of(officer)) == secret
    call_command("renew_factor_secrets", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    assert vault.decrypt(secret_of(officer)) == secret
    assert password_typed(officer).post(SECOND, {"code": code_of(secret)}).status_code == 302


def test_the_last_factor_of_an_officer_is_kept_and_of_the_board_goes(
    officer, board_member, with_app, committed_at_once
):
    for person, status, left in ((officer, 422, 2), (board_member, 302, 0)):
        secret, _codes = with_app(person)
        client = password_typed(person)
        client.post(SECOND, {"code": code_of(secret)})
        with committed_at_once():
            assert client.post("/my-security/app/remove/").status_code == status
        assert Authenticator.objects.filter(user=person).count() == left
    assert "totp_deactivated" in notices(board_member)
    assert "totp_deactivated" not in notices(officer)


def test_one_moves_to_another_app_and_the_old_one_opens_nothing(
    officer, with_app, committed_at_once
):
    old, _codes = with_app(officer)
    client = password_typed(officer)
    client.post(SECOND, {"code": code_of(old)})
    new = client.get("/my-security/app/").context["form"].secret
    with committed_at_once():
        moved = client.post("/my-security/app/", {"code": code_of(new)})
    assert (moved.status_code, moved["Location"]) == (302, "/my-security/")
    assert password_typed(officer).post(SECOND, {"code": next_code_of(old)}).status_code == 422
    assert password_typed(officer).post(SECOND, {"code": code_of(new)}).status_code == 302


def test_a_session_of_before_the_factor_stays_shut_after_it_was_set_up_elsewhere(officer, with_app):
    elsewhere = password_typed(officer)
    with_app(officer)
    assert elsewhere.get("/donors/")["Location"] == "/my-security/"
    # And it cannot add a factor of its own without showing the one that is there.
    session = elsewhere.session
    session["begun_at"] -= 301
    session.save()
    asked = elsewhere.get("/my-security/passkeys/new/")
    assert asked["Location"].startswith("/my-security/confirm/code/?next=")


def test_before_a_sensitive_act_it_is_asked_again_after_five_minutes(officer, with_app):
    secret, _codes = with_app(officer)
    client = password_typed(officer)
    client.post(SECOND, {"code": code_of(secret)})
    assert client.get("/my-security/recovery-codes/new/").status_code == 200
    session = client.session
    session["begun_at"] -= 301
    session.save()
    asked = client.get("/my-security/recovery-codes/new/")
    back_to = "%2Fmy-security%2Frecovery-codes%2Fnew%2F"
    assert asked["Location"] == f"/my-security/confirm/code/?next={back_to}"
    wrong = client.post(asked["Location"], {"code": wrong_code(secret)})
    assert wrong.status_code == 422
    back = client.post(asked["Location"], {"code": next_code_of(secret)})
    assert back["Location"] == "/my-security/recovery-codes/new/"
    assert client.get("/my-security/recovery-codes/new/").status_code == 200


@pytest.mark.parametrize(
    ("address", "host", "more", "opens"),
    [
        ("127.0.0.1", "127.0.0.1:8000", {}, True),
        ("::1", "[::1]:8000", {}, True),
        ("127.0.0.1", "localhost", {}, True),
        ("192.0.2.7", "127.0.0.1:8000", {}, False),
        ("127.0.0.1", "portal.example.org", {}, False),
        ("127.0.0.1", "localhost", {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, False),
    ],
)
def test_a_demonstrations_account_needs_none_on_the_machine_itself_alone(
    settings, address, host, more, opens
):
    settings.IS_DEMO, settings.PORTAL_MODE = True, Mode.DEMO
    settings.ALLOWED_HOSTS = ["*"]
    shown, person = factories.user(is_demonstration=True), factories.user()
    for user, is_open in ((shown, opens), (person, False)):
        client = Client(REMOTE_ADDR=address, HTTP_HOST=host)
        client.force_login(user)
        assert (client.get("/my-settings/", **more).status_code == 200) == is_open
    settings.IS_DEMO = False
    client = Client(REMOTE_ADDR=address, HTTP_HOST=host)
    client.force_login(shown)
    assert client.get("/my-settings/", **more).status_code == 302


def test_a_demonstrations_account_looks_at_its_security_and_changes_nothing(settings):
    settings.IS_DEMO = True
    client = Client(REMOTE_ADDR="127.0.0.1", HTTP_HOST="127.0.0.1")
    client.force_login(factories.user(is_demonstration=True))
    for page in ("", "app/", "passkeys/new/", "sign-ins/"):
        assert client.get(f"/my-security/{page}").status_code == 200
        assert client.post(f"/my-security/{page}").status_code in (403, 405)


def test_a_lost_factor_is_reset_by_a_command_too(administrator, with_app):
    with_app(administrator)
    client = password_typed(administrator)
    call_command("reset_factor", administrator.email.upper(), verbosity=0)
    assert not Authenticator.objects.exists()
    event = AuditEvent.objects.get(act="reset_second_factor")
    assert (event.by, event.subject_id) == (None, str(administrator.pk))
    assert event.before == {"factors": ["recovery_codes", "totp"]}
    assert "factor_reset" in notices(administrator)
    assert client.get(SECOND)["Location"] == SIGN_IN
    assert password_typed(administrator).get("/accounts/")["Location"] == "/my-security/"
