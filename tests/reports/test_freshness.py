"""How fresh the figures of a page are, and that what failed to come in is told."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from income.imports.jobs import POST
from income.models import Ledger
from income.periods import YearMonth
from jobs.models import JobState
from reports.figures.scope import State
from reports.freshness import freshness_of, troubles
from tests import factories, import_factories
from tests.reports import hand_made
from tests.reports.hand_made import ask

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2022, 4, 15, 9, 0, tzinfo=datetime.UTC)
LATER = NOON + datetime.timedelta(hours=1)
RATES = (
    "Exchange rates were not brought up to date on 15 April 2022: the file could not be read as "
    "rates. The rates before stay in use."
)
FILE = (
    "A file of income was not posted on 15 April 2022: it was refused. Nothing of it is in the "
    "figures."
)


@pytest.fixture(autouse=True)
def opens_with(settings):
    settings.PORTAL_BOOKS = "T"


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def moved(books, at):
    Ledger.objects.filter(pk=books.pk).update(moved_at=at)


def sentences(books):
    return [one.sentence for one in troubles(State.of(books))]


def ended(books, state, at=NOON, sentence="Nothing was posted: Anna's receipts.csv is wrong."):
    import_ = import_factories.import_(ledger=books)
    factories.job(
        kind=POST, payload={"import": str(import_.uuid)}, state=state, finished_at=at,
        sentence=sentence,
    )  # fmt: skip
    return import_


def test_a_page_says_period_basis_status_and_as_at_date(books):
    moved(books, NOON)
    fresh = freshness_of(ask(books, as_at="2021-03").provenance)
    assert fresh.facts == (
        "January to March 2021",
        "received and allotted",
        "provisional",
        "as at 15 April 2022, when the books last moved",
    )


def test_a_day_without_postings_does_not_move_the_date(books, client, board_member, monkeypatch):
    moved(books, NOON)
    client.force_login(board_member)
    before = client.get(reverse("bases"), {"year": "2021"}).content.decode()
    next_day = timezone.now() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: next_day)
    client.force_login(board_member)
    after = client.get(reverse("bases"), {"year": "2021"}).content.decode()
    for page in (before, after):
        assert "as at 15 April 2022, when the books last moved" in page


def test_a_posting_moves_the_date(books):
    moved(books, NOON)
    assert freshness_of(State.of(Ledger.objects.get(code="T"))).moved_on == datetime.date(
        2022, 4, 15
    )
    factories.posting(books, hand_made.received("1.0", "FNE", "SWE", "2021-12-31"))
    now = State.of(Ledger.objects.get(code="T"))
    assert freshness_of(now).moved_on == timezone.localdate()


def test_an_earlier_state_has_the_date_of_its_last_posting(books):
    factories.posting(books, hand_made.received("1.0", "FNE", "SWE", "2021-12-31"))
    moved(books, NOON)
    told = ask(books, as_at="2021-12", known="1").provenance
    assert freshness_of(told).moved_on == timezone.localdate()
    assert freshness_of(told).sequence == 1


def test_empty_books_say_that_nothing_is_posted(ledger):
    fresh = freshness_of(State.of(ledger), as_at=YearMonth(2021, 3))
    assert fresh.moved_on is None
    assert fresh.facts == ("January to March 2021", "provisional", "nothing is posted yet")


def test_closed_months_are_not_provisional(books):
    factories.month(ledger=books, month=202101)
    state = State.of(books)
    assert freshness_of(state, as_at=YearMonth(2021, 1)).status == "months closed"
    assert freshness_of(state, as_at=YearMonth(2021, 2)).status == "provisional"


def test_a_failed_load_of_rates_is_told_until_one_succeeds(books):
    import_factories.rate_load(
        has_succeeded=False, added=0, loaded_at=NOON, sentence="secret.csv: line 3"
    )
    assert sentences(books) == [RATES]
    import_factories.rate_load(loaded_at=LATER)
    assert sentences(books) == []


def test_an_older_failure_than_the_last_success_is_not_told(books):
    import_factories.rate_load(loaded_at=LATER)
    import_factories.rate_load(has_succeeded=False, added=0, loaded_at=NOON)
    assert sentences(books) == []


def test_demonstration_rates_are_no_matter_of_real_books(books):
    load = {"has_succeeded": False, "added": 0, "loaded_at": NOON, "rate_type": "demonstration"}
    import_factories.rate_load(**load)
    assert sentences(books) == []
    shown = factories.ledger(code="D", is_demonstration=True)
    assert sentences(shown) == [RATES]


def test_a_file_that_was_not_posted_is_told_until_one_is(books):
    ended(books, JobState.FAILED)
    assert sentences(books) == [FILE]
    ended(books, JobState.DONE, at=LATER)
    assert sentences(books) == []


def test_a_failure_in_other_books_or_of_a_file_thrown_away_is_not_told(books):
    ended(factories.ledger(code="O"), JobState.FAILED)
    ended(books, JobState.FAILED, at=LATER).delete()
    assert sentences(books) == []


PAGES = ["bases", "outstanding", "restatement", "history", "published_list"]


@pytest.fixture
def browser_of_board(client, board_member):
    client.force_login(board_member)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_pages_turn_amber_with_the_reason_and_without_names(books, browser_of_board, page):
    assert "standing notice" not in browser_of_board.get(reverse(page)).content.decode()
    ended(books, JobState.FAILED)
    content = browser_of_board.get(reverse(page)).content.decode()
    assert 'class="standing notice notice-warning"' in content
    assert FILE in content
    assert "receipts.csv" not in content
    assert "See what failed" not in content


@pytest.mark.parametrize("page", PAGES)
def test_staff_read_the_reason_in_full_and_are_led_to_it(books, client, officer, page):
    factories.sign_in(client, officer)
    import_ = ended(books, JobState.FAILED)
    content = client.get(reverse(page)).content.decode()
    assert "receipts.csv is wrong" in content
    assert reverse("import", args=[import_.uuid]) in content


def test_years_with_an_open_month_are_provisional(books, browser_of_board):
    page = browser_of_board.get(reverse("history")).content.decode()
    assert "2020 to 2021 · received and allotted · provisional · as at " in page


def test_audited_years_are_final(ledger, browser_of_board):
    factories.posting(ledger, hand_made.audited("1.0", "FNE", "SWE", 2020))
    page = browser_of_board.get(reverse("history"), {"basis": "audited"}).content.decode()
    assert "2020 · audited revenue · final · as at " in page
