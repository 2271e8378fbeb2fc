"""What is wrong with a row is told cell by cell; what is right about it is recognised again."""

import datetime
from decimal import Decimal

import pytest

from income.imports.choices import Choices
from income.imports.course.findings import Problem
from income.imports.sources import CellError, SourceRow, SpoiltNumber
from income.models import Month
from income.vocabulary import Grade
from tests import factories
from tests.income.imports.judging_cases import accepted, codes, judge_of, judged, row_of

pytestmark = pytest.mark.django_db
GIFT = {
    "donor": "Sweden", "fund": "FNE", "amount": "1,250.50", "currency": "USD",
    "date": "2022-03-04",
}  # fmt: skip
AUDITED = {"donor": "Sweden", "fund": "FE_TC", "amount_usd": "-20.25", "year": "2015"}


def problems(ledger, kind, cells, **changed) -> list[Problem]:
    return judged(ledger, kind, cells, **changed).problems


def test_a_gift_is_agreed_due_and_received_at_once(ledger):
    row = accepted(ledger, "receipt", GIFT)
    amount = Decimal("1250.50")
    assert [(line.kind, line.amount, line.amount_usd) for line in row.lines] == [
        ("agreement", amount, amount), ("due", amount, amount), ("receipt", amount, amount),
    ]  # fmt: skip
    assert (row.donor, row.ledger, row.month) == ("SWE", ledger.code, 202203)
    assert row.promise.values["title"] == "Sweden 2022"
    assert row.promise.values["earmarking_id"] == "unearmarked"


def test_every_problem_of_a_row_is_told_with_its_cell(ledger):
    row = {
        "note": None, "donor": "Atlantis", "fund": "Treasure", "amount": "12,5", "currency": "XXQ",
        "date": "31 February", "instrument": CellError("#N/A"), "year_for": "1066",
    }  # fmt: skip
    found = problems(ledger, "receipt", row)
    told = {(one.field, one.column, one.sheet, one.row, one.value) for one in found}
    assert told == {
        ("donor", 2, "Sheet", 2, "Atlantis"), ("fund", 3, "Sheet", 2, "Treasure"),
        ("amount", 4, "Sheet", 2, "12,5"), ("currency", 5, "Sheet", 2, "XXQ"),
        ("date", 6, "Sheet", 2, "31 February"), ("instrument", 7, "Sheet", 2, "#N/A"),
        ("year_for", 8, "Sheet", 2, "1066"),
    }  # fmt: skip
    assert all(one.grade == Grade.ROW and one.sentence.endswith(".") for one in found)


def test_a_number_of_a_workbook_is_told_as_it_is_seen(ledger):
    told = [one.value for one in problems(ledger, "receipt", {**GIFT, "amount": 0.0})]
    assert told == ["0"]
    [told] = [one.value for one in problems(ledger, "receipt", {**GIFT, "amount": 0.125})]
    assert told == "0.125"


@pytest.mark.parametrize(
    ("kind", "without", "code"),
    [
        ("receipt", "donor", "missing_donor"), ("receipt", "fund", "missing_fund"),
        ("receipt", "amount", "missing_amount"), ("receipt", "currency", "missing_currency"),
        ("receipt", "date", "missing_date"), ("pledge", "donor", "missing_donor"),
        ("agreement", "date", "missing_date"), ("allotment", "date", "missing_date"),
        ("audited", "fund", "missing_fund"),
    ],
)  # fmt: skip
def test_an_empty_cell_that_is_needed_is_named(ledger, kind, without, code):
    row = {**GIFT, "date": "2021-03-04"}
    row |= {"fund": None if kind == "allotment" else "FNE", without: None}
    [problem] = [one for one in problems(ledger, kind, row) if one.grade == Grade.ROW]
    assert (problem.code, problem.field) == (code, without)
    assert problem.column == list(row).index(without) + 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": "10000000000001"}, "too_many_digits"),
        ({"amount": "1.005"}, "too_many_decimals"), ({"currency": "JPY"}, "too_many_decimals"),
        ({"date": "2022-12-16"}, "date_in_future"), ({"date": "1977-12-31"}, "date_too_long_ago"),
        ({"fund": "RB"}, "fund_not_for_kind"), ({"fund": "EARMARKED"}, "fund_not_for_kind"),
        ({"fund": "TOTAL"}, "unknown_fund"), ({"amount": SpoiltNumber("1e309")}, "no_number"),
        ({"donor": "x" * 301}, "too_long"), ({"reference": "x" * 81}, "too_long"),
        ({"support_rate": "13"}, "support_on_core"),
        ({"support_rate": "100"}, "support_rate_wrong"),
        ({"fund": "FE", "support_rate": "8"}, "support_without_reason"),
        ({"instrument": "R03F"}, "no_valuation"), ({"instrument": "R07"}, "legacy_instrument"),
        ({"due_on": "2099-01-01"}, "date_wrong"), ({"bank_charge": "-1"}, "amount_not_above_zero"),
    ],
)  # fmt: skip
def test_the_rules_of_the_forms_hold_for_rows(ledger, changed, code):
    found = judged(ledger, "receipt", {**GIFT, **changed})
    assert code in codes(found)
    assert found.is_stopped


