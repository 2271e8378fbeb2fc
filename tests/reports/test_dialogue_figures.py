"""The pack worked by hand, on the books of tests/reports/hand_made.py (US$ million, 2021).

Received 195.8 = regular budget 14.2 + non-earmarked 2.5 + earmarked 34.3 + technical cooperation
144.8. The targets printed for 2021 are 14.5, 10.0, 43.3 and 152.6, together 220.4.
"""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from donors.models import Donor
from income.models import Currency, Fund
from income.services import PromisedContribution, sign_agreement
from income.services.actors import SYSTEM
from reports.figures.dialogue import dialogue
from reports.figures.provenance import Basis
from reports.figures.question import QuestionWrong, parse
from tests import board_factories, factories
from tests.reports import hand_made

pytestmark = pytest.mark.django_db

D = Decimal
MILLION = 1_000_000


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def ask(books, today, **query):
    asked = {"books": books.code, "as_at": "2021-12", **query}
    return dialogue(parse(asked, default_books=books.code, today=today), today)


def line(told, code):
    return next(one for one in told.compact if one.code == code)


def millions(usd):
    return None if usd is None else usd / MILLION


def test_income_stands_against_its_targets_and_gaps_are_those_behind(books, today):
    told = ask(books, today)
    shown = {
        row.code: (millions(row.progress.actual_usd), millions(row.progress.gap_usd))
        for row in told.rows
        if row.code != "FE_TC"
    }
    assert shown == {
        "RB": (D("14.2"), D("0.3")), "FNE": (D("2.5"), D("7.5")), "FE": (D("34.3"), D("9.0")),
        "TC": (D("144.8"), D("7.8")), "TOTAL": (D("195.8"), D("24.6")),
    }  # fmt: skip
    assert [row.code for row in told.gaps][-1] == "TOTAL"
    assert {"RB", "FNE", "FE", "TC"} <= {row.code for row in told.gaps}


def test_a_fund_above_its_target_is_no_gap(books, today):
    factories.posting(books, hand_made.received("20.0", "FE", "EU", "2021-12-30", "AFRICA"))
    assert "FE" not in {row.code for row in ask(books, today).gaps}


def test_expenditure_stands_beside_income_and_is_not_taken_from_it(books, today):
    told = ask(books, today)
    assert [(one.year, one.spent_usd, millions(one.income_usd)) for one in told.spending.years] == [
        (2017, D("120055362.65"), None),
        (2018, D("133495973.19"), None),
        (2019, D("147090712.01"), None),
        (2020, D("107263797.28"), D("16.3")),
        (2021, D("110845941.84"), D("195.8")),
    ]
    for place, year in enumerate(told.spending.years):
        assert sum(row.spent[place] for row in told.spending.regions) == year.spent_usd
    income = {row.code: millions(row.income_usd) for row in told.spending.regions}
    assert income == {
        "AFRICA": D(20), "ARAB": D(10), "ASIA_PACIFIC": D(100), "LAC": 0, "EUROPE": 0,
        "": D("65.8"),
    }  # fmt: skip


def test_a_year_without_expenditure_is_not_reported_and_told(books, today):
    factories.posting(books, hand_made.received("1.0", "FNE", "SWE", "2022-03-01"))
    told = ask(books, today, as_at="2022-03")
    assert told.spending.years[-1].spent_usd is None
    assert told.spending.missing == (2022,)
    assert "No expenditure was loaded for 2022." in told.notes


def test_core_shares_have_formula_and_components(books, today):
    told = ask(books, today)
    total, voluntary = line(told, "core_total"), line(told, "core_voluntary")
    # 14.2 + 2.5 over 195.8; 2.5 over 181.6.
    assert (millions(total.part_usd), millions(total.whole_usd)) == (D("16.7"), D("195.8"))
    assert total.percent == D("16.7") * 100 / D("195.8")
    assert (millions(voluntary.part_usd), millions(voluntary.whole_usd)) == (D("2.5"), D("181.6"))
    assert "30 per cent" in total.target
    assert total.part_link.startswith("/income/")


def test_donors_of_core_money_are_those_above_zero(books, today):
    # Sweden and Norway; Kenya took back more than it gave.
    told = ask(books, today)
    assert line(told, "core_donors").count == 2
    assert line(told, "core_governments").count == 2
    assert line(told, "core_governments").note == "The strategy hopes for 100."


