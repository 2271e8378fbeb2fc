"""Pages kept and tagged: never another's, never yesterday's, the same as made afresh."""

import datetime
import gzip
import re

import pytest
from django.conf import settings as of_the_portal
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.urls import get_resolver
from django.utils import timezone

from accounts.audit.coverage import LOOKS
from accounts.audit.models import AuditEvent
from donors.models import Donor
from jobs.models import JobState
from reports import api_state
from reports.views import board, kept
from targets.measuring import approve_measurement
from tests import board_factories, factories
from tests.reports import hand_made

pytestmark = pytest.mark.django_db

BOARD = "/board/?books=T&as_at=2021-12"
KEPT = ["/board/", "/board/history/", "/board/indicators/"]
TAGGED = [*KEPT, "/board/targets/", "/board/published/", "/board/indicators/F2/"]
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")\w+')


@pytest.fixture(autouse=True)
def keeps(settings, monkeypatch):
    """A memory of the test's own, and no wait after an act, of which one test below is."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}
    settings.CACHES = {**of_the_portal.CACHES, "pages": memory}
    settings.PORTAL_BOOKS = "T"
    monkeypatch.setattr(api_state, "SETTLES_AFTER", datetime.timedelta(0))
    yield
    caches["pages"].clear()


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


@pytest.fixture
def reader(books, client_of, board_member):
    """A Board member's browser, which has the cookie of the forms' token."""
    return with_cookie(client_of(board_member))


@pytest.fixture
def asked_of_the_view(monkeypatch):
    """How often figures of the dashboard were asked for."""
    times = []
    asked = board.ask
    monkeypatch.setattr(board, "ask", lambda *a, **k: times.append(1) or asked(*a, **k))
    return times


def with_cookie(client):
    client.get("/board/?cookie=1")
    assert of_the_portal.CSRF_COOKIE_NAME in client.cookies
    return client


def again(client, tag, path=BOARD, **headers):
    return client.get(path, headers={"If-None-Match": tag, **headers})


def bare(page):
    """A page without the tokens, of which no two are alike, and the seconds of the sign-in."""
    return re.sub(rb'data-seconds="\d+"', b"", TOKEN.sub(b"", page))


@pytest.mark.parametrize("path", TAGGED)
def test_what_has_not_changed_costs_one_look_up(reader, path, django_assert_num_queries):
    tag = reader.get(path)["ETag"]
    with django_assert_num_queries(3):  # session, person, state
        answer = again(reader, tag, path)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language", "HX-Request"} <= set(answer["Vary"].split(", "))
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", KEPT)
def test_another_reader_with_the_same_rights_gets_what_was_kept(
    reader, client_of, path, django_assert_num_queries
):
    first = reader.get(path)
    other = factories.user(role="board", name="Second Member", email="second@board.example")
    theirs = with_cookie(client_of(other))
    with django_assert_num_queries(3):
        page = theirs.get(path)
    assert b"Second Member" in page.content
    assert b"second@board.example" in page.content
    assert str(other.uuid).encode() in page.content
    user = first.wsgi_request.user
    for own in (user.name, user.email, str(user.uuid)):
        assert own.encode() in first.content
        assert own.encode() not in page.content
    assert page["ETag"] != first["ETag"]
    caches["pages"].clear()
    assert bare(page.content) == bare(theirs.get(path).content)


def test_the_form_on_a_kept_page_is_taken(reader, books):
    reader.get(BOARD)
    reader.handler.enforce_csrf_checks = True
    page = reader.get(BOARD)
    (token, *more) = set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.content.decode()))
    assert not more
    sent = reader.post("/session/", {"csrfmiddlewaretoken": token})
    assert sent.status_code == 200
    assert reader.post("/session/", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403


def test_who_may_see_more_gets_a_page_of_their_own(
    reader, books, client_of, reviewer, administrator, asked_of_the_view
):
    factories.erp_export(ledger=books, month=202112)
    readers = [reader, *(with_cookie(client_of(one)) for one in (reviewer, administrator))]
    asked_of_the_view.clear()
    pages = [one.get(BOARD) for one in readers]
    assert len(asked_of_the_view) == 3
    assert len({page["ETag"] for page in pages}) == 3
    see_which = b"/erp/T/2021-12/"
    assert [see_which in page.content for page in pages] == [False, True, True]


def test_who_may_not_look_gets_no_304_and_no_kept_page(reader, client_of, representative):
    tag = reader.get(BOARD)["ETag"]
    assert again(with_cookie(client_of(representative)), tag).status_code == 403
    reader.post("/sign-out/")
    assert again(reader, tag).status_code == 302


def test_a_role_that_was_changed_sees_what_it_now_may(reader, board_member):
    tag = reader.get(BOARD)["ETag"]
    type(board_member).objects.filter(pk=board_member.pk).update(role="representative")
    assert again(reader, tag).status_code == 403


def test_another_sign_in_of_the_same_person_has_another_tag(reader, client_of, board_member):
    tag = reader.get(BOARD)["ETag"]
    assert again(with_cookie(client_of(board_member)), tag).status_code == 200


def changed(reader, act):
    """Status and page after the act, for who had the page before."""
    before = reader.get(BOARD)
    reader.get(BOARD)  # kept
    act()
    answer = again(reader, before["ETag"])
    assert answer.status_code == 200
    return answer.content.decode()


def test_after_a_posting(reader, books):
    entry = hand_made.received("7.0", "FNE", "SWE", "2021-12-30")
    page = changed(reader, lambda: factories.posting(books, entry))
    books.refresh_from_db()
    assert f"<code>{books.head_hash}</code>" in page


def test_after_a_measurement_was_approved(reader, reviewer):
    before = reader.get("/board/indicators/F2/")
    waits = board_factories.measurement(value=777_000, measured_on=datetime.date(2021, 5, 1))
    approve_measurement(waits, by=reviewer)
    page = again(reader, before["ETag"], "/board/indicators/F2/")
    assert (page.status_code, b"777,000" in page.content) == (200, True)


def test_after_a_donor_was_named_otherwise(reader):
    def rename():
        Donor.objects.filter(code="SWE").update(names={"en": "Kingdom of Sweden"})
        factories.audit_event(act="edit_donor")

    assert "Kingdom of Sweden" in changed(reader, rename)


def test_after_a_month_was_closed(reader, books):
    page = changed(reader, lambda: factories.month(ledger=books, month=202101))
    assert "Income against targets" in page


def test_a_file_that_failed_is_told_though_no_act_says_it(reader, officer):
    tag = reader.get(BOARD)["ETag"]
    job = factories.job(asked_by=officer, kind="post_import", state=JobState.RUNNING)
    answer = again(reader, tag)
    assert (answer.status_code, answer.has_header("ETag")) == (200, False)
    type(job).objects.filter(pk=job.pk).update(state=JobState.FAILED, finished_at=timezone.now())
    assert again(reader, tag).status_code == 304  # a file of other books
    assert api_state.state_of_pages(timezone.now()) != ""


def test_in_another_language_on_another_day_at_another_address(reader, monkeypatch):
    tag = reader.get(BOARD)["ETag"]
    assert again(reader, tag).status_code == 304
    french = again(reader, tag, Accept_Language="fr")
    assert french.status_code == 200
    assert 'lang="fr"' in french.content.decode()
    assert again(reader, tag, f"{BOARD}&units=exact").status_code == 200
    assert again(reader, tag, "/board/history/").status_code == 200
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    assert again(reader, tag).status_code == 200


def test_midnight_is_that_of_nairobi(reader, monkeypatch):
    request = reader.get(BOARD).wsgi_request

    def day_at(moment):
        monkeypatch.setattr(timezone, "now", lambda: datetime.datetime.fromisoformat(moment))
        return kept._asked(request)[0]

    assert day_at("2022-12-14T20:59:59+00:00") == "2022-12-14"
    assert day_at("2022-12-14T21:00:01+00:00") == "2022-12-15"


def test_a_fragment_is_no_page(reader):
    page = reader.get(BOARD)
    part = reader.get(BOARD, headers={"HX-Request": "true"})
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert b"<html" not in reader.get(BOARD, headers={"HX-Request": "true"}).content
    assert b"<html" in reader.get(BOARD, headers=restored).content
    assert again(reader, page["ETag"], HX_Request="true").status_code == 200
    assert again(reader, part["ETag"]).status_code == 200
    assert again(reader, part["ETag"], HX_Request="true").status_code == 304


def test_what_is_said_once_is_said_once(reader):
    tag = reader.get(BOARD)["ETag"]
    reader.get("/board/?books=T&basis=agreed&as_at=2021-12")  # leads elsewhere, with a message
    said = again(reader, tag)
    assert (said.status_code, said.has_header("ETag")) == (200, False)
    assert len(get_messages(said.wsgi_request)) == 1
    assert b'class="messages"' in said.content
    assert again(reader, tag).status_code == 304
    assert b'class="messages"' not in reader.get(BOARD).content


def test_near_the_end_of_a_sign_in_the_page_is_sent_anew(reader):
    tag = reader.get(BOARD)["ETag"]
    session = reader.session
    session["begun_at"] -= of_the_portal.SESSION_LONGEST_SECONDS - 1000
    session.save()
    answer = again(reader, tag)
    assert (answer.status_code, answer.has_header("ETag")) == (200, False)
    (seconds,) = re.findall(rb'data-seconds="(\d+)"', answer.content)
    assert 900 < int(seconds) <= 1000


def test_without_the_cookie_of_the_token_the_page_brings_it(reader):
    tag = reader.get(BOARD)["ETag"]
    del reader.cookies[of_the_portal.CSRF_COOKIE_NAME]
    answer = again(reader, tag)
    assert answer.status_code == 200
    assert of_the_portal.CSRF_COOKIE_NAME in answer.cookies


def test_after_an_act_nothing_is_kept_until_it_has_settled(reader, monkeypatch, asked_of_the_view):
    monkeypatch.setattr(api_state, "SETTLES_AFTER", datetime.timedelta(seconds=10))
    factories.audit_event(act="edit_donor")
    for _time in range(2):
        assert "ETag" not in reader.get(BOARD)
    assert len(asked_of_the_view) == 2


def test_a_page_with_something_of_its_readers_is_not_kept(reader, board_member, asked_of_the_view):
    board_member.name = "Sweden"  # as it stands on the page too
    board_member.save()
    for _time in range(2):
        assert reader.get(BOARD).status_code == 200
    assert len(asked_of_the_view) == 2


@pytest.mark.parametrize("path", [*KEPT, "/board/targets/"])
def test_compressed_it_is_the_same_page(reader, path):
    for _made_then_kept in range(2):
        packed = reader.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed["Vary"]
        assert int(packed["Content-Length"]) == len(packed.content) < 60_000
        plain = reader.get(path, headers={"Accept-Encoding": "br, gzip;q=0"})
        assert "Content-Encoding" not in plain
        assert bare(gzip.decompress(packed.content)) == bare(plain.content)


def test_no_view_that_is_recorded_or_hands_out_files_is_kept():
    found = {
        pattern.name
        for resolver in get_resolver().url_patterns
        for pattern in getattr(resolver, "url_patterns", [resolver])
        if is_kept(pattern)
    }
    assert {"dashboard", "history", "indicator_list"} <= found
    assert not found & LOOKS
    assert not [name for name in found if name.endswith(("_csv", "_chart", "_file"))]


def is_kept(pattern):
    view = getattr(pattern, "callback", None)
    while view is not None:
        if getattr(view, "is_answered_by_tag", False):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_304_and_kept_pages_are_recorded_as_pages_are(reader):
    events = AuditEvent.objects.count()
    tag = reader.get(BOARD)["ETag"]
    assert again(reader, tag).status_code == 304
    reader.get(BOARD)
    assert AuditEvent.objects.count() == events
