"""The switch of the language, on every page that the portal's list of addresses knows.

It leads back to the same page with the same question, and it is on the pages of errors too.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from accounts.models import User
from accounts.permissions import Role
from interface.error_pages import server_error
from tests.pages.matrix.rows import acts, address_of, cast, filled, parts
from tests.pages.matrix.table import ADDRESSES, MAY_GET, MAY_POST, SIGNED_OUT

__all__ = ["acts", "cast", "parts"]
FILES = ("_pdf", "_csv", "_xlsx")  # have no switch
ENDING = ("sign_out", "sign_in", "password")  # of the session that the other forms need
QUESTION = "?unknown=1&word=%C3%A9t%C3%A9"
ClientOf = Callable[[User], Client]
SWITCH = re.compile(
    r'<form class="menu-panel" method="post" action="/language/">\s*'
    r'<input type="hidden" name="csrfmiddlewaretoken" value="\w+">\s*'
    r'<input type="hidden" name="next" value="([^"]*)"'
)


def back(response: HttpResponse) -> str:
    """Where the switch of the page leads."""
    [address] = SWITCH.findall(response.content.decode())
    return unescape(address)


def is_page(response: HttpResponse) -> bool:
    """A whole page: no file, and no part of one that HTMX fetches."""
    is_html = response.get("Content-Type", "").startswith("text/html")
    return is_html and b"<html" in response.content


def client_for(who: object, cast: dict[str, User], client_of: ClientOf) -> Client:
    return Client() if who == SIGNED_OUT else client_of(cast[who])  # type: ignore[index]


def faults_of(client: Client, address: str) -> Iterator[str]:
    """Of the switch of one page: it is there, leads back, and does so in the other language too."""
    response = client.get(address)
    if response.status_code != 200 or not is_page(response):
        return
    found = SWITCH.findall(response.content.decode())
    if [unescape(one) for one in found] != [address]:
        yield f"{address}: {found}"
        return
    with transaction.atomic():
        sent = {"language": "fr", "next": address}
        other = client.post("/language/", sent).headers["Location"]
        again = client.get(other)
        transaction.set_rollback(True)
    client.cookies.pop(settings.LANGUAGE_COOKIE_NAME)
    in_french = address.replace("/en/", "/fr/", 1) if address.startswith("/en/") else address
    if other != in_french or '<html lang="fr"' not in again.content.decode():
        yield f"{address}: leads to {other}"
    elif back(again) != other:
        yield f"{other}: leads to {back(again)}"


# The switch is the same for all; CI goes through all pages as those who see most of each kind.
MANY = (Role.OFFICER, Role.REPRESENTATIVE, SIGNED_OUT)
EVERYBODY = [
    who if who in MANY else pytest.param(who, marks=pytest.mark.whole)
    for who in (*Role, SIGNED_OUT)
]


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_the_switch_leads_back_to_the_page_with_its_question(
    who: object, parts: dict[str, str], cast: dict[str, User], client_of: ClientOf
) -> None:
    client = client_for(who, cast, client_of)
    pages = [one for one in ADDRESSES if who in MAY_GET[one[0]] and not one[0].endswith(FILES)]
    if who == SIGNED_OUT:  # caches may keep these: their switch has links instead of a form
        pages = [one for one in pages if not one[0].startswith("open_")]
    asked = [filled(name, route, parts) + QUESTION for name, route in pages]
    assert [fault for address in asked for fault in faults_of(client, address)] == []


def test_the_switch_of_a_page_that_caches_keep_leads_by_links(parts: dict[str, str]) -> None:
    for page in ("income", "donors", "flows", "scorecard", "updates", "methods", "downloads"):
        content = Client().get(f"/en/{page}/{QUESTION}").content.decode()
        assert SWITCH.findall(content) == []
        found = re.findall(r'<a href="([^"]+)" hreflang="([\w-]+)" lang="[\w-]+"', content)
        assert [(unescape(address), code) for address, code in found] == [
            (f"/{code}/{page}/{QUESTION}", code) for code, _name in settings.LANGUAGES
        ]


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_the_switch_of_a_form_with_errors_leads_to_a_page(
    who: object, acts: dict[str, str], cast: dict[str, User], client_of: ClientOf
) -> None:
    client, faults = client_for(who, cast, client_of), []
    forms = [one for one in ADDRESSES if who in MAY_POST.get(one[0], ()) and one[0] not in ENDING]
    for name, route in forms:
        with transaction.atomic():
            response = client.post(address_of(name, route, acts))
            transaction.set_rollback(True)
        with_errors = response.status_code in (200, 422) and is_page(response)
        if with_errors and client.get(back(response)).status_code != 200:
            faults.append(back(response))
    assert faults == []


def test_pages_of_errors_have_the_switch(board_member: User, client_of: ClientOf) -> None:
    client = client_of(board_member)
    for address, status in (("/nowhere/?a=1", 404), ("/accounts/?a=1", 403), ("/?a=%00", 400)):
        response = client.get(address)
        assert (response.status_code, back(response)) == (status, address)


def test_an_act_that_is_refused_leads_back_to_the_page_of_its_form(
    board_member: User, client_of: ClientOf
) -> None:
    client = client_of(board_member)
    address = reverse("donor_unmerge", args=["SWE"])
    response = client.post(address, headers={"Referer": "http://testserver/board/?as_at=2021-12"})
    assert (response.status_code, back(response)) == (403, "/board/?as_at=2021-12")
    response = client.post(address, headers={"Referer": "http://elsewhere.example.org/board/"})
    assert (response.status_code, back(response)) == (403, address)


def test_too_large_and_too_old_a_form_have_a_switch_that_works(settings, db: None) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    client = Client(enforce_csrf_checks=True)
    large = client.post("/sign-in/?next=/my/", {"username": "a" * 20})
    assert (large.status_code, back(large)) == (413, "/sign-in/?next=/my/")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    old = client.post("/sign-in/?next=/my/", {"username": "a"})
    assert (old.status_code, back(old)) == (403, "/sign-in/?next=/my/")
    for page in (large, old):
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
        assert token
        sent = {"csrfmiddlewaretoken": token[1], "language": "fr", "next": back(page)}
        assert client.post("/language/", sent).headers["Location"] == "/sign-in/?next=/my/"


def test_an_error_of_the_server_has_the_switch_and_asks_the_database_nothing() -> None:
    """No database is allowed in this test: asking it would be an error."""
    request = RequestFactory().get("/board/?as_at=2021-12")
    response = server_error(request)
    assert (response.status_code, back(response)) == (500, "/board/?as_at=2021-12")


def test_the_handlers_are_in_place() -> None:
    assert get_resolver().resolve_error_handler(500) is server_error
    assert settings.MIDDLEWARE.index("accounts.language.AccountLanguageMiddleware") > (
        settings.MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware")
    )
