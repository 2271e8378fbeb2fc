"""Agreed, due, received: three sums of one year that are never mixed, and the bridge between them.

Germany signs 8 million over four years in March 2021: 2 million due each June. The instalment of
2021 comes in January 2022, those of 2022 and 2023 on time. Sweden signs 10,000,000 kronor in
April 2021 at 8.00 (US$ 1,250,000.00), due and paid in May 2021 at 8.50: 9,999,000 arrive, the bank
keeps 1,000.
"""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.models import Sum

from donors.models import Donor
from income.entry_filter import EntryFilter
from income.models import Contribution, Currency, Entry, Fund
from income.periods import YearMonth
from income.services import (
    PromisedContribution,
    ReceivedMoney,
    record_receipt,
    sign_agreement,
)
from income.services.actors import SYSTEM
from income.vocabulary import Kind, Mode, RateType, Reason
from reports.figures.bases import BasesQuestion, bases
from reports.figures.scope import Scope
from tests import factories
from tests.reports.hand_made import query_of

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2024, 6, 30)
D = Decimal


def day(text):
    return datetime.date.fromisoformat(text)


def sign(books, donor, amount, on, schedule, *, currency="USD", fund="FE", title="Cities"):
    promise = PromisedContribution(
        donor=Donor.objects.get(code=donor), fund=Fund.objects.get(code=fund), title=title,
        currency=Currency.objects.get(code=currency), amount=D(amount), promised_on=day(on),
        schedule=[(day(due), D(part)) for due, part in schedule],
    )  # fmt: skip
    posting = sign_agreement(
        books, promise, token=f"{title} {donor} {on}", today=TODAY, actors=SYSTEM
    )
    return Contribution.objects.get(entries__posting=posting, entries__kind=Kind.AGREEMENT)


def pay(books, contribution, number, amount, on, *, charge=None, credited=None, currency=None):
    code = currency or contribution.currency_id
    money = ReceivedMoney(
        currency=Currency.objects.get(code=code), amount=D(amount), received_on=day(on),
        instalment=contribution.instalments.get(number=number) if number else None,
        bank_charge=D(charge) if charge else None, credited=D(credited) if credited else None,
    )  # fmt: skip
    return record_receipt(
        books, contribution, money, token=f"paid {contribution.pk} {number} {on}", today=TODAY,
        actors=SYSTEM,
    )  # fmt: skip


@pytest.fixture
def rates(reference):
    for on, units in (("2021-04-01", "8"), ("2021-05-01", "8.5")):
        factories.exchange_rate(
            currency_id="SEK",
            effective_on=day(on),
            units_per_usd=D(units),
            rate_type=RateType.UN_OPERATIONAL,
        )


@pytest.fixture
def germany(ledger, rates):
    years = (2021, 2022, 2023, 2024)
    signed = sign(
        ledger, "DEU", 8_000_000, "2021-03-10", [(f"{y}-06-30", 2_000_000) for y in years]
    )
    for number, on in ((1, "2022-01-17"), (2, "2022-06-30"), (3, "2023-06-30")):
        pay(ledger, signed, number, 2_000_000, on)
    return signed


@pytest.fixture
def sweden(ledger, rates):
    signed = sign(
        ledger, "SWE", 10_000_000, "2021-04-12", [("2021-05-31", 10_000_000)], currency="SEK"
    )
    pay(ledger, signed, 1, 9_999_000, "2021-05-28", charge=1_000)
    return signed


def ask(books, year, *, fund="", sees_everything=True, as_at=None, **scope):
    question = BasesQuestion(
        Scope(books, **scope), year, as_at or YearMonth(year, 12), fund, sees_everything
    )
    return bases(question)


def of(told, fund=""):
    """Agreed, due and received of a row."""
    return tuple(told.row(fund).of(kind).amount_usd for kind in ("agreement", "due", "receipt"))


def lines(told):
    return {one.code: one.amount_usd for one in told.bridge.lines if not one.is_basis}


def without_excess(got):
    """The lines without those of money that no instalment waited for, and how much that is."""
    excess = [got.pop(code, D(0)) for code in ("more_than_due", "without_instalment")]
    return got, sum(excess)


def casts(told):
    """Whether each part of the bridge adds up exactly."""
    b = told.bridge
    assert b.agreed.amount_usd + sum(x.amount_usd for x in b.to_due) == b.due.amount_usd
    assert b.due.amount_usd + sum(x.amount_usd for x in b.to_received) == b.received.amount_usd
    if b.audited:
        added = sum(x.amount_usd for x in b.to_audited)
        assert b.received.amount_usd + added == b.audited.amount_usd
    return True


@pytest.mark.parametrize(
    ("year", "three", "between"),
    [
        (2021, (8, 2, 0), {"agreed_due_later": -6, "not_received": -2}),
        (2022, (0, 2, 4), {"due_agreed_earlier": 2, "due_earlier": 2}),
        (2023, (0, 2, 2), {"due_agreed_earlier": 2}),
        (2024, (0, 2, 0), {"due_agreed_earlier": 2, "not_received": -2}),
    ],
)
def test_four_years_of_8_million_with_one_late_instalment(germany, ledger, year, three, between):
    told = ask(ledger, year)
    assert of(told) == of(told, "FE") == tuple(D(x) * 1_000_000 for x in three)
    assert lines(told) == {code: D(x) * 1_000_000 for code, x in between.items()}
    assert casts(told)


