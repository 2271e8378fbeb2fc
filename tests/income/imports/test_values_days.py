"""Days as six languages write them are read exactly, or not at all."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from income.imports.sources import CellError
from income.imports.values import Unreadable, date_orders_in, day_in
from income.imports.values.days import Serial1904
from tests.income.imports.test_values_amounts import EASTERN, anything

FOURTH_OF_MARCH = date(2021, 3, 4)
days = st.dates(date(1900, 3, 1), date(2100, 12, 31))
orders = st.sampled_from(["ymd", "dmy", "mdy"])
PATTERNS = {"dmy": "{d}{s}{m}{s}{y}", "mdy": "{m}{s}{d}{s}{y}", "ymd": "{y}{s}{m}{s}{d}"}


@given(days, orders, st.sampled_from([".", "/", "-", " ", "\u2010"]), st.booleans(), st.booleans())
def test_a_day_in_figures_is_read_as_its_order_writes_it(day, order, separator, padded, eastern):
    width = 2 if padded else 1
    text = PATTERNS[order].format(
        y=day.year, m=f"{day.month:0{width}}", d=f"{day.day:0{width}}", s=separator
    )
    assert day_in(text.translate(EASTERN) if eastern else text, order) == day
    assert order in date_orders_in([text])


@given(
    days,
    st.sampled_from(["en", "fr", "es", "ru", "ar", "ar_LB", "ar_MA", "ar_EG", "zh"]),
    st.sampled_from(["long", "d MMM y", "d MMMM y", "yyyy年M月d日"]),
)
def test_a_day_is_read_with_the_name_of_its_month(day, locale, pattern):
    if (locale, pattern) == ("zh", "d MMM y"):  # 1 1月 2000: nobody writes that
        pattern = "long"
    assert day_in(format_date(day, pattern, locale), "") == day


@given(days)
def test_a_day_counted_from_1900_is_read(day):
    serial = (day - date(1899, 12, 30)).days
    if not 1900 <= serial <= 2100:  # a year is meant, not a day of 1905
        assert day_in(serial, "") == day_in(float(serial) + 0.75, "dmy") == day
    if not 1900 <= serial - 1462 <= 2100 and serial > 1462:
        assert day_in(Serial1904(serial - 1462), "") == day


@given(anything, st.sampled_from(["", "ymd", "dmy", "mdy"]))
def test_nothing_else_than_unreadable_comes_of_any_cell(cell, order):
    try:
        found = day_in(cell, order)
    except Unreadable as error:
        assert error.code
        assert error.sentence
    else:
        assert type(found) is date
        assert 1900 <= found.year <= 2100
    assert date_orders_in([cell, "2021-03-04"]) <= {"ymd", "dmy", "mdy"}


@pytest.mark.parametrize("cell", [
    "2021-03-04", "2021/3/4", "2021.03.04", "20210304", 20210304, 20210304.0, 44259, 44259.9,
    "4 March 2021", "March 4th, 2021", "4-Mar-2021", "4 mars 2021", "4 de marzo de 2021",
    "4 марта 2021 г.", "04 мар. 2021", "٤ مارس ٢٠٢١", "٤ آذار ٢٠٢١", "4 آذار/مارس 2021",
    "2021年3月4日", "2021 年 3 月 4 日", "三月 4, 2021", "2021-03-04T05:06:07Z", "2021-03-04 05:06",
    "4 March 2021, 5:06 PM", FOURTH_OF_MARCH, "\u200f2021-03-04\u200e", "4 mars/March 2021",
    datetime(2021, 3, 4, 5, 6),  # noqa: DTZ001
])  # fmt: skip
def test_days_that_need_no_order(cell):
    for order in ("", "dmy", "mdy", "ymd"):
        assert day_in(cell, order) == FOURTH_OF_MARCH


@pytest.mark.parametrize(("cell", "order", "day"), [
    ("03/04/2021", "dmy", date(2021, 4, 3)), ("03/04/2021", "mdy", FOURTH_OF_MARCH),
    ("3.4.2021", "dmy", date(2021, 4, 3)), ("25/04/2021", "", date(2021, 4, 25)),
    ("4/4/2021", "", date(2021, 4, 4)), ("04.03.2021 17:05:00", "dmy", FOURTH_OF_MARCH),
    ("1er janvier 2021", "", date(2021, 1, 1)), ("4 غشت 2021", "", date(2021, 8, 4)),
    (61, "", date(1900, 3, 1)), (59, "", date(1900, 2, 28)), (1, "", date(1900, 1, 1)),
])  # fmt: skip
def test_days(cell, order, day):
    assert day_in(cell, order) == day


@pytest.mark.parametrize(("cell", "order", "code"), [
    ("03/04/2021", "", "which_order"), ("03/04/2021", "ymd", "other_order"),
    ("25/04/2021", "mdy", "other_order"), ("04/25/2021", "dmy", "other_order"),
    ("31/02/2021", "dmy", "no_such_day"), ("2021-02-30", "", "no_such_day"),
    ("30 February 2021", "", "no_such_day"), ("3/4/21", "dmy", "short_year"),
    ("21-03-04", "ymd", "short_year"), ("4-Mar-21", "", "short_year"), ("2021", "", "no_day"),
    (2021, "", "no_day"), ("March 2021", "", "no_day"), ("2021年3月", "", "no_day"),
    ("1850-01-01", "", "year_out"), ("01/01/2101", "dmy", "year_out"),
    (date(21, 3, 4), "", "year_out"), (60, "", "serial_60"), (0, "", "no_date"),
    (-5, "", "no_date"), (99999, "", "no_date"), (1e300, "", "no_date"), ("44259", "", "no_date"),
    ("soon", "dmy", "no_date"), ("4/3-2021", "dmy", "no_date"), ("17:05", "", "time_only"),
    (Decimal("NaN"), "", "no_date"),
    (Decimal("-Infinity"), "", "no_date"), ("4 March/April 2021", "", "no_date"),
    (time(6), "", "time_only"), (timedelta(days=2), "", "time_only"), (None, "", "empty"),
    (" ", "", "empty"), (True, "", "no_date"), (CellError("#N/A"), "", "formula_error"),
])  # fmt: skip
def test_days_that_are_not_read(cell, order, code):
    with pytest.raises(Unreadable) as error:
        day_in(cell, order)
    assert error.value.code == code


@pytest.mark.parametrize(("cells", "found"), [
    (["2021-03-04", 44259, FOURTH_OF_MARCH], {"ymd"}), (["4 March 2021", None, "n/a"], {"ymd"}),
    (["03/04/2021", "2021-03-04"], {"dmy", "mdy"}), (["03/04/2021", "25/04/2021"], {"dmy"}),
    (["04/25/2021", "03/04/2021"], {"mdy"}), (["04/25/2021", "25/04/2021"], set()), ([], {"ymd"}),
])  # fmt: skip
def test_the_order_is_found_out_or_has_to_be_asked_for(cells, found):
    assert date_orders_in(cells) == found