def test_pooled_and_thematic_shares_are_of_money_whose_instrument_is_stated(books, today):
    nothing = line(ask(books, today), "instrument_R03A")
    assert (nothing.percent, nothing.part_usd) == (None, None)
    assert "do not say by which instrument" in nothing.note
    entries = []
    for amount, fund, instrument in (("6.0", "FE", "R03A"), ("3.0", "TC", "R03B"),
                                     ("3.0", "TC", "R03E")):  # fmt: skip
        entry = hand_made.received(amount, fund, "EU", "2021-12-30")
        entry.instrument_id = instrument
        entries.append(entry)
    factories.posting(books, *entries)
    told = ask(books, today)
    pooled, thematic = line(told, "instrument_R03A"), line(told, "instrument_R03B")
    assert (millions(pooled.part_usd), millions(pooled.whole_usd), pooled.percent) == (6, 12, 50)
    assert (millions(thematic.part_usd), thematic.percent) == (3, 25)
    # 34.3 + 144.8 of the receipts by hand say nothing.
    assert "US$\u00a0179.1\u00a0million of earmarked money" in pooled.note
    assert "instrument=R03A" in pooled.part_link


def sign(books, donor, millions_usd, years, today):
    """An agreement signed on 1 March 2021, the same sum due on 1 June of each year."""
    amount = D(millions_usd) * MILLION
    schedule = [(datetime.date(year, 6, 1), amount / len(years)) for year in years]
    promise = PromisedContribution(
        donor=Donor.objects.get(code=donor), fund=Fund.objects.get(code="FE"), title="Work",
        currency=Currency.objects.get(code="USD"), amount=amount, schedule=schedule,
        promised_on=datetime.date(2021, 3, 1), support_rate=D("0.13"),
    )  # fmt: skip
    token = f"{donor}-{millions_usd}-{len(years)}"
    sign_agreement(books, promise, token=token, today=today, actors=SYSTEM)


def test_the_multi_year_share_is_by_dollars_agreed(books, today):
    for donor, amount in (("SWE", 30), ("NOR", 20), ("KEN", 10)):
        sign(books, donor, amount, (2021, 2022), today)
    for donor, amount in (("SWE", 10), ("JPN", 20), ("DEU", 10)):
        sign(books, donor, amount, (2022,), today)
    found = line(ask(books, today), "multi_year")
    assert (millions(found.part_usd), millions(found.whole_usd), found.percent) == (60, 100, 60)


def test_a_share_that_gives_away_one_donor_is_withheld(books, today):
    for donor, amount in (("NOR", 20), ("KEN", 10), ("JPN", 20)):
        sign(books, donor, amount, (2021,), today)
    sign(books, "SWE", 30, (2021, 2022), today)
    found = line(ask(books, today), "multi_year")
    assert (found.percent, found.part_usd, found.whole_usd) == (None, None, None)
    assert found.note.startswith("Withheld")


def test_books_without_agreements_say_so(books, today):
    assert line(ask(books, today), "multi_year").note == (
        "These books hold no agreement of this time."
    )


def test_only_what_was_approved_for_the_year_is_told(books, today):
    told = board_factories.dialogue_item(title="Told", **board_factories.decided())
    board_factories.dialogue_item(title="Waiting")
    board_factories.dialogue_item(title="Earlier", year=2020, **board_factories.decided())
    demo = factories.user(is_demonstration=True)
    board_factories.dialogue_item(title="Shown", entered_by=demo, **board_factories.decided())
    pack = ask(books, today)
    assert pack.items["result"] == (told,)
    assert set(pack.missing.values()) == {
        "No joint programmes were entered for 2021.",
        "No progress on the Funding Compact was entered for 2021.",
        "No measures on the gaps were entered for 2021.",
    }


def test_a_demonstration_shows_no_real_expenditure_and_says_so(reference, today):
    demo = factories.ledger(code="D", is_demonstration=True)
    hand_made.fill(demo)
    told = ask(demo, today)
    assert not told.spending.is_any
    assert any("audited expenditure is real" in note for note in told.notes)


def test_a_promise_is_no_income_and_what_narrows_is_left_out(books, today):
    promised = replace(ask(books, today).question, basis=Basis.DUE)
    with pytest.raises(QuestionWrong, match="A pack tells what was received"):
        dialogue(promised, today)
    narrowed = ask(books, today, region="AFRICA", group="C01")
    assert narrowed.rows[-1].progress.actual_usd == D("195800000.00")


def test_an_earlier_state_of_the_books_tells_its_income_and_says_what_is_of_today(books, today):
    factories.posting(books, hand_made.received("20.0", "FE", "EU", "2021-12-30", "AFRICA"))
    assert millions(ask(books, today).rows[-1].progress.actual_usd) == D("215.8")
    told = ask(books, today, known="1")
    assert millions(told.rows[-1].progress.actual_usd) == D("195.8")
    assert millions(told.spending.years[-1].income_usd) == D("195.8")
    assert any("as they stand today" in note for note in told.notes)
