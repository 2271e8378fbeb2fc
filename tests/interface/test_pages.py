"""The pieces of pages as HTML: figures, tables, forms, the frame around everything."""

import dataclasses
import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from interface.style_page import StyleForm, style_context
from interface.tables import Cell, Column, Row, Table
from reports.views.about import style_page


def written(source: str, **context: object) -> str:
    return Template("{% load interface %}" + source).render(Context(context)).strip()


def page(template: str = "interface/style/page.html", **context: object) -> str:
    request = RequestFactory().get("/style/?page=2&year=2021")
    return render_to_string(template, {**style_context(), **context}, request)


def table(**changes: object) -> Table:
    parts = {
        "identifier": "funds",
        "caption": "By fund",
        "unit_note": "US$ million",
        "columns": (Column("Fund"), Column("Received", is_numeric=True)),
        "rows": (
            Row((Cell("Core"), Cell("2.9", href="/entries/?fund=FNE"))),
            Row((Cell("Total"), Cell("2.9")), is_total=True),
        ),
    }
    return Table(**{**parts, **changes})


def test_figures_are_isolated_from_the_text_around_them():
    value = Decimal("2900000")
    assert written("{% usd v 'millions' %}", v=value) == '<bdi class="figure">2.9</bdi>'
    assert written("{% amount v 'EUR' %}", v=Decimal(5)) == (
        '<bdi class="figure">EUR\u00a05.00</bdi>'
    )
    assert written("{% percent v 1 %}", v=Decimal("79")) == '<bdi class="figure">79.0%</bdi>'


def test_a_missing_figure_says_how_it_is_missing():
    assert written("{% usd v %}", v=None) == '<span class="missing">–</span>'
    assert written("{% usd v missing='not_reported' %}", v=None) == (
        '<span class="missing">not reported</span>'
    )


def test_days_and_months_can_be_read_by_machines_too():
    day = date(2021, 12, 31)
    assert written("{% day d %}", d=day) == '<time datetime="2021-12-31">31 December 2021</time>'
    assert written("{% month d %}", d=day) == '<time datetime="2021-12">December 2021</time>'


def test_a_table_has_caption_scopes_and_a_region_for_the_keyboard():
    html = written("{% data_table t %}", t=table())
    assert 'role="region" aria-labelledby="funds-caption" tabindex="0"' in html
    assert re.search(r'<caption id="funds-caption">\s*By fund', html)
    assert html.count('<th scope="col"') == 2
    assert html.count('<th scope="row">') == 2
    assert '<table class="figures">' in html
    assert '<td><a href="/entries/?fund=FNE"><bdi>2.9</bdi></a></td>' in html
    assert '<tr class="total">' in html


def test_an_empty_table_says_what_to_do_next():
    html = written("{% data_table t %}", t=table(rows=(), empty="Enter a first contribution."))
    assert "Enter a first contribution." in html


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(ValueError, match="a row has 1 cells"):
        table(rows=(Row((Cell("Core"),)),))


def test_text_in_tables_is_escaped():
    html = written("{% data_table t %}", t=table(caption="<b>&"))
    assert "&lt;b&gt;&amp;" in html


def test_a_chart_comes_with_its_sentence_key_and_table():
    chart = style_context()["bar_chart"]
    html = written("{% chart c table=t explore='/data.json' %}", c=chart, t=table())
    assert "The regular budget is nearest to its target." in html
    assert html.count("chart-key-mark") == 3
    assert 'data-explore="/data.json" data-target="sample-bars-picture" hidden' in html
    assert html.index("<details") < html.index("<table")


def test_a_field_ties_its_help_and_error_to_its_control():
    form = StyleForm({"amount": "12.345"})
    html = written("{% field f %}", f=form["donor"])
    assert '<label for="id_donor">' in html
    assert 'aria-describedby="id_donor_help id_donor_error"' in html
    assert 'id="id_donor_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = written("{% field f %}", f=StyleForm()["kind"])
    assert "<fieldset" in html
    assert "<legend>Kind" in html


def test_an_optional_field_says_so():
    assert "(optional)" in written("{% field f %}", f=StyleForm()["note"])
    assert "(optional)" not in written("{% field f %}", f=StyleForm()["donor"])


