"""Lists that are walked: every page is the next stretch, in every order, forwards and back."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from donors.models import Donor
from income.contribution_filter import WALKS
from income.models import Contribution
from interface.keyset import BACKWARDS, FORWARDS, NoCursor, Order, taken_apart, written
from interface.paging import page_along
from tests import factories

D = datetime.date
# Signed on (None: pledged only), amount, in the order in which they are made.
ROWS = (
    (D(2021, 3, 4), "100"), (None, "300"), (D(2022, 1, 1), "100"), (D(2021, 3, 4), "200"),
    (None, "100"), (D(2020, 5, 6), "100"), (D(2021, 3, 4), "50"),
)  # fmt: skip
# Which of them follow on which, worked out by hand; donors are Norway, Sweden in turns.
BY_HAND = {
    "newest": [6, 5, 4, 3, 2, 1, 0],
    "signed": [2, 6, 3, 0, 5, 4, 1],
    "ends": [0, 1, 2, 3, 4, 5, 6],  # none of them ends
    "amount": [1, 3, 5, 4, 2, 0, 6],
    "donor": [6, 4, 2, 0, 5, 3, 1],
}


@pytest.fixture
def made(reference, ledger):
    donors = [Donor.objects.get(code=code) for code in ("NOR", "SWE")]
    return [
        factories.contribution(ledger=ledger, donor=donors[n % 2], signed_on=on, amount=amount)
        for n, (on, amount) in enumerate(ROWS)
    ]


def pages(walk, rows, name, size, text="", step="next_number"):
    """All pages from the place on, following the links."""
    found = []
    while True:
        page = page_along(walk, rows, name, text, size)
        found.append(page)
        text = getattr(page, step)
        if not text:
            return found


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("name", WALKS)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_follow_on_one_another_in_the_order_that_is_asked_for(made, ledger, name, size):
    rows, walk = Contribution.objects.in_books(ledger), WALKS[name]
    forwards = pages(walk, rows, name, size)
    assert [made.index(row) for page in forwards for row in page.items] == BY_HAND[name]
    assert [page.first_row for page in forwards] == list(range(1, len(ROWS) + 1, size))
    last = forwards[-1]
    back = (
        pages(walk, rows, name, size, last.previous_number, "previous_number") if size < 7 else []
    )
    before = [row for page in reversed(back) for row in page.items]
    assert [made.index(row) for row in before] == BY_HAND[name][: len(ROWS) - len(last.items)]
    assert not forwards[0].has_previous
    assert not last.has_next


@pytest.mark.django_db
def test_what_is_added_meanwhile_neither_repeats_nor_hides_a_row(made, ledger):
    rows, walk = Contribution.objects.in_books(ledger), WALKS["newest"]
    first = page_along(walk, rows, "newest", "", 3)
    factories.contribution(ledger=ledger)
    second = page_along(walk, rows, "newest", first.next_number, 3)
    assert [made.index(row) for row in (*first.items, *second.items)] == [6, 5, 4, 3, 2, 1]
    assert (second.first_row, second.last_row) == (4, 6)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["2", "x", "é", "W10=", "bnVsbA==", written(FORWARDS, "signed", (1, 2), 3),
             written(FORWARDS, "newest", ("x",), 3), written(FORWARDS, "newest", (None,), 3),
             written(FORWARDS, "newest", (1 << 70,), 3), written(FORWARDS, "newest", (1,), -1),
             written("q", "newest", (1,), 3), written(FORWARDS, "newest", (), 3)],
)  # fmt: skip
def test_what_is_no_place_of_the_list_is_its_first_page(made, ledger, text):
    rows = Contribution.objects.in_books(ledger)
    page = page_along(WALKS["newest"], rows, "newest", text, 2)
    assert [made.index(row) for row in page.items] == [6, 5]


def test_a_place_is_read_as_it_was_written():
    order = Order.of(Contribution, "-signed_on", "-pk")
    way, values = taken_apart(written(BACKWARDS, "signed", (D(2021, 3, 4), 7)), "signed")
    assert (way, order.read(values)) == (BACKWARDS, (D(2021, 3, 4), 7))
    assert order.read([None, "7"]) == (None, 7)
    with pytest.raises(NoCursor):
        order.read(["2021-03-04", None])


@pytest.mark.parametrize("paths", [["signed_on"], ["amount", "signed_on", "pk"]])
def test_an_order_that_leaves_a_place_open_is_refused(paths):
    with pytest.raises(ValueError, match="cannot be walked"):
        Order.of(Contribution, *paths)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "most"), [("newest", 1), ("signed", 3), ("amount", 3), ("donor", 4)]
)
def test_a_page_counts_nothing_and_passes_over_nothing(made, ledger, name, most):
    rows, walk = Contribution.objects.in_books(ledger), WALKS[name]
    place = page_along(walk, rows, name, "", 2).next_number
    with CaptureQueriesContext(connection) as asked:
        page_along(walk, rows, name, place, 2)
    assert len(asked) <= most
    for query in asked.captured_queries:
        assert "COUNT(" not in query["sql"]
        assert "OFFSET" not in query["sql"]


# Which index each first page and each page behind a place is read from.
INDEXES = {
    "newest": "contributions_in_books", "signed": "contributions_by_signature",
    "ends": "contributions_by_end", "amount": "contributions_by_amount",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite tells its plans in these words")
@pytest.mark.parametrize("name", INDEXES)
def test_every_stretch_is_read_from_an_index_in_its_order(made, ledger, name):
    rows, walk = Contribution.objects.in_books(ledger), WALKS[name]
    for place in (None, walk.place_of(made[3])):
        for part in walk.stretches(rows, place, backwards=False):
            plan = part[:50].explain()
            assert "TEMP B-TREE" not in plan, plan
            assert "SCAN" not in plan, plan


class Walked(TestCase):
    """Any rows, any size of a page: the pages together are the list."""

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.sampled_from(["", "b", "a", "c"]), max_size=9), st.integers(1, 4))
    def test_pages_together_are_the_list(self, words, size):
        User.objects.filter(email__startswith="walked").delete()
        for number, word in enumerate(words):
            User.objects.create(email=f"walked{number}@example.org", name=word, role="officer")
        rows, walk = User.objects.filter(email__startswith="walked"), Order.of(User, "-name", "pk")
        found = [row.pk for page in pages(walk, rows, "x", size) for row in page.items]
        assert found == [row.pk for row in rows.order_by("-name", "pk")]
