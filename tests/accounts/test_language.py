"""Which language a reader gets, and how the switch changes it."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User

ClientOf = Callable[[User], Client]
COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(client: Client, address: str, browser: str = "") -> str:
    page = client.get(address, headers={"Accept-Language": browser}).content.decode()
    found = re.search(r'<html lang="([\w-]+)"', page)
    assert found
    return found[1]


def chosen(user: User, language: str) -> User:
    user.language = language
    user.save()
    return user


@pytest.mark.parametrize(
    ("account", "cookie", "browser", "expected"),
    [
        ("fr", "es", "ru", "fr"),
        ("fr", "", "ru", "fr"),
        ("", "es", "ru", "es"),
        ("", "", "ru", "ru"),
        ("", "", "zh-CN", "zh-hans"),
        ("", "", "de", "en"),
        ("xx", "es", "ru", "es"),
    ],
)
def test_the_account_comes_before_the_cookie_and_the_cookie_before_the_browser(
    officer: User, client_of: ClientOf, account: str, cookie: str, browser: str, expected: str
) -> None:
    client = client_of(chosen(officer, account))
    if cookie:
        client.cookies[COOKIE] = cookie
    assert language_of(client, reverse("my_settings"), browser) == expected


def test_the_language_in_the_address_comes_before_all(officer: User, client_of: ClientOf) -> None:
    client = client_of(chosen(officer, "fr"))
    client.cookies[COOKIE] = "es"
    assert language_of(client, "/ar/accessibility/", "ru") == "ar"


def test_errors_are_in_the_language_of_the_account(
    representative: User, client_of: ClientOf
) -> None:
    client = client_of(chosen(representative, "fr"))
    assert language_of(client, "/nowhere/") == "fr"
    assert language_of(client, reverse("account_list")) == "fr"


def test_the_api_answers_in_the_language_of_the_account(
    representative: User, client_of: ClientOf
) -> None:
    client = client_of(representative)
    english = client.get("/api/v1/dashboard/")
    chosen(representative, "fr")
    french = client.get("/api/v1/dashboard/")
    assert english.status_code == french.status_code == 403
    assert english.json()["detail"] == "This is not open to your account."
    assert french["Content-Language"] == "fr"
    assert french.json()["detail"] != english.json()["detail"]


def test_nobody_is_asked_for_who_is_signed_out(reference: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get("/en/accessibility/").status_code == 200
    asked = " ".join(query["sql"] for query in queries.captured_queries)
    assert "accounts_" not in asked and "session" not in asked  # what is open is asked for


def test_an_accounts_language_costs_no_query(officer: User, client_of: ClientOf) -> None:
    counts = []
    for language in ("", "fr"):
        client = client_of(chosen(officer, language))
        client.get(reverse("my_settings"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("my_settings"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_switch_changes_cookie_and_account(officer: User, client_of: ClientOf) -> None:
    client = client_of(chosen(officer, "fr"))
    here = "/donors/?q=Su%C3%A8de&page=2"
    answer = client.post(reverse("set_language"), {"language": "ru", "next": here})
    assert answer.headers["Location"] == here
    assert answer.cookies[COOKIE].value == "ru"
    assert answer.cookies[COOKIE]["max-age"] == 365 * 24 * 3600
    officer.refresh_from_db()
    assert officer.language == "ru"
    assert language_of(client, reverse("my_settings")) == "ru"
    [event] = AuditEvent.objects.filter(act="change_settings")
    assert (event.by, event.before, event.after) == (
        officer.uuid, {"language": "fr"}, {"language": "ru"},
    )  # fmt: skip
    client.post(reverse("set_language"), {"language": "ru", "next": here})
    assert AuditEvent.objects.filter(act="change_settings").count() == 1


def test_the_switch_of_who_is_signed_out_is_a_cookie(db: None) -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": "ar", "next": "/sign-in/?next=/my/"})
    assert language_of(client, "/sign-in/?next=/my/", "en") == "ar"
    assert not AuditEvent.objects.exists()


def test_a_language_that_there_is_not_changes_nothing(officer: User, client_of: ClientOf) -> None:
    client = client_of(chosen(officer, "fr"))
    answer = client.post(reverse("set_language"), {"language": "xx", "next": "/my-settings/"})
    assert answer.headers["Location"] == "/my-settings/"
    officer.refresh_from_db()
    assert officer.language == "fr"
    assert COOKIE not in client.cookies


def test_the_switch_leads_to_no_other_site(db: None) -> None:
    sent = {"language": "fr", "next": "https://elsewhere.example.org/"}
    assert Client().post(reverse("set_language"), sent).headers["Location"] == "/"


@pytest.mark.parametrize("browser", ["en", "fr", "es"])
def test_the_switch_on_a_page_with_a_language_in_its_address(db: None, browser: str) -> None:
    """Whatever else the reader's browser speaks."""
    sent = {"language": "es", "next": "/fr/verify/?code=2346-789C"}
    answer = Client().post(
        reverse("set_language"), sent, headers={"Accept-Language": browser}
    )  # fmt: skip
    assert answer.headers["Location"] == "/es/verify/?code=2346-789C"


def test_the_language_is_not_changed_by_a_link(db: None) -> None:
    assert Client().get(f"{reverse('set_language')}?language=fr").status_code == 405
