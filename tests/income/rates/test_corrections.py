"""A changed rate for a past day: asked for by one, decided by another; entries keep theirs."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from accounts.permissions import Role
from income import ledger as door
from income import reference
from income.errors import NotAllowed, RateCorrectionWrong
from income.models import Currency, Entry, ExchangeRate, Ledger, Posting, RateCorrection
from income.outstanding import rates_in_force
from income.rates import RateInForce, RateTable, rate_in_force
from income.rates.concerned import concerned, listed, new_rate, sums
from income.rates.corrections import (
    approve_correction,
    ask_correction,
    may_decide,
    refuse_correction,
    standing_rate,
    why_refused,
)
from income.services import reverse_posting
from income.services.actors import Actors
from income.vocabulary import Kind, RateType
from reports.figures.current_rates import rates_on
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
D = Decimal
UN = RateType.UN_OPERATIONAL
MARCH_1, MARCH_4 = datetime.date(2021, 3, 1), datetime.date(2021, 3, 4)


@pytest.fixture
def chair(db: None) -> User:
    return factories.user(email="chair@example.org", name="Chair", role=Role.REVIEWER)


@pytest.fixture
def rate(reference: None) -> ExchangeRate:
    """8 to the dollar from 1 March 2021 on, of a currency without any other rate."""
    return factories.exchange_rate()


@pytest.fixture
def ask(rate: ExchangeRate, reviewer: User) -> Callable[..., RateCorrection]:
    def asked(units: str = "10", **changed: object) -> RateCorrection:
        row = {"units": D(units), "source": "Circular 3", "because": "Misread.", "by": reviewer}
        return ask_correction(rate.currency, MARCH_1, UN, **{**row, **changed})  # type: ignore[arg-type]

    return asked


def entry_at(rate: ExchangeRate, amount: str, **changed: object) -> Entry:
    """A receipt of Sweden's, converted at the rate."""
    made = factories.entry(amount, currency_id=rate.currency_id, **changed)
    found = RateInForce(
        rate.currency_id, rate.units_per_usd, rate.effective_on, RateType(rate.rate_type)
    )
    return door.convert(made, found)


def test_nothing_changes_until_another_person_decides(ask, rate, ledger, chair):
    correction = ask()
    assert rate_in_force(rate.currency_id, MARCH_4, ledger=ledger).units_per_usd == D(8)
    made = approve_correction(correction, by=chair)
    assert (made.revision, made.units_per_usd, made.source) == (2, D(10), "Circular 3")
    assert rate_in_force(rate.currency_id, MARCH_4, ledger=ledger).units_per_usd == D(10)
    rate.refresh_from_db()
    assert rate.units_per_usd == D(8)
    correction.refresh_from_db()
    assert (correction.state, correction.decided_by, correction.rate) == ("approved", chair, made)
    acts = AuditEvent.objects.filter(subject="income.ratecorrection").order_by("at")
    assert [event.act for event in acts] == ["ask_rate_correction", "approve_rate_correction"]


def test_nobody_decides_their_own(ask, reviewer, chair, officer):
    correction = ask()
    for decide in (
        lambda: approve_correction(correction, by=reviewer),
        lambda: refuse_correction(correction, because="No.", by=reviewer),
    ):
        with pytest.raises(NotAllowed, match="Another person decides it"):
            decide()
    with pytest.raises(NotAllowed, match="manages exchange rates"):
        approve_correction(correction, by=officer)
    assert [may_decide(correction, one) for one in (reviewer, officer, chair)] == [
        False, False, True,
    ]  # fmt: skip


def test_a_refusal_says_why_and_the_rate_stays(ask, rate, ledger, chair):
    correction = ask()
    with pytest.raises(RateCorrectionWrong, match="why the rate stays"):
        refuse_correction(correction, because=" ", by=chair)
    refuse_correction(correction, because="The circular says 8.", by=chair)
    correction.refresh_from_db()
    assert (correction.state, why_refused(correction)) == ("refused", "The circular says 8.")
    assert rate_in_force(rate.currency_id, MARCH_4, ledger=ledger).units_per_usd == D(8)
    with pytest.raises(RateCorrectionWrong, match="decided already"):
        approve_correction(correction, by=chair)
    assert ask().state == "asked"  # may be asked for again


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"units": D("8.0")}, "This is the rate that the books hold."),
        ({"units": D(0)}, "a rate is above zero, not 0."),
        ({"units": D(10) ** 10}, "too large"),
        ({"because": "  "}, "why the rate was wrong"),
        ({"source": "x" * 61}, "more than 60 characters"),
    ],
)
def test_a_correction_that_corrects_nothing_is_refused(ask, changed, sentence):
    with pytest.raises(RateCorrectionWrong, match=sentence):
        ask(**changed)
    assert not RateCorrection.objects.exists()


def test_a_day_without_a_rate_is_entered_not_corrected(rate, reviewer):
    with pytest.raises(RateCorrectionWrong, match="Enter a new one"):
        ask_correction(rate.currency, MARCH_4, UN, units=D(9), source="x", because="x", by=reviewer)


