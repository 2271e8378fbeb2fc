"""Public figures are those of the published update, and of nothing later."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from donors.models import Donor
from income.models import Ledger
from reports.charts.open import flow_chart
from reports.figures.dashboard import dashboard
from reports.models import MonthlyUpdate
from reports.open.asking import income_of
from reports.open.cells import read_cells
from reports.open.flows import flows
from reports.open.giving import donor_years, given_list
from reports.open.state import Published, published
from reports.plain import plain
from reports.updates.stored import amounts_of, figures_of
from tests import board_factories, factories
from tests.reports.open.open_cases import (
    LATE,
    PAGES,
    TOTAL,
    UNNAMED_NAME,
    come_late,
    got,
    opened,
    update,
)

__all__ = ["opened", "update"]
D = Decimal


@pytest.fixture
def state(opened: MonthlyUpdate) -> Published:
    found = published()
    assert found is not None
    return found


def test_the_figures_are_those_that_the_board_was_told(
    state: Published, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    come_late(monkeypatch, ledger)
    answer = income_of(state, 2021)
    assert amounts_of(plain(answer)) == amounts_of(figures_of(state.update))
    assert answer.funds.total.progress.actual_usd == D("15040000.00")
    assert answer.provenance.sequence == state.update.sequence


def test_what_is_posted_after_the_update_is_on_no_page(
    opened: MonthlyUpdate, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    before = {page: got(f"/en/{page}/") for page in PAGES}
    come_late(monkeypatch, ledger)
    assert {page: got(f"/en/{page}/") for page in PAGES} == before
    assert [page for page, text in before.items() if LATE in text or "Norway" in text] == []
    assert Client().get("/en/donors/NOR/").status_code == 404
    assert "999999.99" not in got("/data/income-by-donor-and-year.csv")


def test_an_update_that_is_prepared_and_not_published_changes_nothing(
    opened: MonthlyUpdate, ledger: Ledger, officer: User
) -> None:
    board_factories.monthly_update(
        ledger=ledger, prepared_by=officer, month=202105, sequence=opened.sequence
    )
    assert "May 2021" not in got("/en/updates/")
    assert published().as_at.slug == "2021-03"  # type: ignore[union-attr]


def test_nothing_that_is_hoped_for_is_told(state: Published) -> None:
    answer = income_of(state, 2021)
    assert {row.pace for row in answer.funds.rows} == {None}
    assert (answer.forecast.year, answer.line and answer.line.band) == (None, None)
    page = got("/en/income/")
    assert "Pace" not in page
    assert "orecast" not in page


def test_the_income_page_says_how_much_came_and_as_at_when(opened: MonthlyUpdate) -> None:
    page = got("/en/income/")
    assert "From January to March 2021, US$ 15.0 million was received or allotted" in page
    assert "published on 15 April 2021" in re.sub("<[^>]+>", "", page)
    assert TOTAL in page


def test_an_earlier_year_is_told_as_known_then_and_another_is_not_there(
    opened: MonthlyUpdate,
) -> None:
    page = got("/en/income/?year=2020")
    assert "From January to December 2020, US$ 0.7 million was received or allotted" in page
    assert [Client().get(f"/en/income/?year={year}").status_code for year in (1999, 2022, "x")] == [
        404, 404, 404,
    ]  # fmt: skip


def test_the_years_of_the_table_are_those_of_the_years_own_pages(state: Published) -> None:
    cells = read_cells(state)
    for year in cells.years:
        rows = income_of(state, year).funds
        for fund in ("RB", "FNE", "FE"):
            told = sum(c.amount_usd for c in cells.of_year(year) if c.fund == fund)
            assert rows.row(fund).progress.actual_usd == told


def test_donors_are_listed_with_those_unnamed_as_one_line(state: Published) -> None:
    given = given_list(read_cells(state))
    assert {(one.donor.code, one.year_usd, one.all_usd) for one in given.donors} == {
        ("SWE", D("300000.00"), D("1000000.00")), ("KEN", D("30000.00"), D("30000.00")),
        ("EU", D("500000.00"), D("500000.00")),
    }  # fmt: skip
    assert (given.unnamed, given.nobodys) == ((D("7000"), D("7000")), (D("3000"), D("3000")))
    assert (given.year_usd, given.all_usd) == (D("840000.00"), D("1540000.00"))


def test_a_donor_that_stays_unnamed_has_no_page_and_no_name(opened: MonthlyUpdate) -> None:
    page = got("/en/donors/")
    assert "Donors that wish to stay unnamed" in page
    assert UNNAMED_NAME not in page
    assert "QUIET" not in got("/data/income-by-donor-and-year.csv")
    assert Client().get("/en/donors/QUIET/").status_code == 404


def test_who_wishes_to_stay_unnamed_from_now_on_is_gone_at_once(opened: MonthlyUpdate) -> None:
    assert "Sweden" in got("/en/income/")
    assert "data.csv" in got("/en/updates/")
    Donor.objects.filter(code="SWE").update(is_unnamed=True)
    for page in ("income", "donors", "flows"):
        assert "Sweden" not in got(f"/en/{page}/")
    assert Client().get("/en/donors/SWE/").status_code == 404
    # The stored documents name it, and stay as they are: so they are not handed out any more.
    assert "data.csv" not in got("/en/updates/")
    assert Client().get("/en/updates/2021-03/provisional/data.csv").status_code == 404


def test_a_donors_page_tells_what_came_by_fund_and_year(state: Published) -> None:
    found = donor_years(read_cells(state), "SWE")
    assert found is not None
    assert (found.years, found.funds) == ((2021, 2020), ("FNE",))
    assert (found.of(2020), found.of(2021), found.of()) == (D(700000), D(300000), D(1000000))
    page = got("/en/donors/SWE/")
    assert "From 2020 to 2021 UN-Habitat received US$ 1.0 million from Sweden" in page


def test_a_donor_of_whom_nothing_published_came_has_no_page(opened: MonthlyUpdate) -> None:
    factories.contribution(donor=Donor.objects.get(code="JPN"), ledger=opened.ledger)
    codes = ("JPN", "NOBODY")
    assert [Client().get(f"/en/donors/{code}/").status_code for code in codes] == [404, 404]


def test_a_merged_donor_leads_to_whom_it_became(state: Published) -> None:
    sweden = Donor.objects.get(code="SWE")
    merged = state.update.published_at
    old = factories.donor(code="OLD", merged_into=sweden, merged_on=merged)
    factories.donor(
        code="OLDQUIET", is_unnamed=True, merged_into=sweden, merged_on=merged
    )  # fmt: skip
    response = Client().get("/es/donors/OLD/")
    assert (response.status_code, response.headers["Location"]) == (302, "/es/donors/SWE/")
    assert Client().get("/es/donors/OLDQUIET/").status_code == 404
    assert old.name not in got("/en/donors/")


def test_donors_are_found_by_name_and_sorted_by_amount(opened: MonthlyUpdate) -> None:
    page = got("/fr/donors/?q=suede")
    assert 'href="SWE/"' in page
    assert 'href="KEN/"' not in page
    order = re.findall(r'href="([A-Z]+)/"', got("/en/donors/?sort=amount"))
    assert order == ["SWE", "EU", "KEN"]


def test_the_flows_add_up_to_the_total_of_the_income_page(state: Published) -> None:
    cells = read_cells(state)
    for year in cells.years:
        found, answer = flows(cells, year), income_of(state, year)
        assert found.total_usd == answer.funds.total.progress.actual_usd
        by_fund = {fund.code: usd for fund, usd in found.by(lambda row: row.fund).items()}
        for code, usd in by_fund.items():
            assert usd == answer.funds.row(code).progress.actual_usd
        regions = {end.code: usd for end, usd in found.by(lambda row: row.region).items()}
        for row in answer.regions.rows:
            assert regions.get(row.code, 0) == row.amount_usd


def test_what_goes_into_a_place_of_the_picture_comes_out_of_it(state: Published) -> None:
    chart = flow_chart(flows(read_cells(state), 2021))
    for place in chart.columns[1]:
        came = sum(flow.value for flow in chart.flows if flow.target == place.code)
        went = sum(flow.value for flow in chart.flows if flow.source == place.code)
        assert came == went > 0
    whole = sum(flow.value for flow in chart.flows if flow.source.startswith("0:"))
    assert whole == D("15.04")


def test_the_board_and_everybody_read_the_same_amounts_of_regions(state: Published) -> None:
    board = dashboard(state.question())
    assert [(row.code, row.amount_usd) for row in income_of(state, 2021).regions.rows] == [
        (row.code, row.amount_usd) for row in board.regions.rows
    ]
    assert board.regions.total_usd == D("15040000.00")
