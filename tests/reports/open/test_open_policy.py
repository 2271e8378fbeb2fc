"""What is closed is nowhere: no page, no file, no menu, no place in the map of the site."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from accounts.permissions import Role
from reports.models import MonthlyUpdate
from reports.open.policy import PAGES, set_open
from tests.reports.open.open_cases import EVERYTHING, FILES, got, opened, update

__all__ = ["opened", "update"]

# Part -> pages (without their language) and files that are gone when it alone is closed.
GONE = {
    "funds": {"data/targets.csv", "data/income-by-fund-and-month.csv"},
    "regions": {"data/income-by-region-and-year.csv"},
    "donors": {"donors/", "donors/SWE/", "data/income-by-donor-and-year.csv",
               "updates/2021-03/provisional/data.csv"},
    "flows": {"flows/", "data/flows.csv", "data/flows.xlsx"},
    "scorecard": {"scorecard/"},
    "updates": {"updates/", "updates/2021-03/provisional/data.csv"},
    "data": {*(f"data/{name}.csv" for name in FILES), "data/datapackage.json",
             "data/dataset.jsonld"},
    PAGES: {"income/", "donors/", "flows/", "scorecard/", "updates/", "methods/", "downloads/",
            "data/datapackage.json"},
}  # fmt: skip


def path_of(place: str) -> str:
    return f"/{place}" if place.startswith("data/") else f"/en/{place}"


def status(place: str, client: Client | None = None) -> int:
    return (client or Client()).get(path_of(place)).status_code


@pytest.mark.parametrize("part", GONE)
def test_a_part_that_is_closed_is_gone_at_once(
    part: str, opened: MonthlyUpdate, administrator: User
) -> None:
    assert {place for place in GONE[part] if status(place) != 200} == set()
    set_open(EVERYTHING - {part}, by=administrator)
    assert {place for place in GONE[part] if status(place) != 404} == set()
    said = Client().get("/sitemap.xml").content.decode() + Client().get("/en/").content.decode()
    pages = [place for place in GONE[part] if not place.startswith("data/") and "data" not in place]
    assert [place for place in pages if f"/en/{place}" in said] == []


def test_other_parts_stay_open_when_one_is_closed(
    opened: MonthlyUpdate, administrator: User
) -> None:
    set_open(EVERYTHING - {"donors"}, by=administrator)
    page = got("/en/income/")
    assert "the ten largest" not in page
    assert "Allocated to regions" in page
    assert 'href="/en/donors/"' not in page
    assert "income-by-donor" not in got("/data/datapackage.json")
    assert "data.csv" not in got("/en/updates/")  # its documents tell of donors


def test_a_closed_part_is_closed_to_those_who_are_signed_in_as_well(
    opened: MonthlyUpdate, administrator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(administrator)
    assert status("flows/", client) == 200
    set_open(EVERYTHING - {"flows"}, by=administrator)
    assert status("flows/", client) == 404


def test_without_a_published_update_nothing_is_open(
    settings, ledger, administrator: User
) -> None:  # fmt: skip
    settings.PORTAL_BOOKS = ledger.code
    set_open(EVERYTHING, by=administrator)
    assert {place for places in GONE.values() for place in places if status(place) != 404} == set()
    assert "Open to everybody" not in got("/en/")


def test_the_front_leads_to_what_is_open_and_says_so(opened: MonthlyUpdate) -> None:
    page = got("/fr/")
    for place in ("income", "donors", "flows", "scorecard", "updates", "methods", "downloads"):
        assert f'href="/fr/{place}/"' in page
    assert "Everybody sees the figures of the last published update" in got("/en/")


def test_the_front_keeps_its_sentence_when_nothing_is_open(update: MonthlyUpdate) -> None:
    assert "Figures are shown to Member States, donors and staff, who sign in." in got("/en/")


def test_robots_read_everything_that_is_open_and_nothing_behind_the_sign_in(
    opened: MonthlyUpdate, administrator: User
) -> None:
    lines = got("/robots.txt").splitlines()
    assert {"Allow: /ar/", "Allow: /data/", "Disallow: /"} <= set(lines)
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
    set_open(frozenset(), by=administrator)
    assert got("/robots.txt").splitlines() == ["User-agent: *", "Disallow: /"]


def test_a_page_may_be_kept_by_caches_and_holds_nothing_of_its_reader(
    opened: MonthlyUpdate,
) -> None:
    response = Client().get("/en/income/")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.cookies == {}
    for part in ("csrfmiddlewaretoken", '<form method="post"', "sessionid"):
        assert part not in response.content.decode()
    etag = response.headers["ETag"]
    again = Client().get("/en/income/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get("/fr/income/").headers["ETag"] != etag


def test_a_policy_or_a_state_of_its_own_gives_another_etag(
    opened: MonthlyUpdate, administrator: User
) -> None:
    before = Client().get("/en/income/").headers["ETag"]
    set_open(EVERYTHING - {"regions"}, by=administrator)
    assert Client().get("/en/income/").headers["ETag"] != before


def test_who_is_signed_in_gets_a_page_that_no_cache_keeps(
    opened: MonthlyUpdate, board_member: User, client_of: Callable[[User], Client]
) -> None:
    response = client_of(board_member).get("/en/income/")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in response.headers
    assert 'href="/board/"' in response.content.decode()


def test_an_administrator_opens_parts_and_the_trail_says_which(
    update: MonthlyUpdate, administrator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(administrator)
    client.post("/visibility/set/", {"parts": [PAGES, "flows"]})
    assert (status("flows/"), status("donors/")) == (200, 404)
    event = AuditEvent.objects.filter(act="set_visibility").latest("pk")
    assert event.after == {"open": ["flows", "pages"]}
    page = client.get("/visibility/").content.decode()
    assert 'id="part-flows" name="parts" value="flows" checked' in page
    assert 'id="part-donors" name="parts" value="donors">' in page
    client.post("/visibility/set/", {"parts": [PAGES, "secrets"]})
    assert status("flows/") == 200  # nothing was changed


def test_an_officer_looks_at_the_policy_and_changes_nothing(
    update: MonthlyUpdate, officer: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(officer)
    assert "disabled" in client.get("/visibility/").content.decode()
    assert client.post("/visibility/set/", {"parts": [PAGES]}).status_code == 403
    assert status("methods/") == 404
    assert officer.role == Role.OFFICER
