"""Numbers, money and dates as people read them in six languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel import Locale, numbers
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from interface.formatting import (
    NOT_REPORTED,
    comma,
    current_language,
    format_amount,
    format_date,
    format_month,
    format_number,
    format_percent,
    format_rate,
    format_usd,
    is_right_to_left,
    joined,
    largest_remainder,
    short_months,
)
from interface.table_markup import written
from interface.tables import Cell, Column, Remark, Row, Table
from interface.templatetags.interface import shut_in

YEAR_END = date(2021, 12, 31)
SPACE = "\u00a0"
LANGUAGES = ["ar", "zh-hans", "en", "fr", "ru", "es"]


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("en", f"EUR{SPACE}−1,234,567.90"),
        ("fr", f"−1\u202f234\u202f567,90{SPACE}EUR"),
        ("ru", f"−1{SPACE}234{SPACE}567,90{SPACE}EUR"),
        ("es", f"−1.234.567,90{SPACE}EUR"),
        ("ar", f"\u200e−1,234,567.90{SPACE}EUR"),
        ("zh-hans", f"EUR{SPACE}−1,234,567.90"),
    ],
)
def test_an_amount_has_its_code_a_real_minus_and_the_separators_of_the_language(language, printed):
    assert format_amount(Decimal("-1234567.895"), "EUR", language) == printed


def test_an_amount_has_as_many_decimals_as_its_currency():
    assert format_amount(Decimal("1500"), "JPY", "en") == f"JPY{SPACE}1,500"
    assert format_amount(Decimal("1500"), "KWD", "en") == f"KWD{SPACE}1,500.000"


def test_half_a_cent_rounds_away_from_zero():
    assert format_usd(Decimal("0.125"), "en") == "0.13"
    assert format_usd(Decimal("-0.125"), "en") == "−0.13"


def test_millions_have_one_decimal_and_no_unit():
    assert format_usd(Decimal("144849999.99"), "en", "millions") == "144.8"
    assert format_usd(Decimal("144850000"), "fr", "millions") == "144,9"


def test_zero_not_applicable_and_not_reported_look_different():
    assert format_usd(Decimal(0), "en", "millions") == "0.0"
    assert format_usd(None, "en", "millions") == "–"
    assert format_usd(None, "en", "millions", none=NOT_REPORTED) == "not reported"


def test_what_rounds_to_zero_has_no_minus():
    assert format_number(Decimal("-0.04"), "en", digits=1) == "0.0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_are_latin_in_every_language(language):
    digits = [c for c in format_number(1234567890, language) if c.isdigit()]
    assert "".join(digits) == "1234567890"
    assert "2021" in format_date(YEAR_END, language)


def test_a_percentage_is_not_a_fraction():
    assert format_percent(Decimal("79.25"), 1, "en") == "79.3%"
    assert format_percent(Decimal("79"), 0, "fr") == f"79{SPACE}%"


def test_a_rate_keeps_the_decimals_it_has_between_two_and_eight():
    assert format_rate(Decimal("0.8830"), "en") == "0.883"
    assert format_rate(Decimal("110"), "en") == "110.00"
    assert format_rate(Decimal("1.123456785"), "en") == "1.12345679"


def test_a_moment_has_the_day_it_is_in_nairobi():
    late = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
    assert format_date(late, "en") == "23 November 2026"
    tag = Template("{% load interface %}{% day late %}")
    assert '<time datetime="2026-11-23">' in tag.render(Context({"late": late}))


def test_english_dates_have_the_day_first():
    assert format_date(YEAR_END, "en") == "31 December 2021"
    assert format_date(YEAR_END, "en", length="medium") == "31 Dec 2021"
    assert format_month(YEAR_END, "en") == "December 2021"
    assert format_date(None, "en") == "–"


def test_french_counts_the_first_of_a_month():
    assert format_date(date(2021, 1, 1), "fr") == "1er janvier 2021"
    assert format_date(date(2021, 1, 1), "fr", length="medium") == "1er janv. 2021"
    assert format_date(date(2021, 1, 11), "fr") == "11 janvier 2021"


def test_dates_are_written_as_each_language_writes_them():
    assert format_date(YEAR_END, "zh-hans") == "2021年12月31日"
    assert format_month(YEAR_END, "fr") == "décembre 2021"
    assert format_date(YEAR_END, "ar") == "31 ديسمبر 2021"
    assert short_months("es")[0] == "ene"


def test_only_arabic_runs_from_right_to_left():
    assert [code for code in LANGUAGES if is_right_to_left(code)] == ["ar"]


def test_the_language_is_the_readers_when_none_is_given():
    assert current_language() == "en"
    assert format_month(YEAR_END) == "December 2021"


def test_an_unknown_language_reads_english():
    assert format_number(1234, "xx") == "1,234"


def test_three_equal_parts_add_up_to_a_hundred():
    parts = [Decimal(1), Decimal(1), Decimal(1)]
    assert largest_remainder(parts, 1) == [Decimal("33.4"), Decimal("33.3"), Decimal("33.3")]


def test_the_printed_regions_of_the_progress_report_get_shares_that_cast():
    regions = [Decimal(v) for v in ("24.9", "54.2", "17.7", "24.3", "0.8", "0.68")]
    assert largest_remainder(regions, 1) == [
        Decimal(v) for v in ("20.3", "44.2", "14.4", "19.8", "0.7", "0.6")
    ]


def test_parts_that_are_all_zero_have_no_share():
    assert largest_remainder([Decimal(0), Decimal(0)], 0) == [Decimal(0), Decimal(0)]
    assert largest_remainder([], 1) == []


def test_a_negative_part_has_no_share_of_a_whole():
    with pytest.raises(ValueError, match="negative part"):
        largest_remainder([Decimal(2), Decimal(-1)], 1)


@given(
    st.lists(st.decimals(min_value=0, max_value=10**12, places=2), min_size=1, max_size=20),
    st.integers(min_value=0, max_value=3),
)
def test_percentages_always_add_up_to_exactly_a_hundred(parts, places):
    shares = largest_remainder(parts, places)
    whole = sum(parts)
    assert sum(shares) == (100 if whole else 0)
    for part, share in zip(parts, shares, strict=True):
        assert not whole or abs(share - part * 100 / whole) <= Decimal(1).scaleb(-places)


def test_a_documents_words_keep_their_direction_in_a_right_to_left_sentence():
    with override("ar"):
        assert shut_in("Work programme.") == "\u2068Work programme.\u2069"
    with override("en"):
        assert shut_in("Work programme.") == "Work programme."


def test_a_count_is_printed_grouped_and_still_chooses_the_plural():
    written = Template(
        "{% load i18n interface %}{% blocktranslate count count=n|grouped %}{{ count }} row"
        "{% plural %}{{ count }} rows{% endblocktranslate %}"
    ).render
    with override("en"):
        assert written(Context({"n": 1})) == "1 row"
        assert written(Context({"n": 12345})) == "12,345 rows"


@pytest.mark.parametrize(
    ("language", "commas", "semicolons", "before_the_day"),
    [
        ("en", "2020, 2021", "2020; 2021", ", "),
        ("fr", "2020, 2021", "2020; 2021", ", "),
        ("ar", "2020، 2021", "2020؛ 2021", "، "),
        ("zh-hans", "2020、2021", "2020；2021", "，"),
    ],
)
def test_each_script_has_its_own_commas(language, commas, semicolons, before_the_day):
    with override(language):
        assert joined([2020, 2021]) == commas
        assert joined([2020, 2021], ";") == semicolons
        assert comma() == before_the_day
        assert Template("{% load interface %}{% comma %}").render(Context()) == before_the_day


LOCALES = {"en": "en_GB", "fr": "fr", "es": "es", "ru": "ru", "ar": "ar", "zh-hans": "zh_Hans"}


@given(
    language=st.sampled_from(list(LOCALES)),
    value=st.decimals(-(10**15), 10**15, allow_nan=False, places=4),
    digits=st.sampled_from([0, 1, 2, 4]),
)
def test_a_number_is_written_as_its_locale_writes_it(language, value, digits):
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding="ROUND_HALF_UP")
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    theirs = numbers.format_decimal(
        abs(rounded),
        format=pattern,
        locale=Locale.parse(LOCALES[language]),
        numbering_system="latn",
    )
    ours = format_number(value, language, digits=digits)
    assert ours.lstrip("\u200e\u2212") == theirs
    assert ("\u2212" in ours) == (rounded < 0)


def test_a_table_is_written_with_everything_escaped():
    table = Table(
        identifier="t", caption="<Gifts>", columns=(Column("Fund & kind"), Column("US$", True)),
        rows=(
            Row((Cell("<b>Core</b>"), Cell("1.5", "/entries/?a=1&b=2"))),
            Row((Cell("Total"), Cell("–", is_missing=True, remark=Remark("Total", "/ask/?f=<t>"))),
                is_total=True),
        ),
        unit_note="US$ million", footnotes=("Rounded: 1 < 2",),
    )  # fmt: skip
    assert written(table, None, None) == (
        '<div class="table-region" role="region" aria-labelledby="t-caption" tabindex="0">'
        '<table class="figures"><caption id="t-caption">&lt;Gifts&gt; '
        '<span class="unit">US$ million</span></caption>'
        '<thead><tr><th scope="col">Fund &amp; kind</th>'
        '<th scope="col" class="numeric">US$</th></tr></thead><tbody>'
        '<tr><th scope="row"><bdi>&lt;b&gt;Core&lt;/b&gt;</bdi></th>'
        '<td><a href="/entries/?a=1&amp;b=2"><bdi>1.5</bdi></a></td></tr>'
        '<tr class="total"><th scope="row"><bdi>Total</bdi></th>'
        '<td><span class="missing">–</span> <a class="remark" href="/ask/?f=&lt;t&gt;" '
        'title="This figure looks wrong: Total"><span aria-hidden="true">?</span>'
        '<span class="visually-hidden">This figure looks wrong: Total</span></a></td></tr>'
        '</tbody></table></div><ul class="footnotes"><li>Rounded: 1 &lt; 2</li></ul>'
    )


def test_a_table_without_rows_says_so_and_a_heading_may_explain_itself():
    table = Table("e", "None", (Column("A"), Column("B")), (), empty="Nobody gave.")
    page = written(table, lambda label: f"[{label}]", lambda _label: "!")
    assert '<th scope="col">[A]</th><th scope="col">[B]</th>' in page
    assert '<tr><td class="empty" colspan="2">Nobody gave.</td></tr>' in page
