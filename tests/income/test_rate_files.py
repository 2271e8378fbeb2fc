"""A rate file is taken over whole, or refused with every reason and its line."""

import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from income.errors import RateFileWrong
from income.models import ExchangeRate, RateLoad
from income.rates.files import read_rates
from income.vocabulary import RateType, RateWay

HEADER = "currency,effective_on,units_per_usd"
UN = RateType.UN_OPERATIONAL


@pytest.fixture
def no_rates(reference):
    """The currencies without the reference rates, so that a test says what the books hold."""
    ExchangeRate.objects.all().delete()


@pytest.fixture
def write(tmp_path):
    def written(*lines, header=HEADER):
        path = tmp_path / "rates.csv"
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def problems(no_rates, write, today):
    """What is said about a file with these lines."""

    def said(*lines, header=HEADER, rate_type=UN):
        with pytest.raises(RateFileWrong) as refused:
            read_rates(write(*lines, header=header), rate_type, today=today)
        return refused.value.problems

    return said


def held(currency, day, units, rate_type=UN):
    return ExchangeRate.objects.create(
        currency_id=currency, effective_on=datetime.date.fromisoformat(day), source="test",
        units_per_usd=Decimal(units), rate_type=rate_type,
    )  # fmt: skip


def test_a_good_file_is_read_to_the_last_decimal_and_nothing_is_saved(no_rates, write, today):
    path = write("SEK,2022-11-01,10.5431", "KES,2022-11-15,0.0000000001,UN Treasury",
                 header=HEADER + ",source")  # fmt: skip
    read = read_rates(path, UN, today=today)
    assert [
        (r.currency_id, str(r.effective_on), r.units_per_usd, r.rate_type, r.source)
        for r in read.new
    ] == [
        ("SEK", "2022-11-01", Decimal("10.5431"), "un_operational", "rates.csv"),
        ("KES", "2022-11-15", Decimal("0.0000000001"), "un_operational", "UN Treasury"),
    ]
    assert read.there_already == 0
    assert not ExchangeRate.objects.exists()


def test_a_file_as_a_spreadsheet_writes_it_is_read(no_rates, tmp_path, today):
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n\r\n SEK ,2022-11-01,10.5\r\n,,\r\n".encode())
    (rate,) = read_rates(path, UN, today=today).new
    assert (rate.currency_id, rate.units_per_usd) == ("SEK", Decimal("10.5"))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("XYZ,2022-11-01,1.5", "XYZ 2022-11-01: the currency “XYZ” is not known."),
        (",2022-11-01,1.5", "2022-11-01: the currency “” is not known."),
        ("USD,2022-11-01,1", "USD 2022-11-01: the US dollar needs no rate. Take the line out."),
        ("SEK,2022-11-01,ten", "SEK 2022-11-01: “ten” is not a number."),
        ('SEK,2022-11-01,"10,5"', "SEK 2022-11-01: “10,5” is not a number."),
        ("SEK,2022-11-01,NaN", "SEK 2022-11-01: “NaN” is not a number."),
        ("SEK,2022-11-01,1e1", "SEK 2022-11-01: “1e1” is not a number."),
        ("SEK,2022-11-01,", "SEK 2022-11-01: “units_per_usd” is empty."),
        ("SEK,2022-11-01,0", "SEK 2022-11-01: a rate is above zero, not 0."),
        ("SEK,2022-11-01,-10.5", "SEK 2022-11-01: a rate is above zero, not -10.5."),
        (
            "SEK,2022-11-01,10.12345678901",
            "SEK 2022-11-01: 10.12345678901 has more than 10 decimals.",
        ),
        (
            "SEK,2022-11-01,1000000000",
            "SEK 2022-11-01: the rate 1000000000 is too large; at most 922337203.6854775807.",
        ),
        (
            "SEK,01/11/2022,10.5",
            "SEK 01/11/2022: “01/11/2022” is not a date. Dates are written like 2021-12-31.",
        ),
        (
            "SEK,2022-02-30,10.5",
            "SEK 2022-02-30: “2022-02-30” is not a date. Dates are written like 2021-12-31.",
        ),
        (
            "SEK,2023-01-30,10.5",
            "SEK 2023-01-30: the date is more than 45 days in the future; today is 2022-12-15. "
            "Check the year.",
        ),
        ("SEK,1066-10-14,10.5", "SEK 1066-10-14: the date is before 1945-01-01."),
    ],
)
def test_a_wrong_line_is_named_with_its_currency_and_day(problems, line, sentence):
    assert problems("KES,2022-11-01,122.1", line) == [f"Line 3: {sentence}"]


def test_a_rate_of_today_is_not_in_the_future(no_rates, write, today):
    (rate,) = read_rates(write("SEK,2022-12-15,10.5"), UN, today=today).new
    assert rate.effective_on == today


