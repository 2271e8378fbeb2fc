"""What an imported row is recognised by does not depend on how its amount was written."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from income.imports.judging.identity import plain

amounts = st.decimals(
    allow_nan=False, allow_infinity=False, places=6, min_value=Decimal(-(10**13)),
    max_value=Decimal(10**13),
)  # fmt: skip


@given(amounts)
def test_an_amount_has_one_text_however_many_zeros_it_was_written_with(amount):
    texts = {plain(amount), plain(amount * 1), plain(amount.normalize())}
    assert texts == {f"{amount.normalize():f}"}


def test_texts_of_amounts_have_no_exponent_and_no_zeros_at_their_end():
    written = ["1000", "1E+3", "1000.00", "-10.50", "0.10"]
    assert [plain(Decimal(one)) for one in written] == ["1000", "1000", "1000", "-10.5", "0.1"]
