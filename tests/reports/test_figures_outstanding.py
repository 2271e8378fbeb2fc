"""What was agreed and has not come: in its currency, at today's rate, by fund and by age.

Today is 15 December 2022. Germany owes 60.00 since 1 December and 40.00 next June; Sweden 850.00
kronor (US$ 100.00 at 8.5) since March; Kenya 9.00 in shillings without a rate.
"""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donors.models import Donor
from income.models import Contribution, Currency, Fund, Ledger
from income.services import PromisedContribution, ReceivedMoney, record_receipt, sign_agreement
from income.services.actors import SYSTEM
from income.vocabulary import Kind, RateType
from reports.figures.outstanding import outstanding
from reports.figures.scope import Scope
from tests import factories

pytestmark = pytest.mark.django_db
D = Decimal


def day(text):
    return datetime.date.fromisoformat(text)


def sign(books, donor, schedule, *, currency="USD", fund="FE"):
    promise = PromisedContribution(
        donor=Donor.objects.get(code=donor), fund=Fund.objects.get(code=fund), title="Cities",
        currency=Currency.objects.get(code=currency), promised_on=day("2022-01-10"),
        amount=sum(D(part) for _on, part in schedule),
        schedule=[(day(on), D(part)) for on, part in schedule],
    )  # fmt: skip
    posting = sign_agreement(
        books, promise, token=f"{donor}{currency}{fund}", today=day("2022-12-15"), actors=SYSTEM
    )
    return Contribution.objects.get(entries__posting=posting, entries__kind=Kind.AGREEMENT)


@pytest.fixture
def books(ledger, today):
    for on, units in (("2022-01-05", "8"), ("2022-12-01", "8.5")):
        factories.exchange_rate(
            currency_id="SEK",
            effective_on=day(on),
            units_per_usd=D(units),
            rate_type=RateType.UN_OPERATIONAL,
        )
    germany = sign(ledger, "DEU", [("2022-12-01", 100), ("2023-06-01", 40)])
    paid = ReceivedMoney(
        currency=germany.currency,
        amount=D(40),
        received_on=day("2022-12-02"),
        instalment=germany.instalments.get(number=1),
    )
    record_receipt(ledger, germany, paid, token="part", today=today, actors=SYSTEM)
    sign(ledger, "SWE", [("2022-03-01", 850)], currency="SEK", fund="FNE")
    sign(ledger, "KEN", [("2022-11-01", 9)], currency="KES")
    return Ledger.objects.get(pk=ledger.pk)


def test_staff_see_every_instalment_in_its_currency_and_in_dollars(books, today):
    told = outstanding(Scope(books), today)
    assert [(o.donor.code, o.amount, o.currency, o.amount_usd, o.days_overdue) for o in told.owed
            ] == [
        ("SWE", D(850), "SEK", D(100), 289), ("KEN", D(9), "KES", None, 44),
        ("DEU", D(60), "USD", D(60), 14), ("DEU", D(40), "USD", D(40), 0),
    ]  # fmt: skip
    assert [(c.code, c.amount_usd) for c in told.funds] == [("FNE", D(100)), ("FE", D(100))]
    assert [(c.code, c.amount_usd) for c in told.ages] == [
        ("not_yet", D(40)), ("30", D(60)), ("365", D(100)),
    ]  # fmt: skip
    assert [(c.code, c.amount_usd) for c in told.months] == [
        ("2022-03", D(100)), ("2022-11", D(0)), ("2022-12", D(60)), ("2023-06", D(40)),
    ]  # fmt: skip
    assert (told.total.amount_usd, told.overdue.amount_usd) == (D(200), D(160))
    assert [(c.currency, c.count, c.amount) for c in told.not_converted] == [("KES", 1, D(9))]


def test_the_board_sees_no_sum_of_too_few_donors(books, today):
    told = outstanding(Scope(books), today, sees_everything=False)
    assert told.owed == told.months == ()
    assert [cell.amount_usd for cell in (told.total, *told.funds, *told.ages)] == [None] * 6
    assert told.withholds and "not shown" in told.headline


def test_the_board_sees_a_sum_that_gives_nobody_away(books, today):
    for donor in ("NOR", "JPN", "FRA"):
        for fund in ("FNE", "FE", "TC"):
            sign(books, donor, [("2022-12-01", 100)], fund=fund)
    told = outstanding(Scope(books), today, sees_everything=False)
    assert [(c.code, c.amount_usd) for c in told.funds] == [
        ("FNE", D(400)), ("FE", D(400)), ("TC", D(300)),
    ]  # fmt: skip
    assert told.total.amount_usd == D(1100)
    ages = {cell.code: cell.amount_usd for cell in told.ages}
    assert ages["not_yet"] is None and ages["365"] is None  # Germany's alone, Sweden's alone


def test_the_number_of_queries_does_not_grow(books, today):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            outstanding(Scope(books), today)
        return len(queries)

    few = asked()
    for number, donor in enumerate(("NOR", "JPN", "FRA", "CHE", "ITA")):
        sign(books, donor, [(f"2022-0{number + 2}-01", 100)], currency="EUR")
    assert asked() == few <= 12
