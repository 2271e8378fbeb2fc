"""A monthly path is the same path however its twelve amounts were written down."""

from decimal import Decimal

from django.utils.dates import MONTHS
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from targets.paths import PathWrong, path_typed, text_of

CENTS = st.integers(min_value=0, max_value=10**14)
ENDS = ("\t", "\n", "\r\n", ";", " | ", "\t\n")


@st.composite
def paths(draw):
    """Twelve cumulative amounts in US dollars that never fall; the last is above zero."""
    steps = draw(st.lists(CENTS, min_size=12, max_size=12).filter(any))
    return [Decimal(sum(steps[:number])).scaleb(-2) for number in range(1, 13)]


def written(draw, usd, *, may_space):
    """One amount as somebody writes it: plain, or grouped in one of the usual ways."""
    grouping = draw(st.sampled_from(["", ",", "\u00a0", "\u202f", *([" "] if may_space else [])]))
    return f"{usd:,}".replace(",", grouping)


def stored(amounts):
    return tuple((2021_00 + number, usd) for number, usd in enumerate(amounts, start=1))


@given(paths(), st.data())
def test_any_separators_give_the_same_path(amounts, data):
    has_months = data.draw(st.booleans())
    language = data.draw(st.sampled_from(["en", "fr", "es", "ru", "ar", "zh-hans"]))
    cells = [written(data.draw, usd, may_space=True) for usd in amounts]
    if has_months:
        with override(language):
            gap = data.draw(st.sampled_from([" ", "\t", ": "]))
            cells = [f"{MONTHS[n]}{gap}{cell}" for n, cell in enumerate(cells, start=1)]
    typed = cells[0] + "".join(data.draw(st.sampled_from(ENDS)) + cell for cell in cells[1:])
    assert path_typed(typed, year=2021, amount_usd=amounts[-1]) == stored(amounts)


@given(paths(), st.data())
def test_spaces_alone_part_amounts_as_well(amounts, data):
    cells = [written(data.draw, usd, may_space=False) for usd in amounts]
    gaps = data.draw(st.lists(st.sampled_from([" ", "  ", "\n", "\t", ", "]), min_size=11,
                              max_size=11).filter(lambda found: " " in found))  # fmt: skip
    typed = cells[0] + "".join(gap + cell for gap, cell in zip(gaps, cells[1:], strict=True))
    assert path_typed(typed, year=2021, amount_usd=amounts[-1]) == stored(amounts)


@given(paths())
def test_a_path_written_by_the_portal_reads_as_itself(amounts):
    typed = text_of(stored(amounts))
    assert path_typed(typed, year=2021, amount_usd=amounts[-1]) == stored(amounts)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_path_nothing_or_a_sentence(typed):
    try:
        path = path_typed(typed, year=2021, amount_usd=Decimal(5))
    except PathWrong as error:
        assert error.sentence
    else:
        assert len(path) in (0, 12)
