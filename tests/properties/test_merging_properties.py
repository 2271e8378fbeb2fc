"""Whatever donors are merged, in whatever order, not a cent is lost and none moves."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from donors.merging import merge_donors, unmerge_donor
from donors.models import Donor
from income.models import DonorTotal, Entry
from income.periods import YearMonth
from income.totals import donor_sums
from interface.errors import PortalError
from reports.figures.giving import giving
from tests import factories

TODAY = datetime.date(2022, 12, 15)
FUNDS = ("FNE", "FE")
CENTS = st.integers(min_value=1, max_value=10**9)
GIFTS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(FUNDS), st.sampled_from((2021, 2022)), CENTS),
    min_size=1, max_size=8,
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8
)


def by_fund_and_year(books):
    """US dollars of all donors as the figures tell them."""
    sums = defaultdict(Decimal)
    for year in (2021, 2022):
        for one in donor_sums(books, "receipt", YearMonth(year, 1), YearMonth(year, 12)):
            sums[one.fund, year] += one.amount_usd
    return dict(sums)


def of_donor(books, donor):
    """The same for one donor, from its page."""
    return {
        (code, row.year): figure.amount_usd
        for table in giving(books, donor, TODAY).tables
        for row in table.rows
        for (code, _name), figure in zip(table.funds, row.by_fund, strict=True)
        if figure.amount_usd
    }


def added(one, other):
    return {key: one.get(key, 0) + other.get(key, 0) for key in {*one, *other}}


def moved(donors, step, officer):
    """Merge or undo; whether it was possible."""
    is_merge, one, other = step
    try:
        if is_merge:
            merge_donors(donors[one], donors[other], because="x", by=officer, today=TODAY)
        else:
            unmerge_donor(donors[one], because="x", by=officer)
    except PortalError:
        return False
    return True


@pytest.mark.usefixtures("reference")
class TestMerging(TestCase):
    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(gifts=GIFTS, steps=STEPS)
    def test_totals_stay_the_same_to_the_cent_and_the_kept_one_has_the_sum(self, gifts, steps):
        books, officer = factories.ledger(), factories.user()
        donors = [factories.donor() for _number in range(5)]
        for place, fund, year, cents in gifts:
            entry = factories.entry(
                str(Decimal(cents) / 100), fund_id=fund, donor=donors[place],
                value_date=datetime.date(year, 3, 4),
            )  # fmt: skip
            factories.posting(books, entry, booked_month=YearMonth(year, 3))
        before = by_fund_and_year(books)
        rows = list(Entry.objects.filter(ledger=books).order_by("pk").values_list("pk", "donor"))
        for step in steps:
            one, other = donors[step[1]], donors[step[2]]
            wanted = added(of_donor(books, one), of_donor(books, other))
            if moved(donors, step, officer) and step[0]:
                assert of_donor(books, other) == wanted
            assert by_fund_and_year(books) == before
        after = Entry.objects.filter(ledger=books).order_by("pk").values_list("pk", "donor")
        assert list(after) == rows
        standing = Donor.objects.standing().filter(pk__in=[donor.pk for donor in donors])
        together = {}
        for donor in standing:
            together = added(together, of_donor(books, donor))
        assert together == before
        assert DonorTotal.objects.filter(ledger=books).count() <= len(gifts)
