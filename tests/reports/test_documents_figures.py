"""What the reports to donors say: the figures of the pages, in the language asked for."""

import datetime
import json

import pytest
from django.utils import translation

from donors.models import Donor
from income import ledger as door
from income.models import Entry
from income.periods import YearMonth
from income.vocabulary import Kind
from interface.formatting import format_usd
from reports.documents.acknowledgement import acknowledgement_document
from reports.documents.agreement import agreement_document
from reports.documents.errors import NothingToReport
from reports.documents.profile import profile_document
from reports.documents.statement import statement_document
from reports.figures.asked_period import AskedPeriod
from reports.figures.known import known_of
from reports.figures.statement import period_statement, statement
from tests import factories
from tests.reports.document_books import agreement, books, day, kronor, plain, sweden

__all__ = ["agreement", "books", "kronor", "sweden"]
pytestmark = pytest.mark.django_db

YEAR = (day("2021-01-01"), day("2021-12-31"))


def year(books, donor, today, language="en", **changed):
    return statement_document(books, donor, *YEAR, language, today=today, **changed)


def back(posting):
    door.reverse(
        posting, booked_month=YearMonth(2021, 7), note="Another's money", token="undo",
        prepared_by=None, approved_by=None,
    )  # fmt: skip


def test_the_statement_of_a_year_has_the_figures_of_the_page(books, sweden, today):
    told, made = statement(books, sweden, 2021, today), year(books, sweden, today)
    table = made.data["fund_table"]
    assert table["total_row"][1:] == [format_usd(one.amount_usd) for one in told.totals]
    assert table["rows"][1] == ["Foundation earmarked", "0.00", "0.00", "0.00", "10,000.00"]
    assert made.data["sentence"] == told.headline
    assert len(made.data["receipts"]["rows"]) == len(told.receipts) == 2
    assert made.data["years_table"]["rows"][-1] == ["2021", "11,000.00"]
    books.refresh_from_db()
    assert (made.sequence, made.hash, made.as_at_on) == (4, books.head_hash, YEAR[1])


def test_a_time_of_days_counts_what_came_in_it(books, sweden, today):
    made = statement_document(
        books, sweden, day("2020-05-06"), day("2021-03-04"), "en", today=today
    )
    assert plain(made.data["sentence"]) == (
        "Received from Sweden, 6 May 2020 to 4 March 2021: US$ 1,000.00."
    )
    assert made.data["title"] == "Donor statement, 6 May 2020 to 4 March 2021"
    assert [row[3] for row in made.data["receipts"]["rows"]] == ["USD\u00a01,000.00"]
    assert made.file_stem == "statement-SWE-2020-05-06_2021-03-04-T-en"


def test_the_years_beside_a_time_of_days_are_told_to_be_whole(books, sweden, today):
    days = (day("2020-05-06"), day("2021-03-04"))
    made = statement_document(books, sweden, *days, "en", today=today)
    assert made.data["years_table"]["note"].endswith("Each calendar year is shown whole.")
    assert made.data["years_table"]["rows"][-1] == ["2021", "11,000.00"]  # US$ 1,000 by 4 March
    whole = year(books, sweden, today).data["years_table"]["note"]
    assert whole == "Receipts are in these books from 2020 on."


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "6 May 2020 to 1 March 2021"), ("fr", "du 6 mai 2020 au 1er mars 2021"),
     ("es", "del 6 de mayo de 2020 al 1 de marzo de 2021"),
     ("ru", "6 мая 2020 г. – 1 марта 2021 г."), ("ar", "من 6 مايو 2020 إلى 1 مارس 2021"),
     ("zh-hans", "2020年5月6日至2021年3月1日")],
)  # fmt: skip
def test_a_time_of_days_is_in_the_languages_form(language, said):
    with translation.override(language):
        told = str(AskedPeriod(day("2020-05-06"), day("2021-03-01")))
        assert told.replace("\u202f", " ").replace("\u00a0", " ") == said
        assert str(AskedPeriod(day("2020-05-06"), day("2020-05-06"))) in told


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "2021 by fund, US$"), ("zh-hans", "2021年，按资金来源分列，US$"),
     ("ar", "2021 حسب الصندوق، US$\u200e")],
)  # fmt: skip
def test_a_heading_has_its_unit_by_the_languages_own_comma(books, sweden, today, language, heading):
    assert year(books, sweden, today, language).data["fund_table"]["title"] == heading


def test_years_together_count_each_of_them(books, sweden, today):
    told = period_statement(books, sweden, AskedPeriod(day("2020-01-01"), day("2022-12-31")), today)
    assert str(told.total(Kind.RECEIPT).amount_usd) == "11500.00"
    assert told.totals[3].href.endswith("kind=receipt&donor=SWE&from=2020-01&to=2022-12")


