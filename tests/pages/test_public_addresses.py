"""Public pages: a language in the address, the same page in the others, and the front page."""

import datetime
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from income.models import Ledger
from reports.sealing.printing import verify_address
from tests import board_factories, factories, report_factories

CODES = ["ar", "zh-hans", "en", "fr", "ru", "es"]
PUBLIC = ["", "accessibility/", "terms/", "verify/", "verify/2346789CDEFG/"]
LINK = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="([\w-]+)")? href="([^"]+)">')
HOST = "http://testserver"


def links(page: str) -> list[tuple[str, str, str]]:
    return [(kind, code, unescape(address)) for kind, code, address in LINK.findall(page)]


def published(when: datetime.datetime, month: int, books: Ledger, one: User, other: User) -> None:
    board_factories.monthly_update(
        ledger=books, prepared_by=one, published_by=other, state="published", published_at=when,
        month=month,
    )  # fmt: skip


@pytest.mark.parametrize("page", PUBLIC)
@pytest.mark.parametrize("language", CODES)
def test_a_public_page_names_itself_in_every_language(
    reference: None, language: str, page: str
) -> None:
    response = Client().get(f"/{language}/{page}?x=1", headers={"Accept-Language": "fr"})
    content = response.content.decode()
    assert f'<html lang="{language}"' in content
    assert links(content) == [
        ("canonical", "", f"{HOST}/{language}/{page}"),
        *[("alternate", code, f"{HOST}/{code}/{page}") for code in CODES],
        ("alternate", "x-default", f"{HOST}/{page}"),
    ]


@pytest.mark.parametrize("page", PUBLIC)
def test_without_a_language_a_public_address_leads_to_the_readers(db: None, page: str) -> None:
    response = Client().get(f"/{page}?x=1", headers={"Accept-Language": "ru"})
    assert (response.status_code, response.headers["Location"]) == (302, f"/ru/{page}?x=1")
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))
    chosen = Client()
    chosen.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert chosen.get(f"/{page}").headers["Location"] == f"/es/{page}"


def test_who_is_signed_in_is_led_to_the_language_of_the_account(
    board_member: User, client_of: Callable[[User], Client]
) -> None:
    board_member.language = "ar"
    board_member.save()
    client = client_of(board_member)
    assert client.get("/verify/2346789CDEFG/").headers["Location"] == "/ar/verify/2346789CDEFG/"
    assert client.get("/").headers["Location"] == reverse("dashboard")


def test_pages_that_are_not_public_have_no_other_addresses(
    board_member: User, client_of: Callable[[User], Client]
) -> None:
    for client, address in ((Client(), "/sign-in/"), (client_of(board_member), "/my-settings/")):
        response = client.get(address)
        assert response.status_code == 200
        assert links(response.content.decode()) == []
    missing = Client().get("/fr/nowhere/")
    assert missing.status_code == 404
    assert links(missing.content.decode()) == []


def test_the_printed_address_is_short_and_stays(settings, reference: None) -> None:
    """It is in QR codes on paper: it must never change."""
    settings.PORTAL_ADDRESS = "https://portal.example.org/"
    report = report_factories.sealed_report(code="2346789CDEFG")
    assert verify_address(report) == "https://portal.example.org/verify/2346789CDEFG/"
    answer = Client().get("/verify/2346789CDEFG/", follow=True)
    assert answer.redirect_chain == [("/en/verify/2346789CDEFG/", 302)]
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_front_says_when_the_last_update_was_published_and_no_figure(
    settings, ledger: Ledger, officer: User, reviewer: User
) -> None:
    settings.PORTAL_BOOKS = ledger.code
    client = Client()
    assert "No monthly update has been published yet." in client.get("/en/").content.decode()
    # 15 April, 22:30 UTC, is past midnight in Nairobi.
    late = datetime.datetime(2022, 4, 15, 22, 30, tzinfo=datetime.UTC)
    published(late, 202203, ledger, officer, reviewer)
    published(late - datetime.timedelta(days=30), 202204, ledger, officer, reviewer)
    board_factories.monthly_update(ledger=ledger, prepared_by=officer, month=202205)
    page = client.get("/en/").content.decode()
    assert '<time datetime="2022-04-16">16 April 2022</time>' in page
    assert page.count("<time") == 1
    assert 'class="figure"' not in page
    assert "DEMONSTRATION BOOKS" not in page


def test_the_front_leads_to_what_is_open(ledger: Ledger) -> None:
    page = Client().get("/fr/").content.decode()
    for address in ("/sign-in/", "/fr/verify/", "/fr/accessibility/", "/fr/terms/"):
        assert f'href="{address}"' in page
    assert '<a class="site-name" href="/fr/">' in page


def test_the_front_of_demonstration_books_says_so(settings, reference: None) -> None:
    settings.PORTAL_BOOKS = factories.ledger(code="D", is_demonstration=True).code
    assert "DEMONSTRATION BOOKS" in Client().get("/en/").content.decode()


def test_an_installation_without_books_has_a_front(settings, db: None) -> None:
    settings.PORTAL_BOOKS = "NONE"
    Ledger.objects.all().delete()
    assert "No monthly update has been published yet." in Client().get("/en/").content.decode()
