"""Parts of the money, earlier states of the books and other bases, asked for in the address."""

import datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from income.entry_filter import EntryFilter
from income.ledger import reverse as take_back
from income.models import Entry, Ledger, Posting
from income.periods import YearMonth
from income.vocabulary import Kind
from reports.figures.known import known_of
from reports.figures.refusals import QuestionWrong, ToldElsewhere
from tests import factories
from tests.reports import hand_made
from tests.reports.hand_made import ask, received

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
D = Decimal


@pytest.fixture(autouse=True)
def opens_with(settings):
    settings.PORTAL_BOOKS = "T"


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def total(answer):
    return answer.funds.total.progress.actual_usd


def behind(link):
    query = QueryDict(link.partition("?")[2])
    found = EntryFilter.parse(query)
    assert not found.misunderstood, link
    entries = Entry.objects.filter(ledger__code=query["books"])
    return found.totals(found.apply(entries)).amount_usd


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"region": "AFRICA"}, "20000000"),  # the European Union's
        ({"region": "none"}, "65800000"),  # all but the three regions' 20.0, 10.0 and 100.0
        ({"group": "C01"}, None),
        ({"programme": "none"}, "195800000"),
    ],
)
def test_a_part_of_the_money_is_summed_and_opens_its_entries(books, asked, expected):
    answer = ask(books, as_at="2021-12", **asked)
    row = answer.funds.total
    if expected is not None:
        assert total(answer) == D(expected)
    assert behind(row.link) == row.progress.actual_usd
    assert any("Only a part of the money" in note for note in answer.notes)


def test_what_is_known_is_what_had_been_posted(books):
    then = Ledger.objects.get(pk=books.pk).sequence
    factories.posting(books, received("5.0", "FNE", "NOR", "2021-03-20"))
    now, known = ask(books, as_at="2021-12"), ask(books, as_at="2021-12", known=str(then))
    assert total(now) - total(known) == D("5000000")
    assert known.provenance.sequence == then
    assert known.provenance.hash != now.provenance.hash
    assert behind(known.funds.total.link) == total(known) == D("195800000")
    assert behind(now.funds.total.link) == total(now)


def test_a_reversal_that_is_not_known_yet_has_not_happened(books):
    wrong = factories.posting(books, received("5.0", "FNE", "NOR", "2021-03-20"))
    then = Ledger.objects.get(pk=books.pk).sequence
    take_back(wrong, token="r", note="Twice", booked_month=YearMonth.from_key(wrong.booked_month),
              prepared_by=None, approved_by=None)  # fmt: skip
    assert total(ask(books, as_at="2021-12")) == D("195800000")
    assert total(ask(books, as_at="2021-12", known=str(then))) == D("200800000")


def test_books_that_were_empty_then_show_nothing(books):
    early = ask(books, as_at="2021-12", known="0")
    assert total(early) == 0
    assert early.provenance.sequence == 0


@pytest.mark.parametrize("asked", ["999999", "2999-01-01", "spring"])
def test_a_moment_that_cannot_be_known_is_refused(books, asked):
    with pytest.raises(QuestionWrong):
        ask(books, known=asked)


def test_a_day_stands_for_its_last_posting_and_a_day_before_the_first_is_refused(books):
    posted = timezone.localdate(Posting.objects.filter(ledger=books).last().posted_at)
    told = known_of(books, posted.isoformat(), posted)
    assert (told.sequence, told.on) == (1, posted)
    before = (posted - datetime.timedelta(days=1)).isoformat()
    with pytest.raises(QuestionWrong, match="Nothing had been posted"):
        known_of(books, before, posted)


def test_books_without_anything_on_a_basis_keep_the_month_that_is_asked(books):
    assert ask(books, basis="audited", as_at="2020-12").question.as_at.slug == "2020-12"


def test_promises_are_told_to_the_board_on_the_page_of_the_bases(books, client, board_member):
    due = received("5.0", "FE", "NOR", "2021-03-20")
    due.kind, due.programme_support_usd = Kind.DUE, None
    factories.posting(books, due)
    with pytest.raises(ToldElsewhere):
        ask(books, basis="due", as_at="2021-12")
    client.force_login(board_member)
    answer = client.get(reverse("dashboard"), {"books": "T", "basis": "due", "as_at": "2021-12"})
    assert answer.status_code == 302
    assert answer.url == f"{reverse('bases')}?books=T&year=2021"
    for name in ("dashboard_csv", "history"):
        assert client.get(reverse(name), {"basis": "due", "as_at": "2021-12"}).status_code == 400


def test_changing_the_basis_in_the_form_keeps_the_year(books, client, officer):
    factories.posting(books, hand_made.audited("3.0", "FNE", "SWE", 2021))
    factories.sign_in(client, officer)
    asked = {"books": "T", "basis": "audited", "was": "received", "as_at": "2021-06"}
    answer = client.get(reverse("dashboard"), asked)
    assert answer.status_code == 200
    assert answer.context["question"].as_at.slug == "2021-12"
    del asked["was"]
    assert client.get(reverse("dashboard"), asked).status_code == 400