def test_a_pledge_below_zero_is_refused_and_an_allotment_too(ledger):
    row = {**GIFT, "amount": "-5"}
    assert codes(judged(ledger, "pledge", row)) == ["amount_not_above_zero"]
    row = {"date": "2022-03-04", "amount_usd": "-5"}
    assert codes(judged(ledger, "allotment", row)) == ["amount_not_above_zero"]


def test_what_finance_reports_is_in_us_dollars_and_of_its_own_fund(ledger):
    row = {"date": "2022-03-04", "amount": "5", "currency": "EUR", "fund": "FNE"}
    assert codes(judged(ledger, "allotment", row)) == ["not_dollars", "fund_not_for_kind"]
    [line] = accepted(ledger, "support", {"date": "2022-03-04", "amount": "5"}).lines
    assert (line.kind, line.fund_id, line.amount_usd) == ("support", "PS", 5)


def test_zero_posts_nothing_and_stops_nothing(ledger):
    found = judged(ledger, "receipt", {**GIFT, "amount": "0.00", "donor": "Atlantis"})
    assert (codes(found), found.accepted, found.is_stopped) == (["zero"], None, False)


def test_money_that_went_back_without_an_agreement_lowers_receipts(ledger):
    found = judged(ledger, "receipt", {**GIFT, "amount": "(1,250.50)"})
    assert codes(found) == ["refund_without_agreement"]
    [line] = found.accepted.lines
    assert (line.kind, line.reason, line.amount_usd) == ("receipt", "refund", Decimal("-1250.50"))
    assert found.accepted.promise is None


def test_audited_revenue_is_of_the_years_last_day_and_may_be_below_zero(ledger):
    row = accepted(ledger, "audited", AUDITED)
    [line] = row.lines
    assert (line.value_date, line.year_for, line.fund_id) == (
        datetime.date(2015, 12, 31), 2015, "EARMARKED",
    )  # fmt: skip
    assert (line.amount_usd, line.programme_support_usd) == (Decimal("-20.25"), None)
    for fund in ("PS", "RB"):
        found = judged(ledger, "audited", {**AUDITED, "fund": fund})
        assert found.is_stopped == (fund == "PS")
    assert codes(judged(ledger, "audited", {**AUDITED, "year": "2022"})) == ["date_in_future"]


def test_us_dollars_alone_are_posted_else_they_are_compared(ledger):
    only = {**GIFT, "amount": None, "currency": None, "amount_usd": 500.0}
    assert accepted(ledger, "receipt", only).lines[0].amount == 500
    factories.exchange_rate(currency_id="KES", units_per_usd=Decimal(100),
                            effective_on=datetime.date(2022, 3, 1))  # fmt: skip
    row = {
        **GIFT,
        "amount": 10_000,
        "currency": "KES",
        "amount_usd": 104,
        "exchange_rate": "0.0096",
    }
    assert codes(judged(ledger, "receipt", row)) == []
    far = {**row, "amount_usd": 106, "exchange_rate": 94}
    found = judged(ledger, "receipt", far)
    assert codes(found) == ["dollars_differ", "rate_differs"]
    assert found.accepted.lines[0].amount_usd == 100


