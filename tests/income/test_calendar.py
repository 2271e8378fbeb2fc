"""The calendar: what falls on which day, for whom, as a page and as a file."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from donors.models import Donor
from income.calendar import Event, Span, events
from income.icalendar import calendar_file, escaped, folded
from income.models import Contribution, Ledger
from income.vocabulary import ContributionState, Kind
from interface.weeks import first_weekday, weekday_names, weeks_of
from tests import factories

DAY = datetime.date
JUNE = (DAY(2022, 6, 1), DAY(2022, 6, 30))


@pytest.fixture
def books(ledger: Ledger, settings: object) -> Ledger:
    """Books with one thing of each kind in June 2022, and one the day before and after."""
    settings.PORTAL_BOOKS = ledger.code  # type: ignore[attr-defined]
    seed(ledger, Donor.objects.get(code="SWE"))
    return ledger


def seed(books: Ledger, donor: Donor) -> Contribution:
    signed = factories.contribution(
        ledger=books, donor=donor, title="Housing", state=ContributionState.SIGNED,
        signed_on=DAY(2022, 1, 1), ends_on=DAY(2022, 6, 30),
    )  # fmt: skip
    for number, on in enumerate((DAY(2022, 5, 31), DAY(2022, 6, 10), DAY(2022, 7, 1)), start=1):
        instalment = factories.instalment(contribution=signed, due_on=on, number=number)
        due = factories.entry(
            kind=Kind.DUE, donor=donor, contribution=signed, instalment=instalment, value_date=on
        )
        factories.posting(books, due)
        factories.condition(contribution=signed, instalment=instalment, text=f"Until {on}")
        factories.report_due(contribution=signed, due_on=on, until_on=on)
        factories.contribution(
            ledger=books, donor=donor, state=ContributionState.PROSPECT, probability=10,
            expected_on=on, title="Hope",
        )  # fmt: skip
    factories.campaign(title="Letters", starts_on=DAY(2022, 5, 20), ends_on=DAY(2022, 6, 2))
    factories.campaign(title="Event", starts_on=DAY(2022, 6, 15))
    factories.campaign(title="Over", starts_on=DAY(2022, 5, 1), ends_on=DAY(2022, 5, 31))
    return signed


def of_june(books: Ledger, user: User, *kinds: str) -> list[tuple[str, str, str]]:
    span = Span(books, user, DAY(2022, 12, 15), *JUNE)
    return [(f"{e.on:%m-%d}", e.kind, e.title) for e in events(span, kinds)]


def test_a_month_holds_what_falls_in_it_by_day(books: Ledger, officer: User) -> None:
    assert of_june(books, officer) == [
        ("05-20", "campaign", "Letters"),
        ("06-10", "instalment", "Sweden"),
        ("06-10", "report", "Sweden"),
        ("06-10", "prospect", "Sweden"),
        ("06-10", "condition", "Sweden"),
        ("06-15", "campaign", "Event"),
        ("06-30", "ending", "Sweden"),
    ]
    assert of_june(books, officer, "ending") == [("06-30", "ending", "Sweden")]


def test_nothing_of_it_is_for_the_board(books: Ledger, board_member: User) -> None:
    assert {kind for _on, kind, _title in of_june(books, board_member)} == {"campaign"}


def test_an_instalment_says_whether_it_was_paid(books: Ledger, officer: User) -> None:
    def is_done() -> list[bool]:
        span = Span(books, officer, DAY(2022, 12, 15), *JUNE)
        return [event.is_done for event in events(span, ["instalment"])]

    assert is_done() == [False]
    signed = Contribution.objects.get(title="Housing")
    paid = factories.entry(
        contribution=signed, instalment=signed.instalments.get(number=2), donor=signed.donor,
        credited_amount=Decimal("100"),
    )  # fmt: skip
    factories.posting(books, paid)
    assert is_done() == [True]


def test_the_number_of_queries_does_not_grow(books: Ledger, officer: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            of_june(books, officer)
        return len(found)

    few = queries()
    for _number in range(9):
        seed(books, factories.donor())
    assert queries() == few <= 9


def test_the_page_shows_the_month_and_leads_to_those_beside_it(
    books: Ledger, officer: User, client_of: Callable[[User], Client]
) -> None:
    page = client_of(officer).get(reverse("calendar"), {"month": "2022-06"}).content.decode()
    assert "Calendar: June 2022" in page
    assert 'href="?month=2022-05"' in page
    assert 'href="?month=2022-07"' in page
    assert page.count("Instalment due</span>") == 1
    narrowed = {"month": "2022-06", "kind": ["report", "nonsense"]}
    page = client_of(officer).get(reverse("calendar"), narrowed).content.decode()
    assert "Instalment due</span>" not in page
    assert "Report due</span>" in page


@pytest.mark.parametrize("asked", ["", "2022-13", "1900-01", "x", "2999-12", "1945-01"])
def test_a_month_that_is_none_shows_the_present_one(
    books: Ledger, officer: User, client_of: Callable[[User], Client], asked: str
) -> None:
    assert client_of(officer).get(reverse("calendar"), {"month": asked}).status_code == 200


@pytest.mark.parametrize(("language", "first"), [("en", 0), ("ar", 5), ("fr", 0), ("ru", 0)])
def test_weeks_begin_as_the_language_has_it(language: str, first: int) -> None:
    assert first_weekday(language) == first
    week = weeks_of(DAY(2022, 6, 1), DAY(2022, 6, 30), language)[0]
    assert week[0].weekday() == first
    with translation.override(language):
        assert len(weekday_names()) == 7


@given(
    st.dates(DAY(1990, 1, 1), DAY(2090, 1, 1)), st.integers(0, 60), st.sampled_from(["en", "ar"])
)
def test_weeks_hold_every_day_once(first: datetime.date, length: int, language: str) -> None:
    last = first + datetime.timedelta(days=length)
    weeks = weeks_of(first, last, language)
    days = [day for week in weeks for day in week]
    assert all(len(week) == 7 for week in weeks)
    assert days == [days[0] + datetime.timedelta(days=n) for n in range(len(days))]
    assert days[0] <= first <= weeks[0][-1]
    assert weeks[-1][0] <= last <= days[-1]


def test_text_of_a_file_is_escaped_and_long_lines_are_folded() -> None:
    assert escaped("a,b;c\\d\r\ne\nf") == "a\\,b\\;c\\\\d\\ne\\nf"
    assert folded("short") == b"short\r\n"
    line = "SUMMARY:" + "é" * 100
    parts = folded(line).split(b"\r\n")
    assert all(len(part) <= 75 for part in parts)
    assert folded(line).decode().replace("\r\n ", "") == line + "\r\n"


def test_a_file_has_one_event_for_each_with_whole_days() -> None:
    letters = Event(
        DAY(2022, 5, 20), "campaign", "Letters", "Spring, again", "/x/", "campaign-1",
        until=DAY(2022, 6, 2),
    )  # fmt: skip
    file = calendar_file(
        [letters], name="June", host="portal.example.org", address="https://portal.example.org",
        at=datetime.datetime(2022, 6, 1, 7, 30, tzinfo=datetime.UTC),
    )  # fmt: skip
    assert file.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//UN-Habitat//Habitat Portal//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:June",
        "BEGIN:VEVENT",
        "UID:campaign-1@portal.example.org",
        "DTSTAMP:20220601T073000Z",
        "DTSTART;VALUE=DATE:20220520",
        "DTEND;VALUE=DATE:20220603",
        "SUMMARY:Campaign: Letters",
        "DESCRIPTION:Spring\\, again",
        "URL:https://portal.example.org/x/",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_the_file_is_of_a_month_or_of_a_year_and_for_staff(
    books: Ledger, officer: User, board_member: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("calendar_ics")
    month = client_of(officer).get(address, {"month": "2022-06"})
    assert month.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert month.content.count(b"BEGIN:VEVENT") == 7
    year = client_of(officer).get(address, {"year": "2022", "kind": "instalment"})
    assert year.content.count(b"BEGIN:VEVENT") == 3
    assert client_of(officer).get(address, {"year": "soon"}).status_code == 400
    assert client_of(board_member).get(address).status_code == 403
