"""What requests and responses carry, pages of lists, errors, and the one file of plotly."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import gettext_lazy

from interface.errors import PortalError
from interface.middleware import (
    BrowserPolicyMiddleware,
    RefuseNulMiddleware,
    RequestIdMiddleware,
)
from interface.paging import page_of
from interface.staticfiles import PlotlyFinder


def answer(request):
    return HttpResponse("page")


def test_a_sane_request_id_is_kept():
    request = RequestFactory().get("/", headers={"X-Request-ID": "proxy-1234.a"})
    response = RequestIdMiddleware(answer)(request)
    assert response["X-Request-ID"] == "proxy-1234.a"
    assert request.request_id == "proxy-1234.a"


@pytest.mark.parametrize("sent", ["", "short", "a" * 65, "line\nbreak-in-it", "<b>12345678</b>"])
def test_any_other_request_id_is_replaced(sent):
    request = RequestFactory().get("/", HTTP_X_REQUEST_ID=sent)
    response = RequestIdMiddleware(answer)(request)
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])


def test_browsers_are_told_what_pages_may_not_do():
    response = BrowserPolicyMiddleware(answer)(RequestFactory().get("/"))
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_header_that_the_view_set_stays():
    def view(request):
        return HttpResponse("x", headers={"Cross-Origin-Resource-Policy": "cross-origin"})

    response = BrowserPolicyMiddleware(view)(RequestFactory().get("/"))
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_caches_keep_pages_and_fragments_apart():
    assert BrowserPolicyMiddleware(answer)(RequestFactory().get("/"))["Vary"] == "HX-Request"

    def csv(request):
        return HttpResponse("a,b", content_type="text/csv")

    assert "Vary" not in BrowserPolicyMiddleware(csv)(RequestFactory().get("/"))


NUL_REQUESTS = {
    "path": RequestFactory().get("/donors/%00/"),
    "query": RequestFactory().get("/donors/?q=a%00b"),
    "second value": RequestFactory().get("/donors/?q=a&q=%00"),
    "name in the query": RequestFactory().get("/donors/?a%00b=1"),
    "form": RequestFactory().post("/donors/new/", {"name_en": "a\0b"}),
    "cookie": RequestFactory().get("/", headers={"Cookie": r'sessionid="\000aaaaaaaa"'}),
}


@pytest.mark.parametrize("request_with_nul", NUL_REQUESTS.values(), ids=NUL_REQUESTS)
def test_a_nul_character_is_refused_before_anything_is_looked_up(request_with_nul):
    response = RefuseNulMiddleware(answer)(request_with_nul)
    assert response.status_code == 400
    assert "The address could not be read" in response.content.decode()


def test_the_api_refuses_a_nul_character_in_its_own_form():
    response = RefuseNulMiddleware(answer)(RequestFactory().get("/api/v1/donors/?q=%00"))
    assert response.status_code == 400
    problem = json.loads(response.content)
    assert problem["detail"] == "The address holds a NUL character, which no text here contains."


@pytest.mark.parametrize("address", ["/?q=%2500", "/?q=00", "/donors/%E7%91%9E/?q=%E2%90%80"])
def test_what_only_looks_like_a_nul_passes(address):
    response = RefuseNulMiddleware(answer)(RequestFactory().get(address))
    assert response.content == b"page"


@pytest.mark.parametrize("address", ["/sign-in/?as=%00", "/donors/%00/", "/api/v1/entries/?x=%00"])
def test_the_portal_refuses_a_nul_character_on_every_address(client, address):
    assert client.get(address).status_code == 400


def test_a_page_knows_its_neighbours_without_counting():
    page = page_of(range(45), "2", 20)
    assert page.items == tuple(range(20, 40))
    assert (page.has_previous, page.has_next) == (True, True)
    assert (page.first_row, page.last_row) == (21, 40)
    last = page_of(range(45), 3, 20)
    assert last.items == tuple(range(40, 45))
    assert (last.has_next, last.previous_number) == (False, 2)


@pytest.mark.parametrize("number", [None, "", "0", "-1", "two", "²", "1.5"])
def test_what_is_no_page_number_is_the_first_page(number):
    assert page_of(range(3), number, 2).items == (0, 1)


def test_a_page_beyond_the_end_is_empty():
    page = page_of(range(3), "9" * 400, 2)
    assert page.items == ()
    assert not page.has_next


def test_an_error_is_a_sentence_and_may_name_a_field():
    class MonthShut(PortalError):
        """An example."""

    error = MonthShut(gettext_lazy("not reported"), field="received_on")
    assert str(error) == error.sentence == "not reported"
    assert error.field == "received_on"


def test_exactly_one_file_of_plotly_is_served():
    finder = PlotlyFinder()
    assert finder.find("plotly/plotly.min.js").endswith("plotly.min.js")
    assert finder.find("plotly/widgetbundle.js") is None
    assert finder.find("plotly/../plotly.min.js") is None
    assert [path for path, _ in finder.list(None)] == ["plotly.min.js"]
    assert finder.check() == []
    assert finders.find("plotly/plotly.min.js") == finder.find("plotly/plotly.min.js")
