"""The UN CEB files: what goes in comes out, in the codes that the source gives."""

import csv
import datetime
import io
from collections import defaultdict
from decimal import Decimal

import pytest
from django.core.management import call_command

from donors.models import Donor
from donors.reference import FIXTURES
from income.history import post_history, post_instruments
from income.ledger.verification import problems
from income.models import Entry, Ledger
from income.periods import YearMonth
from income.vocabulary import Kind
from reports.ceb.columns import COLUMNS
from reports.ceb.reading import CebFileWrong, read_back
from reports.ceb.revenue import audited_years, by_contributor, by_instrument
from reports.ceb.writing import revenue_files
from tests import factories

D = Decimal
AT = datetime.datetime(2022, 4, 1, 9, tzinfo=datetime.UTC)


def lines_of(name):
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summed(rows, *columns):
    sums = defaultdict(Decimal)
    for row in rows:
        sums[tuple(row[column] for column in columns)] += D(row["amount_usd"])
    return {key: usd for key, usd in sums.items() if usd}


@pytest.fixture
def history(reference):
    ledger = Ledger.objects.get(code="UNH")
    post_history(ledger)
    post_instruments(ledger)
    ledger.refresh_from_db()
    return ledger


def files_of(ledger, year, until=None):
    ledger.refresh_from_db()
    made = revenue_files(ledger, year, ledger.sequence if until is None else until, AT)
    return {file.name: file.content for file in made}


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def written(ledger, what):
    """The CSV rows of every year."""
    return [
        row
        for year in audited_years(ledger)
        for row in rows_of(files_of(ledger, year)[f"ceb-{year}-by-{what}.csv"])
    ]


def test_the_history_comes_out_with_the_same_amount_for_each_donor_and_year(history):
    named = [
        row
        for row in written(history, "contributor")
        if row["contributor_code"] != "not attributed"
    ]
    assert summed(named, "year", "contributor_code", "instrument_code") == summed(
        lines_of("history_by_donor.csv"), "year", "donor", "instrument"
    )


def test_the_history_comes_out_with_the_same_amount_for_each_instrument_and_year(history):
    rows = [row for row in written(history, "instrument") if row["year"] != "2010"]
    assert summed(rows, "year", "instrument_code") == summed(
        lines_of("history_by_instrument.csv"), "year", "instrument"
    )


def test_both_files_of_a_year_hold_its_total(history):
    totals = summed(lines_of("history_by_fund.csv"), "year")
    for what in ("contributor", "instrument"):
        rows = [row for row in written(history, what) if row["year"] != "2010"]
        assert summed(rows, "year") == totals
    # 2,556,107.36 + 15,903,859.28 + 176,404,562.19 + 22,424,637.09
    assert totals["2021",] == D("217289165.92")


def test_of_2010_the_files_hold_the_named_donors_because_no_total_is_known(history):
    files = files_of(history, 2010)
    # 13,574,363 + 13,564,467 + 10,851,806 + 4,753,300
    assert sum(read_back(files["ceb-2010-by-contributor.csv"], "a.csv").values()) == D(42743936)
    assert [row["instrument_code"] for row in rows_of(files["ceb-2010-by-instrument.csv"])] == [
        "R03"
    ]


def test_what_was_taken_back_stays_below_zero(history):
    rows = rows_of(files_of(history, 2015)["ceb-2015-by-contributor.csv"])
    rwanda = [row for row in rows if row["contributor_code"] == "RWA"]
    assert [row["amount_usd"] for row in rwanda] == ["-3105737.00"]


def test_what_nobody_is_named_for_stands_in_the_undivided_codes(history):
    rows = rows_of(files_of(history, 2021)["ceb-2021-by-contributor.csv"])
    rest = [row for row in rows if row["contributor_code"] == "not attributed"]
    assert [(row["instrument_code"], row["amount_usd"]) for row in rest] == [
        ("R01", "15903859.28"),
        ("R03", "44860033.79"),  # 176,404,562.19 - 131,544,528.40
        ("R04", "13915010.52"),  # 22,424,637.09 - 8,509,626.57
    ]
    assert {row["contributor_type_code"] for row in rest} == {"not reported"}


def test_legacy_codes_stay_as_they_were_reported(history):
    rows = rows_of(files_of(history, 2015)["ceb-2015-by-contributor.csv"])
    legacy = [row for row in rows if row["instrument_code"] in ("R08", "R09")]
    assert {row["instrument_category"] for row in legacy} == {"earmarked"}
    # 5,343,152.61 + 25,025,018.35
    assert summed(legacy, "year") == {("2015",): D("30368170.96")}


def test_function_and_goal_are_there_and_said_to_be_not_reported(history):
    for row in rows_of(files_of(history, 2020)["ceb-2020-by-instrument.csv"]):
        assert (row["entity_code"], row["function_code"], row["sdg_code"]) == (
            "UN-HABITAT", "not reported", "not reported",
        )  # fmt: skip


def test_workbook_and_text_hold_the_same(history):
    files = files_of(history, 2021)
    for what in ("contributor", "instrument"):
        name = f"ceb-2021-by-{what}"
        assert read_back(files[f"{name}.xlsx"], "a.xlsx") == read_back(
            files[f"{name}.csv"], "a.csv"
        )


