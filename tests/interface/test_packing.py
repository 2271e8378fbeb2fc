"""A page in parts: put together it is the page, as gzip too, and what is the reader's is apart."""

import gzip

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from interface import own_parts, packing

TEXT = st.binary(max_size=300)


@given(parts=st.lists(TEXT, min_size=1, max_size=6), data=st.data())
def test_what_is_packed_in_parts_is_the_page(parts, data):
    between = st.lists(TEXT, min_size=len(parts) - 1, max_size=len(parts) - 1)
    values = data.draw(between)
    page = packing.whole(parts, values)
    packed = [packing.pack(part) for part in parts]
    assert [packing.unpack(part) for part in packed] == parts
    assert gzip.decompress(packing.gzipped(packed, values, page)) == page


def test_a_value_longer_than_a_block_is_packed_too():
    value = bytes(range(256)) * 600  # 153,600 bytes: three blocks
    page = packing.whole([b"<p>", b"</p>"], [value])
    packed = [packing.pack(b"<p>"), packing.pack(b"</p>")]
    assert gzip.decompress(packing.gzipped(packed, [value], page)) == page


def test_a_guess_of_a_value_is_not_told_by_the_length(monkeypatch):
    """BREACH: the part holds the value itself, or something else of its length."""
    monkeypatch.setattr(packing.secrets, "randbelow", lambda _most: 9)
    secret = b"QdT7sZk2mWq0vXyR"

    def length(guess):
        parts = [b"<input value=", b"><p>" + guess + b"</p>"]
        page = packing.whole(parts, [secret])
        return len(packing.gzipped([packing.pack(part) for part in parts], [secret], page))

    other = bytes(reversed(secret))
    assert length(secret) == length(other)
    together = [len(gzip.compress(secret + b"<p>" + one)) for one in (secret, other)]
    assert together[0] < together[1]  # what compressing the page as a whole would tell


def test_the_length_of_a_page_changes_from_time_to_time():
    packed = [packing.pack(b"the same")]
    assert len({len(packing.gzipped(packed, [], b"the same")) for _time in range(40)}) > 5


@pytest.mark.parametrize(
    ("said", "takes"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("GZIP", True), ("gzip;q=0", False),
     ("gzip; q=0.0, br", False), ("br", False), ("x-gzip", False), ("", False)],
)  # fmt: skip
def test_who_takes_gzip(said, takes):
    request = RequestFactory().get("/", headers={"Accept-Encoding": said})
    assert packing.is_accepted(request) is takes


def test_a_marked_page_comes_apart():
    request = RequestFactory().get("/")
    own_parts.begin(request)
    context = {"request": request, "session_seconds": 60, "csrf_token": "abc"}
    page = f"<b>{own_parts.written(context, 'seconds')}</b>{own_parts.written(context, 'token')}"
    parts, names, values = own_parts.taken_apart(page.encode())
    token = b'<input type="hidden" name="csrfmiddlewaretoken" value="abc">'
    assert (parts, names, values) == ([b"<b>", b"</b>", b""], ["seconds", "token"], [b"60", token])
    own_parts.end(request)
    assert own_parts.written(context, "seconds") == "60"


@pytest.mark.parametrize("page", [b"a\0b", b"a\0nobody\0b\0c", b"\0seconds\0\0\0"])
def test_a_page_with_other_marks_is_refused(page):
    with pytest.raises(ValueError, match="marks"):
        own_parts.taken_apart(page)


def test_what_is_shared_holds_no_token_and_nothing_secret():
    assert own_parts.is_shareable([b"<p>Sweden</p>"], ("Ada", ""))
    assert not own_parts.is_shareable([b"<p>", b"<p>Ada</p>"], ("Ada",))
    assert not own_parts.is_shareable([b'<input name="csrfmiddlewaretoken" value="x">'], ())
