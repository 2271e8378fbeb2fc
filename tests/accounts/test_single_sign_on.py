"""Single sign-on against a real provider on this machine: the whole flow, and who gets in."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from accounts.factors import reset
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from habitat_portal import signing_in
from habitat_portal.settings import env
from tests import factories
from tests.accounts.doors import CLOCK, SECOND, code_of, door, password_typed, set_up_app

__all__ = ["door"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("door")]
BEGIN, BACK = "/sign-in/provider/", "/sign-in/provider/back/"
EMAIL = "member@example.org"


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def configured(provider, settings, monkeypatch):
    """The portal with OIDC_* set as an installation sets them."""
    monkeypatch.setenv("OIDC_SERVER_URL", f"{provider}/")
    monkeypatch.setenv("OIDC_CLIENT_ID", "portal")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "secret")
    monkeypatch.setenv("OIDC_NAME", "Agency sign-on")
    settings.SOCIALACCOUNT_PROVIDERS = signing_in.providers(env)
    return provider


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """The PKCE verifiers that went to the provider with a code."""
    found, original = [], OAuth2Client.get_access_token

    def spied(self, code, pkce_code_verifier=None, **more):
        found.append(pkce_code_verifier)
        return original(self, code, pkce_code_verifier=pkce_code_verifier, **more)

    monkeypatch.setattr(OAuth2Client, "get_access_token", spied)
    return found


def knows(provider: str, subject: str, **claims: object) -> str:
    """Make the provider know a subject with these claims."""
    requests.put(f"{provider}/users/{subject}", json=claims, timeout=10).raise_for_status()
    return subject


def member(provider: str, **claims: object) -> str:
    """A new subject with the verified address of the account, and more claims."""
    row = {"email": EMAIL, "email_verified": True, **claims}
    return knows(provider, f"subject-{secrets.token_hex(4)}", **row)


def asked(client: Client, query: str = "") -> dict[str, str]:
    """What the portal asks the provider."""
    away = client.get(BEGIN + query)
    assert away.status_code == 302
    client.away = away["Location"]  # type: ignore[attr-defined]
    return {key: values[0] for key, values in parse_qs(urlsplit(away["Location"]).query).items()}


def came_back(client: Client, subject: str, query: str = ""):
    """Through the provider and back: the portal's answer."""
    asked(client, query)
    away = client.away  # type: ignore[attr-defined]
    agreed = requests.post(away, data={"sub": subject}, allow_redirects=False, timeout=10)
    back = urlsplit(agreed.headers["Location"])
    assert back.path == BACK
    return client.get(f"{back.path}?{back.query}")


def is_in(client: Client) -> bool:
    return client.get("/my-settings/").status_code == 200


def refusal(answer) -> tuple[int, str]:
    """Status and page; without the token against forgery."""
    page = answer.text
    return answer.status_code, page[page.index("<main") : page.index("</main>")]


def test_where_it_is_not_configured_nothing_shows(settings):
    client = Client()
    assert client.get(BEGIN).status_code == client.get(BACK).status_code == 404
    assert "/sign-in/provider/" not in client.get("/sign-in/").text


def test_a_known_account_gets_in_with_code_pkce_state_and_nonce(configured, sent):
    user, client = factories.user(email=EMAIL.title(), role=Role.BOARD), Client()
    page = client.get("/sign-in/?next=/board/").text
    assert 'href="/sign-in/provider/?next=/board/">Sign in with Agency sign-on</a>' in page
    answer = came_back(client, member(configured), "?next=/board/%3Fbooks%3DUNH")
    assert (answer.status_code, answer["Location"]) == (302, "/board/?books=UNH")
    assert is_in(client)
    assert client.session["_auth_user_id"] == str(user.pk)
    ask = asked(Client())
    assert ask["response_type"] == "code"
    assert set(ask["scope"].split()) == {"openid", "profile", "email"}
    assert ask["redirect_uri"] == "http://testserver/sign-in/provider/back/"
    assert (len(ask["state"]), len(ask["nonce"])) == (16, 32)
    assert ask["code_challenge_method"] == "S256"
    (verifier,) = sent
    challenge = parse_qs(urlsplit(client.away).query)["code_challenge"][0]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
    kept = SocialAccount.objects.get(user=user)
    assert (len(kept.uid), kept.extra_data) == (64, {"roles": []})  # a digest, and no claims


def test_whoever_has_no_account_is_refused_by_one_page_and_none_is_made(configured):
    factories.user(email=EMAIL, role=Role.BOARD)
    factories.user(email="shut@example.org", is_active=False)
    factories.user(email="shown@example.org", is_demonstration=True)
    before = User.objects.count()
    subjects = [
        knows(configured, "one", email="no@one.example", email_verified=True),
        knows(configured, "two", email="shut@example.org", email_verified=True),
        knows(configured, "three", email="shown@example.org", email_verified=True),
        member(configured, email_verified=False),
        member(configured, email_verified="true"),
        knows(configured, "four", email=EMAIL),
        knows(configured, "five"),
    ]
    pages = set()
    for subject in subjects:
        client = Client()
        pages.add(refusal(came_back(client, subject)))
        assert not is_in(client)
    ((status, page),) = pages
    assert status == 403
    assert "Single sign-on opened no account of the portal." in page
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_a_subject_is_bound_and_another_with_the_same_address_is_refused(configured):
    user = factories.user(email=EMAIL, role=Role.BOARD)
    first = member(configured)
    assert came_back(Client(), first).status_code == 302
    assert came_back(Client(), member(configured)).status_code == 403
    knows(configured, first, email="moved@example.org", email_verified=False)
    client = Client()
    assert came_back(client, first).status_code == 302
    assert is_in(client)
    reset(user, by=None)  # an administrator's act frees the account for a new subject
    assert came_back(Client(), member(configured)).status_code == 302


