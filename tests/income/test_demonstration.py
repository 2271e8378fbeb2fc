"""How the demonstration is made: its arithmetic, its days, its rates, what stands in its books."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from income.demonstration.acts import Payment, Promise
from income.demonstration.amounts import (
    Needs,
    as_ranked,
    descending,
    months_equal,
    months_with_december,
)
from income.demonstration.books import are_loaded, load_books
from income.demonstration.days import (
    day_picked,
    days_spread,
    first_working_days_of_quarters,
    last_working_days,
    working_days,
)
from income.demonstration.payments import Paid, exactly, how_many, payments
from income.demonstration.plan import LAST_TOKEN, plan
from income.demonstration.published import read_published
from income.demonstration.rates import carry_rates_on
from income.models import Contribution, Entry, ExchangeRate, Ledger, Month, Posting
from income.rates import rate_in_force
from tests import factories

FIRST_OF_MAY = datetime.date(2021, 5, 1)
END_OF_MAY = datetime.date(2021, 5, 31)


def decimals(*numbers):
    return [Decimal(number) for number in numbers]


@pytest.fixture(scope="module")
def books(django_db_setup, django_db_blocker):
    """The demonstration books, loaded once for the tests of this file and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_books()
        yield Ledger.objects.get(code="DEMO")
        transaction.set_rollback(True)


# Amounts


def test_falling_amounts_have_one_step_of_weight_between_them():
    assert descending(Decimal("15.00"), 5) == decimals("5", "4", "3", "2", "1")


def test_falling_amounts_with_a_floor_end_on_it():
    # 100 less four times 10 leaves 60, shared 3 : 2 : 1 : 0.
    floor = Decimal("10.00")
    assert descending(Decimal("100.00"), 4, floor=floor) == decimals("40", "30", "20", "10")


def test_a_reported_amount_that_contradicts_the_printed_order_is_bent():
    reported = {"A": Decimal(9), "B": Decimal(1), "C": Decimal(5), "D": Decimal(6), "E": Decimal(2)}
    # B is printed second but reported below C: midway between 9 and 5. D is not printed, yet
    # reported above C, the last that is: left out.
    assert as_ranked(["A", "B", "C"], reported) == {"A": 9, "B": 7, "C": 5, "E": 2}


def test_months_add_up_and_december_has_its_share():
    months = months_with_december(Decimal("1100.00"))
    assert months[-1] == Decimal("308.00")
    assert months[:-1] == [Decimal("72.00")] * 11


def test_equal_months_add_up_to_the_cent():
    months = months_equal(Decimal("100.00"))
    assert sum(months) == Decimal("100.00")
    assert set(months) == {Decimal("8.33"), Decimal("8.34")}


def test_money_is_poured_into_regions_until_they_have_what_they_need():
    needs = Needs({"AFRICA": Decimal(10), "ARAB": Decimal(5)})
    assert needs.pour(Decimal(12)) == [("AFRICA", 10), ("ARAB", 2)]
    assert needs.pour(Decimal(7)) == [("ARAB", 3), (None, 4)]


def test_money_is_poured_into_the_region_named():
    needs = Needs({"AFRICA": Decimal(10), "ARAB": Decimal(5)})
    assert needs.pour(Decimal(6), into=["ARAB"]) == [("ARAB", 5), (None, 1)]
    assert needs.left == {"AFRICA": 10, "ARAB": 0}


def test_money_is_shared_out_in_proportion_to_what_regions_need():
    needs = Needs({"AFRICA": Decimal(30), "ARAB": Decimal(10)})
    assert needs.share_out(Decimal(8)) == [("AFRICA", 6), ("ARAB", 2)]
    assert needs.share_out(Decimal(40)) == [("AFRICA", 24), ("ARAB", 8), (None, 8)]


# Payments


def test_an_amount_in_kronor_gives_the_dollars_exactly():
    assert exactly(Decimal("100.00"), "SEK", Decimal("8.5431")) == Decimal("854.31")


def test_yen_have_no_decimals():
    assert exactly(Decimal("100.00"), "JPY", Decimal("103.7890")) == Decimal("10379")


def test_some_dollars_no_amount_of_a_strong_currency_gives():
    # A cent of a euro is 2.5 cents at 0.4 euros per dollar: one cent cannot be reached.
    assert exactly(Decimal("0.01"), "EUR", Decimal("0.4")) is None


def test_larger_amounts_come_in_more_payments():
    sizes = decimals("500000", "500000.01", "2000000", "5000000", "5000000.01")
    assert [how_many(size) for size in sizes] == [1, 2, 2, 3, 4]


