"""Small books with a published update, for the tests of what is public.

Amounts are US dollars. 2020: Sweden 700,000 core (June). 2021: regular budget 14,200,000 allotted
(January); Sweden 300,000 core (February); Kenya 50,000 core (March), the European Union 500,000
earmarked for Africa (March), a donor that stays unnamed 7,000 core (March), 3,000 core of nobody
known (March), 20,000 paid back to Kenya from the core (March). To March 2021: 15,040,000.
The update of March is published; after it Norway gave 999,999.99 for the core of March.
"""

import datetime

import pytest
from django.test import Client

from accounts.models import User
from donors.models import Donor
from income.models import Entry, Ledger
from income.vocabulary import Kind
from reports.figures.dashboard import dashboard
from reports.models import MonthlyUpdate
from reports.open.policy import CODES, set_open
from reports.sheets.board import dashboard_csv
from reports.updates.asking import question_of
from reports.updates.preparing import canonical
from tests import board_factories, factories
from tests.reports import update_cases as cases

EVERYTHING = frozenset(CODES)
TOTAL, UNNAMED_NAME, LATE = "15,040,000.00", "The Quiet Foundation", "999,999.99"
PAGES = ("income", "donors", "flows", "scorecard", "updates", "methods", "downloads")
FILES = (
    "income-by-fund-and-month", "income-by-donor-and-year", "income-by-region-and-year", "targets",
    "flows",
)  # fmt: skip


def gift(usd: str, day: str, donor: Donor | None, fund: str = "FNE", region: str = "") -> Entry:
    return factories.entry(
        usd, value_date=datetime.date.fromisoformat(day), fund_id=fund, donor=donor,
        region_id=region or None,
    )  # fmt: skip


def quiet() -> Donor:
    """A donor that wishes to stay unnamed."""
    names = {"en": UNNAMED_NAME}
    return factories.donor(code="QUIET", names=names, is_unnamed=True, contributor_type_id="C01")


def fill(monkeypatch: pytest.MonkeyPatch, books: Ledger) -> None:
    sweden, kenya, union = (Donor.objects.get(code=code) for code in ("SWE", "KEN", "EU"))
    cases.clock(monkeypatch, 2021, 3, 20)
    allotted = gift("14200000.00", "2021-01-15", None, "RB")
    allotted.kind = Kind.ALLOTMENT
    factories.posting(
        books,
        gift("700000.00", "2020-06-10", sweden), allotted,
        gift("300000.00", "2021-02-10", sweden),
        gift("50000.00", "2021-03-09", kenya), gift("-20000.00", "2021-03-10", kenya),
        gift("500000.00", "2021-03-18", union, "FE", "AFRICA"),
        gift("7000.00", "2021-03-18", quiet()), gift("3000.00", "2021-03-19", None),
    )  # fmt: skip
    cases.close(books, cases.JANUARY, cases.FEBRUARY, cases.MARCH)


@pytest.fixture
def update(
    settings, monkeypatch: pytest.MonkeyPatch, ledger: Ledger, officer: User, reviewer: User
) -> MonthlyUpdate:  # fmt: skip
    """The published update of March 2021, before anything else is posted."""
    settings.PORTAL_BOOKS = ledger.code
    fill(monkeypatch, ledger)
    return an_update(ledger, officer, reviewer)


def an_update(books: Ledger, officer: User, reviewer: User) -> MonthlyUpdate:
    """Published, with the figures and the data that preparing it stores, in English alone."""
    books.refresh_from_db()
    answer = dashboard(question_of(books, cases.MARCH))
    made = board_factories.monthly_update(
        ledger=books, prepared_by=officer, published_by=reviewer, state="published",
        published_at=cases.ON_15_APRIL, sequence=books.sequence, hash=books.head_hash,
        target_set=answer.goal_set.code if answer.goal_set else "",
    )  # fmt: skip
    files = {"figures.json": canonical(answer), "data.csv": dashboard_csv(answer)}
    for name, content in files.items():
        board_factories.update_file(
            update=made, name=name, content=content, content_type="text/csv; charset=utf-8"
        )
    return made


@pytest.fixture
def opened(update: MonthlyUpdate, administrator: User) -> MonthlyUpdate:
    """The same, with every part open."""
    set_open(EVERYTHING, by=administrator)
    return update


def come_late(monkeypatch: pytest.MonkeyPatch, books: Ledger, donor: str = "NOR") -> None:
    """What no public page may know of: posted after the update, for its month."""
    cases.clock(monkeypatch, 2021, 5, 2)
    cases.paid(books, "999999.99", "2021-03-30", donor=donor, booked=cases.APRIL)


def got(address: str) -> str:
    """The page as somebody sees it who is signed out, with the spaces of a sentence."""
    response = Client().get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return response.content.decode().replace("\u00a0", " ")