def test_days_that_are_no_months_lead_to_no_entries(books, sweden, today):
    told = period_statement(books, sweden, AskedPeriod(day("2021-03-02"), day("2021-06-30")), today)
    assert (str(told.totals[3].amount_usd), told.totals[3].href) == ("11000.00", "")


def test_audited_revenue_is_told_for_whole_years_alone(ledger, sweden, today):
    revenue = {"kind": Kind.AUDITED_REVENUE, "value_date": day("2021-12-31")}
    factories.posting(ledger, factories.entry("100.00", **revenue), act="audited_revenue")
    half = AskedPeriod(day("2021-07-01"), day("2021-12-31"))
    told = period_statement(ledger, sweden, half, today)
    assert told.total(Kind.AUDITED_REVENUE).amount_usd is None
    assert "No audited revenue from Sweden is reported" in told.headline
    facts = dict(year(ledger, sweden, today).data["facts"])
    assert (facts["Basis"], facts["Currency"]) == ("audited revenue", "US Dollar")


def test_money_meant_for_a_year_outside_the_time_is_told(books, sweden, today):
    factories.posting(books, factories.entry("50.00", value_date=day("2021-05-05"), year_for=2023))
    whole = AskedPeriod(day("2020-01-01"), day("2022-12-31"))
    notes = [plain(note) for note in period_statement(books, sweden, whole, today).notes]
    assert "Of the money received in this time, US$ 50.00 is meant for 2023." in notes


def test_an_earlier_state_of_the_books_knows_nothing_of_later_postings(books, sweden, today):
    made = year(books, sweden, today, known=known_of(books, "1", today))
    assert made.sequence == 1
    assert plain(made.data["sentence"]) == "Received from Sweden in 2021: US$ 1,000.00."
    back(Entry.objects.get(ledger=books, amount=1000).posting)
    again = year(books, sweden, today, known=known_of(books, "1", today))
    assert again.content_sha256 == made.content_sha256


def test_a_donor_without_receipts_gets_a_statement_that_says_so(books, today):
    made = year(books, Donor.objects.get(code="NOR"), today)
    assert made.data["sentence"] == "Nothing was received from Norway in 2021."
    assert made.data["receipts"]["rows"] == []
    assert made.data["receipts"]["empty"] == "Nothing was received in 2021."
    assert made.data["chart_svg"] is None


def test_the_same_books_give_the_same_content_on_every_day(books, sweden):
    days = [datetime.date(2021, 6, 2), datetime.date(2021, 11, 30)]
    first, second = (year(books, sweden, on) for on in days)
    assert first.content_sha256 == second.content_sha256
    assert first.as_at_on != second.as_at_on


def test_a_posting_of_another_donor_changes_the_state_and_not_the_content(books, sweden, today):
    first = year(books, sweden, today)
    norway = Donor.objects.get(code="NOR")
    factories.posting(books, factories.entry("5.00", donor=norway))
    second = year(books, sweden, today)
    assert second.content_sha256 == first.content_sha256
    assert second.sequence == first.sequence + 1


def test_a_correction_changes_the_content(books, sweden, today, kronor):
    first = year(books, sweden, today)
    back(kronor.posting)
    assert year(books, sweden, today).content_sha256 != first.content_sha256


def test_a_receipt_is_acknowledged_in_its_currency_and_in_dollars(kronor, today):
    made = acknowledgement_document(kronor, "en", today=today)
    assert made.data["sentence"] == (
        "UN-Habitat received 80,000.00 Swedish kronor from Sweden on 1 June 2021."
    )
    (row,) = made.data["tables"][0]["rows"]
    assert plain(row[1]) == "SEK 80,000.00"
    assert row[3] == "10,000.00"
    assert (made.subject, made.from_on, made.until_on) == ("2/1", day("2021-06-01"), made.from_on)
    assert dict(made.data["facts"])["Reference"] == "BANK-2"
    assert "Status" not in dict(made.data["facts"])


@pytest.mark.parametrize(
    ("language", "name", "number"),
    [("fr", "couronne suédoise", "80\u202f000,00"), ("zh-hans", "瑞典克朗", "80,000.00"),
     ("ar", "كرونة سويدية", "80,000.00"), ("ru", "шведская крона", "80\u00a0000,00")],
)  # fmt: skip
def test_currencies_and_numbers_are_in_the_language(kronor, today, language, name, number):
    made = acknowledgement_document(kronor, language, today=today)
    facts = [value for _label, value in made.data["facts"]]
    assert f"{name} (SEK)" in facts
    assert number in made.data["tables"][0]["rows"][0][1]


