"""Amounts are exact in the database, on whichever it is."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection
from django.db.models import Avg, F, Max, Sum

from income.fields import ExactDecimalField
from income.models import Instalment
from tests import factories

D = Decimal

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FIELD = Instalment._meta.get_field("amount")


@pytest.fixture
def instalments(reference):
    """Saves one instalment of each amount, of one contribution."""
    contribution = factories.contribution()

    def saved(*amounts):
        for number, amount in enumerate(amounts, start=1):
            factories.instalment(contribution=contribution, number=number, amount=D(amount))
        return Instalment.objects.filter(contribution=contribution).order_by("number")

    return saved


def test_an_amount_comes_back_as_it_was_with_its_decimals(instalments):
    rows = instalments("0.1", "12345678901234.5678")
    assert [str(row.amount) for row in rows] == ["0.1000", "12345678901234.5678"]


def test_ten_times_ten_cents_are_one_dollar(instalments):
    assert instalments(*["0.1"] * 10).aggregate(all=Sum("amount"))["all"] == D("1")


def test_a_sum_beyond_what_floating_point_counts_is_exact(instalments):
    # 2**53 + 1 ten-thousandths: the first whole number that a double cannot hold.
    assert instalments("900719925474.0992", "0.0001").aggregate(all=Sum("amount"))["all"] == D(
        "900719925474.0993"
    )


def test_averages_and_largest_amounts_are_not_scaled_twice(instalments):
    found = instalments("1", "2", "6").aggregate(mean=Avg("amount"), largest=Max("amount"))
    assert (found["mean"], found["largest"]) == (D("3"), D("6"))


def test_amounts_are_compared_as_amounts(instalments):
    rows = instalments("9.99", "10", "10.01")
    assert [row.amount for row in rows.filter(amount__gte=10)] == [D("10"), D("10.01")]
    assert rows.get(amount=D("9.99")).number == 1


def test_arithmetic_in_the_database_is_refused_rather_than_wrong(instalments):
    with pytest.raises(FieldError):
        list(instalments("1").annotate(more=F("amount") + D("1")))


def test_an_update_that_reckons_in_the_database_is_refused_rather_than_wrong(instalments):
    # Unrefused, it would add one ten-thousandth.
    with pytest.raises(FieldError):
        instalments("1").update(amount=F("amount") + D("1"))


def test_a_number_of_ten_thousandths_is_what_is_stored(instalments):
    row = instalments("12.3456").get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount FROM income_instalment WHERE id = %s", [row.pk])
        assert cursor.fetchone() == (123456,)


def test_an_empty_amount_stays_empty(reference):
    contribution = factories.contribution(programme_support_rate=None)
    contribution.refresh_from_db()
    assert contribution.programme_support_rate is None


def test_the_largest_and_the_smallest_amount_go_in_and_one_more_does_not():
    assert FIELD.get_prep_value(D("922337203685477.5807")) == 2**63 - 1
    assert FIELD.get_prep_value(D("-922337203685477.5807")) == -(2**63) + 1
    with pytest.raises(ValueError, match="too large"):
        FIELD.get_prep_value(D("922337203685477.5808"))


def test_more_decimals_than_the_column_has_are_refused():
    with pytest.raises(ValueError, match="more than 4 decimals"):
        FIELD.get_prep_value(D("0.00001"))


@pytest.mark.parametrize("value", [D("NaN"), D("Infinity"), D("-Infinity")])
def test_what_is_no_number_is_not_stored(value):
    with pytest.raises(ValueError):
        FIELD.get_prep_value(value)


def test_a_float_is_not_an_amount():
    with pytest.raises(TypeError, match="not an exact amount"):
        FIELD.get_prep_value(0.1)


@pytest.mark.parametrize("text", ["ten", "1,000", "NaN", "inf"])
def test_text_that_is_no_number_gets_a_sentence(text):
    with pytest.raises(ValidationError) as refused:
        FIELD.to_python(text)
    assert refused.value.messages == [f"“{text}” is not a number."]


def test_text_becomes_a_number_and_nothing_becomes_none():
    assert FIELD.to_python("12.50") == D("12.50")
    assert FIELD.to_python("") is None


def test_a_form_field_takes_as_many_decimals_as_the_column():
    assert FIELD.formfield().decimal_places == 4


def test_a_migration_remembers_the_number_of_places():
    _name, path, _args, kwargs = ExactDecimalField(places=7).deconstruct()
    assert (path, kwargs) == ("income.fields.ExactDecimalField", {"places": 7})


def test_a_serialized_amount_is_plain_text():
    row = Instalment(amount=D("1.50"), due_on=datetime.date(2021, 1, 1))
    assert FIELD.value_to_string(row) == "1.50"
