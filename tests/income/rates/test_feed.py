"""The treasury's XML: a currency once per country, any day, and every way it can be wrong."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from income.errors import RateFileWrong
from income.models import ExchangeRate
from income.rates.facts import check
from income.rates.feed import is_feed, rates_of_feed
from income.rates.files import MOST_BYTES, check_content
from income.vocabulary import RateType
from tests.income.rates.feeds import entry, feed

UN = RateType.UN_OPERATIONAL
D = Decimal


def rates(*entries: str) -> list[tuple[str, str, Decimal | None]]:
    found = rates_of_feed(feed(*entries), source="treasury")
    return [(one.currency, str(one.on), one.units) for one in found]


def refusal(content: bytes) -> list[str]:
    with pytest.raises(RateFileWrong) as refused:
        rates_of_feed(content, source="treasury")
    return refused.value.problems


def test_a_feed_is_read_with_its_days_and_exact_rates():
    assert rates(
        entry("AFG", "Afghanistan", "AFN", "01 Oct 2026", "63.5000"),
        entry("KEN", "Kenya", "KES", "15 Oct 2026", "129.35"),
    ) == [("AFN", "2026-10-01", D("63.5")), ("KES", "2026-10-15", D("129.35"))]


def test_a_currency_of_several_countries_counts_once():
    assert rates(
        entry("BEN", "Benin", "XOF", "01 Oct 2026", "560.5"),
        entry("TGO", "Togo", "XOF", "01 Oct 2026", "560.50"),
        entry("TGO", "Togo", "XOF", "15 Oct 2026", "561"),
    ) == [("XOF", "2026-10-01", D("560.5")), ("XOF", "2026-10-15", D("561"))]


def test_two_rates_of_a_day_are_named_with_both_countries(reference, today):
    content = feed(
        entry("BEN", "Benin", "XOF", "01 Dec 2022", "620.5"),
        entry("TGO", "Togo", "XOF", "01 Dec 2022", "621"),
        entry("KEN", "Kenya", "KES", "01 Dec 2022", "122"),
    )
    found = check(rates_of_feed(content, source="t"), UN, today=today, is_feed=True)
    assert [str(problem) for problem in found.wrong] == [
        "Entry 2: XOF 2022-12-01: the feed has two rates for the day: 620.5 for Benin, "
        "621 for Togo."
    ]


def test_countries_that_use_the_dollar_are_passed_over():
    assert rates(
        entry("ECU", "Ecuador", "USD", "01 Oct 2026", "1.000"),
        entry("KEN", "Kenya", "KES", "01 Oct 2026", "129"),
    ) == [("KES", "2026-10-01", D("129"))]


@pytest.mark.parametrize(
    ("written", "day"),
    [("1 Oct 2026", "2026-10-01"), ("01 October 2026", "2026-10-01"), ("01-OCT-2026", "2026-10-01"),
     ("29 Feb 2024", "2024-02-29"), ("15 Sept 2026", "2026-09-15"), ("01  Mar 2026", "2026-03-01"),
     ("29 Feb 2026", "None"), ("01 Okt 2026", "None"), ("2026/10/01", "None"), ("", "None"),
     ("32 Oct 2026", "None"), ("01 Oct 0000", "None")],
)  # fmt: skip
def test_days_are_english_in_every_language(written, day):
    with translation.override("ar"):
        ((_code, found, _units),) = rates(entry("KEN", "Kenya", "KES", written, "129"))
    assert found == day


@pytest.mark.parametrize(
    "written",
    ["", "NaN", "inf", "1e3", "0,844", "1 000", "٨", "12.12345678901", "--1", ".", "0x10", "1/3"],
)
def test_what_is_no_plain_number_is_no_rate(written):
    ((_code, _day, units),) = rates(entry("KEN", "Kenya", "KES", "01 Oct 2026", written))
    assert units is None


def test_a_wrong_entry_stops_the_feed_and_is_named(reference, today):
    content = feed(
        entry("KEN", "Kenya", "KES", "01 Dec 2022", "0"),
        entry("SWE", "Sweden", "SEK", "soon", "ten"),
        entry("NOR", "Norway", "NOK", "01 Dec 2022", "9.9"),
    )
    found = check(rates_of_feed(content, source="t"), UN, today=today, is_feed=True)
    assert [str(problem) for problem in sorted(found.wrong)] == [
        "Entry 1: KES 2022-12-01: a rate is above zero, not 0.",
        "Entry 2: SEK soon: “soon” is not a date of the feed, such as 01 Oct 2026.",
        "Entry 2: SEK soon: “ten” is not a rate: a number with a decimal point.",
    ]


def test_an_unknown_currency_is_left_out_and_told(reference, today):
    content = feed(
        entry("XXX", "Nowhere", "ZZZ", "01 Dec 2022", "5"),
        entry("XYY", "Elsewhere", "ZZZ", "01 Dec 2022", "6"),
        entry("NOR", "Norway", "NOK", "01 Dec 2022", "9.9"),
    )
    found = check(rates_of_feed(content, source="t"), UN, today=today, is_feed=True)
    assert (found.wrong, [rate.currency_id for rate in found.new]) == ([], ["NOK"])
    assert found.left_out == ["the currency “ZZZ” is not known."]


def test_next_months_rates_are_taken_and_a_wrong_year_is_not(reference, today):
    """Today is 15 December 2022: 45 days more are 29 January 2023."""
    content = feed(
        entry("KEN", "Kenya", "KES", "29 Jan 2023", "123"),
        entry("NOR", "Norway", "NOK", "30 Jan 2023", "9.9"),
    )
    found = check(rates_of_feed(content, source="t"), UN, today=today, is_feed=True)
    assert [str(rate.effective_on) for rate in found.new] == ["2023-01-29"]
    assert [str(problem) for problem in found.wrong] == [
        "Entry 2: NOK 2023-01-30: the date is more than 45 days in the future; today is "
        "2022-12-15. Check the year."
    ]


def test_a_rate_other_than_the_one_in_the_books_is_told_and_not_new(reference, today):
    ExchangeRate.objects.create(
        currency_id="KES", effective_on=datetime.date(2022, 12, 1), units_per_usd=D(122),
        rate_type=UN, source="test",
    )  # fmt: skip
    content = feed(
        entry("KEN", "Kenya", "KES", "01 Dec 2022", "123"),
        entry("KEN", "Kenya", "KES", "15 Dec 2022", "124"),
    )
    found = check(rates_of_feed(content, source="t"), UN, today=today, is_feed=True)
    ((differing,), (new,)) = (found.differing, found.new)
    assert (differing.was, differing.rate.units_per_usd) == (D(122), D(123))
    assert (str(new.effective_on), found.there_already) == ("2022-12-15", 0)


ENTITY = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>
<UN_OPERATIONAL_RATES_DATASET>&b;</UN_OPERATIONAL_RATES_DATASET>"""
OUTSIDE = b"""<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<UN_OPERATIONAL_RATES_DATASET>&x;</UN_OPERATIONAL_RATES_DATASET>"""
WHOLE = feed(entry("KEN", "Kenya", "KES", "01 Oct 2026", "129"))
CUT = "The feed is no complete XML file: it is cut off, or something else altogether."
DECLARED = "The feed declares entities or a document type, which a feed of rates never does."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", CUT), (WHOLE[:-20], CUT), (b"\x00\x01\x02", CUT), (b"<", CUT),
        (WHOLE + b"<more/>", CUT), (b'<?xml version="1.0" encoding="nonsense"?><a/>', CUT),
        (ENTITY, DECLARED), (OUTSIDE, DECLARED),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", DECLARED),
        (b"<html><body>Sign in</body></html>",
         "This is no feed of UN operational rates: it begins with “html”."),
        (feed(), "The feed holds no rates."),
        (b"<UN_OPERATIONAL_RATES_DATASET>" + b"<a>" * 100_000,
         "The feed is nested more deeply than a feed of rates is."),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_feed_gets_one_sentence(content, sentence):
    assert refusal(content) == [sentence]