def test_a_un_rate_may_be_told_before_its_day_and_an_average_may_not(no_rates, write, today):
    (rate,) = read_rates(write("SEK,2023-01-29,10.5"), UN, today=today).new
    assert str(rate.effective_on) == "2023-01-29"
    with pytest.raises(RateFileWrong, match="the date is in the future; today is 2022-12-15"):
        read_rates(write("SEK,2022-12-16,10.5"), RateType.MONTHLY_AVERAGE, today=today)


def test_a_source_that_is_too_long_is_refused(problems):
    line = "SEK,2022-11-01,10.5," + "x" * 61
    assert problems(line, header=HEADER + ",source") == [
        "Line 2: SEK 2022-11-01: the source has more than 60 characters."
    ]


def test_every_problem_is_listed_in_the_order_of_the_lines(problems):
    assert problems(
        "SEK,2022-11-01,10.5",
        "SEK,2022-11-01,10.6",
        "XYZ,2023-02-01,none",
        "KES,2022-11-01,0",
    ) == [
        "Line 3: SEK 2022-11-01: a second rate for the day; the first is on line 2.",
        "Line 4: XYZ 2023-02-01: the currency “XYZ” is not known.",
        "Line 4: XYZ 2023-02-01: the date is more than 45 days in the future; today is "
        "2022-12-15. Check the year.",
        "Line 4: XYZ 2023-02-01: “none” is not a number.",
        "Line 5: KES 2022-11-01: a rate is above zero, not 0.",
    ]


def test_unknown_and_missing_columns_are_named(problems):
    assert problems("SEK,2022-11-01,10.5", header="currency,effective_on,rate") == [
        "Line 1: the column “rate” is not known.",
        "Line 1: the column “units_per_usd” is missing.",
    ]


def test_a_column_that_stands_twice_is_named(problems):
    assert problems("SEK,2022-11-01,1,2", header=HEADER + ",units_per_usd") == [
        "Line 1: the column “units_per_usd.1” is not known."
    ]


def test_a_file_with_semicolons_is_told_its_columns_are_missing(problems):
    assert problems("SEK;2022-11-01;10.5", header=HEADER.replace(",", ";"))[1:] == [
        f"Line 1: the column “{name}” is missing." for name in HEADER.split(",")
    ]


def test_a_line_with_too_many_cells_is_named(problems, tmp_path):
    (sentence,) = problems("SEK,2022-11-01,10.5", "KES,2022-11-01,122,1")
    assert sentence == f"{tmp_path.name}/rates.csv, line 3: 4 cells; the header has 3."


def test_a_file_without_rates_is_refused(problems):
    assert problems() == ["The file holds no rates."]


def test_a_file_that_is_missing_or_no_text_is_refused(no_rates, tmp_path, today):
    path = tmp_path / "rates.csv"
    with pytest.raises(RateFileWrong, match="the file is missing or cannot be read"):
        read_rates(path, UN, today=today)
    path.write_bytes(b"currency,\xff\xfe\x00")
    with pytest.raises(RateFileWrong, match="the file is not a comma-separated UTF-8 table"):
        read_rates(path, UN, today=today)


def test_a_rate_other_than_the_one_in_the_books_is_refused(problems):
    held("SEK", "2022-11-01", "10.4")
    assert problems("SEK,2022-11-01,10.5") == [
        "Line 2: SEK 2022-11-01: the books hold 10.4 for the day, the file 10.5. "
        "A rate is never overwritten."
    ]


def test_the_same_rate_again_is_counted_as_there_already(no_rates, write, today):
    held("SEK", "2022-11-01", "10.4")
    read = read_rates(write("SEK,2022-11-01,10.40", "SEK,2022-12-01,10.5"), UN, today=today)
    assert read.there_already == 1
    assert [str(rate.effective_on) for rate in read.new] == ["2022-12-01"]


def test_a_rate_of_another_type_does_not_stand_in_the_way(no_rates, write, today):
    held("SEK", "2022-11-01", "10.4", RateType.MONTHLY_AVERAGE)
    (rate,) = read_rates(write("SEK,2022-11-01,10.5"), UN, today=today).new
    assert rate.units_per_usd == Decimal("10.5")


# A UN operational rate of 1 September is in force for 45 days more: up to 16 October.
def test_a_rate_from_the_day_after_the_last_day_of_the_one_before_leaves_no_gap(
    no_rates, write, today
):
    read = read_rates(write("SEK,2022-09-01,10", "SEK,2022-10-17,11"), UN, today=today)
    assert len(read.new) == 2


def test_a_day_without_a_rate_is_a_gap(problems):
    assert problems("SEK,2022-09-01,10", "SEK,2022-10-18,11") == [
        "Line 3: SEK 2022-10-18: no rate is in force from 2022-10-17 to 2022-10-17. "
        "Add the rates between, or allow gaps (--allow-gaps)."
    ]


