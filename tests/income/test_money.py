"""Worked examples of money, each of which can be followed with a pencil."""

from decimal import Decimal

import pytest

from income.errors import CurrencyMismatch, SplitImpossible
from income.money import Money, programme_support_inside, round_half_up, split, to_usd

D = Decimal


def test_amounts_of_one_currency_add_and_subtract():
    assert Money(D("0.10"), "USD") + Money(D("0.20"), "USD") == Money(D("0.30"), "USD")
    assert Money(D("5"), "SEK") - Money(D("7.5"), "SEK") == Money(D("-2.5"), "SEK")
    assert -Money(D("5"), "SEK") == Money(D("-5"), "SEK")


def test_two_currencies_are_never_added():
    with pytest.raises(CurrencyMismatch) as refused:
        Money(D(1), "USD") + Money(D(1), "EUR")
    assert str(refused.value) == "USD and EUR cannot be added. Convert one of them first."
    with pytest.raises(CurrencyMismatch):
        Money(D(1), "USD") - Money(D(1), "EUR")


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),  # to the even neighbour it would be 0.02
        ("2.675", "2.68"),
        ("2.6749999", "2.67"),
        ("-0.005", "-0.01"),
        ("-2.675", "-2.68"),
        ("12345678901234567.895", "12345678901234567.90"),
    ],
)
def test_halves_go_away_from_zero(amount, rounded):
    assert round_half_up(D(amount)) == D(rounded)


def test_rounding_knows_other_numbers_of_decimals():
    assert round_half_up(D("149.5"), 0) == D("150")
    assert round_half_up(D("0.00005"), 4) == D("0.0001")


@pytest.mark.parametrize("amount", ["-0.004", "-0", "-0.0000001"])
def test_what_rounds_to_nothing_has_no_sign(amount):
    # "-0.00" would be sealed as other text than the "0.00" that the database gives back.
    assert str(round_half_up(D(amount))) == "0.00"


def test_seven_million_kronor_at_8_5431_are_819_374_70_dollars():
    # 8.5431 x 819,374.70 = 6,999,999.999570, which is 0.00043 kronor short of seven million;
    # a cent more would be 0.085 kronor too much.
    assert to_usd(D("7000000"), D("8.5431")) == D("819374.70")


def test_a_conversion_that_ends_in_half_a_cent_goes_up():
    assert to_usd(D("0.25"), D("50")) == D("0.01")
    assert to_usd(D("-0.25"), D("50")) == D("-0.01")


@pytest.mark.parametrize(
    ("gross", "rate", "support"),
    [
        ("100000", "0.13", "11504.42"),  # 13,000 / 1.13 = 11,504.4247...
        ("113", "0.13", "13"),
        ("107", "0.07", "7"),
        ("20800000", "0.08", "1540740.74"),  # 1,664,000 / 1.08 = 1,540,740.7407...
        ("100000", "0", "0"),
        ("-100000", "0.13", "-11504.42"),
    ],
)
def test_programme_support_is_a_share_of_the_gross_amount(gross, rate, support):
    assert programme_support_inside(D(gross), D(rate)) == D(support)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        ("100", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("-100", [1, 1, 1], ["-33.34", "-33.33", "-33.33"]),
        ("0.05", [1, 1, 1], ["0.02", "0.02", "0.01"]),
        ("0.01", [50, 30, 20], ["0.01", "0", "0"]),
        ("0.01", [30, 50, 20], ["0", "0.01", "0"]),
        ("100", [1, 0, 1], ["50", "0", "50"]),
        ("10", [1, 2, 4], ["1.43", "2.86", "5.71"]),  # 1.428.., 2.857.., 5.714..
        ("0", [1, 2], ["0", "0"]),
    ],
)
def test_a_split_gives_what_is_left_to_the_largest_remainders(amount, weights, parts):
    assert split(D(amount), [D(w) for w in weights]) == [D(part) for part in parts]


def test_a_split_of_yen_has_no_decimals():
    assert split(D("1000"), [D(1), D(1), D(1)], places=0) == [D(334), D(333), D(333)]


@pytest.mark.parametrize("weights", [[], [D(0), D(0)], [D(3), D(-1)]])
def test_a_split_needs_shares_above_zero(weights):
    with pytest.raises(SplitImpossible):
        split(D(100), weights)


def test_half_a_cent_cannot_be_split():
    with pytest.raises(SplitImpossible):
        split(D("0.005"), [D(1), D(1)])
