"""A donor's year: worked by hand, to the cent, from postings of a handful of entries.

Sweden in the books T: US$ 1,000.00 of core money on 4 March 2021; SEK 80,000 at 8 to the dollar
(US$ 10,000.00) of earmarked money on 1 June 2021; US$ 300.00 in 2020 and US$ 200.00 in 2022.
"""

import datetime
from decimal import Decimal

import pytest

from donors.models import Donor
from income import ledger as door
from income.models import Currency, Fund, Month
from income.periods import YearMonth, months_of
from income.services import PromisedContribution, ReceivedMoney, record_receipt, sign_agreement
from income.services.actors import SYSTEM
from income.vocabulary import Act, Kind, Mode
from reports.figures.giving import giving
from reports.figures.provenance import Basis
from reports.figures.statement import statement
from tests import factories

pytestmark = pytest.mark.django_db

EARMARKED_ON = datetime.date(2021, 6, 1)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.fixture
def books(ledger):
    factories.posting(ledger, factories.entry("1000.00"), reference="BANK-1")
    factories.posting(
        ledger,
        factories.entry(
            "80000.00", units_per_usd="8", currency_id="SEK", fund_id="FE", value_date=EARMARKED_ON
        ),
    )
    for amount, on in (("300.00", "2020-05-05"), ("200.00", "2022-02-02")):
        factories.posting(ledger, factories.entry(amount, value_date=day(on)))
    return ledger


def plain(text):
    """The sentence with ordinary spaces, wherever it must not break."""
    return text.replace("\u00a0", " ")


def usd(figure):
    return None if figure.amount_usd is None else str(figure.amount_usd)


def test_each_fund_shows_what_was_received_and_kinds_stand_apart(books, sweden, today):
    factories.posting(books, factories.entry("5000.00", kind=Kind.PLEDGE, fund_id="FE"))
    told = statement(books, sweden, 2021, today)
    assert told.kinds == (Kind.PLEDGE, Kind.AGREEMENT, Kind.DUE, Kind.RECEIPT)
    assert [(line.fund, [usd(one) for one in line.figures]) for line in told.lines] == [
        ("FNE", ["0", "0", "0", "1000.00"]),
        ("FE", ["5000.00", "0", "0", "10000.00"]),
    ]
    assert [usd(one) for one in told.totals] == ["5000.00", "0", "0", "11000.00"]
    assert plain(told.headline) == "Received from Sweden in 2021: US$ 11,000.00."


def test_every_figure_leads_to_its_entries(books, sweden, today):
    told = statement(books, sweden, 2021, today)
    assert (
        told.lines[0]
        .figures[3]
        .href.endswith("?books=T&kind=receipt&fund=FNE&donor=SWE&mode=cash&from=2021-01&to=2021-12")
    )
    assert told.totals[3].href.endswith("?books=T&kind=receipt&donor=SWE&from=2021-01&to=2021-12")


def test_a_receipt_keeps_its_currency_rate_and_reference(books, sweden, today):
    first, second = statement(books, sweden, 2021, today).receipts
    assert (first.reference, first.currency, first.amount) == ("BANK-1", "USD", Decimal("1000"))
    assert (second.currency, second.amount, second.rate) == ("SEK", Decimal("80000"), Decimal("8"))
    assert (second.rate_on, second.rate_label) == (
        day("2021-03-01"),
        "monthly average (not a UN rate)",
    )
    assert second.amount_usd == Decimal("10000.00")


def test_a_receipt_without_a_rate_is_told_and_never_zero(books, sweden, today):
    factories.posting(books, factories.entry("7000.00", currency_id="SEK"))
    told = statement(books, sweden, 2021, today)
    assert [str(one.amount_usd) for one in told.receipts] == ["1000.00", "None", "10000.00"]
    assert [(c.currency, c.count, c.amount) for c in told.not_converted] == [
        ("SEK", 1, Decimal("7000"))
    ]
    assert usd(told.total(Kind.RECEIPT)) == "11000.00"
    assert plain(told.headline) == "Received from Sweden in 2021: US$ 11,000.00 and SEK 7,000.00."
    assert "1 receipt has no exchange rate and is in no sum of US dollars: SEK 7,000.00." in map(
        plain, told.notes
    )


def test_a_reversed_receipt_is_gone_from_the_list_and_the_sums(books, sweden, today):
    wrong = factories.posting(books, factories.entry("999.00"))
    door.reverse(
        wrong, booked_month=YearMonth(2021, 4), note="Another's money", token="undo",
        prepared_by=None, approved_by=None,
    )  # fmt: skip
    told = statement(books, sweden, 2021, today)
    assert [one.amount for one in told.receipts] == [Decimal("1000"), Decimal("80000")]
    assert usd(told.total(Kind.RECEIPT)) == "11000.00"


def test_money_meant_for_another_year_is_told_from_both_sides(books, sweden, today):
    factories.posting(books, factories.entry("400.00", value_date=day("2021-12-20"), year_for=2022))
    factories.posting(books, factories.entry("50.00", value_date=day("2020-12-31"), year_for=2021))
    notes = [plain(note) for note in statement(books, sweden, 2021, today).notes]
    assert "Of the money received in 2021, US$ 400.00 is meant for 2022." in notes
    assert "Money meant for 2021 was received in 2020: US$ 50.00." in notes
    assert "Money meant for 2022 was received in 2021: US$ 400.00." in map(
        plain, statement(books, sweden, 2022, today).notes
    )