def test_without_a_rate_in_force_the_amount_is_not_converted(ledger):
    code = factories.currency().code
    row = {**GIFT, "currency": code}
    found = judged(ledger, "receipt", row)
    assert codes(found) == ["not_converted"]
    assert {line.amount_usd for line in found.accepted.lines} == {None}


def test_a_closed_month_stops_the_row_unless_somebody_says_why(ledger):
    factories.month(ledger=ledger, month=202203)
    found = judged(ledger, "receipt", GIFT)
    assert codes(found) == ["month_closed"]
    assert found.accepted is not None  # so that it is recognised, if it was posted before
    late = accepted(ledger, "receipt", GIFT, choices=Choices(because="The bank was late"))
    assert (late.month, late.lines[0].value_date) == (202212, datetime.date(2022, 3, 4))
    Month.objects.create(ledger=ledger, month=202212, closed_at="2022-12-31T00:00Z", sequence=0,
                         hash="0" * 64)  # fmt: skip
    stopped = judged(ledger, "receipt", GIFT, choices=Choices(because="The bank was late"))
    assert codes(stopped) == ["month_closed"]


def test_a_private_donors_agreement_needs_due_diligence_where_people_sign(ledger):
    company = factories.donor(code="ACME", contributor_type_id="C06", names={"en": "Acme"})
    factories.donor_name("Acme", donor=company)
    row = {**GIFT, "donor": "Acme", "title": "Housing"}
    [problem] = problems(ledger, "agreement", row)
    assert (problem.code, problem.column) == ("not_cleared", 1)
    assert "2022-03-04" in problem.sentence
    assert codes(judged(ledger, "agreement", row, by_people=False)) == []
    assert codes(judged(ledger, "pledge", row)) == codes(judged(ledger, "receipt", row)) == []


def test_a_new_private_donor_is_not_cleared_either(ledger):
    new = {"code": "NEWCO", "name": "Newco", "contributor_type": "C06", "iso3": ""}
    choices = Choices(donors={"newco": {"new": new}})
    found = judged(ledger, "agreement", {**GIFT, "donor": "Newco"}, choices=choices)
    assert codes(found) == ["not_cleared"]
    gift = accepted(ledger, "receipt", {**GIFT, "donor": "Newco"}, choices=choices)
    assert (gift.donor, gift.lines[0].donor_id) == ("NEWCO", -1)


def test_unknown_donors_are_counted_and_those_left_out_say_so(ledger):
    judge = judge_of(ledger, [*GIFT, "iso3", "contributor_type"])
    for number in (2, 3):
        row_of(
            judge, {**GIFT, "donor": "Atlantis, Kingdom of", "iso3": "KEN", "type": None}, number
        )
    [name] = judge.unknown_donors.values()
    assert (name.key, name.text, name.rows) == ("atlantis kingdom of", "Atlantis, Kingdom of", 2)
    choices = Choices(donors={"atlantis": {"leave_out": True}})
    found = judged(ledger, "receipt", {**GIFT, "donor": "Atlantis", "fund": "?"}, choices=choices)
    assert (codes(found), found.accepted, found.is_stopped) == (["left_out"], None, False)


def test_a_channel_that_is_the_donor_is_left_empty(ledger):
    found = judged(ledger, "receipt", {**GIFT, "channel": "Sweden"})
    assert codes(found) == ["channel_is_donor"]
    assert found.accepted.lines[0].channel_id is None
    assert codes(judged(ledger, "receipt", {**GIFT, "channel": "Nowhere"})) == ["unknown_donor"]


def test_books_are_chosen_by_the_entity(ledger):
    other = factories.ledger(code="UNX", name="Other books")
    row = accepted(ledger, "audited", {**AUDITED, "entity": "Other books"})
    assert row.ledger == other.code
    judge = judge_of(ledger, [*AUDITED, "entity"], kind="audited")
    found = row_of(judge, {**AUDITED, "entity": "UNESCO"})
    assert (codes(found), found.accepted) == (["unknown_books"], None)
    assert list(judge.unknown_books) == ["unesco"]


