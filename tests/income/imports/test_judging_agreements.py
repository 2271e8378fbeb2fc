"""Receipts and refunds that name their agreement, settled row after row as the services do."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.models import Donor
from income import services
from income.imports.judging import Judge
from income.imports.sources import SourceRow
from income.models import Contribution
from income.services import ReceivedMoney
from income.services.actors import Actors
from income.services.returns import MovedMoney
from tests import factories
from tests.income.agreements import sign
from tests.income.imports.judging_cases import (
    TODAY,
    canonical,
    codes,
    judge_of,
    judged,
    posted,
)

pytestmark = pytest.mark.django_db
FIELDS = ["agreement", "amount", "currency", "date", "reference", "bank_charge", "year_for"]
SETTINGS = settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
# SEK, on which day, charge. The agreement is of 3 and 4 million; below zero goes back.
payments = st.lists(
    st.tuples(
        st.one_of(st.sampled_from([3_000_000, 2_999_900, 4_000_000]),
                  st.integers(1, 5_000_000), st.integers(-100_000, -1)),
        st.dates(datetime.date(2021, 3, 4), TODAY), st.sampled_from([0, 0, 25]),
        st.sampled_from([None, 2021, 2023]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@pytest.fixture
def actors(officer, reviewer):
    return Actors(officer, reviewer)


@pytest.fixture
def agreement(ledger, actors) -> Contribution:
    return sign(ledger, actors, reference="SIDA 12")


def rows_of(judge: Judge, rows, first=2):
    """The rows judged in their order; in each the cells as FIELDS name them."""
    return [judge.row(SourceRow(first + n, list(cells))) for n, cells in enumerate(rows)]


def by_service(ledger, agreement, told, actors, number):
    amount, on, charge, year_for = told
    common = {"token": f"pay {number}", "today": TODAY, "actors": actors}
    if amount > 0:
        money = ReceivedMoney(
            agreement.currency, Decimal(amount), on, year_for=year_for, automatic=True,
            bank_charge=Decimal(charge) or None, bank_reference="Bank 7",
        )  # fmt: skip
        return services.record_receipt(ledger, agreement, money, **common)
    gone = MovedMoney(agreement.currency, Decimal(-amount), on, "Bank 7")
    return services.return_money(ledger, agreement, gone, **common)


@pytest.fixture
def judge(ledger) -> Judge:
    return judge_of(ledger, FIELDS)


@given(payments)
@SETTINGS
def test_payments_of_one_agreement_are_what_the_services_post(
    ledger, judge, officer, reviewer, told
):
    actors = Actors(officer, reviewer)
    token = factories._code("sign")
    agreement = sign(ledger, actors, token)
    rows = [
        (agreement.number, amount, "SEK", on, "Bank 7", charge if amount > 0 else None, year)
        for amount, on, charge, year in told
    ]
    found = rows_of(judge, rows)
    for number, (one, payment) in enumerate(zip(found, told, strict=True)):
        if one.is_stopped:  # more went back than had come: the service refuses it too
            assert codes(one) == ["more_than_received"]
            continue
        posting = by_service(ledger, agreement, payment, actors, f"{token} {number}")
        assert one.accepted is not None
        assert canonical(one.accepted.lines) == canonical(posted(posting))
        assert one.accepted.promise is None


def row(name, amount="1000", currency="SEK", on="2022-03-04", reference="Bank 7"):
    return {"agreement": name, "amount": amount, "currency": currency, "date": on,
            "reference": reference}  # fmt: skip


def test_an_agreement_is_found_by_number_reference_and_the_erps_identifiers(ledger, agreement):
    factories.erp_reference(contribution=agreement, value="S1-32FSL-000123")
    for name in (agreement.number, f"c-{agreement.pk}", "sida 12", "s1-32fsl-000123"):
        found = judged(ledger, "receipt", row(name))
        assert codes(found) == []
        assert found.accepted.lines[0].contribution_id == agreement.pk
        assert (found.accepted.donor, found.accepted.ledger) == ("SWE", ledger.code)


def test_an_agreement_that_is_nobodys_or_of_other_books_stops_the_row(ledger, agreement):
    other = factories.ledger()
    [problem] = judged(other, "receipt", row(agreement.number)).problems
    assert (problem.code, problem.field, problem.column) == ("unknown_agreement", "agreement", 1)
    assert agreement.number in problem.sentence
    assert codes(judged(ledger, "receipt", row("C-999999"))) == ["unknown_agreement"]


def test_a_reference_of_several_agreements_is_decided_by_the_donor(ledger, actors, agreement):
    norway = Donor.objects.get(code="NOR")
    other = sign(ledger, actors, "other", donor=norway, reference="SIDA 12")
    assert codes(judged(ledger, "receipt", row("SIDA 12"))) == ["unknown_agreement"]
    found = judged(ledger, "receipt", {**row("SIDA 12"), "donor": "Norway"})
    assert found.accepted.lines[0].contribution_id == other.pk


def test_the_donor_and_the_fund_are_compared_with_the_agreement(ledger, agreement):
    found = judged(ledger, "receipt", {**row("SIDA 12"), "donor": "Norway", "fund": "TC"})
    assert codes(found) == ["donor_differs", "fund_differs"]
    assert found.is_stopped
    fund = judged(ledger, "receipt", {**row("SIDA 12"), "donor": "Sweden", "fund": "TC"})
    assert (codes(fund), fund.is_stopped) == (["fund_differs"], False)


def test_another_currency_than_the_agreed_one_is_entered_by_form(ledger, agreement):
    [problem] = judged(ledger, "receipt", row("SIDA 12", currency="EUR")).problems
    assert (problem.code, problem.column) == ("not_the_agreed_currency", 3)


def test_no_more_goes_back_than_came_also_within_the_file(judge, agreement):
    rows = [
        ("SIDA 12", "1000", "SEK", "2022-03-04", "Bank 7"),
        ("SIDA 12", "-800", "SEK", "2022-03-05", "Letter 8"),
        ("SIDA 12", "-800", "SEK", "2022-03-06", "Letter 9"),
        ("SIDA 12", "-200", "SEK", "2022-03-06"),
        ("SIDA 12", "-200", "SEK", "2022-03-06", "Letter 9"),
    ]
    found = rows_of(judge, rows)
    assert [codes(one) for one in found] == [
        [], [], ["more_than_received"], ["missing_reference"], [],
    ]  # fmt: skip
    assert found[1].accepted.lines[0].reason == "refund"


def test_a_row_is_settled_only_where_it_is_posted(ledger, agreement):
    judge = judge_of(ledger, FIELDS, defers=True)
    rows = [("SIDA 12", "3000000", "SEK", "2021-06-01", "Bank 7")] * 2
    in_books, new = rows_of(judge, rows)
    assert [line.instalment_id for line in in_books.accepted.lines] == [None]
    judge.settle(new)  # the first of them was left out
    judge.settle(new)
    first = agreement.instalments.get(number=1)
    assert [line.instalment_id for line in new.accepted.lines] == [first.pk]


def test_an_agreement_is_loaded_once_for_all_its_rows(
    ledger, agreement, django_assert_max_num_queries
):
    judge = judge_of(ledger, FIELDS)
    rows = [("SIDA 12", "1000", "SEK", "2022-03-04", "Bank 7")] * 40
    with django_assert_max_num_queries(10):
        found = rows_of(judge, rows)
    assert [codes(one) for one in found] == [[]] * 40