def test_a_receipt_that_was_taken_back_is_acknowledged_as_such(kronor, today):
    back(kronor.posting)
    kronor.posting.refresh_from_db()
    made = acknowledgement_document(kronor, "en", today=today)
    assert "was taken back in these books" in made.data["sentence"]
    assert dict(made.data["facts"])["Status"] == "taken back"
    with pytest.raises(NothingToReport, match="takes a receipt back"):
        reversal = Entry.objects.get(ledger=kronor.ledger, posting__reverses=kronor.posting)
        reversal.amount = -reversal.amount
        acknowledgement_document(reversal, "en", today=today)


def test_a_payment_of_two_instalments_is_acknowledged_whole(agreement, today):
    first, second = agreement.entries.receipts().order_by("line")
    made = acknowledgement_document(second, "en", today=today)
    assert made.data["sentence"].startswith("UN-Habitat received 130.00 Swedish kronor")
    table = made.data["tables"][0]
    assert [plain(row[1]) for row in table["rows"]] == ["SEK 100.00", "SEK 30.00"]
    assert (plain(table["total_row"][1]), table["total_row"][3]) == ("SEK 130.00", "15.22")
    assert made.subject == acknowledgement_document(first, "en", today=today).subject


def test_only_money_that_came_is_acknowledged(books, today):
    factories.posting(books, factories.entry("9.00", kind=Kind.PLEDGE))
    pledge = Entry.objects.get(ledger=books, kind=Kind.PLEDGE)
    with pytest.raises(NothingToReport, match="Only money that arrived"):
        acknowledgement_document(pledge, "en", today=today)


def test_an_agreement_tells_what_its_page_tells(agreement, today):
    factories.report_due(contribution=agreement, due_on=day("2021-03-31"))
    made = agreement_document(agreement, "en", today=today)
    sums, instalments, receipts, reports = made.data["tables"]
    assert [row[:2] for row in sums["rows"]] == [
        ["Agreed", "400.00"], ["Due so far", "200.00"], ["Received", "130.00"],
        ["Outstanding, due now or later", "270.00"],
    ]  # fmt: skip
    assert [(row[0], row[3], row[4]) for row in instalments["rows"]] == [
        ("1 Feb 2021", "0.00", "Settled"), ("1 Feb 2022", "70.00", "Overdue"),
        ("1 Feb 2023", "100.00", "Falls due later"), ("1 Feb 2024", "100.00", "Falls due later"),
    ]  # fmt: skip
    assert [plain(row[2]) for row in receipts["rows"]] == ["SEK 100.00", "SEK 30.00"]
    assert reports["rows"][0][-2:] == ["31 Mar 2021", "overdue"]
    assert made.subject == str(agreement.uuid)
    assert plain(made.data["sentence"]).startswith("Of SEK 400.00 that Sweden agreed, SEK 130.00")


def test_what_was_only_hoped_for_has_no_status(sweden, books, today):
    prospect = factories.contribution(
        donor=sweden, ledger=books, state="prospect", probability=50, expected_on=today,
        pledged_on=None, signed_on=None,
    )  # fmt: skip
    with pytest.raises(NothingToReport, match="Nothing was promised"):
        agreement_document(prospect, "en", today=today)


def test_a_profile_counts_ten_years_by_fund(books, sweden, agreement, today):
    made = profile_document(books, sweden, 2022, "en", today=today)
    given, still_open = made.data["tables"]
    assert given["headers"] == [
        "Year", "Foundation non-earmarked", "Foundation earmarked", "All funds"
    ]  # fmt: skip
    assert [row[0] for row in given["rows"]] == ["2022", "2021", "2020"]
    assert given["rows"][0] == ["2022", "200.00", "0.00", "200.00"]
    assert still_open["rows"][0][2:] == ["400.00", "130.00", "70.00", "200.00"]
    assert made.data["sentence"].startswith("Received from Sweden, 2013 to 2022:")
    assert made.data["charts"][0]["title"].startswith("Received, 2020 to 2022")
    assert (made.from_on, made.until_on) == (day("2013-01-01"), day("2022-12-31"))


def test_a_profile_of_nothing_says_so(books, today):
    made = profile_document(books, Donor.objects.get(code="NOR"), 2022, "en", today=today)
    assert made.data["sentence"] == "These books hold nothing from Norway, 2013 to 2022."
    assert made.data["charts"] == []


def test_what_is_sealed_is_plain_data_without_the_state_of_the_books(books, sweden, today):
    made = year(books, sweden, today)
    assert made.hash not in json.dumps(made.data)
    assert "seal" not in made.data
