"""Terms: the fixture beside the vocabulary, and the buttons that explain them."""

import re

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from interface.tables import Cell, Column, Row, Table
from interface.terms import term_shown_as, terms
from reports.views.terms import GROUPS
from tests.house import project
from tests.house.test_catalogues import _catalogue
from tests.house.test_vocabulary import tables

DOCUMENT = project.ROOT / "docs" / "vocabulary.md"
SOURCES = project.ROOT / "fixtures" / "sources.csv"
LANGUAGES = {"en": 2, "fr": 3, "es": 4, "ru": 5, "ar": 6, "zh": 7}  # the columns of the document
SCRIPTS = {"ru": r"[\u0400-\u04ff]", "ar": r"[\u0600-\u06ff]", "zh": r"[\u4e00-\u9fff]"}
OWN_LETTERS = {"erp"}  # the same letters in every language


def rows_of_the_document():
    return {row[0]: row for table in tables(DOCUMENT) for row in table[1:]}


def rendered(source, request=None, **values):
    context = RequestContext(request, values) if request else Context(values)
    return Template("{% load interface terms %}" + source).render(context)


@pytest.fixture
def request_of_a_reader():
    return RequestFactory().get("/")


def test_every_meaning_stands_in_the_vocabulary():
    document = rows_of_the_document()
    wrong = []
    for one in terms().values():
        meaning = one.meaning_en.rstrip(".")
        told = document.get(one.name_en, ["", ""])[1]
        if meaning not in told and meaning[0].lower() + meaning[1:] not in told:
            wrong.append(one.code)
    assert wrong == []


def test_every_name_is_that_of_the_vocabulary_or_said_to_be_a_working_translation():
    document, wrong = rows_of_the_document(), []
    for one in terms().values():
        row = document[one.name_en]
        for language, column in LANGUAGES.items():
            cell = row[column] if len(row) > column else ""
            if language != "en" and (language in one.working) == bool(cell):
                wrong.append((one.code, language, "working"))
            words = {part.partition(" (")[0].casefold() for part in cell.split(", ")}
            if cell and language != "en" and one.names[language].casefold() not in words:
                wrong.append((one.code, language, one.names[language]))
    assert wrong == []


def test_every_term_has_a_name_and_a_sentence_in_each_language_in_its_own_script():
    wrong = []
    for one in terms().values():
        assert set(one.names) == set(one.meanings) == set(LANGUAGES)
        for language in LANGUAGES:
            text = one.meanings[language]
            if not one.names[language] or not re.search(r"[.。]$", text):
                wrong.append((one.code, language))
            script = SCRIPTS.get(language)
            if script and not re.search(script, text):
                wrong.append((one.code, language, "meaning"))
            if (
                script
                and one.code not in OWN_LETTERS
                and not re.search(script, one.names[language])
            ):
                wrong.append((one.code, language, "name"))
    assert wrong == []


def test_every_term_has_a_group_and_a_source_and_stands_once():
    sources = SOURCES.read_text("utf-8")
    found = list(terms().values())
    assert {one.group for one in found} == set(GROUPS)
    assert [one.code for one in found if f"\n{one.source}," not in sources] == []
    assert len({one.name_en for one in found}) == len(found)


def test_every_label_is_a_text_of_the_portal_or_the_term_and_leads_to_one_term():
    shown = [(label, one.name_en) for one in terms().values() for label in one.labels]
    labels, catalogue = [label for label, _name in shown], _catalogue("fr")
    assert [label for label, name in shown if label != name and label not in catalogue] == []
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh-hans"])
def test_no_two_terms_are_shown_by_the_same_words(language):
    with translation.override(language):
        shown = {
            label: term_shown_as(translation.gettext(label))
            for one in terms().values()
            for label in one.labels
        }
    expected = {label: one.code for one in terms().values() for label in one.labels}
    assert {label: code for label, code in shown.items() if code != expected[label]} == {}


def test_every_term_that_a_template_names_is_there():
    named = {
        code
        for file in project.templates()
        for code in re.findall(r'{% term(?:_mark)? "([^"]*)"', file.read_text("utf-8"))
    }
    assert len(named) > 20
    assert named - set(terms()) == set()


def test_a_term_is_a_button_that_opens_its_meaning(request_of_a_reader):
    html = rendered('{% term "pledge" "Pledged" %}', request_of_a_reader)
    assert html == (
        '<button type="button" class="term" popovertarget="term-pledge">Pledged</button>'
        '<span popover class="term-note" id="term-pledge" role="note" lang="en" dir="ltr">'
        "<b>Pledge</b> An announced contribution, not binding; nothing falls due. "
        '<a href="/en/terms/#pledge">All terms</a></span>'
    )


def test_a_term_is_explained_once_in_an_answer(request_of_a_reader):
    html = rendered('{% term "pledge" %}, {% term "pledge" "Pledged" %}', request_of_a_reader)
    assert html.count("popovertarget") == html.count('id="term-pledge"') == 1
    assert html.endswith(", Pledged")
    assert rendered('{% term_mark "pledge" %}', request_of_a_reader) == ""


def test_what_is_fetched_into_a_page_has_identifiers_of_its_own():
    request = RequestFactory().get("/", headers={"HX-Target": "dashboard"})
    assert 'id="term-pace-dashboard"' in rendered('{% term "pace" %}', request)
    request = RequestFactory().get("/", headers={"HX-Target": '"><script>'})
    assert 'id="term-pace"' in rendered('{% term "pace" %}', request)


def test_a_term_is_told_in_the_language_and_direction_of_the_reader(request_of_a_reader):
    with translation.override("ar"):
        html = rendered('{% term "pledge" %}', request_of_a_reader)
    assert 'lang="ar" dir="rtl"' in html
    assert "مساهمة معلن عنها غير ملزمة؛ ولا يُستحق عنها شيء." in html
    assert 'href="/ar/terms/#pledge"' in html


def test_words_are_escaped_and_stay_words_where_nobody_asks(request_of_a_reader):
    assert rendered('{% term "pledge" shown %}', shown="<b>") == "&lt;b&gt;"
    assert ">&lt;b&gt;</button>" in rendered(
        '{% term "pledge" shown %}', request_of_a_reader, shown="<b>"
    )


def test_headings_of_a_table_explain_themselves_and_links_get_a_mark(request_of_a_reader):
    table = Table(
        identifier="t", caption="T",
        columns=(Column("Fund"), Column("Outstanding", is_numeric=True)),
        rows=(Row((Cell("Technical cooperation", "#tc"), Cell("1"))), Row((Cell("X"), Cell("2")))),
    )  # fmt: skip
    html = rendered("{% data_table table %}", request_of_a_reader, table=table)
    assert html.count("popovertarget") == 2
    assert '<button type="button" class="term" popovertarget="term-outstanding">' in html
    assert re.search(
        r'<a href="#tc"><bdi>Technical cooperation</bdi></a>'
        r'<button type="button" class="term-mark" popovertarget="term-technical-cooperation">',
        html,
    )
    quiet = rendered("{% data_table table explains=False %}", request_of_a_reader, table=table)
    assert "popovertarget" not in quiet
