"""What the Board may not work out by putting pages, months or states of the books side by side.

And figures that a finance officer would dispute. Amounts are US dollars, worked out by hand.
"""

import datetime
from decimal import Decimal

import pytest

from accounts.permissions import Role
from donors.models import Donor
from income.models import Currency, Fund
from income.periods import YearMonth
from income.services import PromisedContribution, sign_agreement
from income.services.actors import SYSTEM
from reports.figures.base_question import parse_bases
from reports.figures.bases import bases
from reports.figures.coming import read_coming
from reports.figures.compact import compact_lines
from reports.figures.dashboard import dashboard
from reports.figures.owed_months import OVERDUE, TOTAL, _withheld
from reports.figures.question import parse
from reports.figures.scorecard.card import scorecard
from reports.figures.sums import Sums
from reports.plain import plain
from reports.updates.asking import question_of
from reports.updates.comparing import told
from reports.updates.publishing import publish_update
from tests import board_factories, factories
from tests.reports.hand_made import TODAY, received
from tests.reports.looking_ahead import (
    agreed,
    ask_as,
    december_payers,
    four_instalments,
    hoped_for,
    million,
    paid,
)
from tests.reports.update_cases import MAY, ON_15_APRIL, prepared, three_months, without_documents
from tests.reports.update_cases import paid as payment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
THREE = ("SWE", "NOR", "DEU")


def amounts(pace):
    return {pace.expected_usd, pace.low_usd, pace.high_usd, pace.due_usd, pace.came_usd}


@pytest.fixture
def books(ledger):
    """Three donors with a million due in February and in November; Japan alone 0.7 in May."""
    for donor in THREE:
        agreed(ledger, donor, "2021-01-10", ("2021-02-01", "1.0"), ("2021-11-01", "1.0"))
    agreed(ledger, "JPN", "2021-01-12", ("2021-05-03", "0.7"))
    factories.posting(ledger, received("0.5", "FE", "KEN", "2021-06-15"))
    ledger.refresh_from_db()
    return ledger


def test_two_months_side_by_side_give_the_board_no_instalment_of_one_donor(books):
    """April and June would differ by what Japan owes in May."""
    june = ask_as(books, staff=False, as_at="2021-06")
    assert june.funds.row("FE").pace.due_usd == million("3.7")
    for code in ("FE", "TOTAL"):
        april = ask_as(books, staff=False, as_at="2021-04").funds.row(code).pace
        assert (april.is_withheld, amounts(april)) == (True, {None})
    fund = ask_as(books, staff=False, as_at="2021-04").forecast.year.row("FE")
    assert (fund.dues_usd, fund.band.high_usd) == (0, 0)
    assert ask_as(books, as_at="2021-04").funds.row("FE").pace.due_usd == million("3.0")


def test_two_states_of_the_books_side_by_side_give_the_board_no_agreement(books):
    """The state before Japan's agreement was posted would differ from the next by 0.7 million."""
    assert books.sequence > 6
    for known in range(1, books.sequence + 1):
        pace = ask_as(books, staff=False, as_at="2021-06", known=str(known)).funds.row("FE").pace
        assert amounts(pace) == {None}


def test_two_updates_side_by_side_give_no_instalment_and_no_prospect_away(books):
    """The archive keeps one a month: June would differ from May by one donor's money."""
    for donor in THREE:
        hoped_for(books, donor, "1.0", 50, "2021-12-01")
    assert ask_as(books, staff=False).forecast.year.row("FE").prospects_usd == million("3.0")
    kept = dashboard(question_of(books, YearMonth(2021, 6)))
    pace, fund = kept.funds.row("FE").pace, kept.forecast.year.row("FE")
    assert (pace.is_withheld, amounts(pace)) == (True, {None})
    assert (fund.dues_usd, fund.weighted_usd, fund.prospects_usd) == (0, 0, 0)
    assert "would be there" not in kept.headline  # nothing ahead may be told


def test_a_look_back_from_two_months_gives_the_board_no_agreement(ledger):
    """2020 seen from March and from April would differ by what Japan signed in between."""
    factories.posting(ledger, received("1.0", "FNE", "SWE", "2020-01-15"))
    for donor in THREE:
        agreed(ledger, donor, "2020-01-20", ("2020-11-01", "1.0"))
    agreed(ledger, "JPN", "2020-04-10", ("2020-11-01", "0.7"))
    factories.posting(ledger, received("1.0", "FNE", "SWE", "2021-04-01"))

    def forecast_of_2020(as_at, *, staff):
        back = ask_as(ledger, staff=staff, as_at=as_at).forecast.backtest
        return next(r for r in back.years[0].rows if r.code == "FE").forecast_usd

    assert forecast_of_2020("2021-04", staff=False) == million("3.7")
    assert forecast_of_2020("2021-03", staff=False) == 0
    assert forecast_of_2020("2021-03", staff=True) == million("3.0")