def test_kronor_come_in_at_another_rate_and_less_a_bank_charge(ledger, rates):
    """9,999,000 / 8.5 = 1,176,352.94 and 1,000 / 8.5 = 117.65, where 1,250,000.00 were agreed."""
    signed = sign(
        ledger, "SWE", 10_000_000, "2021-04-12", [("2021-05-31", 10_000_000)], currency="SEK"
    )
    paid = factories.entry(
        "9999000.00", currency_id="SEK", units_per_usd="8.5", fund_id="FE", donor=signed.donor,
        contribution=signed, instalment=signed.instalments.get(), bank_charge=D(1000),
        value_date=day("2021-05-28"), settled_usd=D(1_250_000), credited_amount=D(10_000_000),
    )  # fmt: skip
    factories.posting(ledger, paid)
    told = ask(ledger, 2021)
    assert of(told) == (D(1_250_000), D(1_250_000), D("1176352.94"))
    assert lines(told) == {"exchange": D("-73529.41"), "bank_charges": D("-117.65")}
    assert casts(told)


def test_a_month_before_the_year_is_over_tells_what_is_still_to_fall_due(germany, ledger):
    told = ask(ledger, 2022, as_at=YearMonth(2022, 3))
    assert of(told) == (D(0), D(2_000_000), D(2_000_000))
    assert lines(told) == {
        "due_agreed_earlier": D(2_000_000), "due_later_in_year": D(-2_000_000),
        "due_earlier": D(2_000_000),
    }  # fmt: skip
    assert casts(told)


def test_money_without_an_instalment_more_than_due_and_before_its_year(ledger, rates):
    signed = sign(ledger, "JPN", 100, "2021-02-01", [("2021-06-01", 40), ("2022-06-01", 60)])
    pay(ledger, signed, 1, 45, "2021-06-02")
    pay(ledger, signed, 2, 50, "2021-12-30")
    pay(ledger, signed, 2, 12, "2022-07-01")
    pay(ledger, signed, None, 7, "2022-08-01")
    assert without_excess(lines(ask(ledger, 2021))) == (
        {"agreed_due_later": D(-60), "due_later": D(50)}, D(5),
    )  # fmt: skip
    assert without_excess(lines(ask(ledger, 2022))) == (
        {"due_agreed_earlier": D(60), "received_before": D(-50)}, D(9),
    )  # fmt: skip
    assert casts(ask(ledger, 2021)) and casts(ask(ledger, 2022))


def test_refunds_interest_and_transfers_have_lines_of_their_own(germany, ledger):
    row = {"fund_id": "FE", "donor": germany.donor, "value_date": day("2022-11-02")}
    factories.posting(
        ledger,
        factories.entry("-300.00", reason=Reason.REFUND, **row),
        factories.entry("-4.50", reason=Reason.INTEREST, **row),
        factories.entry("-20.00", reason=Reason.TRANSFER, **row),
        factories.entry("20.00", reason=Reason.TRANSFER, **{**row, "fund_id": "TC"}),
    )
    told = ask(ledger, 2022, fund="FE")
    assert casts(told) and casts(ask(ledger, 2022))
    got = lines(told)
    assert (got["refund"], got["interest"], got["transfer"]) == (D(-300), D("-4.50"), D(-20))
    assert "transfer" not in lines(ask(ledger, 2022))  # between grants: no income
    [receipts] = [one for one in told.gross_net if one.kind == Kind.RECEIPT]
    assert (receipts.gross_usd, receipts.net_usd) == (D(4_000_000), D("3999675.50"))
    assert [(c.reason, c.amount_usd) for c in receipts.changes] == [
        ("refund", D(-300)), ("interest", D("-4.50")), ("transfer", D(-20)),
    ]  # fmt: skip


def test_what_is_not_cash_conditional_or_pledged_stands_apart(germany, ledger):
    row = {"fund_id": "FE", "donor": germany.donor, "value_date": day("2022-05-05")}
    factories.posting(
        ledger,
        factories.entry("70.00", mode=Mode.IN_KIND, **row),
        factories.entry("8.00", mode=Mode.JUNIOR_PROFESSIONAL, **row),
        factories.entry("500.00", kind=Kind.CONDITIONAL, **row),
        factories.entry("90.00", kind=Kind.PLEDGE, **row),
        factories.entry("33.00", kind=Kind.LEVY, **row),
    )
    told = ask(ledger, 2022)
    assert of(told) == (D(0), D(2_000_000), D(4_000_000))
    assert [(row.code, row.of(Kind.RECEIPT).amount_usd) for row in told.not_cash] == [
        ("in_kind", D(70)), ("jpo", D(8)),
    ]  # fmt: skip
    assert told.total.of(Kind.CONDITIONAL).amount_usd == D(500)
    assert told.total.of(Kind.PLEDGE).amount_usd == D(90)


