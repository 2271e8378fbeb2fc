"""The largest donors and the governments, read by an index: the same as adding everybody up."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from donors.models import Area
from income.contributing import by_type, core
from income.donor_cells import donor_cells
from income.families import became
from income.leading import Leaders, largest, leaders
from income.models import DonorMonthTotal
from income.narrow import is_whole
from income.periods import YearMonth
from income.totals import donor_sums
from income.vocabulary import Kind, Mode
from reports.figures.dashboard import dashboard
from reports.figures.donors import rankings
from reports.figures.governments import by_type_of, core_of
from reports.figures.voluntary import donors_a_year_before
from tests import factories
from tests.reports.block_books import answering

pytestmark = pytest.mark.django_db
JANUARY, DECEMBER = YearMonth(2021, 1), YearMonth(2021, 12)
FUNDS = ("FNE", "FE", "OTHER")
MERGED_ON = datetime.date(2021, 7, 1)
# Few amounts, so that donors are often equal, and often nothing is left.
GIFT = st.tuples(
    st.none() | st.integers(0, 6), st.sampled_from(FUNDS), st.sampled_from((2020, 2021)),
    st.integers(1, 12), st.sampled_from((-300, -200, -100, 100, 100, 200, 300, 400)),
    st.sampled_from((Mode.CASH, Mode.CASH, Mode.CASH, Mode.IN_KIND)),
)  # fmt: skip
GIFTS = st.lists(GIFT, min_size=1, max_size=24)
MERGES = st.sampled_from(((), ((1, 0),), ((1, 0), (2, 1)), ((1, 0), (3, 0), (5, 4))))


def some_donors(merges):
    """Seven donors, every other one a Member State; `merges` say who became whom."""
    areas = list(Area.objects.order_by("iso3")[:7])
    donors = [
        factories.donor(
            is_member_state=not place % 2, area=areas[place], is_unnamed=place == 6,
            contributor_type_id=("C01", "C05", "C06")[place % 3],
        )
        for place in range(7)
    ]  # fmt: skip
    for gone, kept in merges:
        donors[gone].merged_into, donors[gone].merged_on = donors[kept], MERGED_ON
        donors[gone].save()
    return donors


def posted(books, donors, gifts):
    entries = [
        factories.entry(
            f"{usd}.00", fund_id=fund, donor=None if place is None else donors[place], mode=mode,
            value_date=datetime.date(year, month, 3),
        )
        for place, fund, year, month, usd, mode in gifts
    ]  # fmt: skip
    factories.posting(books, *entries)


def added_up(books, last, most):
    """What `leaders` has to tell, from the sums by donor and month."""
    merged, sums = became(), defaultdict(Decimal)
    for fund, donor, usd in DonorMonthTotal.objects.filter(
        ledger=books, kind=Kind.RECEIPT, mode=Mode.CASH, month__gte=JANUARY.key, month__lte=last.key
    ).values_list("fund_id", "donor_id", "amount_usd"):
        sums[fund, merged.get(donor, donor)] += usd
    told = []
    for fund in sorted({fund for (fund, _donor), usd in sums.items() if usd}):
        given_ = {donor: usd for (f, donor), usd in sums.items() if f == fund}
        without = given_.pop(None, Decimal(0))
        above = sorted((usd for usd in given_.values() if usd > 0), reverse=True)
        first = {d: u for d, u in given_.items() if u > 0 and u >= (above[:most] or [0])[-1]}
        told.append(
            (fund, first, sum(given_.values()) + without, without,
             sum(bool(usd) for usd in given_.values()), sum(usd < 0 for usd in given_.values()))
        )  # fmt: skip
    return told


def said(one: Leaders):
    return (one.fund, dict(one.donors), one.total_usd, one.unattributed_usd, one.count,
            one.below_zero)  # fmt: skip


@pytest.mark.usefixtures("reference")
class TestLeading(TestCase):
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(gifts=GIFTS, merges=MERGES, month=st.sampled_from((6, 11, 12)), most=st.integers(1, 3))
    def test_an_index_tells_what_everybody_adds_up_to(self, gifts, merges, month, most):
        books = factories.ledger()
        posted(books, some_donors(merges), gifts)
        last, merged = YearMonth(2021, month), became()
        asked, cash = (books, Kind.RECEIPT), {"mode": Mode.CASH.value}
        found = leaders(*asked, JANUARY, last, most=most, merged=merged, **cash)
        assert [said(one) for one in found] == added_up(books, last, most)
        for one in found:
            amounts = [usd for _donor, usd in one.donors]
            assert amounts == sorted(amounts, reverse=True)
        if is_whole(asked[0], asked[1:], last):
            largest_ = largest(*asked, 2021, funds=FUNDS, most=most, merged=merged, **cash)
            above = {one.fund: dict(one.donors) for one in found if one.donors}
            assert {fund: dict(rows) for fund, rows in largest_.items() if rows} == above
        of_year = donor_sums(*asked, JANUARY, last, **cash)
        of_both = donor_sums(*asked, YearMonth(2020, 1), last, **cash)
        since = [JANUARY, YearMonth(2020, 1)]
        assert core(*asked, "FNE", since, last, merged=merged, **cash) == (
            core_of(of_year), core_of(of_both),
        )  # fmt: skip
        every_mode = donor_sums(*asked, JANUARY, last)
        assert core(*asked, "FNE", [JANUARY], last, merged=merged) == (core_of(every_mode),)
        types = by_type(*asked, since[1], last, merged=merged, **cash)
        assert not_zero(types) == not_zero(by_type_of(of_both))

    @settings(max_examples=12, suppress_health_check=list(HealthCheck))
    @given(gifts=GIFTS, merges=MERGES, month=st.sampled_from((6, 12)), knows=st.booleans())
    def test_the_page_ranks_as_if_it_had_read_everybody(self, gifts, merges, month, knows):
        books = factories.ledger()
        of_the_month = (0, "FNE", 2021, month, 400, Mode.CASH)
        posted(books, some_donors(merges), [of_the_month, *gifts])
        asked = answering(books, knows_unnamed=knows, as_at=f"2021-{month:02}")
        answer = dashboard(asked.question)
        said_ = asked.sums, asked.span, asked.names, asked.provenance
        assert answer.rankings == rankings(
            asked.donors, *said_, knows_unnamed=knows, before=donors_a_year_before(asked)
        )
        assert answer.governments[0].count == core_of(asked.donors).count


def not_zero(sums):
    return {key: usd for key, usd in sums.items() if usd}


@pytest.fixture
def donors(reference):
    return some_donors(((1, 0),))


def test_who_equals_the_last_of_the_largest_stands_there_too(ledger, donors):
    """Donor 1 became donor 0: 100 + 200 = 300; donors 2, 3 and 4 gave 200 each, donor 5 100."""
    gifts = [(0, 100), (1, 200), (2, 200), (3, 200), (4, 200), (5, 100)]
    posted(ledger, donors, [(who, "FNE", 2021, 5, usd, Mode.CASH) for who, usd in gifts])
    asked = {"merged": became(), "mode": Mode.CASH.value}
    (found,) = leaders(ledger, Kind.RECEIPT, JANUARY, DECEMBER, most=2, **asked)
    pks = [donor.pk for donor in donors]
    assert found.donors[0] == (pks[0], Decimal(300))
    assert dict(found.donors[1:]) == dict.fromkeys(pks[2:5], Decimal(200))
    assert (found.count, found.below_zero, found.total_usd) == (5, 0, 1000)


def test_a_handful_of_rows_is_read_however_many_donors_there_are(
    ledger, donors, django_assert_num_queries
):
    posted(ledger, donors, [(0, fund, 2021, 5, 100, Mode.CASH) for fund in FUNDS])
    many = [factories.donor() for _number in range(30)]
    posted(ledger, many, [(n, "FE", 2021, 5, 100 + n, Mode.CASH) for n in range(30)])
    merged = became()
    with django_assert_num_queries(2), CaptureQueriesContext(connection) as read:
        found = largest(
            ledger, Kind.RECEIPT, 2021, funds=FUNDS, most=10, mode="cash", merged=merged
        )
    assert [usd for _donor, usd in found["FE"]] == [Decimal(129 - n) for n in range(10)]
    assert any("LIMIT" in query["sql"] for query in read.captured_queries)
    with django_assert_num_queries(2):
        (told,) = core(ledger, Kind.RECEIPT, "FNE", [JANUARY], DECEMBER, merged=merged, mode="cash")
    assert told.count == 1


def test_the_year_answers_for_its_months_only_where_nothing_follows(ledger, donors):
    """In June and in November 100 from donor 2, to another fund taken back in November."""
    rows = [(2, "FNE", 2021, 6, 100, Mode.CASH), (2, "FE", 2021, 11, 100, Mode.CASH),
            (2, "FE", 2021, 11, -100, Mode.CASH)]  # fmt: skip
    posted(ledger, donors, rows)
    asked = ledger, Kind.RECEIPT
    assert [is_whole(asked[0], asked[1:], YearMonth(2021, month)) for month in (6, 10, 11, 12)] == [
        False, False, True, True,
    ]  # fmt: skip
    june = donor_cells(*asked, JANUARY, YearMonth(2021, 6), mode="cash")
    assert june == [("FNE", donors[2].pk, Decimal(100))]
    assert ("FE", donors[2].pk, Decimal(0)) in donor_cells(*asked, JANUARY, DECEMBER, mode="cash")
