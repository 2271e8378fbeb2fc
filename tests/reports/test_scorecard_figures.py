"""What the books say of each indicator, worked out by hand; and why some cannot be said."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donors.models import Donor
from income.entry_filter import EntryFilter
from income.models import Entry
from income.vocabulary import ContributionState
from reports.figures.question import QuestionWrong, parse
from reports.figures.scorecard.card import scorecard
from reports.figures.scorecard.formulas import FORMULAS
from reports.figures.scorecard.judging import Status, Trend
from reports.figures.scorecard.readings import USD
from targets.models import Indicator, Measurement
from targets.units import COMPUTED, is_measured
from tests import board_factories, factories
from tests.reports import hand_made
from tests.reports.hand_made import audited, query_of, received

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = datetime.date(2022, 12, 15)
D = Decimal


def ask(books, today=TODAY, staff=True, **query):
    asked = parse({"books": books.code, **query}, default_books="", today=today,
                  knows_unnamed=staff)  # fmt: skip
    return scorecard(asked, today)


def now(books, code, **query):
    return ask(books, **query).of(code).now


def paid(millions, fund, donor, day, **row):
    """An unsaved receipt for a programme, by an instrument, to a country."""
    entry = received(millions, fund, donor, day)
    for name, value in row.items():
        setattr(entry, name, value)
    return entry


def behind(link):
    """What the entries of an address add up to."""
    found = EntryFilter.parse(query_of(link)).apply(Entry.objects.all())
    return sum((entry.amount_usd for entry in found), D(0))


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def test_non_earmarked_money_is_added_up_since_the_period_began(books):
    found = ask(books, as_at="2021-12").of("A1")
    # 2020: Sweden 1.0 and Kenya 0.3. 2021: 0.5 + 1.5 + 1.0 - 0.6 + 0.1.
    assert found.now.value == D("3800000.00")
    assert [(part.label, part.value) for part in found.now.parts] == [
        ("2020", D("1300000.00")), ("2021", D("2500000.00")),
    ]  # fmt: skip
    assert found.before.value == D("1300000.00")
    assert found.trend is Trend.UP
    assert found.status is Status.BEHIND  # half of the time is gone, 3.5 per cent is there
    assert behind(found.now.link) == found.now.value


def test_values_by_year_are_those_at_each_years_end(books):
    found = ask(books, as_at="2021-06").of("A1")
    assert [(year, reading.on.isoformat(), reading.value) for year, reading in found.by_year] == [
        (2020, "2020-12-31", D("1300000.00")), (2021, "2021-06-30", D("4300000.00")),
    ]  # fmt: skip


def test_governments_are_counted_by_what_they_gave_less_what_they_got_back(books):
    found = now(books, "A2", as_at="2021-12")
    # Sweden 1.5 and Norway 1.0; Kenya got back more than it gave.
    assert found.value == 2
    assert [(part.label, part.value) for part in found.parts] == [
        ("Sweden", D("1500000.00")), ("Norway", D("1000000.00")),
    ]  # fmt: skip
    assert found.notes[0] == "Since 2020: 3 governments."
    assert "US$\u00a00.1\u00a0million" in found.notes[1]


def test_a_government_that_wishes_to_stay_unnamed_is_counted_and_not_named(books):
    Donor.objects.filter(code="SWE").update(is_unnamed=True)
    board = ask(books, as_at="2021-12", staff=False).of("A2").now
    assert board.value == 2
    assert board.parts[0].label == "Donor that wishes to stay unnamed"
    assert board.parts[0].link == ""


def test_money_before_the_books_is_a_missing_input(ledger):
    factories.posting(ledger, received("120.0", "FNE", "SWE", "2021-03-04"))
    found = ask(ledger, as_at="2021-03").of("A1")
    assert "These books begin in March 2021" in found.now.partial
    assert found.status is Status.REACHED  # with or without what is missing
    assert found.trend is Trend.NONE


def test_a_part_below_the_target_says_nothing_of_the_whole(ledger):
    factories.posting(ledger, received("1.0", "FNE", "SWE", "2021-03-04"))
    assert ask(ledger, as_at="2021-03").of("A1").status is Status.UNKNOWN


def test_corporate_and_foundations_are_named_donors_of_their_type(books):
    company = factories.donor(contributor_type_id="C06")
    foundation = factories.donor(contributor_type_id="C05")
    school = factories.donor(contributor_type_id="C07")
    factories.posting(
        books,
        received("30.0", "FE", company.code, "2020-05-05"),
        received("14.0", "TC", company.code, "2021-05-05"),
        received("2.0", "FNE", foundation.code, "2021-05-06"),
        received("0.5", "FE", school.code, "2021-05-07"),
    )
    card = ask(books, as_at="2021-12")
    corporate = card.of("H1")
    assert corporate.now.value == D("44000000.00")
    assert corporate.status is Status.REACHED  # 43.8 million
    assert behind(corporate.now.link) == corporate.now.value
    # Earmarked 4.3 and non-earmarked 0.1 million of nobody known.
    assert corporate.now.notes[0].startswith("US$\u00a04.4\u00a0million")
    assert card.of("I1").now.value == D("2000000.00")
    assert card.of("K1").now.value == D("500000.00")
    assert card.of("K1").status is Status.UNKNOWN  # no target


def test_a_programme_is_established_by_an_agreement_or_by_money(books):
    factories.posting(
        books,
        paid("1.0", "FE", "SWE", "2021-05-05", programme_id="RISE_UP"),
        paid("0.5", "FE", "NOR", "2021-05-06", programme_id="RISE_UP"),
        paid("0.4", "FE", "KEN", "2021-05-07", programme_id="RISE_UP"),
        paid("-0.4", "FE", "KEN", "2021-06-07", programme_id="RISE_UP"),
        paid("2.0", "TC", "JPN", "2021-05-08", programme_id="SDG_CITIES"),
    )
    factories.contribution(
        ledger=books, programme_id="SMART_CITIES", state=ContributionState.SIGNED,
        signed_on=datetime.date(2021, 9, 1),
    )  # fmt: skip
    card = ask(books, as_at="2021-12")
    assert card.of("B1").now.value == 3
    assert card.of("B1").status is Status.MISSED  # five by 2020
    assert ask(books, as_at="2021-08").of("B1").now.value == 2
    # RISE UP has two donors left, SDG Cities one.
    assert card.of("B2").now.value == 1
    income = {part.label: part.value for part in card.of("B3").beside}
    assert income["SDG Cities"] == D("2000000.00")
    assert income["RISE UP: Resilient Settlements for the Urban Poor"] == D("1500000.00")
    assert card.of("B3").now.missing


def test_without_any_programme_named_it_is_said(books):
    card = ask(books, as_at="2021-12")
    assert "names the programme" in card.of("B1").now.missing
    assert "names the programme" in card.of("B2").now.missing
    assert card.of("B3").beside == ()


def test_the_pooled_share_is_of_technical_cooperation_alone(ledger):
    factories.posting(
        ledger,
        paid("30.0", "TC", "SWE", "2021-03-03", instrument_id="R03A"),
        paid("50.0", "TC", "NOR", "2021-03-04", instrument_id="R03E"),
        paid("20.0", "FE", "NOR", "2021-03-05", instrument_id="R03A"),
    )
    found = ask(ledger, as_at="2021-03").of("C1")
    assert found.now.value == D("37.5")  # 30 of 80
    assert not found.now.partial
    factories.posting(ledger, paid("20.0", "TC", "JPN", "2021-03-06", instrument_id="R03"))
    found = ask(ledger, as_at="2021-03").of("C1")
    assert found.now.value == 30  # 30 of 100
    assert "US$\u00a020.0\u00a0million names no instrument closely enough" in found.now.partial
    assert found.status is Status.UNKNOWN


def test_no_pooled_share_where_the_split_is_not_known(ledger):
    factories.posting(
        ledger,
        paid("30.0", "TC", "SWE", "2021-03-03", instrument_id="R03A"),
        received("5.0", "EARMARKED", "NOR", "2021-03-04"),
    )
    found = now(ledger, "C1", as_at="2021-03")
    assert found.value is None
    assert found.missing.startswith("US$\u00a05.0\u00a0million of earmarked money is not split")


def test_no_pooled_share_where_instruments_are_coarse(books):
    assert "names its instrument closely enough" in now(books, "C1", as_at="2021-12").missing


def test_service_fees_are_told_as_the_most_they_can_be(ledger):
    factories.posting(
        ledger,
        paid("90.0", "FE", "SWE", "2021-03-03", instrument_id="R03E"),
        paid("6.0", "OTHER", "NOR", "2021-03-04", instrument_id="R04"),
        paid("4.0", "OTHER", "NOR", "2021-03-05", instrument_id="R04B"),
    )
    found = ask(ledger, as_at="2021-03").of("D1")
    assert found.now.value == 10
    assert found.status is Status.UNKNOWN  # fees may be less than five per cent
    factories.posting(ledger, paid("900.0", "FE", "SWE", "2021-03-06", instrument_id="R03E"))
    found = ask(ledger, as_at="2021-03").of("D1")
    assert found.now.value == 1
    assert found.status is Status.BEHIND  # fees are less still


def test_without_instruments_there_is_no_share_of_fees(books):
    assert (
        now(books, "D1", as_at="2021-12").missing == "No money in these books names its instrument."
    )


@pytest.fixture
def countries(ledger):
    """Kenya pays 20 of the 80 million for Kenya; 100 million are for a country not listed."""
    own = factories.contribution(ledger=ledger, is_domestic=True)
    factories.posting(
        ledger,
        paid("20.0", "TC", "KEN", "2021-03-03", area_id="KEN", contribution=own),
        paid("60.0", "TC", "SWE", "2021-03-04", area_id="KEN"),
        paid("100.0", "TC", "SWE", "2021-03-05", area_id="SOM"),
    )
    return ledger


def economies(*codes, on="2021-01-01", **row):
    made = board_factories.economy_list(dated_on=datetime.date.fromisoformat(on), **row)
    made.areas.set(codes)
    return made


def test_the_domestic_share_is_of_the_countries_on_the_list_in_force(countries):
    economies("KEN", "BRA", **board_factories.decided())
    economies("SOM", on="2021-04-01", **board_factories.decided())
    found = ask(countries, as_at="2021-03").of("E2")
    assert found.now.value == 25
    assert found.status is Status.REACHED
    assert [(part.group, part.label, part.value) for part in found.now.parts] == [
        ("Raised within the country", "Kenya: Kenya", D("20000000.00")),
        ("All money for these countries", "Kenya", D("80000000.00")),
    ]


def test_money_of_a_country_among_other_money_has_no_address_of_its_own(countries):
    economies("KEN", **board_factories.decided())
    factories.posting(countries, paid("5.0", "TC", "KEN", "2021-03-06", area_id="KEN"))
    own, _all = ask(countries, as_at="2021-03").of("E2").now.parts
    assert (own.value, own.link) == (D("20000000.00"), "")
    assert own.note == "Its entries stand among other money for the country."


def test_a_country_that_wishes_to_stay_unnamed_is_not_told_by_what_it_paid(countries):
    economies("KEN", **board_factories.decided())
    Donor.objects.filter(code="KEN").update(is_unnamed=True)
    own, _all = ask(countries, as_at="2021-03", staff=False).of("E2").now.parts
    assert (own.label, own.link) == ("Donors that wish to stay unnamed", "")


@pytest.mark.parametrize("row", [{}, {"on": "2021-04-01", "approved": True}])
def test_without_an_approved_list_of_that_day_there_is_no_domestic_share(countries, row):
    decided = board_factories.decided() if row.pop("approved", False) else {}
    economies("KEN", **row, **decided)
    found = now(countries, "E2", as_at="2021-03")
    assert found.value is None
    assert "No list of emerging economies dated 31 March 2021 or before" in found.missing


def test_reports_count_as_they_stood_on_the_day(books):
    owed = factories.contribution(ledger=books)
    for until, due, submitted in (
        ("2020-12-31", "2021-03-31", "2021-03-31"),
        ("2021-03-31", "2021-06-30", "2021-07-02"),
        ("2021-06-30", "2021-09-30", None),
    ):
        factories.report_due(
            contribution=owed, from_on=datetime.date(2020, 1, 1),
            until_on=datetime.date.fromisoformat(until), due_on=datetime.date.fromisoformat(due),
            submitted_on=submitted and datetime.date.fromisoformat(submitted),
        )  # fmt: skip
    card = ask(books, as_at="2021-12")
    assert card.of("F1").now.value == D("33.33333333")  # one of three
    assert card.of("F1").status is Status.BEHIND  # due 2023
    assert card.of("L4").status is Status.MISSED  # the same, due 2021
    assert "by 2021 in indicator L4" in card.of("F1").conflicts[0]
    assert "by 2023 in indicator F1" in card.of("L4").conflicts[0]
    assert now(books, "F1", as_at="2021-06").value == 100  # the second was late two days later
    assert "No report fell due in 2021" in now(books, "F1", as_at="2021-02").missing


def test_reports_all_on_time_need_their_quality_measured(books):
    factories.report_due(
        contribution=factories.contribution(ledger=books),
        until_on=datetime.date(2020, 12, 31), from_on=datetime.date(2020, 1, 1),
        due_on=datetime.date(2021, 3, 31), submitted_on=datetime.date(2021, 3, 30),
    )  # fmt: skip
    assert ask(books, as_at="2021-12").of("F1").status is Status.UNKNOWN
    indicator = Indicator.objects.get(code="F1")
    row = {"indicator": indicator, **board_factories.decided()}
    board_factories.measurement(value=80, **row)
    assert ask(books, as_at="2021-12").of("F1").status is Status.ON_THE_WAY
    board_factories.measurement(value=100, measured_on=datetime.date(2021, 9, 9), **row)
    assert ask(books, as_at="2021-12").of("F1").status is Status.REACHED


def test_focal_points_are_counted_in_the_register_today(books):
    officer = factories.user()
    factories.donor(focal_point=officer)
    factories.donor(focal_point=officer)
    factories.donor(focal_point=factories.user(is_demonstration=True))
    found = ask(books, as_at="2021-12").of("G1")
    assert (found.now.value, found.now.on) == (2, TODAY)
    assert found.by_year[0][1].missing  # 2020: nobody counted then


def test_what_is_measured_is_the_newest_approved_up_to_the_day(books):
    indicator = Indicator.objects.get(code="F2")
    for value, on, row in (
        (100_000, "2020-06-30", board_factories.decided()),
        (150_000, "2021-06-30", board_factories.decided()),
        (900_000, "2021-07-30", {}),  # waits
        (600_000, "2022-01-31", board_factories.decided()),  # later
    ):
        day = datetime.date.fromisoformat(on)
        board_factories.measurement(indicator=indicator, value=value, measured_on=day, **row)
    found = ask(books, as_at="2021-12").of("F2")
    assert (found.now.value, found.now.on.isoformat()) == (150_000, "2021-06-30")
    assert found.before.value == 100_000
    assert found.status is Status.BEHIND  # 30 per cent after half of the time
    assert [reading.value for _year, reading in found.by_year] == [100_000, 150_000]
    Measurement.objects.filter(value=150_000).update(measured_on=datetime.date(2020, 12, 1))
    by_year = ask(books, as_at="2021-12").of("F2").by_year
    assert by_year[1][1].missing == "Nothing was measured and approved in 2021."


def test_a_milestone_has_state_and_day(books):
    indicator = Indicator.objects.get(code="L3")
    row = {"indicator": indicator, **board_factories.decided()}
    board_factories.measurement(milestone="under_way", **row)
    found = ask(books, as_at="2021-12").of("L3")
    assert (found.now.milestone, found.status) == ("under_way", Status.MISSED)  # due 2020
    board_factories.measurement(milestone="done", measured_on=datetime.date(2021, 11, 1), **row)
    found = ask(books, as_at="2021-12").of("L3")
    assert (found.status, found.trend) == (Status.REACHED, Trend.UP)


def test_audited_books_say_what_they_cannot(ledger):
    factories.posting(
        ledger,
        audited("2.0", "FNE", "SWE", 2020),
        audited("9.0", "EARMARKED", "NOR", 2020),
        audited("1.0", "RB", None, 2020),
    )
    card = ask(ledger)
    assert card.of("A1").now.value == D("2000000.00")
    assert card.of("A2").now.value == 1
    assert "is not split" in card.of("C1").now.missing
    assert "does not say which country" in card.of("E2").now.missing


def test_books_as_known_earlier_give_the_value_of_then(books):
    books.refresh_from_db()
    before = books.sequence
    factories.posting(books, received("7.0", "FNE", "SWE", "2021-08-08"))
    assert now(books, "A1", as_at="2021-12").value == D("10800000.00")
    then = now(books, "A1", as_at="2021-12", known=str(before))
    assert then.value == D("3800000.00")
    assert behind(then.link) == then.value


def test_after_the_period_money_counts_up_to_its_end(books):
    factories.posting(books, received("7.0", "FNE", "SWE", "2024-02-02"))
    found = ask(books, today=datetime.date(2024, 3, 3), as_at="2024-02").of("A1")
    assert found.now.value == D("3800000.00")
    assert found.status is Status.MISSED


def test_a_part_of_the_money_cannot_be_asked_for(books):
    assert now(books, "A1", as_at="2021-12", region="AFRICA", group="C06").value == D("3800000.00")


def test_promises_are_not_what_indicators_tell(books):
    with pytest.raises(QuestionWrong, match="what was received"):
        ask(books, basis="agreed")


def test_every_part_in_dollars_opens_the_entries_it_sums(books, countries):
    economies("KEN", **board_factories.decided())
    company = factories.donor(contributor_type_id="C06")
    factories.posting(
        books,
        paid("1.0", "FE", "SWE", "2021-05-05", programme_id="RISE_UP", instrument_id="R03E"),
        paid("3.0", "TC", company.code, "2021-05-06", instrument_id="R03A"),
        paid("0.2", "OTHER", "NOR", "2021-05-07", instrument_id="R04"),
    )
    parts = [
        part for one in ask(books, as_at="2021-12").standings
        for part in (*one.now.parts, *one.beside) if part.unit == USD
    ]  # fmt: skip
    assert len(parts) > 15
    for part in parts:
        if part.value:
            assert behind(part.link) == part.value, part


def test_the_queries_do_not_grow_with_the_indicators(books):
    with CaptureQueriesContext(connection) as few:
        ask(books, as_at="2021-12")
    for one in Indicator.objects.filter(code__startswith="L"):
        board_factories.measurement(
            indicator=one, **({"milestone": "done"} if one.unit == "milestone" else {}),
            **board_factories.decided(),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as more:
        ask(books, as_at="2021-12")
    assert len(few) == len(more) <= 36


def test_every_indicator_has_its_words_and_what_is_computed_is_not_measured(reference):
    codes = set(Indicator.objects.values_list("code", flat=True))
    assert set(FORMULAS) <= codes
    computed = {code for code, one in FORMULAS.items() if one.compute and not one.needs_quality}
    assert computed == COMPUTED
    assert is_measured("L3")
