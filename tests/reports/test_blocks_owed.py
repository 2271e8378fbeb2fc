"""What was agreed and has not come, by due month; today is 15 December 2022.

Overdue since 1 November: Germany 100, Sweden 90, Norway 80. Due on 20 January 2023: Germany 40,
Sweden 30, Norway 30. Due on 1 March: Japan 50. Due on 1 May: France 20, Kenya 20, Switzerland 20.
Due on 1 June 2024: Denmark 9. In thousands of US dollars; 489 together.
"""

import datetime
from decimal import Decimal

import pytest

from donors.models import Donor
from income.models import Currency, Fund
from income.services import PromisedContribution, sign_agreement
from income.services.actors import SYSTEM
from reports.figures.blocks import blocks
from reports.figures.outstanding import outstanding
from reports.figures.scope import Scope
from reports.tables.blocks import owed_table
from tests import factories
from tests.reports.block_books import answering, given

pytestmark = pytest.mark.django_db

PROMISED = {
    "2022-11-01": {"DEU": 100, "SWE": 90, "NOR": 80},
    "2023-01-20": {"DEU": 40, "SWE": 30, "NOR": 30},
    "2023-03-01": {"JPN": 50},
    "2023-05-01": {"FRA": 20, "KEN": 20, "CHE": 20},
    "2024-06-01": {"DNK": 9},
}


@pytest.fixture
def books(ledger, today):
    for on, donors in PROMISED.items():
        for code, thousands in donors.items():
            sign(ledger, code, on, thousands, today)
    factories.posting(ledger, given("1.0", "FNE", "SWE", "2022-12-01"))
    return ledger


def sign(books, code, on, thousands, today):
    amount = Decimal(thousands * 1000)
    promise = PromisedContribution(
        donor=Donor.objects.get(code=code), fund=Fund.objects.get(code="FE"), title="Cities",
        currency=Currency.objects.get(code="USD"), amount=amount,
        promised_on=datetime.date(2022, 1, 10),
        schedule=[(datetime.date.fromisoformat(on), amount)],
    )  # fmt: skip
    sign_agreement(books, promise, token=f"{code}{on}", today=today, actors=SYSTEM)


def told(books, today, *, knows_unnamed=True, **query):
    asked = answering(books, knows_unnamed=knows_unnamed, **query)
    return blocks(asked, today=today)


def thousands(answer):
    cells = ((cell.code, cell.amount_usd) for cell in (*answer.cells, answer.total))
    return {code or "total": usd and usd / 1000 for code, usd in cells if usd != 0}


def test_overdue_is_one_sum_and_the_months_ahead_follow(books, today):
    assert thousands(told(books, today).owed) == {
        "overdue": 270, "2023-01": 100, "2023-03": 50, "2023-05": 60, "later": 9, "total": 489,
    }  # fmt: skip


def test_the_board_sees_no_month_of_too_few_donors_and_none_it_follows_from(books, today):
    answer = told(books, today, knows_unnamed=False).owed
    # March and later are one donor's each; May goes with them, so that neither can be worked out.
    assert thousands(answer) == {
        "overdue": 270, "2023-01": 100, "2023-03": None, "2023-05": None, "later": None,
        "total": 489,
    }  # fmt: skip
    assert answer.withholds
    assert answer.not_converted == ()


def test_overdue_and_the_total_are_those_of_the_page_of_what_is_outstanding(books, today):
    answer = told(books, today, knows_unnamed=False).owed
    page = outstanding(Scope(books), today, sees_everything=False)
    assert answer.total.amount_usd == page.total.amount_usd
    assert answer.cells[0].amount_usd == page.overdue.amount_usd


def test_what_that_page_withholds_is_not_told_by_months_either(ledger, today):
    for code, thousand in (("DEU", 60), ("SWE", 50), ("NOR", 50)):
        sign(ledger, code, "2023-01-20", thousand, today)
    sign(ledger, "JPN", "2022-11-01", 10, today)
    factories.posting(ledger, given("1.0", "FNE", "SWE", "2022-12-01"))
    page = outstanding(Scope(ledger), today, sees_everything=False)
    assert page.overdue.amount_usd is None
    answer = told(ledger, today, knows_unnamed=False).owed
    assert {cell.amount_usd for cell in (*answer.cells, answer.total)} == {None}
    assert "not shown: too few donors" in owed_table(answer, "exact").rows[0].cells[1].text


def test_no_donor_is_named(books, today):
    table = owed_table(told(books, today).owed, "exact")
    text = " ".join(cell.text for row in table.rows for cell in row.cells)
    assert not any(donor.name in text for donor in Donor.objects.all())
    assert [row.header.text for row in table.rows] == [
        "Overdue", "January 2023", "March 2023", "May 2023", "Later", "Total outstanding",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"known": "1"}, "not as they were known then"),
        ({"region": "AFRICA"}, "not for a part of it"),
        ({"as_at": "2022-03"}, "ask for their latest month"),
    ],
)
def test_it_is_not_told_of_another_state_a_part_or_an_earlier_month(books, today, query, sentence):
    factories.posting(books, given("1.0", "FNE", "SWE", "2022-03-01"))
    answer = told(books, today, **query)
    assert answer.owed is None
    assert sentence in answer.refusals["owed"]


def test_without_a_day_it_is_left_out(books):
    assert blocks(answering(books)).owed is None