def test_every_column_of_both_files_is_in_the_dictionary(history):
    files = files_of(history, 2021)
    told = rows_of(files["ceb-2021-columns.csv"])
    for what in ("contributor", "instrument"):
        name = f"ceb-2021-by-{what}.csv"
        header = files[name].decode().splitlines()[0].split(",")
        assert [row["column"] for row in told if row["file"] == name] == header
    assert all(row["meaning"] for row in told)
    assert {column.standard for column in COLUMNS if column.standard} == {
        "UN entity", "Function", "Geographic location", "Grant financing instrument",
        "Sustainable Development Goals", "Revenue by contributor",
    }  # fmt: skip


def test_the_same_state_of_the_books_gives_the_same_bytes(history):
    assert files_of(history, 2021) == files_of(history, 2021)


def audited(ledger, usd, year=2021, *, donor="SWE", **more):
    entry = factories.entry(
        usd, kind=Kind.AUDITED_REVENUE, value_date=datetime.date(year, 12, 31), fund_id="FE",
        instrument_id="R03E", donor=donor and Donor.objects.get(code=donor), **more,
    )  # fmt: skip
    return factories.posting(ledger, entry, booked_month=YearMonth(year, 12))


def test_an_earlier_state_of_the_books_gives_the_revenue_known_then(ledger):
    first = audited(ledger, "100.00")
    audited(ledger, "20.00")
    audited(ledger, "7.00", 2020)
    assert [row.amount_usd for row in by_instrument(ledger, 2021, first.sequence)] == [D(100)]
    assert [row.amount_usd for row in by_instrument(ledger, 2021, 3)] == [D(120)]
    assert audited_years(ledger) == [2021, 2020]


def test_a_place_is_told_where_the_books_name_one(ledger):
    audited(ledger, "100.00", area_id="KEN")
    audited(ledger, "20.00")
    rows = by_contributor(ledger, 2021, 2)
    assert [(row.location, row.amount_usd) for row in rows] == [
        ("KEN", D(100)), ("not reported", D(20)),
    ]  # fmt: skip


def test_of_donors_that_wish_to_stay_unnamed_neither_name_nor_type_is_told(ledger):
    Donor.objects.filter(code__in=["SWE", "EU"]).update(is_unnamed=True)
    audited(ledger, "100.00")
    audited(ledger, "20.00", donor="EU")
    audited(ledger, "3.00", donor="KEN")
    content = files_of(ledger, 2021)["ceb-2021-by-contributor.csv"].decode()
    assert "Sweden" not in content
    assert "European" not in content
    rows = rows_of(content.encode())
    assert [
        (row["contributor_code"], row["contributor_type_code"], row["amount_usd"]) for row in rows
    ] == [("unnamed", "not reported", "120.00"), ("KEN", "C01", "3.00")]


def test_a_name_that_would_run_in_a_spreadsheet_is_kept_from_it(ledger):
    Donor.objects.filter(code="SWE").update(names={"en": "=1+1"})
    audited(ledger, "100.00")
    (row,) = rows_of(files_of(ledger, 2021)["ceb-2021-by-contributor.csv"])
    assert row["contributor"] == "'=1+1"


def test_files_of_a_demonstration_say_so_in_their_names(ledger):
    Ledger.objects.filter(pk=ledger.pk).update(is_demonstration=True)
    ledger.refresh_from_db()
    audited(ledger, "100.00")
    assert all(name.startswith("DEMONSTRATION-ceb-2021-") for name in files_of(ledger, 2021))


def test_a_file_in_another_currency_is_no_revenue_file():
    with pytest.raises(CebFileWrong):
        read_back(b"instrument_code,currency,amount_usd\r\nR01,EUR,5\r\n", "a.csv")
    with pytest.raises(CebFileWrong):
        read_back(b"currency,amount_usd\r\nUSD,much\r\n", "a.csv")
    with pytest.raises(CebFileWrong):
        read_back(b"no workbook", "a.xlsx")


def test_the_instruments_move_money_inside_a_fund_and_the_books_stay_sound(history):
    moves = Entry.objects.filter(
        ledger=history, posting__token="audited-revenue-2018-by-instrument"
    )
    assert {(m.fund_id, m.instrument_id): m.amount_usd for m in moves} == {
        ("EARMARKED", "R03"): D("-153571109.44"),
        ("EARMARKED", "R03A"): D("6676899.66"),
        ("EARMARKED", "R03B"): D("5576633.05"),
        ("EARMARKED", "R03D"): D("9901270.73"),
        ("EARMARKED", "R03E"): D("131416306.00"),
        ("FNE", "R02"): D("-3593446.08"),
        ("FNE", "R02A"): D("3593446.08"),
    }
    assert list(problems(history)) == []
    assert [year.is_new for year in post_instruments(history)] == [False] * 7


def test_loading_the_history_loads_its_instruments(reference, capsys):
    call_command("load_history")
    assert "2021    13  posted  by instrument" in capsys.readouterr().out
    assert Ledger.objects.get(code="UNH").sequence == 19  # 12 years, 7 of them by instrument