def test_all_payments_but_the_last_are_round_and_the_dollars_add_up():
    days = [FIRST_OF_MAY, END_OF_MAY]
    paid = payments(
        Decimal("1000000.01"), currency="SEK", days=days, rate_of=lambda _code, _day: Decimal(8)
    )
    assert paid == [
        Paid(FIRST_OF_MAY, "SEK", Decimal(4_000_000), Decimal("500000.00")),
        Paid(END_OF_MAY, "SEK", Decimal("4000000.08"), Decimal("500000.01")),
    ]


def test_a_last_payment_that_cannot_be_exact_is_paid_in_dollars():
    days = [FIRST_OF_MAY, END_OF_MAY]
    paid = payments(
        Decimal("10000.01"), currency="EUR", days=days, rate_of=lambda _code, _day: Decimal("0.4")
    )
    # 2,000 euros are 5,000 dollars. The rest is 5,000.01 dollars; a cent of a euro is 2.5 cents.
    assert paid == [
        Paid(FIRST_OF_MAY, "EUR", Decimal(2_000), Decimal("5000.00")),
        Paid(END_OF_MAY, "USD", Decimal("5000.01"), Decimal("5000.01"), Decimal("2000.00")),
    ]


# Days


def test_a_picked_day_is_always_the_same_working_day():
    picked = day_picked(FIRST_OF_MAY, END_OF_MAY, key="a")
    assert picked == day_picked(FIRST_OF_MAY, END_OF_MAY, key="a")
    assert picked in working_days(FIRST_OF_MAY, END_OF_MAY)


def test_weekends_and_two_holidays_are_free():
    week = working_days(datetime.date(2020, 12, 24), datetime.date(2020, 12, 29))
    assert [day.day for day in week] == [24, 28, 29]