def test_the_three_bases_and_the_pace_together_give_nobody_away(ledger):
    """All of the year's 7.0 million stands there; 5.0 due later would leave the EU's 2.0."""
    contribution = four_instalments(ledger)
    factories.posting(ledger, paid(contribution, 1, "1.0", "2021-06-15"))
    for donor in THREE:
        agreed(ledger, donor, "2021-03-01", ("2021-10-01", "1.0"))
    found = bases(parse_bases({"year": "2021"}, ledger, TODAY, sees_everything=False))
    assert found.row("FE").of("due").amount_usd == million("7.0")
    fund = ask_as(ledger, staff=False, as_at="2021-06").forecast.year.row("FE")
    assert fund.dues_usd == 0
    assert ask_as(ledger, as_at="2021-06").forecast.year.row("FE").dues_usd == million("6.0")


def test_what_was_due_in_the_year_and_what_is_overdue_give_nobody_away(ledger):
    """The bases tell 3.0 million due in the year, of which nothing came: 4.0 overdue leave 1.0."""
    agreed(ledger, "EU", "2020-01-10", ("2020-03-01", "1.0"))
    for donor in THREE:
        agreed(ledger, donor, "2021-01-10", ("2021-02-01", "1.0"))
    factories.posting(ledger, received("0.5", "FE", "KEN", "2021-06-15"))
    found = bases(parse_bases({"year": "2021"}, ledger, TODAY, sees_everything=False))
    assert found.row("FE").of("due").amount_usd == million("3.0")
    assert ask_as(ledger, staff=False).forecast.year.row("FE").dues_usd == 0
    assert ask_as(ledger).forecast.year.row("FE").dues_usd == million("4.0")


def test_what_is_outstanding_and_the_forecast_together_give_nobody_away(ledger):
    """Outstanding are 6.9 million; 3.0 to the end of the year and 3.0 in 2022 leave Japan's 0.9."""
    for donor in THREE:
        agreed(ledger, donor, "2021-01-10", ("2021-11-01", "1.0"), ("2022-11-01", "1.0"))
    agreed(ledger, "JPN", "2021-01-12", ("2024-05-03", "0.9"))
    factories.posting(ledger, received("0.5", "FE", "KEN", "2020-01-15"),
                      received("0.5", "FE", "KEN", "2021-06-15"))  # fmt: skip
    forecast = ask_as(ledger, staff=False, as_at="2021-06").forecast
    assert forecast.period.row("FE").dues_usd < million("6.0")
    assert ask_as(ledger, as_at="2021-06").forecast.period.row("FE").dues_usd == million("6.0")


def test_months_on_both_sides_of_the_new_year_do_not_hide_each_other():
    """The forecast tells what falls due to December: May's one donor cannot hide behind January."""
    ids = [factories.donor(code=f"D{n}").pk for n in range(1, 7)]
    three = {one: Decimal(50) for one in ids[:3]}
    cells = {
        OVERDUE: {}, "2022-05": {ids[3]: Decimal(40)}, "2022-07": three,
        "2023-01": {ids[4]: Decimal(30), ids[5]: Decimal(30)}, "later": three,
    }  # fmt: skip
    cells[TOTAL] = {one: sum((c.get(one, Decimal(0)) for c in cells.values()), Decimal(0))
                    for one in ids}  # fmt: skip
    hidden = _withheld([], cells, datetime.date(2022, 4, 10))
    assert hidden == {"2022-05", "2022-07", "2023-01", "later"}


def test_how_punctual_one_donor_was_is_not_told_to_the_board(ledger):
    contribution = agreed(ledger, "EU", "2020-01-05", ("2020-03-31", "3.0"), ("2020-09-30", "1.0"))
    factories.posting(
        ledger, received("1.0", "FNE", "SWE", "2020-01-10"),
        paid(contribution, 1, "3.0", "2020-04-02"), received("1.0", "FNE", "SWE", "2021-02-10"),
    )  # fmt: skip
    assert "75 per cent" in " ".join(ask_as(ledger).forecast.notes).replace("\u00a0", " ")
    board = " ".join(ask_as(ledger, staff=False).forecast.notes).replace("\u00a0", " ")
    assert "75 per cent" not in board


def test_the_board_is_not_told_how_many_prospects_have_no_rate(books):
    currency = factories.currency()
    hoped_for(books, "SWE", "5.0", 50, "2021-10-01", currency_id=currency.code)
    assert "prospect is in a currency" in " ".join(ask_as(books).forecast.notes)
    assert "prospect is in a currency" not in str(plain(ask_as(books, staff=False)))


def test_high_less_middle_gives_no_prospect_away(books):
    """Two prospects are certain: what the high holds more than the middle is Japan's alone."""
    for donor, probability in (("SWE", 100), ("NOR", 100), ("JPN", 40)):
        hoped_for(books, donor, "1.0", probability, "2021-12-01")
    fund = ask_as(books, staff=False).forecast.year.row("FE")
    assert (fund.prospects_usd, fund.weighted_usd) == (0, 0)