def test_the_feed_as_utf_16_and_with_a_namespace_is_read():
    opening = '<UN_OPERATIONAL_RATES_DATASET xmlns="urn:un:rates">'
    text = WHOLE.decode().replace("<UN_OPERATIONAL_RATES_DATASET>", opening)
    content = text.replace("UTF-8", "UTF-16").encode("utf-16")
    assert is_feed(content)
    (rate,) = rates_of_feed(content, source="t")
    assert (rate.currency, rate.units) == ("KES", D(129))


def test_the_treasurys_file_is_recognised_by_its_content_and_goes_by_one_type(reference, today):
    path = Path("rates.csv")
    content = feed(entry("KEN", "Kenya", "KES", "01 Dec 2022", "122"))
    (rate,) = check_content(content, path, UN, today=today).new
    assert (rate.currency_id, rate.rate_type, rate.source) == ("KES", UN, "rates.csv")
    with pytest.raises(RateFileWrong, match="Choose that type"):
        check_content(content, path, RateType.MONTHLY_AVERAGE, today=today)


def test_a_file_over_the_limit_is_refused_before_it_is_read(today):
    with pytest.raises(RateFileWrong, match="larger than 16 MB"):
        check_content(b"<" * (MOST_BYTES + 1), Path("x.xml"), UN, today=today)
