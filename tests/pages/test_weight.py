"""How much a reader's line has to carry before the Board's first page stands."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests.reports import hand_made

pytestmark = pytest.mark.django_db

MOST_BYTES = 300_000
# As they travel, compressed.
MOST_OF_A_PAGE, MOST_OF_THE_SHEET, MOST_OF_OWN_SCRIPTS = 60_000, 20_000, 15_000
MOST_OF_ALL_SCRIPTS = 60_000  # before a chart is explored
# The page of the demonstration has more donors, months and notes than the hand-made books.
MOST_BYTES_BESIDE_THE_PAGE = 130_000


@pytest.fixture
def page(ledger, client, board_member, settings):
    settings.PORTAL_BOOKS = "T"
    hand_made.fill(ledger)
    client.force_login(board_member)
    return client.get(reverse("dashboard"), {"as_at": "2021-12"}).content


def brought(page):
    """The size of everything the page asks for by itself: style sheet, scripts, icon."""
    names = {name.decode() for name in re.findall(rb'(?:href|src)="/static/([^"?]+)', page)}
    return {name: Path(finders.find(name)).stat().st_size for name in names}


def test_the_first_page_is_under_300_kilobytes_without_the_chart_library(page):
    files = brought(page)
    assert {"css/portal.css", "js/portal.js"} <= set(files)
    assert not any("plotly" in name for name in files)
    assert sum(files.values()) < MOST_BYTES_BESIDE_THE_PAGE
    assert len(page) + sum(files.values()) < MOST_BYTES


def packed(name):
    return len(gzip.compress(Path(finders.find(name)).read_bytes()))


def test_page_style_sheet_and_scripts_travel_light(page):
    scripts = [name for name in brought(page) if name.endswith(".js")]
    own = [name for name in scripts if name.startswith("js/")]
    assert {"js/portal.js", "js/keep.js", "js/session.js"} <= set(own)
    assert len(scripts) == len(own) + 1  # HTMX
    assert len(gzip.compress(page)) < MOST_OF_A_PAGE
    assert packed("css/portal.css") < MOST_OF_THE_SHEET
    assert sum(map(packed, own)) < MOST_OF_OWN_SCRIPTS
    assert sum(map(packed, scripts)) < MOST_OF_ALL_SCRIPTS


def test_all_own_scripts_together_would_still_be_light():
    folder = Path(finders.find("js/portal.js")).parent
    assert sum(packed(f"js/{path.name}") for path in folder.glob("*.js")) < MOST_OF_OWN_SCRIPTS


def test_the_chart_library_is_only_named_for_when_it_is_asked_for(page):
    assert re.findall(rb'\S+="/static/plotly[^"]*"', page) == [
        b'data-plotly="/static/plotly/plotly.min.js"'
    ]


def test_what_the_page_says_does_not_wait_for_scripts(page):
    text = page.decode()
    assert text.count('class="chart-drawing') >= 5
    assert 'id="fund-table-caption"' in text
    for script in re.findall(r"<script[^>]*>", text):
        assert " defer" in script, script
