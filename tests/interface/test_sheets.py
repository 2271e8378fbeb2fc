"""Spreadsheet files that never run what people typed."""

from datetime import date
from decimal import Decimal

import pytest

from interface.sheets import csv_bytes, guard_cell


@pytest.mark.parametrize("opener", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " ="])
def test_text_that_looks_like_a_formula_gets_an_apostrophe(opener):
    assert guard_cell(f"{opener}HYPERLINK(1)") == f"'{opener}HYPERLINK(1)"


def test_numbers_and_ordinary_text_are_left_alone():
    assert guard_cell(Decimal("-12.50")) == Decimal("-12.50")
    assert guard_cell(-3) == -3
    assert guard_cell("Norway") == "Norway"
    assert guard_cell(None) is None


def test_a_file_has_its_mark_its_preamble_its_header_and_exact_decimals():
    rows = [
        ("Côte d'Ivoire", Decimal("1E+3"), date(2021, 12, 31)),
        ("=1+1", Decimal("-0.10"), None),
    ]
    content = csv_bytes(["donor", "amount_usd", "on"], rows, preamble=[["DEMONSTRATION BOOKS"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == [
        "DEMONSTRATION BOOKS",
        "donor,amount_usd,on",
        "Côte d'Ivoire,1000,2021-12-31",
        "'=1+1,-0.10,",
        "",
    ]


def test_the_byte_order_mark_can_be_left_out():
    assert csv_bytes(["a"], [["1,2"]], bom=False) == b'a\r\n"1,2"\r\n'
