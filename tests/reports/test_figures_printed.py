"""Printed figures beside hand-made books: notes come out of the comparison."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from reports.figures.documents import conflicts, printed_list, target_sets
from reports.figures.history import history
from reports.figures.question import parse
from tests import factories
from tests.reports import hand_made
from tests.reports.hand_made import TODAY, ask, audited

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def question(books, **query):
    return parse({"books": books.code, **query}, default_books=books.code, today=TODAY)


def sentences(answer):
    return [
        sentence.replace("\u00a0", " ")
        for notes in answer.printed_notes
        for sentence in notes.sentences
    ]


def figure(answer, code):
    return next(one for one in answer.printed if one.code == code)


def test_a_printed_figure_that_the_books_do_not_give_is_told_with_its_place(books):
    notes = sentences(ask(books, as_at="2021-12"))
    assert (
        "Para. 6 prints US$ 27.7 million for Foundation earmarked (provisional receipts (text), as "
        "at 31 December 2021); these books give US$ 34.3 million."
    ) in notes


def test_a_printed_share_is_compared_with_the_documents_own_target(books):
    answer = ask(books, as_at="2021-12")
    share = figure(answer, "progress-2022-para6-tc-2021-share")
    assert share.books_value == Decimal("144800000") * 100 / Decimal("152600000")
    assert share.agrees is False
    assert (
        "Para. 6 calls US$ 131.1 million for Technical cooperation 79 per cent of the target; of "
        "the document's own target of US$ 152.6 million it is 85.9 per cent."
    ) in sentences(answer)


def test_a_document_that_contradicts_itself_is_shown_with_both_values(books):
    notes = sentences(ask(books, as_at="2021-12"))
    assert (
        "For Technical cooperation in 2021 it prints different values (received): US$ 144.8 "
        "million (figure 2); US$ 131.1 million (para. 6)."
    ) in notes


def test_documents_that_contradict_each_other_are_shown_with_both_values(books):
    notes = sentences(SimpleNamespace(printed_notes=printed_list(question(books)).notes))
    assert (
        "For all funds in 2020 different values are printed (pledged): US$ 164.0 million (Member "
        "States pledge over USD 164 million for sustainable urbanization); US$ 161.0 million "
        "(UN-Habitat members pledge $161m for sustainable urbanisation)."
    ) in notes


def test_a_value_that_rounds_to_the_printed_one_agrees(books):
    answer = ask(books, as_at="2021-12")
    assert figure(answer, "progress-2022-fig2-fe-2021").agrees is True
    assert figure(answer, "progress-2022-fig2-fne-2021").agrees is False  # 2.9 printed, 2.5 here
    assert figure(answer, "progress-2022-fig2-fne-2021").difference == Decimal("400000")


def test_a_region_is_compared_at_the_date_it_was_printed_for(books):
    answer = ask(books, as_at="2021-12")
    africa = figure(answer, "progress-2022-fig3-africa")
    assert africa.books_value == Decimal("20000000")
    assert "to=2021-11" in africa.link


def test_a_month_before_the_printed_date_has_nothing_to_compare(books):
    assert ask(books, as_at="2021-10").printed == ()


def test_another_measure_is_not_compared_and_says_why(books):
    answer = printed_list(question(books))
    pledged = next(one for one in answer.figures if one.code == "pledging-2020")
    assert (pledged.agrees, pledged.difference) == (None, None)
    assert "not the same measure" in pledged.note


def test_the_list_says_how_many_figures_the_books_give(books):
    answer = printed_list(question(books))
    compared = [one for one in answer.figures if one.agrees is not None]
    assert answer.headline == (
        f"Of {len(compared)} printed figures that can be compared, the books give "
        f"{sum(one.agrees for one in compared)}."
    )


def test_audited_books_are_compared_with_printed_revenue(ledger):
    factories.posting(
        ledger, audited("2.171", "FNE", "SWE", 2015), audited("16.9", "RB", None, 2015)
    )
    answer = printed_list(question(ledger))
    printed = next(
        one for one in answer.figures if one.code == "wpb-2020-table3-fne-2015-contributions"
    )
    assert (printed.value, printed.books_value) == (Decimal("1995000"), Decimal("2171000"))
    assert printed.agrees is False


def test_history_tells_how_much_of_a_year_has_a_named_donor(ledger):
    factories.posting(
        ledger,
        audited("42.7", "EARMARKED", "EU", 2010),
        audited("12.0", "RB", None, 2011),
        audited("6.0", "FNE", "SWE", 2011),
        audited("-2.0", "FNE", None, 2011),
    )
    answer = history(question(ledger))
    first, second = answer.years
    assert (first.total_usd, first.named_usd) == (None, Decimal("42700000"))
    assert (second.total_usd, second.named_usd) == (Decimal("16000000"), Decimal("6000000"))
    assert second.named_percent == Decimal("37.5")
    assert [code for code, _name in answer.funds] == ["RB", "FNE", "EARMARKED"]
    assert second.cells[2].amount_usd is None  # not reported, which is not zero


def test_documents_that_differ_stand_side_by_side():
    named = {
        (one.scope, one.from_year, one.to_year): {target.amount_usd for target in one.targets}
        for one in conflicts()
    }
    assert named["Foundation non-earmarked", 2020, 2023] == {
        Decimal("109200000"),
        Decimal("41000000"),
    }
    assert named["Total", 2020, 2023] == {Decimal("1100000000"), Decimal("970000000")}
    assert {one.target_set.code for one in target_sets()} >= {"PROGRESS-2021", "RESTATED-2022"}
