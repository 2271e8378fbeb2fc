"""The real history: what UN CEB publishes is what the books hold, to the cent."""

import csv
import shutil
from collections import defaultdict
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from donors.reference import FIXTURES, TableFileWrong
from income.errors import PostingWrong
from income.history import post_history
from income.ledger.verification import problems
from income.models import Entry, Ledger, Posting
from income.vocabulary import Act, Kind


def lines_of(name, folder=FIXTURES):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summed(rows, *columns):
    sums = defaultdict(Decimal)
    for row in rows:
        sums[tuple(row[column] for column in columns)] += Decimal(row["amount_usd"])
    return dict(sums)


@pytest.fixture
def books(reference):
    ledger = Ledger.objects.get(code="UNH")
    post_history(ledger)
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def folder(tmp_path):
    """A copy of the fixtures that a test may spoil."""
    return shutil.copytree(FIXTURES, tmp_path / "fixtures")


def in_books(ledger, *columns, **filters):
    rows = Entry.objects.filter(ledger=ledger, **filters).values_list(*columns)
    return {tuple(map(str, row[:-1])): row[-1] for row in rows.annotate(Sum("amount_usd"))}


def test_each_year_and_fund_of_the_books_is_what_ceb_publishes(books):
    assert in_books(books, "year_for", "fund", year_for__gte=2011) == summed(
        lines_of("history_by_fund.csv"), "year", "fund"
    )


def test_each_donor_of_the_books_is_what_the_file_names_per_year_and_fund(books):
    assert in_books(books, "donor__code", "year_for", "fund", donor__isnull=False) == summed(
        lines_of("history_by_donor.csv"), "donor", "year", "fund"
    )


def test_every_line_of_the_file_is_an_entry_of_its_own_negative_ones_included(books):
    named = Entry.objects.filter(ledger=books, donor__isnull=False)
    file = sorted(
        (row["donor"], int(row["year"]), row["instrument"], Decimal(row["amount_usd"]))
        for row in lines_of("history_by_donor.csv")
    )
    assert sorted(named.values_list("donor__code", "year_for", "instrument", "amount")) == file
    assert named.get(donor__code="GHA", year_for=2021, fund="OTHER").amount == Decimal("-229.51")


def test_what_no_donor_is_named_for_is_the_total_less_the_named_donors(books):
    rest = in_books(books, "year_for", "fund", donor=None)
    # CEB's total 169,589,156.00 less the donors it names, 153,665,741.83.
    assert rest["2014", "EARMARKED"] == Decimal("15923414.17")
    # The donors named for 2014 add up to more than the total: 7,082,844.00 - 7,554,756.19.
    assert rest["2014", "FNE"] == Decimal("-471912.19")
    assert rest["2013", "FNE"] == Decimal("-0.71")


def test_a_fund_whose_donors_are_all_named_has_no_rest(books):
    rest = in_books(books, "year_for", "fund", donor=None)
    assert {year for year, fund in rest if fund == "FNE"} == {
        "2011", "2012", "2013", "2014", "2015", "2017", "2020",
    }  # fmt: skip


def test_2010_has_no_total_and_so_no_rest(books):
    assert in_books(books, "year_for", "donor__code", year_for=2010) == summed(
        [row for row in lines_of("history_by_donor.csv") if row["year"] == "2010"],
        "year",
        "donor",
    )
    assert not Entry.objects.filter(ledger=books, year_for=2010, donor=None).exists()


def test_the_regular_budget_is_not_attributed_to_any_donor(books):
    assert not Entry.objects.filter(ledger=books, fund="RB", donor__isnull=False).exists()
    assert in_books(books, "year_for", fund="RB")["2021",] == Decimal("15903859.28")


def test_named_donors_cover_more_than_half_of_a_year_from_2013_and_never_all(books):
    named = in_books(books, "year_for", donor__isnull=False)
    total = in_books(books, "year_for", year_for__gte=2011)
    covered = {int(key[0]): round(100 * named[key] / total[key], 1) for key in total}
    assert covered == {
        2011: Decimal("19.6"),  # governments are named from 2013 on
        2012: Decimal("15.5"),
        2013: Decimal("51.4"),
        2014: Decimal("83.4"),
        2015: Decimal("70.0"),
        2016: Decimal("69.0"),
        2017: Decimal("66.7"),
        2018: Decimal("81.3"),
        2019: Decimal("57.7"),
        2020: Decimal("62.9"),
        2021: Decimal("65.6"),
    }


def test_the_books_verify(books):
    assert list(problems(books)) == []


def test_a_year_is_one_posting_of_audited_revenue_on_its_last_day(books):
    postings = Posting.objects.filter(ledger=books).order_by("sequence")
    assert [(p.sequence, p.booked_month, p.act) for p in postings] == [
        (number, year * 100 + 12, Act.RECORD_AUDITED_REVENUE)
        for number, year in enumerate(range(2010, 2022), start=1)
    ]
    entries = Entry.objects.filter(ledger=books, year_for=2015)
    dimensions = ("kind", "value_date", "currency", "rate", "rate_type")
    (found,) = entries.values_list(*dimensions).distinct()
    assert (found[0], found[1].isoformat(), found[2], found[3], found[4]) == (
        Kind.AUDITED_REVENUE, "2015-12-31", "USD", Decimal(1), "parity",
    )  # fmt: skip


def test_posting_the_history_again_posts_nothing(books):
    again = post_history(books)
    head = books.head_hash
    books.refresh_from_db()
    assert [year.is_new for year in again] == [False] * 12
    assert (books.sequence, books.head_hash) == (12, head)


def test_a_corrected_file_does_not_pass_for_what_is_posted(books, folder):
    file = folder / "history_by_fund.csv"
    file.write_text(file.read_text("utf-8").replace("2015,OTHER,1990000", "2015,OTHER,1990001"))
    with pytest.raises(PostingWrong, match=r"audited revenue of 2015 .* differs from posting 6\."):
        post_history(books, folder)


def test_a_donor_nobody_knows_is_named_with_its_line_and_nothing_is_posted(reference, folder):
    file = folder / "history_by_donor.csv"
    file.write_text(file.read_text("utf-8").replace("2010,EU,", "2010,ATLANTIS,", 1))
    ledger = Ledger.objects.get(code="UNH")
    with pytest.raises(TableFileWrong) as refused:
        post_history(ledger, folder)
    assert str(refused.value) == (
        "fixtures/history_by_donor.csv, line 3: “ATLANTIS” in “donor” is not known."
    )
    assert not Posting.objects.filter(ledger=ledger).exists()


def test_a_later_wrong_line_keeps_the_earlier_years_out_too(reference, folder):
    file = folder / "history_by_fund.csv"
    file.write_text(file.read_text("utf-8").replace("2011,FNE,29158557,", "2011,FNE,much,"))
    with pytest.raises(TableFileWrong, match=r"history_by_fund.csv, line 3: “much” is not a num"):
        post_history(Ledger.objects.get(code="UNH"), folder)
    assert not Entry.objects.filter(ledger__code="UNH").exists()


def test_the_command_says_what_it_posted_and_what_was_there(reference):
    out = StringIO()
    call_command("load_history", stdout=out)
    assert out.getvalue().splitlines()[-1].split(maxsplit=2) == ["2021", "143", "posted"]
    call_command("load_history", stdout=out)
    assert out.getvalue().splitlines()[-1].split(maxsplit=2) == ["2021", "143", "there already"]


def test_the_command_without_books_says_what_to_run_first(reference):
    Ledger.objects.filter(code="UNH").delete()
    with pytest.raises(CommandError, match="Run load_reference first"):
        call_command("load_history")
