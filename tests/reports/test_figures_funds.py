"""The fund table: hand-made books against the annual targets of the 2022 progress report.

Targets 2021 there: regular budget 14.5, non-earmarked 10.0, earmarked 43.3, technical cooperation
152.6 million; together 220.4.
"""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from income.entry_filter import EntryFilter
from income.models import Entry
from income.periods import YearMonth, months_of
from income.vocabulary import Kind, Mode
from interface.formatting import format_usd
from reports.figures.funds import Part
from reports.tables import board as tables
from tests import factories
from tests.reports import hand_made
from tests.reports.hand_made import allotted, ask, audited, query_of, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def tenth(percent):
    return percent.quantize(Decimal("0.1"), "ROUND_HALF_UP")


@pytest.mark.parametrize(
    ("code", "actual", "target", "percent", "gap", "last_year"),
    [
        ("RB", "14200000", "14500000", "97.9", "300000", "15000000"),
        ("FNE", "2500000", "10000000", "25.0", "7500000", "1300000"),
        ("FE", "34300000", "43300000", "79.2", "9000000", "0"),
        ("TC", "144800000", "152600000", "94.9", "7800000", "0"),
        ("TOTAL", "195800000", "220400000", "88.8", "24600000", "16300000"),
    ],
)
def test_a_fund_stands_beside_its_target_and_last_year(
    books, code, actual, target, percent, gap, last_year
):
    row = ask(books, as_at="2021-12").funds.row(code)
    assert row.progress.actual_usd == Decimal(actual)
    assert row.progress.target_usd == Decimal(target)
    assert tenth(row.progress.percent) == Decimal(percent)
    assert row.progress.gap_usd == Decimal(gap)
    assert row.last_year_usd == Decimal(last_year)


def test_a_month_within_the_year_counts_up_to_its_end(books):
    table = ask(books, as_at="2021-06").funds
    assert table.row("FNE").progress.actual_usd == Decimal("3000000")
    assert table.row("TC").progress.actual_usd == Decimal("0")
    assert table.total.progress.actual_usd == Decimal("47200000")
    assert table.row("FNE").last_year_usd == Decimal("1000000")  # Kenya gave in August


def test_the_headline_says_what_came_in_and_what_was_hoped_for(books):
    assert ask(books, as_at="2021-12").headline.replace("\u00a0", " ") == (
        "By 31 December 2021 UN-Habitat had received or been allotted US$ 195.8 million, 89 per "
        "cent of the US$ 220.4 million hoped for. Foundation non-earmarked income stood at 25 per "
        "cent of its target of US$ 10.0 million."
    )


def test_the_headline_says_when_more_came_in_than_was_hoped_for(books):
    factories.posting(books, received("30.0", "TC", "JPN", "2021-12-31"))
    headline = ask(books, as_at="2021-12").headline.replace("\u00a0", " ")
    assert "US$ 225.8 million, US$ 5.4 million more than the US$ 220.4 million" in headline


def test_a_year_without_a_target_prints_dashes_and_says_so(books):
    factories.posting(books, received("1.0", "FNE", "SWE", "2019-05-01"))
    answer = ask(books, as_at="2019-12")
    assert answer.goal_set is None
    assert answer.funds.total.progress.target_usd is None
    assert answer.funds.total.progress.percent is None
    assert "no target here" in answer.headline
    assert "No document holds a target for 2019" in " ".join(answer.notes)


def test_empty_books_say_that_they_show_no_income(ledger):
    answer = ask(ledger)
    assert "These books show no income" in answer.headline
    assert answer.funds.total.progress.actual_usd is None
    assert answer.rankings == ()


def test_a_target_of_zero_takes_no_share(books):
    chosen = factories.target_set(from_year=2021, to_year=2021)
    scope = factories.scope()
    scope.funds.set(["FNE"])
    factories.annual_target(
        target_set=chosen, scope=scope, from_year=2021, to_year=2021, amount_usd=Decimal(0)
    )
    row = ask(books, as_at="2021-12", targets=chosen.code).funds.row("FNE")
    assert (row.progress.target_usd, row.progress.percent) == (Decimal(0), None)
    assert "zero" in row.progress.refused


def test_a_set_that_counts_programme_support_on_top_is_not_compared_with_gross_money(books):
    table = ask(books, as_at="2020-12", targets="WPB-2020-PROPOSED").funds
    assert table.total.progress.target_usd == Decimal("251602300")
    assert table.total.progress.percent is None
    assert "programme support on top" in table.total.progress.refused
    assert tenth(table.row("FNE").progress.percent) == Decimal("6.9")  # 1.3 of 18.9274


def test_a_target_for_earmarked_money_together_meets_earmarked_money_together(books):
    row = ask(books, as_at="2021-12", targets="APPROVED-2021").funds.row("FE_TC")
    assert row.progress.actual_usd == Decimal("179100000")
    assert row.progress.target_usd == Decimal("196000000")
    assert tenth(row.progress.percent) == Decimal("91.4")


