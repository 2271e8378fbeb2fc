"""What the rollups said at a state of the books is what the entries say of it for ever after."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors.models import Donor
from income.models import Ledger
from income.narrow import Narrow
from income.periods import YearMonth
from income.totals import donor_sums, monthly_sums
from income.vocabulary import Kind
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SPAN = YearMonth(2020, 1), YearMonth(2021, 12)
# The reference data is the same for every example; books are made anew by each.
FIXTURE = [HealthCheck.function_scoped_fixture]
KINDS = [Kind.RECEIPT, Kind.DUE]

lines = st.tuples(
    st.sampled_from(KINDS), st.sampled_from(["FNE", "FE", "TC"]),
    st.sampled_from(["SWE", "NOR", None]), st.sampled_from(["AFRICA", "ARAB", None]),
    st.dates(datetime.date(2020, 1, 1), datetime.date(2021, 12, 31)),
    st.decimals("-1000", "1000", places=2).filter(bool),
)  # fmt: skip


def seen(books, narrow):
    """Every cell that is not zero, by month and by donor."""
    cells = {
        (one.kind, one.mode, one.fund, one.region, one.month): one.amount_usd
        for one in monthly_sums(books, KINDS, *SPAN, narrow)
    }
    donors = {
        (one.fund, one.donor.code if one.donor else None): one.amount_usd
        for one in donor_sums(books, Kind.RECEIPT, *SPAN, narrow=narrow)
    }
    return [{key: usd for key, usd in found.items() if usd} for found in (cells, donors)]


def entry(kind, fund, donor, region, day, amount):
    made = factories.entry(
        str(amount), fund_id=fund, value_date=day, region_id=region,
        donor=Donor.objects.get(code=donor) if donor else None,
    )  # fmt: skip
    made.kind, made.programme_support_usd = kind, None
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=FIXTURE)
@given(st.lists(st.lists(lines, min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_state_of_the_books_answers_the_same_ever_after(reference, postings):
    books = factories.ledger()
    told = {0: seen(books, Narrow())}
    for number, given_lines in enumerate(postings):
        factories.posting(books, *(entry(*line) for line in given_lines), token=f"p{number}")
        books = Ledger.objects.get(pk=books.pk)
        told[books.sequence] = seen(books, Narrow())
    for sequence, then in told.items():
        assert seen(books, Narrow(until=sequence)) == then


@settings(max_examples=25, deadline=None, suppress_health_check=FIXTURE)
@given(st.lists(lines, min_size=1, max_size=8))
def test_the_parts_of_a_division_add_up_to_the_whole(reference, given_lines):
    books = factories.ledger()
    factories.posting(books, *(entry(*line) for line in given_lines))

    def total(narrow):
        return sum((c.amount_usd for c in monthly_sums(books, KINDS, *SPAN, narrow)), Decimal(0))

    whole = total(Narrow())
    assert sum(total(Narrow(region=r)) for r in ("AFRICA", "ARAB", "none")) == whole
    assert total(Narrow(programme="none")) == whole
