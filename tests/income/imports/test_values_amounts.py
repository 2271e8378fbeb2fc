"""Amounts as six languages write them are read exactly, or not at all."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from income.imports.sources import CellError, SpoiltNumber
from income.imports.values import Unreadable, decimal_in, decimal_signs_in, text_in, whole_in

EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# language → thousands, decimal sign, digits
STYLES = {
    "en": (",", ".", None), "fr": ("\u202f", ",", None), "es": (".", ",", None),
    "ru": ("\u00a0", ",", None), "ar": ("\u066c", "\u066b", EASTERN), "zh": (",", ".", None),
}  # fmt: skip
amounts = st.decimals("-9999999999999", "9999999999999", places=2)
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.dates(),
    st.datetimes(), st.times(), st.timedeltas(), st.text(),
    st.text("0123456789.,-()+ '\u00a0\u202f٠٩٫٬$€USDEUR%e/:年月日", max_size=20),
    st.builds(CellError, st.text()), st.builds(SpoiltNumber, st.text()),
)  # fmt: skip


def written(amount, style):
    thousands, sign, digits = STYLES[style]
    text = f"{amount:,.2f}".replace(",", "T").replace(".", sign).replace("T", thousands)
    return text.translate(digits) if digits else text


@given(amounts, st.sampled_from(sorted(STYLES)))
def test_an_amount_is_read_as_its_language_writes_it(amount, style):
    sign = "," if STYLES[style][1] == "," else "."
    assert decimal_in(written(amount, style), sign) == amount


@given(amounts)
def test_a_float_is_read_as_the_spreadsheet_shows_it(amount):
    assert decimal_in(float(amount), ".") == amount


@given(anything, st.sampled_from(["", ".", ","]))
@example("1E999999999", ".")
@example(Decimal("1E+999999"), ".")
@example(Decimal("sNaN"), ".")
def test_nothing_else_than_unreadable_comes_of_any_cell(cell, sign):
    try:
        found = decimal_in(cell, sign)
    except Unreadable as error:
        assert error.code
        assert error.sentence
    else:
        assert found.is_finite()
        assert abs(found) < 10**13
        assert -found.as_tuple().exponent <= 6
        assert str(found)[:2] != "-0" or found
    for read in (whole_in, text_in):
        try:
            read(cell)
        except Unreadable as error:
            assert error.sentence


@pytest.mark.parametrize(("cell", "sign", "amount"), [
    ("19.234,56", ",", "19234.56"), ("1 234,5", ",", "1234.5"), ("1\u202f234", ".", "1234"),
    ("1'234’567.5", ".", "1234567.5"), ("١٬٢٣٤٫٥٦", ",", "1234.56"), ("۱۲۳", ".", "123"),
    ("US$ 1,234.56", ".", "1234.56"), ("1,234.56 EUR", ".", "1234.56"), ("€5", ".", "5"),
    ("5 руб.", ",", "5"), ("kr 1.234,50", ",", "1234.50"), ("¥１，２３４", ".", "1234"),
    ("(1,234.56)", ".", "-1234.56"), ("1234.5-", ".", "-1234.5"), ("\u22125", ".", "-5"),
    ("-USD 5", ".", "-5"), ("USD -5", ".", "-5"), ("($5)", ".", "-5"), ("+5", ".", "5"),
    ("\u200f-5\u200e", ".", "-5"), (".5", ".", "0.5"), ("5.", ".", "5"), ("-0.00", ".", "0.00"),
    ("1.10000000", ".", "1.1"), ("9999999999999.999999", ".", "9999999999999.999999"),
    (5, ",", "5"), (1.5, ",", "1.5"), (0.1 + 0.2, ",", "0.3"), (Decimal("7.10"), ",", "7.10"),
    (19234.56, ".", "19234.56"), (-1e12, ".", "-1000000000000"), (-0.0, ".", "0"),
])  # fmt: skip
def test_amounts_that_are_read(cell, sign, amount):
    assert decimal_in(cell, sign) == Decimal(amount)
    assert not decimal_in(cell, sign).is_signed() or Decimal(amount) < 0


@pytest.mark.parametrize(("cell", "sign", "code"), [
    ("19.234,56", ".", "other_sign"), ("1,25", ".", "other_sign"), ("1.25", ",", "other_sign"),
    ("12.34.567", ",", "other_sign"), ("1,250", "", "which_sign"), ("", ".", "empty"),
    (None, ".", "empty"), ("\u200b \u00a0", ".", "empty"), ("NaN", ".", "no_number"),
    ("inf", ".", "no_number"), ("1E+09", ".", "exponent"), ("1e309", ".", "exponent"),
    ("12%", ".", "percent"), ("١٢٪", ".", "percent"), ("1.2M", ".", "no_number"),
    ("5 mln", ".", "no_number"), ("FEB 12", ".", "no_number"), ("--5", ".", "no_number"),
    ("(-5)", ".", "no_number"), ("five", ".", "no_number"),
    ("12345678901234", ".", "too_many_digits"),
    (1e300, ".", "too_many_digits"), ("1.1234567", ".", "too_many_decimals"),
    (100 / 3, ".", "too_many_decimals"), (True, ".", "no_number"),
    (SpoiltNumber("inf"), ".", "no_number"), (CellError("#REF!"), ".", "formula_error"),
    (datetime.date(2021, 3, 4), ".", "number_is_date"), (float("nan"), ".", "no_number"),
])  # fmt: skip
def test_amounts_that_are_not_read(cell, sign, code):
    with pytest.raises(Unreadable) as error:
        decimal_in(cell, sign)
    assert error.value.code == code


def test_a_rate_may_have_more_decimals():
    assert decimal_in("0.1234567891", ".", places=10) == Decimal("0.1234567891")


@pytest.mark.parametrize(("cells", "signs"), [
    (["1.234,56", "7", None, 5.5, "n/a"], {","}), (["1,234", "12"], {".", ","}),
    (["1,234.5", "1.234,5"], set()), (["12", "-3", 4.5], {"."}), ([], {"."}),
    (["1 234", "1'000"], {"."}), (["1.25"], {"."}), (["1,234", "0.5"], {"."}),
])  # fmt: skip
def test_the_decimal_sign_is_found_out_or_has_to_be_asked_for(cells, signs):
    assert decimal_signs_in(cells) == signs


@pytest.mark.parametrize(("cell", "number"), [
    ("2021", 2021), ("٢٠٢١", 2021), (2021.0, 2021), ("2021.0", 2021), (" 7 ", 7), ("-3", -3),
])  # fmt: skip
def test_whole_numbers(cell, number):
    assert whole_in(cell) == number


@pytest.mark.parametrize("cell", ["2021.5", 2021.5, "2020/21", "", None, True, "1,000", 1e20, "x"])
def test_what_is_no_whole_number(cell):
    with pytest.raises(Unreadable):
        whole_in(cell)


@pytest.mark.parametrize(("cell", "text"), [
    ("  Government\u00a0 of  Canada ", "Government of Canada"), ("a\u200fb\u202c", "ab"),
    ("one\r\n\r\ntwo ", "one\ntwo"), ("e\u0301", "é"), ("'=1+1", "=1+1"), ("'tis", "'tis"),
    ("a\x00b", "ab"), (2021.0, "2021"), (0.1 + 0.2, "0.3"), (1e15, "1000000000000000"),
    (Decimal("1E+3"), "1000"), (True, "TRUE"), (None, ""),
    (datetime.date(2021, 3, 4), "2021-03-04"),
    (datetime.datetime(2021, 3, 4), "2021-03-04"),  # noqa: DTZ001
])  # fmt: skip
def test_texts(cell, text):
    assert text_in(cell) == text


def test_a_formula_that_failed_is_no_text():
    with pytest.raises(Unreadable, match="#REF!"):
        text_in(CellError("#REF!"))
