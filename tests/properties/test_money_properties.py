"""What holds of money whatever the amounts."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from income.money import programme_support_inside, round_half_up, split, to_usd

D = Decimal

CENT = Fraction(1, 100)
cents = st.integers(-(10**15), 10**15).map(lambda n: D(n).scaleb(-2))
gross = st.integers(0, 10**15).map(lambda n: D(n).scaleb(-2))
ten_thousandths = st.one_of(st.integers(-100, 100), st.integers(-(10**17), 10**17)).map(
    lambda n: D(n).scaleb(-4)
)
rates = st.integers(1, 10**17).map(lambda n: D(n).scaleb(-10))
fractions = st.integers(0, 9_999).map(lambda n: D(n).scaleb(-4))
weights = st.lists(
    st.integers(0, 10**9).map(lambda n: D(n).scaleb(-3)), min_size=1, max_size=12
).filter(any)


def nearest_cent(exact: Fraction) -> Fraction:
    """Half up by whole numbers only: another way than the one under test."""
    size = int(abs(exact) / CENT + Fraction(1, 2))
    return size * CENT * (1 if exact >= 0 else -1)


@given(cents, weights)
def test_the_parts_of_a_split_add_up_to_the_whole(amount, shares):
    assert sum(split(amount, shares), D(0)) == amount


@given(cents, weights)
def test_no_part_is_a_cent_away_from_its_exact_share(amount, shares):
    whole = sum(map(Fraction, shares))
    for part, share in zip(split(amount, shares), shares, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * Fraction(share) / whole) < CENT


@given(cents, weights)
def test_no_part_has_the_other_sign_and_no_share_means_no_part(amount, shares):
    for part, share in zip(split(amount, shares), shares, strict=True):
        assert part * amount >= 0
        assert share or part == 0


@given(cents, weights)
def test_a_larger_share_never_gets_less(amount, shares):
    by_share = sorted(zip(shares, map(abs, split(amount, shares)), strict=True))
    for (small, less), (large, more) in pairwise(by_share):
        assert small == large or less <= more


@given(st.integers(-(10**6), 10**6), st.integers(1, 40))
def test_equal_shares_differ_by_one_unit_at_most(amount, count):
    parts = split(D(amount), [D(1)] * count, places=0)
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= 1


@given(ten_thousandths)
def test_rounding_is_to_the_nearest_cent_and_half_goes_away_from_zero(amount):
    assert Fraction(round_half_up(amount)) == nearest_cent(Fraction(amount))
    assert str(round_half_up(amount)) != "-0.00"


@given(ten_thousandths, rates)
def test_a_conversion_is_the_nearest_cent_of_the_exact_quotient(amount, rate):
    assert Fraction(to_usd(amount, rate)) == nearest_cent(Fraction(amount) / Fraction(rate))


@given(ten_thousandths, rates)
def test_what_is_given_back_is_worth_what_was_given(amount, rate):
    assert to_usd(-amount, rate) == -to_usd(amount, rate)


@given(cents, fractions)
def test_programme_support_is_the_nearest_cent_of_its_exact_share(amount, rate):
    exact = Fraction(amount) * Fraction(rate) / (1 + Fraction(rate))
    assert Fraction(programme_support_inside(amount, rate)) == nearest_cent(exact)


@given(gross, fractions)
def test_programme_support_is_the_rate_charged_on_what_is_left(amount, rate):
    support = programme_support_inside(amount, rate)
    direct = amount - support
    assert 0 <= support <= amount / 2 + D("0.01")
    assert abs(direct * rate - support) <= D("0.01")