def test_the_error_summary_takes_the_focus_and_leads_to_each_field():
    form = StyleForm({"amount": "12.345", "currency": "USD", "received_on": "2021-01-01"})
    form.add_error(None, "The parts do not add up.")
    html = written("{% error_summary f %}", f=form)
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert '<a href="#id_donor">Donor</a>' in html
    assert '<a href="#id_kind_0">Kind</a>' in html
    assert "The parts do not add up." in html


def test_a_form_without_errors_has_no_summary():
    assert written("{% error_summary f %}", f=StyleForm()) == ""


def test_the_frame_has_landmarks_and_a_way_past_the_navigation():
    items = [SimpleNamespace(label="Dashboard", url="/board/", current="page", pages=())]
    html = page(navigation=items)
    assert '<a class="skip-link" href="#main">' in html
    assert '<main id="main"' in html
    assert '<a href="/board/" aria-current="page">Dashboard</a>' in html


def test_demonstration_books_are_marked_in_words_on_every_page():
    sentence = "DEMONSTRATION BOOKS – not UN-Habitat&#x27;s figures"
    plain = "DEMONSTRATION BOOKS – not UN-Habitat's figures"
    shown, real = page(demonstration_books=True), page()
    assert sentence in shown or plain in shown
    assert "DEMONSTRATION" not in real


def test_an_arabic_page_runs_from_right_to_left():
    with override("ar"):
        assert '<html lang="ar" dir="rtl">' in page()
    assert '<html lang="en" dir="ltr">' in page()


def test_pages_carry_no_style_or_script_of_their_own():
    html = page()
    assert " style=" not in html
    assert re.findall(r"<style[^>]*>", html) == ['<style id="plotly.js-style-global">']
    assert "</style>" in html.split('<style id="plotly.js-style-global">')[1][:8]
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r"\son\w+=", html)


def test_identifiers_are_unique_on_a_page():
    found = re.findall(r'\sid="([^"]+)"', page())
    assert sorted(found) == sorted(set(found))


def test_the_pager_keeps_the_question_in_the_address():
    html = page()
    assert 'href="?page=1&amp;year=2021" rel="prev"' in html
    assert 'href="?page=3&amp;year=2021" rel="next"' in html
    assert "Rows 21–40" in html


@pytest.mark.parametrize("name", ["403.html", "404.html", "500.html", "403_csrf.html"])
def test_error_pages_need_nothing_and_say_what_to_do(name):
    html = render_to_string(name)
    assert html.count("<h1>") == 1
    assert 'class="lead"' in html


def test_a_chart_offers_its_files_beside_its_data():
    chart = style_context()["bar_chart"]
    html = written("{% chart c None '/charts/funds.json?as_at=2021-12' %}", c=chart)
    for form in ("png", "svg", "csv", "xlsx"):
        assert f'href="/charts/funds.{form}?as_at=2021-12" download' in html
    assert re.search(r"Download:</span> PNG</a>", html)
    assert 'data-picture="sample-bars-picture"' in html


def test_a_chart_without_an_address_or_without_figures_offers_nothing():
    chart = style_context()["bar_chart"]
    assert "download" not in written("{% chart c %}", c=chart)
    empty = dataclasses.replace(chart, categories=(), series=())
    html = written("{% chart c None '/charts/funds.json' %}", c=empty)
    assert "download" not in html
    assert "data-explore" not in html


@pytest.mark.parametrize(
    ("query", "root"),
    [
        ("?direction=rtl&theme=dark", '<html lang="ar" dir="rtl" data-theme="dark">'),
        ("?direction=ltr&theme=light", '<html lang="en" dir="ltr" data-theme="light">'),
        ("?direction=rtl", '<html lang="ar" dir="rtl">'),
        ("?theme=%22%3E", '<html lang="en" dir="ltr">'),
    ],
)
def test_the_style_page_shows_both_directions_and_themes(settings, rf, query, root):
    settings.IS_DEMO = True
    request = rf.get(f"/style/{query}")
    request.user = AnonymousUser()
    html = style_page(request).content.decode()
    assert root in html
    assert html.count('data-theme="dark"') == 2 + ("theme=dark" in query)
    assert html.count('aria-current="true"') == 1 + (query.count("=") == 2)