def test_lines_need_not_stand_in_the_order_of_their_days(problems):
    (sentence,) = problems("SEK,2022-10-18,11", "SEK,2022-09-01,10")
    assert sentence.startswith("Line 2: SEK 2022-10-18: no rate is in force from 2022-10-17")


def test_a_gap_after_the_last_rate_in_the_books_is_found(problems):
    held("SEK", "2022-01-01", "9")
    (sentence,) = problems("SEK,2022-11-01,10.5")
    assert sentence.startswith(
        "Line 2: SEK 2022-11-01: no rate is in force from 2022-02-16 to 2022-10-31."
    )


def test_a_gap_before_a_later_rate_in_the_books_is_found(problems):
    held("SEK", "2022-11-01", "10.5")
    (sentence,) = problems("SEK,2022-01-01,9")
    assert sentence.startswith(
        "Line 2: SEK 2022-11-01: no rate is in force from 2022-02-16 to 2022-10-31."
    )


def test_gaps_that_stand_in_the_books_already_are_not_held_against_the_file(no_rates, write, today):
    held("SEK", "2020-01-01", "9")
    held("SEK", "2022-11-01", "10.5")
    read = read_rates(write("SEK,2022-11-01,10.5", "SEK,2022-12-01,10.6"), UN, today=today)
    assert [str(rate.effective_on) for rate in read.new] == ["2022-12-01"]


def test_monthly_averages_of_two_neighbouring_months_leave_no_gap(problems, write, today):
    average = RateType.MONTHLY_AVERAGE
    months = ("SEK,2022-01-01,9.1", "SEK,2022-02-01,9.3")
    assert len(read_rates(write(*months), average, today=today).new) == 2
    assert problems(*months, "SEK,2022-04-01,9.5", rate_type=average) == [
        "Line 4: SEK 2022-04-01: no rate is in force from 2022-03-01 to 2022-03-31. "
        "Add the rates between, or allow gaps (--allow-gaps)."
    ]


def test_a_wrong_line_is_not_called_a_gap_as_well(problems):
    assert problems("SEK,2022-09-01,10", "SEK,2022-10-01,x", "SEK,2022-11-01,11") == [
        "Line 3: SEK 2022-10-01: “x” is not a number."
    ]


def test_gaps_may_be_allowed(no_rates, write, today):
    path = write("SEK,2021-01-01,8", "SEK,2022-11-01,10.5")
    assert len(read_rates(path, UN, today=today, allow_gaps=True).new) == 2


def load(path, *more):
    out = StringIO()
    call_command("load_rates", str(path), "--type", "un_operational", *more, stdout=out)
    return out.getvalue().strip()


def test_the_command_saves_what_is_new_and_counts_the_rest(no_rates, write):
    path = write("SEK,2021-11-01,8.6", "SEK,2021-12-01,9.0896")
    assert load(path) == "Rates saved: 2; there already: 0."
    assert load(path) == "Rates saved: 0; there already: 2."
    assert [
        (str(rate.effective_on), rate.units_per_usd)
        for rate in ExchangeRate.objects.order_by("effective_on")
    ] == [("2021-11-01", Decimal("8.6")), ("2021-12-01", Decimal("9.0896"))]


def test_a_dry_run_saves_nothing(no_rates, write):
    path = write("SEK,2021-11-01,8.6")
    assert load(path, "--dry-run") == "The file is right. New rates: 1; there already: 0."
    assert not ExchangeRate.objects.exists()


def test_the_command_refuses_a_file_with_one_wrong_line_and_saves_none(no_rates, write):
    path = write("SEK,2021-11-01,8.6", "KES,2021-11-01,0")
    with pytest.raises(CommandError) as refused:
        load(path)
    assert str(refused.value).splitlines() == [
        "Nothing was saved.",
        "Line 3: KES 2021-11-01: a rate is above zero, not 0.",
    ]
    assert refused.value.returncode == 1
    assert not ExchangeRate.objects.exists()
    noted = RateLoad.objects.get()
    assert (noted.has_succeeded, noted.way, noted.origin) == (False, RateWay.FILE, path.name)
    assert noted.sentence == "Line 3: KES 2021-11-01: a rate is above zero, not 0."


def test_a_dry_run_of_a_wrong_file_is_no_failed_load(no_rates, write):
    with pytest.raises(CommandError):
        load(write("KES,2021-11-01,0"), "--dry-run")
    assert not RateLoad.objects.exists()


def test_the_command_lets_gaps_pass_when_told_to(no_rates, write):
    path = write("SEK,2020-11-01,8.6", "SEK,2021-11-01,8.7")
    with pytest.raises(CommandError, match="Line 3: SEK 2021-11-01: no rate is in force"):
        load(path)
    assert load(path, "--allow-gaps") == "Rates saved: 2; there already: 0."


def test_parity_is_not_a_type_of_a_file(reference, write):
    with pytest.raises(CommandError, match="invalid choice: 'parity'"):
        call_command("load_rates", str(write("SEK,2021-11-01,8.6")), "--type", "parity")
