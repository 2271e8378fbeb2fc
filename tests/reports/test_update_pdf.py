"""The update's document: two pages, tagged, in six languages, with the figures of its object."""

import datetime

import pytest
from django.conf import settings
from django.utils import translation

from reports.figures.dashboard import dashboard
from reports.pdf.update import pages_of, render_update
from reports.updates import document
from reports.updates.asking import question_of
from reports.updates.since_last import since_last
from tests import factories
from tests.reports import hand_made
from tests.reports.pdf_reading import names, opened, texts
from tests.reports.update_cases import APRIL, MARCH, paid, three_months

AT = datetime.datetime(2022, 1, 15, tzinfo=datetime.UTC)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def made(books, language, month=hand_made.DECEMBER, status="provisional"):
    books.refresh_from_db()
    with translation.override(language):
        answer = dashboard(question_of(books, month))
        since = since_last(books, month, books.sequence, None)
        return document.fitting(
            answer, since, status=status, language=language,
            render=lambda one: render_update(one, timestamp=AT),
        )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_at_most_two_pages_in_every_language(books, language):
    content = made(books, language)
    pdf = opened(content)
    assert len(pdf.pages) == pages_of(content) <= 2
    assert str(pdf.Root.Lang).startswith(language[:2])


def test_it_is_tagged_with_headings_tables_and_a_picture_that_is_described(books):
    pdf = opened(made(books, "en"))
    found = names(pdf)
    assert {"/H1", "/H2", "/H3", "/Table", "/Figure"} <= set(found)
    assert bool(pdf.Root.MarkInfo.Marked)


def test_it_says_the_figures_of_the_object(books):
    told = " ".join(texts(opened(made(books, "en")))).replace("\u00a0", " ")
    assert "Income update: December 2021" in told
    assert "By 31 December 2021 UN-Habitat had received or been allotted US$ 195.8 million" in told
    assert "Regular budget 14.2" in told
    assert "1. Japan 100.00 69.1%" in told
    assert "Africa 20.00" in told
    assert books.head_hash[:8] in told


def test_real_books_bear_no_mark_and_a_demonstrations_do(books):
    plain = "".join(texts(opened(made(books, "en"))))
    assert "DEMONSTRATION" not in plain
    books.is_demonstration = True
    books.save()
    marked = texts(opened(made(books, "en")))
    assert all("DEMONSTRATION BOOKS" in page for page in marked)


def test_the_same_figures_give_the_same_bytes(books):
    assert made(books, "fr") == made(books, "fr")


def test_many_donors_with_long_names_still_fit_on_two_pages(ledger, monkeypatch):
    three_months(monkeypatch, ledger)
    for number in range(120):
        donor = factories.donor(names={"en": f"{'Federation of very long names ' * 4}{number}"})
        for fund in ("FNE", "FE", "TC"):
            paid(ledger, f"{1000 + number}.00", "2021-03-10", fund=fund, donor=donor.code,
                 booked=APRIL)  # fmt: skip
    content = made(ledger, "ru", MARCH)
    assert pages_of(content) <= 2


def test_empty_books_have_a_document_that_says_so(ledger):
    told = " ".join(texts(opened(made(ledger, "en", MARCH))))
    assert "These books show no income" in told
