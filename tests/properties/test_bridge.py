"""Random small histories: the bridge's lines sum to the difference to the cent, whatever happened.

Agreements of several years in dollars, kronor (another rate each month) and shillings (no rate),
payments before, on and after their day, in part and in excess, with bank charges; refunds; and
postings that were reversed as a whole.
"""

import datetime
import itertools
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.models import Donor
from income.ledger import reverse
from income.models import Contribution, Currency, Entry, Fund, Posting
from income.periods import YearMonth, months_of
from income.services import (
    PromisedContribution,
    ReceivedMoney,
    record_receipt,
    sign_agreement,
)
from income.services.actors import SYSTEM
from income.vocabulary import Kind, Mode, RateType, Reason
from reports.figures.bases import BasesQuestion, bases
from reports.figures.scope import Scope
from tests import factories

D = Decimal
TODAY = datetime.date(2024, 1, 1)
YEARS = (2021, 2022, 2023)
tokens = (f"token {number}" for number in itertools.count())
days = st.dates(datetime.date(2021, 1, 1), datetime.date(2023, 12, 31))
cents = st.integers(1, 500_000).map(lambda number: D(number).scaleb(-2))

agreements = st.fixed_dictionaries(
    {
        "donor": st.sampled_from(["SWE", "DEU", "KEN"]),
        "fund": st.sampled_from(["FNE", "FE"]),
        "currency": st.sampled_from(["USD", "SEK", "KES"]),
        "on": days,
        "schedule": st.lists(st.tuples(days, cents), min_size=1, max_size=3),
        "payments": st.lists(
            st.tuples(st.integers(0, 3), days, cents, st.sampled_from([None, D("0.37")])),
            max_size=4,
        ),
        "refund": st.one_of(st.none(), st.tuples(days, cents)),
        "reversed": st.sampled_from(["nothing", "nothing", "a receipt"]),
    }
)


@pytest.fixture
def rates(reference):
    for place, month in enumerate(month for year in YEARS for month in months_of(year)):
        factories.exchange_rate(
            currency_id="SEK", effective_on=month.first_day, rate_type=RateType.UN_OPERATIONAL,
            units_per_usd=D("8.1234567") + D(place) * D("0.0137"),
        )  # fmt: skip


def live(books, told):
    """One agreement from its signature to what was paid, paid back and reversed."""
    promise = PromisedContribution(
        donor=Donor.objects.get(code=told["donor"]), fund=Fund.objects.get(code=told["fund"]),
        title="Cities", currency=Currency.objects.get(code=told["currency"]),
        amount=sum(part for _on, part in told["schedule"]), promised_on=told["on"],
        schedule=told["schedule"],
    )  # fmt: skip
    posting = sign_agreement(books, promise, token=next(tokens), today=TODAY, actors=SYSTEM)
    signed = Contribution.objects.get(entries__posting=posting, entries__kind=Kind.AGREEMENT)
    for number, on, amount, charge in told["payments"]:
        money = ReceivedMoney(
            currency=signed.currency,
            amount=amount,
            received_on=on,
            bank_charge=charge,
            instalment=signed.instalments.filter(number=number).first(),
        )
        record_receipt(books, signed, money, token=next(tokens), today=TODAY, actors=SYSTEM)
    if told["refund"]:
        on, amount = told["refund"]
        row = {"fund_id": told["fund"], "donor": signed.donor, "contribution": signed}
        factories.posting(
            books, factories.entry(f"-{amount}", reason=Reason.REFUND, value_date=on, **row)
        )
    if told["reversed"] != "nothing":
        undo(books)


def undo(books):
    last = Posting.objects.filter(ledger=books, entries__kind=Kind.RECEIPT).last()
    if last and last.act != "reverse" and not Posting.objects.filter(reverses=last).exists():
        reverse(
            last, booked_month=YearMonth(2023, 12), note="Wrong", token=next(tokens),
            prepared_by=None, approved_by=None,
        )  # fmt: skip


def summed(books, kind, year, **narrow):
    entries = Entry.objects.in_books(books).filter(kind=kind, mode=Mode.CASH, **narrow)
    return entries.in_year(year).aggregate(usd=Sum("amount_usd"))["usd"] or D(0)


def adds_up(first, lines, last):
    assert first.amount_usd + sum((one.amount_usd for one in lines), D(0)) == last.amount_usd


def check(books, year, fund="", donor=None):
    scope = Scope(books, donor=donor)
    told = bases(BasesQuestion(scope, year, YearMonth(year, 12), fund)).bridge
    adds_up(told.agreed, told.to_due, told.due)
    adds_up(told.due, told.to_received, told.received)
    narrow = {**({"fund": fund} if fund else {}), **({"donor": donor} if donor else {})}
    for one, kind in (
        (told.agreed, Kind.AGREEMENT), (told.due, Kind.DUE), (told.received, Kind.RECEIPT)
    ):  # fmt: skip
        assert one.amount_usd == summed(books, kind, year, **narrow)


@pytest.mark.django_db
@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(agreements, min_size=1, max_size=3))
def test_the_lines_sum_to_the_difference_whatever_happened(rates, history):
    books = factories.ledger()
    for told in history:
        live(books, told)
    for year in YEARS:
        check(books, year)
    check(books, 2022, fund="FE")
    check(books, 2022, donor=Donor.objects.get(code="SWE"))