def test_ten_years_end_with_the_year_and_begin_where_the_books_do(books, sweden, today):
    (picture,) = statement(books, sweden, 2021, today).pictures
    assert picture.label == "Received"
    assert [one.year for one in picture.years] == list(range(2012, 2022))
    assert [usd(one.given) for one in picture.years] == [None] * 8 + ["300.00", "11000.00"]


def test_a_year_is_provisional_until_its_months_are_closed(books, sweden, today):
    before = statement(books, sweden, 2021, today)
    assert before.provenance.is_provisional
    assert len(before.provenance.open_months) == 12
    Month.objects.bulk_create(closed(books, month) for month in months_of(2021))
    after = statement(books, sweden, 2021, today)
    assert after.provenance.status == "closed, provisional until audited"
    assert after.on == day("2021-12-31")


def closed(books, month):
    return Month(
        ledger=books, month=month.key, sequence=books.sequence, hash=books.head_hash,
        closed_at=datetime.datetime(2022, 1, 31, tzinfo=datetime.UTC),
    )  # fmt: skip


def test_it_names_the_state_of_the_books_it_was_made_from(books, sweden, today):
    books.refresh_from_db()
    told = statement(books, sweden, 2022, today)
    assert (told.provenance.sequence, told.provenance.hash) == (4, books.head_hash)
    assert told.moved_at == books.moved_at
    assert told.on == today


def test_gifts_in_kind_stand_in_a_line_of_their_own(books, sweden, today):
    factories.posting(books, factories.entry("77.00", mode=Mode.IN_KIND))
    lines = {
        line.name: usd(line.figures[3]) for line in statement(books, sweden, 2021, today).lines
    }
    assert lines["Foundation non-earmarked"] == "1000.00"
    assert lines["Foundation non-earmarked, in kind"] == "77.00"


def test_audited_books_tell_audited_revenue_and_call_it_so(ledger, sweden, today):
    revenue = {"kind": Kind.AUDITED_REVENUE, "value_date": day("2021-12-31")}
    factories.posting(
        ledger,
        factories.entry("120.00", **revenue),
        factories.entry("-20.00", fund_id="FE", **revenue),
        act=Act.RECORD_AUDITED_REVENUE,
    )  # fmt: skip
    told = statement(ledger, sweden, 2021, today)
    assert told.kinds == (Kind.AUDITED_REVENUE,)
    assert told.provenance.basis is Basis.AUDITED
    assert plain(told.headline) == "Audited revenue from Sweden in 2021: US$ 100.00."
    assert told.pictures[0].label == "Audited revenue"
    assert [usd(one.given) for one in told.pictures[0].years] == [None] * 9 + ["100.00"]
    assert not told.provenance.is_provisional
    nobody = statement(ledger, Donor.objects.get(code="NOR"), 2021, today)
    assert plain(nobody.headline) == "No audited revenue from Norway is reported for 2021."


def test_a_donor_without_receipts_gets_a_statement_that_says_so(books, today):
    told = statement(books, Donor.objects.get(code="NOR"), 2021, today)
    assert plain(told.headline) == "Nothing was received from Norway in 2021."
    assert told.lines == ()
    assert usd(told.total(Kind.RECEIPT)) == "0"


def signed(books, sweden, today, **changed):
    """SEK 400 over four years from 2021, of which three quarters have fallen due by today."""
    promise = {
        "donor": sweden, "fund": Fund.objects.get(code="FE"), "title": "Four years",
        "currency": Currency.objects.get(code="SEK"), "amount": Decimal(400),
        "promised_on": day("2021-01-10"),
        "schedule": [(day(f"{2020 + n}-02-01"), Decimal(100)) for n in range(1, 5)],
    }  # fmt: skip
    posting = sign_agreement(
        books, PromisedContribution(**{**promise, **changed}), token="signed", today=today,
        actors=SYSTEM,
    )  # fmt: skip
    return posting.entries.first().contribution


def test_what_is_still_due_is_what_fell_due_and_did_not_arrive(books, sweden, today):
    agreement = signed(books, sweden, today)
    record_receipt(
        books, agreement,
        ReceivedMoney(currency=agreement.currency, amount=Decimal(130),
                      received_on=day("2021-03-01")),
        token="paid", today=today, actors=SYSTEM,
    )  # fmt: skip
    (balance,) = giving(books, sweden, today).balances
    assert (balance.agreed, balance.due_so_far, balance.received) == (400, 200, 130)
    assert (balance.outstanding, balance.due_later) == (70, 200)


def test_what_is_still_due_is_converted_at_the_rate_of_today(books, sweden, today):
    factories.exchange_rate(
        currency_id="SEK", effective_on=day("2022-12-01"), units_per_usd=Decimal(10)
    )
    signed(books, sweden, today)
    told = giving(books, sweden, today)
    assert told.still_due_usd == Decimal("20.00")
    assert plain(told.headline) == (
        "Sweden has given US$ 11,500.00 since 2020 in these books. Still due: US$ 20.00."
    )
    assert "SEK 200.00 at 10.00 of 1 December 2022 (UN operational rate)" in plain(told.notes[0])


def test_the_years_of_a_donor_add_up_to_the_total(books, sweden, today):
    (table,) = giving(books, sweden, today).tables
    assert [(row.year, usd(row.total)) for row in table.rows] == [
        (2022, "200.00"), (2021, "11000.00"), (2020, "300.00"),
    ]  # fmt: skip
    assert [code for code, _name in table.funds] == ["FNE", "FE"]
    assert [usd(one) for one in table.total.by_fund] == ["1500.00", "10000.00"]
    assert usd(table.total.total) == "11500.00"