def test_spread_days_fall_into_equal_parts_of_the_time():
    days = days_spread(datetime.date(2021, 1, 1), datetime.date(2021, 12, 31), count=4, key="b")
    assert [(day.month - 1) // 3 for day in days] == [0, 1, 2, 3]


def test_the_last_working_day_of_october_2021_is_the_29th():
    assert last_working_days(2021)[9] == datetime.date(2021, 10, 29)


def test_quarters_of_2021_begin_on_the_4th_of_january():
    firsts = first_working_days_of_quarters(2021)
    assert [(day.month, day.day) for day in firsts] == [(1, 4), (4, 1), (7, 1), (10, 1)]


# The plan


@pytest.fixture(scope="module")
def acts():
    """The plan at one invented rate for every currency: no database is needed."""
    return plan(read_published(), lambda code, _day: Decimal(1) if code == "USD" else Decimal(8))


def test_the_plan_is_the_same_each_time(acts):
    again = plan(read_published(), lambda code, _day: Decimal(1 if code == "USD" else 8))
    assert again == acts


def test_tokens_never_repeat_and_the_last_one_is_known(acts):
    tokens = [act.token for act in acts]
    assert len(set(tokens)) == len(tokens)
    assert tokens[-1] == LAST_TOKEN


def test_an_agreement_stands_before_its_payments(acts):
    signed = set()
    for act in acts:
        if isinstance(act, Promise):
            signed.add(act.token)
        if isinstance(act, Payment):
            assert act.agreement in signed


def test_every_schedule_adds_up_to_its_agreement_and_is_in_order(acts):
    for act in acts:
        if isinstance(act, Promise) and act.schedule:
            assert sum(amount for _day, amount in act.schedule) == act.amount
            assert [day for day, _amount in act.schedule] == sorted(
                day for day, _amount in act.schedule
            )


# Rates


def test_a_rate_is_carried_on_from_the_last_one_known(reference):
    last = ExchangeRate.objects.filter(currency="KES").latest("effective_on")
    carry_rates_on(datetime.date(2020, 2, 20))
    carried = ExchangeRate.objects.get(
        currency="KES", rate_type="demonstration", effective_on=datetime.date(2020, 2, 1)
    )
    assert carried.units_per_usd == last.units_per_usd
    assert carried.source == "carried on from un_operational 2016-12-31"


def test_a_month_with_a_better_rate_gets_none(reference):
    carry_rates_on(datetime.date(2021, 12, 31))
    assert not ExchangeRate.objects.filter(currency="SEK", rate_type="demonstration").exists()


def test_another_month_adds_its_rates_and_changes_none(reference):
    carry_rates_on(datetime.date(2020, 1, 31))
    before = list(ExchangeRate.objects.filter(rate_type="demonstration").values())
    assert [rate["currency_id"] for rate in before] == ["KES"]
    assert carry_rates_on(datetime.date(2020, 1, 31)) == 0
    assert carry_rates_on(datetime.date(2020, 2, 1)) == 1
    pks = [rate["id"] for rate in before]
    assert list(ExchangeRate.objects.filter(pk__in=pks).values()) == before


def test_demonstration_rates_are_in_force_in_demonstration_books_only(reference, ledger):
    carry_rates_on(datetime.date(2020, 2, 20))
    day = datetime.date(2020, 2, 10)
    demonstration = factories.ledger(is_demonstration=True)
    assert rate_in_force("KES", day, ledger=demonstration).rate_type == "demonstration"
    assert rate_in_force("KES", day, ledger=ledger) is None


# The books


def of(books, **conditions):
    return Entry.objects.in_books(books).filter(**conditions)


def usd(entries):
    return entries.aggregate(total=Sum("amount_usd"))["total"]


def test_receipts_of_2020_add_up_to_un_cebs_totals(books):
    received = Entry.objects.in_books(books).receipts().in_year(2020)
    assert usd(received.filter(fund="FNE")) == Decimal("5270731.94")
    assert usd(received.filter(fund="EARMARKED")) == Decimal("157645234.34")
    assert usd(received.filter(fund="FNE", donor__code="NOR")) == Decimal("2180130.42")


def test_a_negative_row_of_un_ceb_is_a_refund(books):
    refund = of(books, donor__code="COL", reason="refund").get()
    assert refund.amount_usd == Decimal("-852251.15")
    assert refund.kind == "receipt"


def test_sweden_paid_seven_million_kronor(books):
    paid = of(books, kind="receipt", fund="FE", donor__code="SWE", currency="SEK").get()
    assert paid.amount == Decimal("7000000")
    # Printed as 0.8 million.
    assert round(paid.amount_usd / 1_000_000, 1) == Decimal("0.8")


def test_germanys_softly_earmarked_money_is_as_printed(books):
    softly = of(books, kind="receipt", donor__code="DEU", earmarking="softly_earmarked")
    assert usd(softly) == Decimal("600000")


def test_turkiyes_one_time_pledge_is_a_pledge_and_nothing_else(books):
    pledged = of(books, donor__code="TUR", fund="EARMARKED", value_date__year=2021).get()
    assert (pledged.kind, pledged.amount_usd) == ("pledge", Decimal("5000000"))


def test_the_swedish_agreement_falls_due_in_two_halves(books):
    agreement = Contribution.objects.get(ledger=books, reference="demo-2022-EARMARKED-SWE")
    dues = agreement.entries.filter(kind="due").order_by("value_date")
    assert agreement.signed_on.strftime("%Y-%m") == "2021-12"
    assert [due.amount_usd for due in dues] == decimals("10400000", "10400000")
    assert [due.year_for for due in dues] == [2022, 2023]
    paid = agreement.entries.get(kind="receipt")
    assert (paid.currency_id, paid.credited_amount) == ("SEK", Decimal("10400000"))
    assert paid.amount_usd == Decimal("10400000")


def test_of_switzerlands_last_instalment_a_part_has_arrived(books):
    swiss = of(books, donor__code="CHE", fund="EARMARKED", value_date__year=2022)
    assert usd(swiss.filter(kind="due")) == Decimal("20000000")
    assert usd(swiss.filter(kind="receipt")) == Decimal("18000000")
    assert {entry.region_id for entry in swiss} == {"LAC"}
    # 13 parts in 113 of 5 million.
    first = swiss.filter(kind="receipt").earliest("value_date")
    assert first.programme_support_usd == Decimal("575221.24")


def test_an_instalment_due_in_2021_was_paid_late(books):
    paid = of(books, kind="receipt", contribution__reference="demo-2021-TC-KFW-late").get()
    assert paid.instalment.due_on == datetime.date(2021, 11, 30)
    assert paid.value_date == datetime.date(2022, 1, 14)
    assert paid.year_for == 2021


def test_a_gift_without_a_rate_is_not_converted(books):
    gift = of(books, kind="receipt", amount_usd=None).get()
    assert (gift.currency_id, gift.amount) == ("BWP", Decimal("100000"))


def test_a_core_contribution_was_pledged_before_it_came(books):
    egypt = of(books, donor__code="EGY", fund="FNE")
    assert egypt.get(kind="pledge").amount == egypt.get(kind="receipt").amount
    assert egypt.get(kind="pledge").value_date < egypt.get(kind="receipt").value_date


def test_months_of_2020_and_2021_are_closed_and_those_of_2022_open(books):
    months = Month.objects.filter(ledger=books).order_by("month")
    assert [month.month for month in months] == [
        year * 100 + month for year in (2020, 2021) for month in range(1, 13)
    ]
    sequences = [month.sequence for month in months]
    assert sequences == sorted(sequences)
    assert sequences[-1] < books.sequence


def test_the_system_posted_everything(books):
    people = Posting.objects.filter(ledger=books).values_list("prepared_by", "approved_by")
    assert set(people) == {(None, None)}


def test_the_books_say_that_they_are_a_demonstration(books):
    assert books.is_demonstration
    assert books.name == "Demonstration books (not UN-Habitat's figures)"
    assert are_loaded()