def test_audited_revenue_is_reached_by_lines_and_a_remainder_that_says_so(germany, ledger):
    factories.posting(
        ledger,
        factories.entry(
            "8100000.00", kind=Kind.AUDITED_REVENUE, fund_id="FE", donor=germany.donor,
            value_date=day("2021-12-31"),
        ),
        factories.entry(
            "60000.00", mode=Mode.IN_KIND, fund_id="FE", donor=germany.donor,
            value_date=day("2021-08-01"),
        ),
    )  # fmt: skip
    told = ask(ledger, 2021)
    assert casts(told)
    assert [(one.code, one.amount_usd) for one in told.bridge.to_audited] == [
        ("not_cash", D(60_000)), ("recognised_now", D(8_000_000)), ("remainder", D(40_000)),
    ]  # fmt: skip
    assert "not explained by these books" in told.bridge.to_audited[-1].label
    assert ask(ledger, 2022).bridge.audited is None


def test_what_is_not_converted_is_told_and_is_no_zero(germany, ledger):
    signed = sign(ledger, "KEN", 5_000, "2022-02-01", [("2022-03-01", 5_000)], currency="KES")
    pay(ledger, signed, 1, 2_000, "2022-03-01")
    told = ask(ledger, 2022)
    assert of(told) == (D(0), D(2_000_000), D(4_000_000))
    assert casts(told)
    assert {kind: [(c.currency, c.count, c.amount) for c in cells]
            for kind, cells in told.not_converted} == {
        "agreement": [("KES", 1, D(5000))], "due": [("KES", 1, D(5000))],
        "receipt": [("KES", 1, D(2000))],
    }  # fmt: skip
    assert any("not converted" in note and "KES" in note for note in told.notes)


def test_one_donor_and_one_contribution_have_bridges_of_their_own(germany, sweden, ledger):
    both = ask(ledger, 2021)
    assert of(both) == (D(9_250_000), D(3_250_000), D("1176352.94"))
    assert of(ask(ledger, 2021, donor=germany.donor)) == (D(8_000_000), D(2_000_000), D(0))
    only = ask(ledger, 2021, contribution=sweden)
    assert of(only) == (D(1_250_000), D(1_250_000), D("1176352.94"))
    assert casts(both) and casts(only)


def test_every_link_opens_entries_that_add_up(germany, sweden, ledger):
    for year in (2021, 2022, 2023):
        told = ask(ledger, year)
        shown = [c for row in (*told.rows, told.total) for c in row.cells]
        linked = [(c.link, c.amount_usd) for c in shown if c.link]
        linked += [(x.link, x.amount_usd) for x in told.bridge.lines if x.link and x.adds_up]
        linked += [(c.link, c.amount_usd) for row in told.years_for.rows for c in row.cells]
        assert len(linked) > 3
        for link, usd in ((link, usd) for link, usd in linked if link):
            asked = EntryFilter.parse(query_of(link))
            assert asked.misunderstood == ()
            found = asked.apply(Entry.objects.in_books(ledger))
            assert abs(found.aggregate(t=Sum("amount_usd"))["t"]) == abs(usd), link


def test_the_year_money_is_for_stands_beside_the_year_it_came_in(germany, ledger):
    """The instalment of 2021 came in January 2022."""
    told = ask(ledger, 2022)
    matrix = {
        (row.year_for, came): cell.amount_usd
        for row in told.years_for.rows
        for came, cell in zip(told.years_for.came, row.cells, strict=True)
    }
    assert matrix == {(2021, 2022): D(2_000_000), (2022, 2022): D(2_000_000)}
    assert [note.replace("\u00a0", " ") for note in told.years_for.notes] == [
        "US$ 2,000,000.00 for 2021 arrived in January 2022, after that year."
    ]


def test_a_cut_of_the_agreement_falls_out_of_due_with_its_reason(germany, ledger):
    """One million is cancelled in 2022, of the instalment of 2024."""
    last = germany.instalments.get(number=4)
    row = {"fund_id": "FE", "donor": germany.donor, "contribution": germany}
    factories.posting(
        ledger,
        factories.entry("-1000000.00", kind=Kind.AGREEMENT, reason=Reason.CANCELLATION,
                        value_date=day("2022-09-01"), **row),
        factories.entry("-1000000.00", kind=Kind.DUE, reason=Reason.CANCELLATION,
                        value_date=last.due_on, instalment=last, **row),
    )  # fmt: skip
    assert of(ask(ledger, 2022)) == (D(-1_000_000), D(2_000_000), D(4_000_000))
    assert lines(ask(ledger, 2022))["agreed_due_later"] == D(1_000_000)
    assert of(ask(ledger, 2024))[1] == D(1_000_000)
    agreements = [one for one in ask(ledger, 2022).gross_net if one.kind == Kind.AGREEMENT]
    assert [(c.reason, c.amount_usd) for c in agreements[0].changes] == [
        ("cancellation", D(-1_000_000))
    ]
    assert casts(replace(ask(ledger, 2024)))