def test_money_that_is_not_split_makes_its_parts_incomparable(books):
    factories.posting(books, received("5.0", "EARMARKED", "DEU", "2021-08-01"))
    table = ask(books, as_at="2021-12").funds
    assert table.row("EARMARKED").progress.actual_usd == Decimal("5000000")
    assert table.row("FE").progress.percent is None
    assert "is not split" in table.row("FE").progress.refused
    assert table.row("FE_TC").progress.target_usd == Decimal("195900000")
    assert tenth(table.row("FE_TC").progress.percent) == Decimal("94.0")  # 184.1 of 195.9
    assert table.total.progress.percent is not None


def test_other_revenue_stands_outside_the_total(books):
    factories.posting(books, received("7.0", "OTHER", None, "2021-08-01"))
    table = ask(books, as_at="2021-12").funds
    assert table.total.progress.actual_usd == Decimal("195800000")
    assert table.row("OTHER").part is Part.OUTSIDE
    assert table.row("WITH_OTHER").progress.actual_usd == Decimal("202800000")


def test_programme_support_is_told_beside_and_never_added(books):
    table = ask(books, as_at="2021-12").funds
    assert table.row("PS").progress.actual_usd is None
    # 13 per cent within 30.0 + 4.3 + 144.8 = 179.1 million, receipt by receipt to the cent.
    parts = ["2300884.96", "1150442.48", "11504424.78", "5153982.30", "494690.27"]
    expected = sum((Decimal(part) for part in parts), Decimal(0))
    assert table.row("EXPECTED_SUPPORT").progress.actual_usd == expected
    support = received("8.0", "PS", None, "2021-12-31")
    support.kind = Kind.PROGRAMME_SUPPORT
    factories.posting(books, support)
    table = ask(books, as_at="2021-12").funds
    assert table.row("PS").progress.actual_usd == Decimal("8000000")
    assert table.total.progress.actual_usd == Decimal("195800000")


def test_audited_revenue_reports_earmarked_money_together_only(ledger):
    factories.posting(
        ledger,
        audited("15.9", "RB", None, 2021),
        audited("2.6", "FNE", "SWE", 2021),
        audited("100.0", "EARMARKED", "SWE", 2021),
        audited("76.4", "EARMARKED", None, 2021),
    )
    answer = ask(ledger)
    assert answer.question.as_at == YearMonth(2021, 12)
    assert answer.line is None
    assert not answer.provenance.is_provisional
    assert answer.funds.row("FE").progress.actual_usd is None
    assert answer.funds.row("FE_TC").progress.actual_usd == Decimal("176400000")
    assert "audited revenue of US$ 194.9 million, 88 per" in answer.headline.replace("\u00a0", " ")


def test_a_year_of_named_donors_only_has_no_total(ledger):
    factories.posting(
        ledger, audited("42.7", "EARMARKED", "EU", 2010), audited("12.2", "RB", None, 2012)
    )
    answer = ask(ledger, as_at="2010-12")
    assert answer.funds.total.progress.actual_usd is None
    assert "no total" in answer.headline
    assert answer.rankings[0].donors[0].percent is None


def test_what_has_no_exchange_rate_is_told_and_in_no_figure(books):
    factories.posting(books, factories.entry("5000.00", currency_id="SEK"))
    answer = ask(books, as_at="2021-12")
    assert answer.funds.total.progress.actual_usd == Decimal("195800000")
    note = " ".join(answer.notes).replace("\u00a0", " ")
    assert "1 record of the year has no exchange rate and is in no figure: SEK 5,000.00." in note


def test_money_in_kind_is_in_no_sum_of_cash_and_told_in_a_line_of_its_own(books):
    for usd, mode in (("400000.00", Mode.IN_KIND), ("90000.00", Mode.JUNIOR_PROFESSIONAL)):
        gift = factories.entry(usd, mode=mode, value_date=datetime.date(2021, 5, 1))
        factories.posting(books, gift)
    answer = ask(books, as_at="2021-12")
    assert answer.funds.row("FNE").progress.actual_usd == Decimal("2500000")
    assert answer.funds.total.progress.actual_usd == Decimal("195800000")
    row = answer.funds.row("NOT_CASH")
    assert (row.progress.actual_usd, row.last_year_usd) == (Decimal("490000"), Decimal(0))
    asked = EntryFilter.parse(query_of(row.link))
    found = asked.apply(Entry.objects.in_books(books))
    assert asked.totals(found).amount_usd == Decimal("490000")
    assert answer.rankings[0].donors[0].amount_usd == Decimal("1500000")
    said = "Income in kind and personnel is in no sum here: US$ 0.49 million."
    assert said in " ".join(answer.remarks).replace("\u00a0", " ")