def test_an_account_that_was_shut_later_and_a_representation_that_ended_open_nothing(
    configured, representative
):
    user = factories.user(email=EMAIL, role=Role.BOARD)
    subject = member(configured)
    assert came_back(Client(), subject).status_code == 302
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()
    assert came_back(client, subject).status_code == 403
    assert not is_in(client)
    theirs = knows(configured, "sweden", email=representative.email, email_verified=True)
    client = Client()
    assert came_back(client, theirs).status_code == 302
    assert client.get("/donors/SWE/").status_code == 200
    representative.representations.update(ends_on="2021-01-01")
    client = Client()
    came_back(client, theirs)
    assert client.get("/donors/SWE/").status_code == 404


def test_the_second_factor_is_asked_for_here_too(configured, django_capture_on_commit_callbacks):
    officer = factories.user(email=EMAIL, role=Role.OFFICER)
    subject = member(configured)
    client = Client()
    assert came_back(client, subject).status_code == 302
    assert client.get("/donors/")["Location"] == "/my-security/"
    with django_capture_on_commit_callbacks(execute=True):
        secret, _codes = set_up_app(password_typed(officer))
    CLOCK.now += 30
    client = Client()
    assert came_back(client, subject)["Location"] == SECOND
    assert client.post(SECOND, {"code": code_of(secret)}).status_code == 302
    assert client.get("/donors/").status_code == 200


def test_without_a_configured_claim_roles_stay(configured):
    user = factories.user(email=EMAIL, role=Role.BOARD)
    came_back(Client(), member(configured, groups=["portal-admin"]))
    user.refresh_from_db()
    assert user.role == Role.BOARD
    assert not AuditEvent.objects.filter(act="change_role").exists()


@pytest.mark.parametrize(("before", "groups", "after", "status"), [
    (Role.BOARD, ["x", "finance"], Role.REVIEWER, 302),
    (Role.BOARD, "admins", Role.ADMINISTRATOR, 302),
    (Role.ADMINISTRATOR, ["finance", "admins"], Role.ADMINISTRATOR, 302),
    (Role.REVIEWER, ["x"], Role.REVIEWER, 403),  # nothing gives a role: no way in
    (Role.REVIEWER, [], Role.REVIEWER, 403),
    (Role.REPRESENTATIVE, ["admins"], Role.REPRESENTATIVE, 302),  # made by invitations alone
])  # fmt: skip
def test_a_configured_claim_gives_the_role_and_each_change_is_audited(
    configured, settings, monkeypatch, before, groups, after, status
):
    monkeypatch.setenv("OIDC_ROLES", "admins=administrator, finance=reviewer")
    settings.OIDC_ROLE_CLAIM, settings.OIDC_ROLES = "groups", signing_in.roles(env)
    user = factories.user(email=EMAIL, role=before)
    client = Client()
    assert came_back(client, member(configured, groups=groups)).status_code == status
    user.refresh_from_db()
    assert user.role == after
    events = AuditEvent.objects.filter(act="change_role")
    told = [(one.by, one.subject_id, one.before, one.after) for one in events]
    changed = [(None, str(user.pk), {"role": before}, {"role": after})]
    assert told == (changed if after != before else [])


def test_a_made_up_a_repeated_and_a_foreign_answer_are_refused(configured, monkeypatch):
    factories.user(email=EMAIL, role=Role.BOARD)
    assert Client().get(f"{BACK}?code=x&state=y").status_code == 403
    assert Client().get(f"{BACK}?error=access_denied").status_code == 403
    client, subject = Client(), member(configured)
    asked(client)
    agreed = requests.post(client.away, data={"sub": subject}, allow_redirects=False, timeout=10)
    query = urlsplit(agreed.headers["Location"]).query
    assert Client().get(f"{BACK}?{query}").status_code == 403  # another browser's
    assert client.get(f"{BACK}?{query}").status_code == 302
    client.post("/sign-out/")
    assert client.get(f"{BACK}?{query}").status_code == 403  # a second time
    monkeypatch.setattr("accounts.single_sign_on.constant_time_compare", lambda one, other: False)
    assert came_back(Client(), subject).status_code == 403  # the nonce of another flow


def test_another_site_cannot_begin_it_and_a_provider_that_is_away_is_told(configured, monkeypatch):
    led = Client().get(BEGIN, headers={"Sec-Fetch-Site": "cross-site"})
    assert (led.status_code, led["Location"]) == (302, "/sign-in/")
    monkeypatch.setattr(requests.Session, "request", _away)
    assert Client().get(BEGIN).status_code == 403


def _away(*_given, **_named):
    raise requests.ConnectionError("away")
