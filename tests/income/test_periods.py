"""Months of the books."""

import datetime

import pytest

from income.periods import YearMonth, months_of


def test_a_month_has_a_number_an_address_and_a_name():
    month = YearMonth(2021, 12)
    assert (month.key, month.slug, str(month)) == (202112, "2021-12", "December 2021")


def test_a_month_comes_back_from_its_number_its_address_and_a_day():
    month = YearMonth(2021, 3)
    assert YearMonth.from_key(202103) == month
    assert YearMonth.parse("2021-03") == month
    assert YearMonth.of(datetime.date(2021, 3, 31)) == month


@pytest.mark.parametrize(
    ("slug", "last_day"),
    [("2021-02", 28), ("2020-02", 29), ("2000-02", 29), ("2021-04", 30), ("2021-12", 31)],
)
def test_a_month_ends_on_its_last_day(slug, last_day):
    month = YearMonth.parse(slug)
    assert month.first_day.day == 1
    assert month.last_day == month.first_day.replace(day=last_day)


def test_january_follows_december():
    assert YearMonth(2021, 12).next == YearMonth(2022, 1)
    assert YearMonth(2021, 11).next == YearMonth(2021, 12)


def test_a_year_before_is_the_same_month():
    assert YearMonth(2021, 2).a_year_before == YearMonth(2020, 2)


def test_months_are_ordered_by_time():
    assert sorted([YearMonth(2022, 1), YearMonth(2021, 12), YearMonth(2021, 2)]) == [
        YearMonth(2021, 2),
        YearMonth(2021, 12),
        YearMonth(2022, 1),
    ]


def test_a_year_has_its_twelve_months_in_order():
    assert [month.key for month in months_of(2021)] == list(range(202101, 202113))


@pytest.mark.parametrize(("year", "month"), [(2021, 0), (2021, 13), (1944, 12), (3000, 1)])
def test_what_is_no_month_is_refused(year, month):
    with pytest.raises(ValueError, match="is not a month"):
        YearMonth(year, month)


@pytest.mark.parametrize("slug", ["", "2021", "2021-", "2021-13", "march", "2021-03-04"])
def test_an_address_that_names_no_month_is_refused(slug):
    with pytest.raises(ValueError):
        YearMonth.parse(slug)
