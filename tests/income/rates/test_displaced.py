"""A new rate for past days on which entries stand at another one is asked for as a correction."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.permissions import Role
from income import ledger as door
from income.errors import RateCorrectionWrong
from income.models import Contribution, Entry, ExchangeRate, Ledger
from income.rates import RateInForce, last_day_of, rate_in_force
from income.rates.concerned import concerned, sums
from income.rates.corrections import approve_correction, ask_correction, is_of_new_day
from income.rates.displaced import _Converted, displaced
from income.services import reverse_posting
from income.services.actors import Actors
from income.vocabulary import Act, Kind, RateType, Reason
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
D = Decimal
UN, AVERAGE, SHOWN = RateType.UN_OPERATIONAL, RateType.MONTHLY_AVERAGE, RateType.DEMONSTRATION


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2021, month, number)


MIDDLE = day(3, 15)


@pytest.fixture
def march(reference: None) -> ExchangeRate:
    """8 to the dollar from 1 March on; 10 from 1 April on."""
    rate = factories.exchange_rate()
    factories.exchange_rate(currency=rate.currency, effective_on=day(4, 1), units_per_usd=D(10))
    return rate


def new(march: ExchangeRate, units: str, on=MIDDLE, rate_type=UN) -> ExchangeRate:
    return ExchangeRate(
        currency=march.currency, effective_on=on, units_per_usd=D(units), rate_type=rate_type,
        source="Circular 5",
    )  # fmt: skip


def at(rate: ExchangeRate, on: datetime.date, amount: str = "80.00", **changed: object) -> Entry:
    """An entry of the value date, converted at the rate."""
    made = factories.entry(amount, currency_id=rate.currency_id, value_date=on, **changed)
    kind = RateType(rate.rate_type)
    return door.convert(
        made, RateInForce(rate.currency_id, rate.units_per_usd, rate.effective_on, kind)
    )


def told(*rates: ExchangeRate) -> list[tuple[str, Decimal, int]]:
    return [(str(one.rate.effective_on), one.was, one.entries) for one in displaced(rates)]


@pytest.mark.parametrize(
    ("on", "units", "expected"),
    [
        (day(3, 14), "9", []),
        (day(3, 15), "9", [("2021-03-15", D(8), 1)]),
        (day(3, 31), "9", [("2021-03-15", D(8), 1)]),
        (day(4, 1), "9", []),
        (day(3, 20), "8.0", []),
    ],
)
def test_it_is_refused_where_entries_stand_at_another_rate(march, ledger, on, units, expected):
    factories.posting(ledger, at(march, on))
    assert told(new(march, units)) == expected


def test_a_un_rate_ends_after_45_days_and_an_average_with_its_month(reference, ledger):
    first = factories.exchange_rate(effective_on=day(5, 1), rate_type=AVERAGE)
    factories.posting(ledger, at(first, day(5, 16)), at(first, day(5, 17)))
    assert told(new(first, "9", day(3, 31))) == []
    assert told(new(first, "9", day(4, 1))) == [("2021-04-01", D(8), 1)]
    assert told(new(first, "9", day(4, 2))) == [("2021-04-02", D(8), 2)]
    assert told(new(first, "9", day(4, 30), AVERAGE)) == []


def test_the_un_rate_displaces_an_average_and_never_the_other_way(march, ledger):
    average = factories.exchange_rate(
        currency=march.currency, rate_type=AVERAGE, units_per_usd=D(5), effective_on=day(2, 1)
    )
    factories.posting(ledger, at(march, day(3, 20)), at(average, day(2, 10)))
    assert told(new(march, "9", day(3, 10), AVERAGE)) == []
    assert told(new(march, "9", day(2, 5))) == [("2021-02-05", D(5), 1)]


def test_what_is_reversed_not_converted_or_in_dollars_is_not_displaced(
    march, ledger, officer, reviewer, today
):
    wrong = factories.posting(ledger, at(march, day(3, 20)))
    reverse_posting(
        wrong, because="Twice", token="r", today=today, actors=Actors(officer, reviewer)
    )
    factories.posting(
        ledger, factories.entry("5.00", value_date=day(3, 20)),
        factories.entry("80.00", currency_id=march.currency_id, value_date=day(3, 20)),
    )  # fmt: skip
    assert told(new(march, "9")) == []


def test_entries_of_all_books_count_and_demonstration_rates_come_last(march, ledger):
    shown = factories.exchange_rate(
        currency=march.currency, rate_type=SHOWN, units_per_usd=D(7), effective_on=day(2, 1)
    )
    factories.posting(ledger, at(march, day(3, 20)))
    factories.posting(factories.ledger(is_demonstration=True), at(march, day(3, 21)))
    factories.posting(factories.ledger(is_demonstration=True), at(shown, day(2, 3)), token="shown")
    assert told(new(march, "9"), new(march, "6", day(2, 2))) == [
        ("2021-02-02", D(7), 1), ("2021-03-15", D(8), 2),
    ]  # fmt: skip


def test_of_a_file_the_rate_of_the_day_decides_and_what_is_refused_leaves_its_days(march, ledger):
    """Of 22 March the file has 10; without it, 9 would be in force on the day."""
    factories.posting(ledger, at(march, day(3, 22)))
    assert told(new(march, "9"), new(march, "8", day(3, 20))) == []
    assert told(new(march, "9"), new(march, "10", day(3, 20))) == [
        ("2021-03-20", D(8), 1), ("2021-03-15", D(8), 1),
    ]  # fmt: skip


def test_a_file_asks_once_over_the_entries(march, ledger, django_assert_num_queries):
    factories.posting(ledger, at(march, day(3, 22)))
    rates = [new(march, "9", day(3, number)) for number in range(2, 30)]
    with django_assert_num_queries(2):
        assert len(displaced(rates)) == 21  # those of 2 to 22 March
    with django_assert_num_queries(0):
        assert displaced([]) == []


@pytest.fixture
def chair(db: None) -> User:
    return factories.user(email="chair@example.org", name="Chair", role=Role.REVIEWER)


def ask(march: ExchangeRate, units: str, by: User):
    return ask_correction(
        march.currency, day(3, 15), UN, units=D(units), source="Circular 5", because="Late.", by=by
    )


def test_it_becomes_a_correction_that_another_person_decides(march, ledger, reviewer, chair):
    """80 at 8 are 10 dollars, at 10 they are 8."""
    factories.posting(ledger, at(march, day(3, 20)), at(march, day(3, 10)))
    correction = ask(march, "10", reviewer)
    assert (correction.was, is_of_new_day(correction)) == (D(8), True)
    assert [(one.count, one.was_usd, one.will_be_usd) for one in sums(correction)] == [
        (1, D("10.00"), D("8.00"))
    ]
    made = approve_correction(correction, by=chair)
    assert (made.revision, made.effective_on, made.units_per_usd) == (1, day(3, 15), D(10))
    assert rate_in_force(march.currency_id, day(3, 20), ledger=ledger).units_per_usd == D(10)
    assert rate_in_force(march.currency_id, day(3, 14), ledger=ledger).units_per_usd == D(8)
    correction.refresh_from_db()
    assert is_of_new_day(correction)
    assert [entry.value_date for entry in concerned(correction)] == [day(3, 20)]


def test_what_is_put_right_leaves_the_list(march, ledger, officer, reviewer, chair, today):
    wrong = factories.posting(ledger, at(march, day(3, 20)))
    correction = ask(march, "10", reviewer)
    made = approve_correction(correction, by=chair)
    reverse_posting(wrong, because="Rate", token="r", today=today, actors=Actors(officer, reviewer))
    factories.posting(ledger, at(made, day(3, 20)), token="again")
    correction.refresh_from_db()
    assert not concerned(correction).exists()
    second = ask(march, "12.5", reviewer)
    assert (second.was, is_of_new_day(second)) == (D(10), False)
    assert [entry.rate for entry in concerned(second)] == [D(10)]


def test_where_nothing_is_displaced_a_rate_is_entered_not_corrected(march, ledger, reviewer):
    factories.posting(ledger, at(march, day(3, 10)))
    with pytest.raises(RateCorrectionWrong, match="Enter a new one"):
        ask(march, "9", reviewer)


def test_a_rate_that_came_in_the_meantime_is_not_corrected_blindly(march, ledger, reviewer, chair):
    factories.posting(ledger, at(march, day(3, 20)))
    correction = ask(march, "9", reviewer)
    factories.exchange_rate(
        currency=march.currency, effective_on=day(3, 12), units_per_usd=D("8.5")
    )
    with pytest.raises(RateCorrectionWrong, match="changed since this was asked for"):
        approve_correction(correction, by=chair)


def test_the_days_after_its_own_may_be_another_rates(reference, ledger, reviewer, chair):
    """The rate of 1 March, 8, ends on 15 April; what came on 20 April has the average, 5."""
    first = factories.exchange_rate()
    average = factories.exchange_rate(
        currency=first.currency, rate_type=AVERAGE, units_per_usd=D(5), effective_on=day(4, 1)
    )
    factories.posting(ledger, at(average, day(4, 20)))
    assert told(new(first, "8", day(4, 15))) == [("2021-04-15", D(5), 1)]
    correction = ask_correction(
        first.currency, day(4, 15), UN, units=D(8), source="x", because="x", by=reviewer
    )
    assert approve_correction(correction, by=chair).revision == 1


def promised(books: Ledger, rate: ExchangeRate, on: datetime.date, due_on: datetime.date, token):
    """An agreement signed on the day, due later, at the rate of the signature."""
    made = factories.contribution(
        ledger=books, state="signed", signed_on=on, currency_id=rate.currency_id, fund_id="FNE"
    )
    factories.posting(
        books, at(rate, on, kind=Kind.AGREEMENT, contribution=made),
        at(rate, due_on, kind=Kind.DUE, contribution=made), act=Act.SIGN_AGREEMENT, token=token,
    )  # fmt: skip
    return made


def less(books: Ledger, rate: ExchangeRate, agreed: Contribution, on: datetime.date, token: str):
    """20.00 less of an agreement, agreed on the day, at the rate of its signature."""
    same = {"contribution": agreed, "reason": Reason.AMENDMENT}
    factories.posting(
        books, at(rate, on, "-20.00", kind=Kind.AGREEMENT, **same),
        at(rate, day(6, 1), "-20.00", kind=Kind.DUE, **same), act=Act.AMEND_AGREEMENT, token=token,
    )  # fmt: skip


def test_dues_and_changes_follow_the_day_of_the_signature(march, ledger, reviewer):
    """Of two agreements at one rate, that of 16 March is concerned with all that follows it."""
    before = promised(ledger, march, day(3, 2), day(3, 20), "before")
    less(ledger, march, before, day(3, 25), "less before")
    assert told(new(march, "10")) == []
    within = promised(ledger, march, day(3, 16), day(6, 1), "within")
    less(ledger, march, within, day(5, 25), "less within")
    assert told(new(march, "10")) == [("2021-03-15", D(8), 1)]
    found = concerned(ask(march, "10", reviewer))
    assert [(entry.contribution, entry.kind, entry.amount) for entry in found] == [
        (within, "agreement", D(80)), (within, "due", D(80)),
        (within, "agreement", D(-20)), (within, "due", D(-20)),
    ]  # fmt: skip


def test_what_an_amendment_adds_has_the_rate_of_the_day_it_was_agreed(march, ledger, reviewer):
    agreed = promised(ledger, march, day(3, 2), day(6, 1), "signed")
    same = {"contribution": agreed, "reason": Reason.AMENDMENT}
    factories.posting(
        ledger, at(march, day(3, 20), "16.00", kind=Kind.AGREEMENT, **same),
        at(march, day(7, 1), "16.00", kind=Kind.DUE, **same), act=Act.AMEND_AGREEMENT, token="a",
    )  # fmt: skip
    assert told(new(march, "10")) == [("2021-03-15", D(8), 1)]
    found = concerned(ask(march, "10", reviewer))
    assert [(entry.kind, entry.amount) for entry in found] == [
        ("agreement", D(16)), ("due", D(16)),
    ]  # fmt: skip


def test_early_money_that_moves_keeps_the_rate_it_came_with(march, ledger):
    factories.posting(
        ledger, at(march, day(3, 20), "-80.00"), at(march, day(3, 20)), act=Act.AMEND_AGREEMENT
    )
    assert told(new(march, "10")) == []


DAYS = st.dates(day(1, 20), day(5, 10))
UNITS = st.sampled_from([D(1), D(2), D(3)])
TYPES = st.sampled_from([UN, AVERAGE])
RATES = st.dictionaries(st.tuples(st.just("KES"), TYPES, DAYS), UNITS, max_size=10)
ROWS = st.lists(st.tuples(DAYS, st.sampled_from([UN, AVERAGE, SHOWN]), UNITS), max_size=8)


def looked_up(rates, on: datetime.date, rate_type: RateType):
    """The key of the rate in force, the slow way."""
    for kind in (UN, AVERAGE, *([SHOWN] if rate_type == SHOWN else [])):
        days = [key[2] for key in rates if key[1] == kind and key[2] <= on]
        if days and on <= last_day_of(kind, max(days)):
            return "KES", kind, max(days)
    return None


def changes(row: _Converted, before, after) -> bool:
    """Whether new rates put another one into force on the day than before and than it has."""
    was, now = (looked_up(rates, row.on, RateType(row.rate_type)) for rates in (before, after))
    if now is None or now in before or after[now] == row.units:
        return False
    return was is None or before[was] != after[now]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(there=RATES, more=RATES, days=ROWS)
def test_what_is_taken_changes_no_standing_entry_and_no_more_is_refused(
    monkeypatch, there, more, days
):
    rows = [_Converted("KES", on, kind, units, 1) for on, kind, units in days]
    monkeypatch.setattr("income.rates.displaced._converted", lambda new: rows)
    more = {key: units for key, units in more.items() if key not in there}
    rates = [
        ExchangeRate(currency_id="KES", rate_type=kind, effective_on=on, units_per_usd=units)
        for (_code, kind, on), units in more.items()
    ]
    refused = {
        ("KES", one.rate.rate_type, one.rate.effective_on): one for one in displaced(rates, there)
    }
    taken = there | {key: units for key, units in more.items() if key not in refused}
    assert not any(changes(row, there, taken) for row in rows)
    for key, one in refused.items():
        assert any(changes(row, there, taken | {key: more[key]}) for row in rows)
        assert one.was != more[key]
        assert one.entries >= 1
