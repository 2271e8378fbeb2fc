"""Whatever stands in a file, a proposal comes of it and no error."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from income.imports.columns.headings import is_heading_again, is_total_row
from income.imports.columns.layouts import columns_of, wrong_plan
from income.imports.columns.plan import Plan, heading_keys
from income.imports.columns.proposing import Proposal, propose
from income.imports.columns.words import Words
from income.imports.sources import CellError, SpoiltNumber
from tests.income.imports.layout_sources import Source

HEADINGS = [
    "Donor",
    "Date",
    "Amount",
    "Currency",
    "Montant (EUR)",
    "المبلغ",
    "金额",
    "Total",
    "US$",
]
CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(HEADINGS), st.integers(), st.booleans(),
    st.floats(), st.decimals(), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    st.just(CellError("#DIV/0!")), st.just(SpoiltNumber("1e309")),
    st.sampled_from(["19.234,56", "01/02/2021", "2021-03-31", "NOK", "FNE", "Norway", "\u200f"]),
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=7), max_size=9)


@pytest.fixture(scope="module")
def words(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Words.load()


@given(rows=ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_proposal_names_columns_that_are_there(reference, words, rows):
    proposal = propose(Source(rows), words=words)
    assert isinstance(proposal, Proposal)
    taken = list(proposal.plan.columns.values())
    assert len(taken) == len(set(taken))


@given(cells=st.lists(CELLS, max_size=7), headings=st.lists(CELLS, max_size=7))
def test_rows_are_told_apart_and_plans_checked_without_an_error(cells, headings):
    assert is_heading_again(cells, headings) in (True, False)
    assert is_total_row(cells) in (True, False)
    keys = heading_keys(headings)
    plan = Plan(columns=dict(zip(("donor", "date", "amount"), keys, strict=False)))
    assert columns_of(plan, headings).keys() <= plan.columns.keys()
    wrong_plan(plan, headings)


def test_long_texts_take_no_time(reference, words):
    cells = ["1" + " " * 30_000 + "x", "(" * 30_000, "-" * 30_000 + "Total", "a" * 30_000]
    rows = [["Donor", "Amount", "Date", "Fund"], cells, [Decimal(1), 5, datetime.date.max, None]]
    assert is_total_row(cells[:3]) is False
    assert propose(Source(rows), words=words).plan.columns["donor"] == "donor"