def sign(books, donor, on, millions):
    """An agreement in force on the day, half due in each of two years."""
    amount = million(millions)
    promise = PromisedContribution(
        donor=Donor.objects.get(code=donor), fund=Fund.objects.get(code="FE"), title="Work",
        currency=Currency.objects.get(code="USD"), amount=amount, support_rate=Decimal("0.13"),
        schedule=[(datetime.date(year, 6, 1), amount / 2) for year in (2021, 2022)],
        promised_on=datetime.date.fromisoformat(on),
    )  # fmt: skip
    sign_agreement(books, promise, token=f"{donor}{on}", today=TODAY, actors=SYSTEM)


def multi_year(books, **query):
    asked = parse({"books": books.code, **query}, default_books="", today=TODAY)
    span = asked.january, asked.as_at
    sums = Sums.read(books, asked.basis, asked.span, *span, asked.narrow)
    lines = compact_lines(asked, dashboard(asked), sums)
    return next(one for one in lines if one.code == "multi_year")


@pytest.fixture
def signed(ledger):
    for donor in THREE:
        sign(ledger, donor, "2021-02-01", "2.0")
    sign(ledger, "JPN", "2021-05-03", "0.6")
    factories.posting(ledger, received("1.0", "FE", "SWE", "2021-06-01"))
    ledger.refresh_from_db()
    return ledger


def test_the_pack_of_two_months_or_states_gives_no_agreement_away(signed):
    """April would differ from June by what Japan agreed in May."""
    assert multi_year(signed).whole_usd == million("6.6")
    for query in ({"as_at": "2021-04"}, {"known": str(signed.sequence - 1)}):
        found = multi_year(signed, **query)
        assert (found.part_usd, found.whole_usd, found.percent) == (None, None, None)
        assert found.note.startswith("Withheld")


def test_the_pack_and_the_three_bases_together_give_no_agreement_away(signed):
    """The bases tell the whole year: what Kenya agreed after the last receipt would be left."""
    sign(signed, "KEN", "2021-08-03", "0.4")
    found = bases(parse_bases({"year": "2021"}, signed, TODAY, sees_everything=False))
    assert found.total.of("agreement").amount_usd == million("7.0")
    assert multi_year(signed).whole_usd is None


def test_an_instalment_of_what_was_not_signed_by_then_was_not_due_by_then(books):
    """Denmark signed in May what had fallen due in March: in April nobody waited for it."""
    agreed(books, "DNK", "2021-05-20", ("2021-03-01", "9.0"))
    april = ask_as(books, as_at="2021-04")
    assert april.funds.row("FE").pace.due_usd == million("3.0")
    assert april.forecast.year.row("FE").dues_usd == million("6.7")
    assert ask_as(books, as_at="2021-06").funds.row("FE").pace.due_usd == million("12.7")


@pytest.mark.parametrize("part", [{"region": "AFRICA"}, {"group": "C01"}, {"programme": "none"}])
def test_governments_of_a_part_of_the_money_are_not_compared_with_a_hundred(ledger, part):
    december_payers(ledger)
    assert ask_as(ledger).governments[0].hoped_for == 100
    for one in ask_as(ledger, **part).governments:
        assert (one.hoped_for, one.percent) == (None, None)


def test_what_a_demonstration_measured_is_no_value_of_the_real_books(ledger):
    december_payers(ledger)
    demo = factories.user(is_demonstration=True)
    board_factories.measurement(entered_by=demo, **board_factories.decided())
    asked = parse({"books": ledger.code}, default_books="", today=TODAY)
    assert scorecard(asked, TODAY).of("F2").now.value is None
    ledger.is_demonstration = True
    ledger.save()
    asked = parse({"books": ledger.code}, default_books="", today=TODAY)
    assert scorecard(asked, TODAY).of("F2").now.value == 120_000


def test_the_look_ahead_reads_promises_in_a_handful_of_queries_for_the_board(
    books, django_assert_max_num_queries
):
    asked = parse({"books": books.code}, default_books="", today=TODAY)
    with django_assert_max_num_queries(7):
        assert len(read_coming(asked, books, None).dues) == 7


def test_money_of_a_fund_that_had_no_row_then_stands_beside_the_published_update(
    ledger, monkeypatch
):
    """70,000 that is not split and 9,000 of other revenue are booked in May for February."""
    three_months(monkeypatch, ledger)
    without_documents(monkeypatch)
    ledger.refresh_from_db()
    update = prepared(ledger)
    publish_update(
        update, by=factories.user(role=Role.REVIEWER), at=ON_15_APRIL, announces=False
    )  # fmt: skip
    for usd, fund in (("70000.00", "EARMARKED"), ("9000.00", "OTHER")):
        payment(ledger, usd, "2021-02-11", fund=fund, donor="EU", booked=MAY)
    found = told(update)
    rows = {row.code: (row.published_usd, row.today_usd) for row in found.rows}
    assert rows["EARMARKED"] == (0, Decimal("70000.00"))
    assert rows["OTHER"] == (0, Decimal("9000.00"))
    assert rows["TOTAL"] == (Decimal("850000.00"), Decimal("920000.00"))
    assert [row.code for row in found.rows][-3:] == ["EARMARKED", "TOTAL", "OTHER"]
    assert found.is_equal
    assert found.casts