@pytest.mark.parametrize("fund", ["RB", "PS", "CORE"])
def test_a_receipt_on_a_fund_that_no_line_of_receipts_shows_is_refused(books, fund):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.posting(books, received("1.0", fund, None, "2021-05-01"))
    assert ask(books, as_at="2021-12").funds.total.progress.actual_usd == Decimal("195800000")


def test_a_year_is_provisional_as_long_as_a_month_is_open(books):
    assert ask(books, as_at="2021-03").provenance.open_months == tuple(months_of(2021))[:3]
    for month in months_of(2021):
        if month.month != 2:
            factories.month(ledger=books, month=month.key, sequence=1)
    answer = ask(books, as_at="2021-03")
    assert answer.provenance.open_months == (YearMonth(2021, 2),)
    assert "still open and can change: February 2021." in answer.notes[0]
    factories.month(ledger=books, month=202102, sequence=1)
    assert ask(books, as_at="2021-12").provenance.status == "closed, provisional until audited"


def test_every_figure_carries_the_state_of_the_books(books):
    books.refresh_from_db()
    provenance = ask(books, as_at="2021-12").funds.provenance
    assert (provenance.sequence, provenance.hash) == (1, books.head_hash)
    assert provenance.basis.label == "received and allotted"
    assert provenance.sources == (
        "Progress in implementing the resource mobilization strategy under the strategic plan "
        "2020-2023",
    )


def test_figures_of_two_books_never_meet(books):
    other = factories.ledger()
    factories.posting(other, allotted("9.0", "2021-02-01"))
    assert ask(books, as_at="2021-12").funds.total.progress.actual_usd == Decimal("195800000")
    assert ask(other, as_at="2021-02").funds.total.progress.actual_usd == Decimal("9000000")


def test_rounded_funds_that_do_not_add_up_are_told(books):
    factories.posting(
        books,
        received("0.04", "FNE", "SWE", "2021-12-01"),
        received("0.04", "FE", "SWE", "2021-12-01"),
    )
    answer = ask(books, as_at="2021-12")
    assert not answer.funds.casts  # 14.2 + 2.5 + 34.3 + 144.8, but 195.88
    assert "rounded by itself" in " ".join(tables.fund_table(answer).footnotes)


@pytest.mark.parametrize("as_at", ["2021-12", "2021-06", "2020-12"])
def test_every_link_of_the_page_opens_entries_that_add_up_to_its_figure(books, as_at):
    factories.posting(books, received("5.0", "EARMARKED", "DEU", "2021-08-01", "LAC"))
    answer = ask(books, as_at=as_at)
    cells = [(row.progress.actual_usd, row.link) for row in answer.funds.rows if row.funds]
    cells += [(row.last_year_usd, row.last_year_link) for row in answer.funds.rows]
    cells += list(zip(answer.line.actual, answer.line.links, strict=True))
    for ranking in answer.rankings:
        cells += [(donor.amount_usd, donor.link) for donor in ranking.donors]
        cells.append((ranking.unattributed_usd, ranking.unattributed_link))
        cells.append((ranking.total_usd, ranking.total_link))
    cells += [(row.amount_usd, row.link) for row in answer.regions.rows]
    cells.append((answer.regions.unallocated_usd, answer.regions.unallocated_link))
    cells += [(one.core_usd, one.core_link) for one in answer.core]
    cells += [(one.whole_usd, one.whole_link) for one in answer.core]
    for one in answer.period.sets:
        cells += [(row.progress.actual_usd, row.link) for row in one.rows]
    linked = [(usd, link) for usd, link in cells if link]
    assert len(linked) > 15
    for usd, link in linked:
        asked = EntryFilter.parse(query_of(link))
        found = asked.totals(asked.apply(Entry.objects.in_books(books)))
        assert (found.amount_usd, asked.adds_kinds) == (usd, False), link


def test_the_cost_does_not_grow_with_the_entries(books, django_assert_max_num_queries):
    with django_assert_max_num_queries(37):
        ask(books, as_at="2021-12")
    factories.posting(books, *(received("0.1", "TC", "JPN", "2021-08-01") for _ in range(60)))
    with django_assert_max_num_queries(37):
        ask(books, as_at="2021-12")


def test_the_support_expected_inside_stands_on_the_page_of_the_entries_behind_it(
    books, client, officer, settings
):
    settings.PORTAL_BOOKS = "T"
    row = ask(books, as_at="2021-12").funds.row("EXPECTED_SUPPORT")
    factories.sign_in(client, officer)
    page = client.get(row.link)
    # 13 per cent inside 179.1 million, receipt by receipt.
    assert page.context["totals"].support_usd == row.progress.actual_usd
    assert format_usd(row.progress.actual_usd) in page.content.decode()