def test_headings_and_totals_among_the_rows_are_skipped(ledger):
    fields = list(AUDITED)
    judge = judge_of(ledger, fields, kind="audited")
    again = judge.row(SourceRow(3, list(fields)))
    total = judge.row(SourceRow(4, ["Grand total", None, "1,000", "2015"]))
    assert [codes(again), codes(total)] == [["heading_again"], ["total_row"]]
    assert not (again.is_stopped or total.is_stopped or again.accepted or total.accepted)
    assert not judge.unknown_donors


def test_a_constant_stands_for_an_empty_cell(ledger):
    row = {**GIFT, "currency": None, "fund": None}
    found = accepted(ledger, "receipt", row, constants={"currency": "SEK", "fund": "core"})
    assert {(line.currency_id, line.fund_id) for line in found.lines} == {("SEK", "FNE")}


def test_a_word_chosen_for_the_file_stands_for_its_code(ledger):
    row = {**GIFT, "fund": "Envelope B", "kind": "Zusage"}
    found = accepted(
        ledger, "", row,
        values={"fund": {"envelope b": "TC"}, "kind": {"zusage": "pledge"}},
    )  # fmt: skip
    assert [(line.kind, line.fund_id) for line in found.lines] == [("pledge", "TC")]
    assert codes(judged(ledger, "", GIFT)) == ["missing_kind"]


def test_texts_lose_what_nobody_sees_and_keep_what_a_spreadsheet_would_run(ledger):
    row = {**GIFT, "title": "\u202e=SUM(A1)\u200b\n twice ", "reference": "-7"}
    found = accepted(ledger, "receipt", row)
    assert found.promise.values["title"] == "=SUM(A1) twice"
    assert found.promise.values["reference"] == "-7"


def test_an_identifier_of_its_own_is_what_a_row_is_recognised_by(ledger):
    row = {**GIFT, "row_id": 227992.0}
    found = accepted(ledger, "receipt", row)
    assert found.identity == ("id", "receipt", ledger.code, "227992")
    plain = accepted(ledger, "receipt", GIFT)
    assert plain.identity == plain.content
    # Its channel, days and charges stand beside: what changed of them since is told.
    assert found.content[: len(plain.content)] == plain.content


def test_what_a_row_says_does_not_depend_on_format_or_choices(ledger):
    typed = {**GIFT, "amount": 1250.5, "date": datetime.date(2022, 3, 4)}
    comma = {**GIFT, "amount": "1.250,50", "date": "4/3/2022"}
    choices = Choices(donors={"sweden": {"donor": "NOR"}})
    same = accepted(ledger, "receipt", GIFT).content
    assert accepted(ledger, "receipt", typed).content == same
    assert accepted(ledger, "receipt", comma, decimal_sign=",", date_order="dmy").content == same
    assert accepted(ledger, "receipt", GIFT, choices=choices).content == same
    other = {**GIFT, "amount": "1,250.51"}
    assert accepted(ledger, "receipt", other).content != same


def test_rows_ask_the_database_nothing(ledger, django_assert_num_queries):
    judge = judge_of(ledger, [*GIFT, "year"])
    audited = judge_of(ledger, list(AUDITED), kind="audited")
    with django_assert_num_queries(0):
        for number in range(2, 50):
            judge.row(SourceRow(number, [*GIFT.values(), number]))
            assert row_of(audited, AUDITED, number).accepted


@pytest.mark.parametrize("field", ["title", "note"])
def test_a_text_that_is_too_long_to_keep_is_shortened_with_a_warning(ledger, field):
    found = judged(ledger, "receipt", {**GIFT, field: "x" * 298 + " yz"})
    assert [(one.code, one.grade, one.field) for one in found.problems] == [
        ("shortened", Grade.WARNING, field),
    ]  # fmt: skip
    assert found.accepted.promise.values["title"] == "x" * 298 + "…"


def test_an_amount_of_zero_beside_us_dollars_is_not_lost(ledger):
    found = judged(ledger, "receipt", {**GIFT, "amount": "0", "amount_usd": "40.50"})
    assert codes(found) == ["zero_beside_dollars"]
    receipt = found.accepted.lines[-1]
    assert (receipt.currency_id, receipt.amount) == ("USD", Decimal("40.50"))
