"""A donor's page and statement: merges, refunds, what falls due, and the picture of ten years.

KfW gave US$ 2.0 million earmarked in 2021 and 0.5 non-earmarked; Germany gave 1.0 non-earmarked in
2021. KfW is merged into Germany.
"""

import datetime
from decimal import Decimal

import pytest

from donors.models import Donor
from income.models import Currency, Fund
from income.services import PromisedContribution, sign_agreement
from income.services.actors import SYSTEM
from income.vocabulary import Kind
from reports.figures.giving import giving
from reports.figures.statement import statement
from reports.tables import donor as tables_donor
from tests import factories
from tests.reports.hand_made import ask, received

pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def germany(reference):
    return Donor.objects.get(code="DEU")


@pytest.fixture
def books(ledger, germany):
    merge(Donor.objects.get(code="KFW"), germany)
    factories.posting(
        ledger,
        received("2.0", "FE", "KFW", "2021-04-01"),
        received("0.5", "FNE", "KFW", "2021-05-01"),
        received("1.0", "FNE", "DEU", "2021-06-01"),
        received("1.2", "FNE", "SWE", "2021-06-01"),
    )
    return ledger


def merge(donor, into):
    donor.merged_into, donor.merged_on = into, day("2021-07-01")
    donor.save()


def millions(amount):
    return None if amount is None else amount / 1_000_000


def test_a_merged_donor_is_ranked_with_the_one_it_became(books):
    ranking = next(one for one in ask(books, as_at="2021-06").rankings if one.fund == "FNE")
    assert [(one.rank, one.code, millions(one.amount_usd)) for one in ranking.donors] == [
        (1, "DEU", Decimal("1.5")),
        (2, "SWE", Decimal("1.2")),
    ]


def test_a_merged_donor_counts_once_among_governments(books):
    norway = Donor.objects.get(code="NOR")
    factories.posting(books, received("0.1", "FNE", "NOR", "2021-06-01"))
    assert ask(books, as_at="2021-06").governments[0].count == 3
    merge(norway, Donor.objects.get(code="SWE"))
    assert ask(books, as_at="2021-06").governments[0].count == 2


def test_a_chain_of_merges_leads_to_the_last_donor(books, germany):
    fund = factories.donor(merged_into=Donor.objects.get(code="KFW"), merged_on=day("2020-01-01"))
    family = Donor.objects.with_merged(germany).values_list("code", flat=True)
    assert set(family) == {"DEU", "KFW", fund.code}
    assert Donor.objects.become([fund.pk, germany.pk]) == {fund.pk: germany, germany.pk: germany}
    assert list(Donor.objects.with_merged(fund)) == [fund]


def test_a_statement_holds_what_merged_donors_gave(books, germany, today):
    told = statement(books, germany, 2021, today)
    assert [(line.fund, millions(line.figures[3].amount_usd)) for line in told.lines] == [
        ("FNE", Decimal("1.5")),
        ("FE", Decimal("2")),
    ]
    assert [millions(one.amount_usd) for one in told.receipts] == [2, Decimal("0.5"), 1]
    assert millions(told.pictures[0].years[-1].given.amount_usd) == Decimal("3.5")


def test_the_page_of_a_donor_holds_what_merged_donors_gave(books, germany, today):
    factories.contribution(ledger=books, donor=Donor.objects.get(code="KFW"), title="A loan")
    told = giving(books, germany, today)
    (table,) = told.tables
    assert millions(table.total.total.amount_usd) == Decimal("3.5")
    assert [one.contribution.title for one in told.balances] == ["A loan"]
    assert (told.years, told.last_received_on) == ((2021,), day("2021-06-01"))


def test_a_refund_is_called_one(books, germany, today):
    factories.posting(books, received("-0.2", "FNE", "DEU", "2021-09-01"))
    told = statement(books, germany, 2021, today)
    assert [one.fund_name for one in told.receipts][2:] == [
        "Foundation non-earmarked",
        "Foundation non-earmarked, refund",
    ]
    assert tables_donor.receipt_table(told).rows[3].cells[1].text == told.receipts[3].fund_name


@pytest.mark.parametrize(
    ("year", "label", "due"), [(2021, "Due in the year", 60), (2022, "Due in the whole year", 40)]
)
def test_what_falls_due_later_in_a_year_not_over_is_called_so(books, germany, year, label, due):
    sign_agreement(
        books,
        PromisedContribution(
            donor=germany, fund=Fund.objects.get(code="FE"), title="Two years",
            currency=Currency.objects.get(code="USD"), amount=Decimal(100),
            promised_on=day("2021-01-10"),
            schedule=[(day("2021-09-01"), Decimal(60)), (day("2022-09-01"), Decimal(40))],
        ),
        token="signed", today=day("2022-06-01"), actors=SYSTEM,
    )  # fmt: skip
    told = statement(books, germany, year, day("2022-06-01"))
    assert tables_donor.year_table(told).columns[3].label == label
    assert told.total(Kind.DUE).amount_usd == due


def test_the_picture_has_a_bar_for_each_year_since_the_first_reported(books, germany):
    factories.posting(books, received("0.25", "FNE", "DEU", "2020-03-01"))
    told = statement(books, germany, 2022, day("2022-06-01"))
    chart = tables_donor.ten_year_chart(told, told.pictures[0])
    assert [(bar.name, bar.value, bar.label) for bar in chart.bars] == [
        ("2020", Decimal("0.25"), "0.25"), ("2021", Decimal("3.5"), "3.5"),
        ("2022", Decimal(0), "0.0"),
    ]  # fmt: skip
    assert chart.title == "Received, 2020 to 2022"


def test_a_year_that_is_not_reported_has_a_label_and_no_bar(ledger, germany, today):
    revenue = received("0.4", "FNE", "DEU", "2021-12-31")
    revenue.kind = Kind.AUDITED_REVENUE
    factories.posting(ledger, revenue)
    told = statement(ledger, germany, 2022, today)
    chart = tables_donor.ten_year_chart(told, told.pictures[0])
    assert [(bar.value, bar.label) for bar in chart.bars] == [
        (Decimal("400000"), "400,000.00"),
        (Decimal(0), "not reported"),
    ]


def test_a_year_before_the_books_lists_no_receipts_for_that_reason(books, germany, today):
    told = statement(books, germany, 2018, today)
    assert tables_donor.receipt_table(told).empty == (
        "These books begin in April 2021 and say nothing of 2018."
    )


def test_what_is_no_cash_is_told_beside_what_was_given(books, germany, today):
    assert giving(books, germany, today).not_cash_usd == 0
    lent = received("0.3", "FE", "DEU", "2021-07-01")
    lent.mode = "gratis"
    factories.posting(books, lent)
    told = giving(books, germany, today)
    assert told.not_cash_usd == Decimal(300_000)
    [note] = [note for note in told.notes if "no cash" in note]
    assert "300,000" in note
