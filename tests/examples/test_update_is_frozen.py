"""March is published, then a receipt of February is corrected in May: what was told stays told.

The books by 10 April: Sweden 300,000 on 10 February and Kenya 50,000 on 9 March, both core money;
the European Union 500,000 earmarked on 18 March. January to March are closed, and the update of
March is published on 15 April.

In May somebody finds that Sweden's receipt was 260,000. The posting is reversed and what it was is
posted, both booked in May.

                          update of March       change      today
    Foundation non-earmarked      350,000      -40,000    310,000
    Foundation earmarked          500,000            0    500,000
    total                         850,000      -40,000    810,000
"""

import datetime
from decimal import Decimal

import pytest

from income.services import reverse_posting
from reports.figures.dashboard import dashboard
from reports.figures.question import parse
from reports.plain import plain
from reports.updates.comparing import told
from reports.updates.publishing import publish_update
from reports.updates.stored import amounts_of, figures_of
from tests.reports.update_cases import (
    MARCH,
    MAY,
    ON_15_APRIL,
    clock,
    paid,
    prepared,
    stored,
    three_months,
)

D = Decimal
TODAY = datetime.date(2021, 6, 1)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def published(ledger, officer, reviewer, actors, monkeypatch):
    """The update of March, with its bytes as they were when it was published."""
    three_months(monkeypatch, ledger)
    update = publish_update(prepared(ledger, by=officer), by=reviewer, at=ON_15_APRIL)
    return update, stored(update)


@pytest.fixture
def corrected(ledger, published, actors, monkeypatch):
    """The same after the correction of May."""
    clock(monkeypatch, 2021, 5, 18)
    wrong = ledger.postings.get(sequence=1)
    reverse_posting(
        wrong, because="The bank advice says 260,000", token="reversed",
        today=datetime.date(2021, 5, 18), actors=actors,
    )  # fmt: skip
    paid(ledger, "260000.00", "2021-02-10", booked=MAY)
    return published


def ask(ledger, **query):
    asked = {"books": ledger.code, "basis": "received", "as_at": MARCH.slug, **query}
    return dashboard(parse(asked, default_books=ledger.code, today=TODAY))


def actuals(answer):
    return [answer.funds.row(code).progress.actual_usd for code in ("FNE", "FE", "TOTAL")]


def test_its_files_are_unchanged_to_the_byte(corrected):
    update, before = corrected
    assert len(before) == 8  # figures, data, and six documents
    assert stored(update) == before


def test_the_view_known_as_at_15_april_gives_its_amounts(ledger, corrected):
    answer = ask(ledger, known="2021-04-15")
    assert actuals(answer) == [D(350_000), D(500_000), D(850_000)]
    assert amounts_of(plain(answer)) == amounts_of(figures_of(corrected[0]))


def test_without_that_date_the_view_gives_the_corrected_figure(ledger, corrected):
    assert actuals(ask(ledger)) == [D(310_000), D(500_000), D(810_000)]


def test_the_page_shows_the_three_views_beside_each_other(corrected):
    found = told(corrected[0])
    rows = {row.code: row for row in found.rows}
    assert (rows["FNE"].published_usd, rows["FNE"].again_usd) == (350_000, 350_000)
    assert (rows["FNE"].today_usd, rows["FNE"].difference_usd) == (310_000, -40_000)
    assert (rows["FE"].published_usd, rows["FE"].difference_usd) == (500_000, 0)
    assert (rows["TOTAL"].published_usd, rows["TOTAL"].today_usd) == (850_000, 810_000)
    assert found.is_equal
    assert found.headline.replace("\u00a0", " ") == (
        "Today the books tell US$ 40,000.00 less than the update of March 2021."
    )


def test_the_lines_of_the_restatement_sum_to_the_difference(corrected):
    found = told(corrected[0])
    [row] = found.restatement.rows
    assert (row.fund, row.old_usd, row.change_usd, row.new_usd) == (
        "FNE", D(350_000), D(-40_000), D(310_000),
    )  # fmt: skip
    assert [one.amount_usd for one in found.restatement.changes] == [D(-300_000), D(260_000)]
    assert {one.value_month for one in found.restatement.changes} == {MARCH.__class__(2021, 2)}
    assert {one.booked for one in found.restatement.changes} == {MAY}
    assert found.casts


def test_what_comes_in_april_is_no_restatement_of_march(ledger, published, monkeypatch):
    clock(monkeypatch, 2021, 4, 20)
    paid(ledger, "70000.00", "2021-04-19")
    found = told(published[0])
    assert found.restatement.changes == ()
    assert [row.difference_usd for row in found.rows if row.is_total] == [0]
    assert "stand unchanged" in found.headline