def test_one_correction_of_a_rate_waits_at_a_time(ask, chair):
    first = ask()
    with pytest.raises(RateCorrectionWrong, match="waits for its decision already"):
        ask("11")
    approve_correction(first, by=chair)
    assert ask("11").was == D(10)


def test_a_rate_that_changed_since_is_not_corrected_blindly(ask, rate, chair):
    correction = ask()
    factories.exchange_rate(currency=rate.currency, units_per_usd=D(9), revision=2)
    with pytest.raises(RateCorrectionWrong, match="changed since this was asked for"):
        approve_correction(correction, by=chair)
    assert standing_rate(rate.currency_id, MARCH_1, UN).units_per_usd == D(9)


def test_the_records_concerned_are_counted_by_books_and_kind(ask, rate, ledger):
    """80 at 8 are 10 dollars, at 10 they are 8; 100 at 8 are 12.50, at 10 they are 10."""
    factories.posting(
        ledger, entry_at(rate, "80.00"), entry_at(rate, "100.00"),
        entry_at(rate, "80.00", kind=Kind.DUE), factories.entry("5.00"),
    )  # fmt: skip
    correction = ask()
    assert [
        (one.books, one.kind, one.count, one.was_usd, one.will_be_usd, one.difference_usd)
        for one in sums(correction)
    ] == [
        ("T", Kind.DUE, 1, D("10.00"), D("8.00"), D("-2.00")),
        ("T", Kind.RECEIPT, 2, D("22.50"), D("18.00"), D("-4.50")),
    ]
    assert [one.difference_usd for one in listed(correction, correctable_in=None)] == [
        D("-2.00"), D("-2.50"), D("-2.00"),
    ]  # fmt: skip


def test_what_is_put_right_leaves_the_list(ask, rate, ledger, officer, reviewer, chair, today):
    wrong = factories.posting(ledger, entry_at(rate, "80.00"))
    correction = ask()
    made = approve_correction(correction, by=chair)
    correction.refresh_from_db()
    assert concerned(correction).count() == 1
    reverse_posting(
        wrong, because="Wrong rate", token="r", today=today, actors=Actors(officer, reviewer)
    )
    factories.posting(ledger, entry_at(made, "80.00"), token="again")
    assert concerned(correction).count() == 0
    assert Entry.objects.filter(posting=wrong).get().rate == D(8)


def test_after_a_second_correction_the_first_ones_list_is_what_is_old_now(ask, rate, ledger, chair):
    factories.posting(ledger, entry_at(rate, "80.00"))
    first = ask()
    second_rate = approve_correction(first, by=chair)
    factories.posting(ledger, entry_at(second_rate, "80.00"), token="second")
    third_rate = approve_correction(ask("16"), by=chair)
    factories.posting(ledger, entry_at(third_rate, "80.00"), token="third")
    first.refresh_from_db()
    assert new_rate(first) == D(16)
    assert [entry.amount_usd for entry in concerned(first)] == [D("10.00"), D("8.00")]


def test_reference_data_may_be_loaded_again_after_a_correction(ledger, reviewer, chair):
    rate = ExchangeRate.objects.get(currency="AED", effective_on="2011-06-30")
    correction = ask_correction(
        Currency.objects.get(code="AED"), rate.effective_on, UN, units=D("3.65"), source="x",
        because="Misread.", by=reviewer,
    )  # fmt: skip
    approve_correction(correction, by=chair)
    assert reference.load_exchange_rates(reference.FIXTURES) == 13_601
    found = rate_in_force("AED", rate.effective_on, ledger=ledger)
    assert found.units_per_usd == D("3.65")
    assert Posting.objects.count() == 0


DAYS = st.dates(datetime.date(2021, 1, 20), datetime.date(2021, 5, 10))
FACTS = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from([UN, RateType.MONTHLY_AVERAGE, RateType.DEMONSTRATION]),
        DAYS, st.lists(st.integers(1, 99), min_size=1, max_size=3),
    ),
    max_size=12, unique_by=lambda fact: fact[:3],
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(facts=FACTS, days=st.lists(DAYS, min_size=1, max_size=6), is_demonstration=st.booleans())
def test_every_way_to_look_a_rate_up_gives_the_same(reference, facts, days, is_demonstration):
    """One by one, from the table, and for several currencies at once; revisions in any order."""
    books = Ledger(code="X", is_demonstration=is_demonstration)
    codes = ["KES", "XOF"]
    ExchangeRate.objects.all().delete()
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            currency_id=codes[which], rate_type=kind, effective_on=on, units_per_usd=D(units),
            revision=number, source=f"{number}",
        )
        for which, kind, on, revisions in facts
        for number, units in reversed(list(enumerate(revisions, start=1)))
    )  # fmt: skip
    table = RateTable(books)
    for day in days:
        one_by_one = {code: rate_in_force(code, day, ledger=books) for code in [*codes, "USD"]}
        assert {code: table.on(code, day) for code in one_by_one} == one_by_one
        known = {code: found for code, found in one_by_one.items() if found}
        assert rates_in_force([*one_by_one], day, ledger=books) == known
        assert rates_on(books, [*one_by_one], day) == known
