"""A forecast's low never lies above its middle, nor that above its high, whatever it is made of."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reports.figures.seasons import Share
from reports.figures.ways import Ways, added

amounts = st.decimals(min_value=0, max_value=Decimal("9e9"), places=2)
received = st.decimals(min_value=Decimal("-1e9"), max_value=Decimal("9e9"), places=2)
parts = st.decimals(min_value=0, max_value=1, places=6)
shares = st.lists(
    st.decimals(min_value=Decimal("-0.5"), max_value=Decimal("1.5"), places=9),
    min_size=3, max_size=8,
).map(lambda found: Share(sum(found, Decimal(0)) / len(found), min(found), max(found)))  # fmt: skip


@st.composite
def ways(draw):
    full = draw(amounts)
    weighted = (full * draw(parts)).quantize(Decimal("0.01"), "ROUND_DOWN")
    return Ways(
        draw(received), draw(amounts), weighted, full, draw(st.none() | parts),
        draw(st.none() | shares),
    )  # fmt: skip


def is_in_order(band):
    return band.low_usd <= band.mid_usd <= band.high_usd


@given(ways())
def test_every_band_runs_from_low_to_high(made):
    assert is_in_order(made.known)
    assert made.by_season is None or is_in_order(made.by_season)
    assert is_in_order(made.band)


@given(ways())
def test_what_has_come_and_is_signed_lies_within_what_is_known(made):
    assert made.known.low_usd >= made.received
    assert made.known.high_usd == made.received + made.dues + made.prospects


@given(st.lists(ways(), max_size=6))
def test_the_total_adds_low_to_low_and_high_to_high(funds):
    total = added([one.band for one in funds])
    assert is_in_order(total)
    assert total.mid_usd == sum((one.band.mid_usd for one in funds), Decimal(0))
