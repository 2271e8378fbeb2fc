"""The blocks as tables, charts, rows of the file and a part of the page, from `block_books`."""

import itertools
import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from reports.charts import blocks as charts_blocks
from reports.figures.blocks import blocks
from reports.sheets import blocks as sheets_blocks
from reports.tables import blocks as tables_blocks
from reports.tables import movers as tables_movers
from reports.views.blocks_context import blocks_context, purpose_tables
from tests import factories
from tests.reports import block_books
from tests.reports.block_books import answering, given
from tests.reports.hand_made import TODAY

pytestmark = pytest.mark.django_db

CAST = "Each amount is rounded by itself, so the parts may not add up to the total shown."


@pytest.fixture
def books(ledger):
    block_books.fill(ledger)
    return ledger


def told(books, **query):
    return blocks(answering(books, **{"as_at": "2021-06", **query}))


def texts(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def page(books, **query):
    asked = answering(books, **{"as_at": "2021-06", **query})
    context = blocks_context(blocks(asked, today=TODAY), asked.question, lambda _name: "")
    return render_to_string("reports/_blocks.html", {**context, "question": asked.question})


def test_the_matrix_is_printed_in_the_units_of_the_question(books):
    matrix = told(books).months
    table = tables_blocks.months_table(matrix, "millions")
    assert texts(table)[0] == ["January 2021", "14.2", "0.0", "0.5", "0.0", "14.7"]
    assert texts(table)[-1] == ["Total", "14.2", "1.0", "7.5", "7.0", "29.7"]
    assert CAST not in table.footnotes
    exact = tables_blocks.months_table(matrix, "exact")
    assert texts(exact)[-1][-1] == "29,700,000.00"


def test_a_table_that_does_not_cast_says_so(books):
    factories.posting(
        books,
        given("0.04", "FE", "DEU", "2021-05-01", instrument="R03C"),
        given("0.04", "FNE", "CHE", "2021-05-01", instrument="R02"),
    )
    answer = told(books)
    # May: 0.04, 0.04 and 6.0 print as 0.0, 0.0 and 6.0, and their sum 6.08 as 6.1.
    assert CAST in tables_blocks.months_table(answer.months, "millions").footnotes
    made = purpose_tables(answer.purposes, "millions")
    assert CAST in made["instruments"].footnotes
    assert CAST not in purpose_tables(answer.purposes, "exact")["instruments"].footnotes


def test_movements_are_counted_and_lead_to_their_donors(books):
    answer = told(books).movements
    table = tables_movers.movements_table(answer, "millions")
    assert texts(table) == [
        ["New", "1", "2.0", "0.0", "2.0"],
        ["Returning", "1", "6.0", "0.0", "6.0"],
        ["Increased", "1", "6.0", "5.0", "1.0"],
        ["Decreased", "1", "1.0", "2.0", "−1.0"],
        ["Lapsed so far", "1", "0.0", "0.5", "−0.5"],
        ["Not attributed to a donor", "–", "0.5", "0.0", "0.5"],
        ["All voluntary money", "5", "15.5", "7.5", "8.0"],
    ]
    assert table.rows[0].cells[1].href == "#movers-new-table-caption"
    assert "Who has lapsed so far may still give this year." in table.footnotes


def test_a_long_list_of_donors_ends_with_the_rest_together(books, monkeypatch):
    monkeypatch.setattr(tables_movers, "MOST_LISTED", 1)
    factories.posting(
        books,
        given("0.2", "FE", "DEU", "2021-05-01"),
        given("0.1", "FE", "CHE", "2021-05-01"),
    )
    answer = told(books).movements
    table = tables_movers.movers_table(answer.groups[0], answer, "millions")
    assert texts(table) == [
        ["France", "2.0", "0.0", "2.0"],
        ["2 other donors", "0.3", "0.0", "0.3"],
        ["Total", "2.3", "0.0", "2.3"],
    ]
    assert "The others stand one by one in the file." in table.footnotes


def test_the_share_of_the_ten_largest_stands_beside_last_years(books):
    table = tables_movers.concentration_table(told(books).concentration, "millions")
    assert texts(table) == [
        ["All voluntary money", "15.5", "7.5"],
        ["Of this, not attributed to a donor", "0.5", "0.0"],
        ["The ten largest donors", "15.0", "7.5"],
        ["Share of the ten largest", "96.8%", "100.0%"],
    ]
    first = tables_movers.concentration_table(
        told(books, as_at="2020-06").concentration, "millions"
    )
    assert [row[2] for row in texts(first)] == ["not reported"] * 3 + ["–"]


def test_programmes_stand_beside_their_goals(books):
    table = tables_blocks.programme_table(told(books).programmes, "millions")
    assert ["RISE UP: Resilient Settlements for the Urban Poor", "15.0", "30.0", "50.0%",
            "2"] in texts(table)  # fmt: skip
    assert texts(table)[-2:] == [
        ["Without a programme", "11.0", "–", "–", "–"],
        ["All voluntary money", "26.0", "–", "–", "–"],
    ]


def test_each_chart_has_a_sentence_made_from_its_figures(books):
    drawn = charts_blocks.charts_of_blocks(told(books))
    assert {name: chart.description.replace("\u00a0", " ") for name, chart in drawn.items()} == {
        "earmarking": "Largest: Earmarked, 39 per cent of US$ 15.5 million; not stated: US$ 2.5 "
        "million.",
        "instruments": "Largest: Thematic funds of the agency (R03B), 39 per cent of US$ 15.5 "
        "million; not stated: US$ 0.5 million.",
        "areas": "Largest: Kenya, 71 per cent of US$ 15.5 million; not stated: US$ 3.5 million.",
        "programmes": "Of US$ 26.0 million, US$ 15.0 million is for a programme. Nearest to its "
        "goal: RISE UP: Resilient Settlements for the Urban Poor, 50 per cent.",
    }


def test_nothing_is_drawn_of_parts_below_zero(books):
    factories.posting(books, given("-2.0", "TC", "NOR", "2021-06-03", area="SOM"))
    chart = charts_blocks.charts_of_blocks(told(books))["areas"]
    assert chart.bars == ()
    assert "paid back" in chart.description


def test_the_file_holds_the_figures_of_the_tables(books):
    answer = told(books)
    found = {line[:3]: line[3] for line in sheets_blocks.lines(answer)}
    assert found["months", "2021-05", "TC"] == Decimal("6000000")
    assert found["movements", "new", "count"] == 1
    assert found["movements returning", "JPN", "this_year"] == Decimal("6000000")
    assert found["concentration 2021-06", "ten_largest", "share"] == Decimal("96.774194")
    assert found["instruments", "pooled", "actual"] == Decimal("5000000")
    assert found["areas", "not_stated", "share"] == Decimal("22.6")
    assert found["programmes", "RISE_UP", "share"] == 50
    assert not any(block == "owed" for block, _row, _column in found)  # of no day


def test_the_part_of_the_page_has_its_headings_in_order(books):
    html = page(books)
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    identifiers = re.findall(r' id="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert anchor in identifiers


def test_the_part_of_the_page_says_why_something_is_not_there(books):
    html = page(books, as_at="2020-06")
    assert "These books say nothing of all voluntary money of 2019." in html
    assert "ask for their latest month" in html


def test_empty_books_are_told_without_a_figure(ledger):
    html = page(ledger, as_at="")
    assert "These books say nothing of all voluntary money of 2022." in html
