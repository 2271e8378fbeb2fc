"""Figures 2 and 3 and the ten largest of the 2022 progress report, in whatever way one asks.

The demonstration books, January to December 2021: the page, the update's document, its two other
files, the dashboard's file and the API tell the same amounts. US dollars.
"""

import csv
import html
import io
import json
import re
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.permissions import Role
from income.demonstration.books import load_books
from income.models import Ledger
from income.periods import YearMonth
from tests import factories
from tests.reports.pdf_reading import opened, texts
from tests.reports.update_cases import prepared, stored

D = Decimal
DECEMBER = YearMonth(2021, 12)
# The printed figures: US dollars, and as the document prints them in millions.
FIGURE_2 = {
    "RB": ("14200000", "Regular budget", "14.2"),
    "FNE": ("2900000", "Foundation non-earmarked", "2.9"),
    "FE": ("34300000", "Foundation earmarked", "34.3"),
    "TC": ("144800000", "Technical cooperation", "144.8"),
}
FIGURE_3 = {
    "AFRICA": ("24900000", "Africa", "24.90"),
    "ARAB": ("54200000", "Arab States", "54.20"),
    "ASIA_PACIFIC": ("17700000", "Asia and the Pacific", "17.70"),
    "GLOBAL": ("24300000", "Global", "24.30"),
    "LAC": ("800000", "Latin America and the Caribbean", "0.80"),
    "EUROPE": ("680000", "Europe", "0.68"),
}
LARGEST = {
    "FNE": [
        "United States of America", "China", "Türkiye", "Germany", "South Africa", "Namibia",
        "Italy", "India", "Kenya", "Republic of Korea",
    ],
    "FE": [
        "European Union", "Poland", "Netherlands", "United Nations entities", "Spain",
        "Switzerland", "Germany", "China", "Japan", "Sweden",
    ],
    "TC": [
        "European Union", "Adaptation Fund", "United Nations entities", "Japan", "Mozambique",
        "Kuwait Fund for Arab Economic Development", "Ethiopia", "KfW", "Switzerland", "Italy",
    ],
}  # fmt: skip
pytestmark = pytest.mark.django_db  # so that the file can be run alone
ASKED = {"books": "DEMO", "basis": "received", "as_at": "2021-12", "units": "exact"}


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The answers: page, API and file of the dashboard, files of the update. Read once."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_books()
        client = Client()
        client.force_login(factories.user(role=Role.BOARD))
        files = stored(prepared(Ledger.objects.get(code="DEMO"), DECEMBER))
        yield {
            "page": client.get(reverse("dashboard"), ASKED).content.decode(),
            "api": client.get(reverse("api_dashboard"), ASKED).json(),
            "csv": client.get(reverse("dashboard_csv"), ASKED).content,
            **files,
        }
        transaction.set_rollback(True)


def table(page, identifier):
    """The name and the first figure of each row of a page's table."""
    found = re.search(rf'<caption id="{identifier}-caption">.*?</table>', page, re.DOTALL)
    assert found, identifier
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", found[0], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows[1:]]
    return [(said(row[0]), said(row[1])) for row in cells]


def said(cell):
    """The words of a cell, without the notes that explain a term when they are asked for."""
    cell = re.sub(r'<button [^>]*class="term-mark".*?</button>|<span popover.*?</span>', "", cell)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", cell))).strip()


def exact(text):
    return D(text.replace(",", ""))


def of_file(content):
    """Block, row and column of a file's lines, with the value."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return [(line[0], line[1], line[2], line[3], line[5]) for line in lines if len(line) > 5]


def amount_in(content, block, row):
    """The actual amount of the row in the file."""
    wanted = (block, row, "actual")
    [value] = [value for *place, value, _note in of_file(content) if tuple(place) == wanted]
    return D(value)


def document(told):
    read = " ".join(texts(opened(told["update-en.pdf"])))
    return re.sub(r"\s+", " ", read.replace("\u00a0", " "))


@pytest.mark.parametrize("fund", FIGURE_2)
def test_figure_2_is_the_same_everywhere(told, fund):
    usd, name, printed = FIGURE_2[fund]
    page = dict(table(told["page"], "fund-table"))
    assert exact(page[name]) == D(usd)
    for figures in (told["api"], json.loads(told["figures.json"])):
        [row] = [row for row in figures["funds"]["rows"] if row["code"] == fund]
        assert D(row["progress"]["actual_usd"]) == D(usd)
    for content in (told["csv"], told["data.csv"]):
        [value] = [
            v for b, r, c, v, _note in of_file(content) if (b, r, c) == ("funds", fund, "actual")
        ]
        assert D(value) == D(usd)
    assert f"{name} {printed} " in document(told)


@pytest.mark.parametrize("region", FIGURE_3)
def test_figure_3_is_the_same_everywhere(told, region):
    usd, name, printed = FIGURE_3[region]
    page = dict(table(told["page"], "regions-table"))
    assert exact(page[name]) == D(usd)
    for figures in (told["api"], json.loads(told["figures.json"])):
        [row] = [row for row in figures["regions"]["rows"] if row["code"] == region]
        assert D(row["amount_usd"]) == D(usd)
    for content in (told["csv"], told["data.csv"]):
        [value] = [
            v
            for b, r, c, v, _note in of_file(content)
            if (b, r, c) == ("regions", region, "actual")
        ]
        assert D(value) == D(usd)
    assert f"{name} {printed} " in document(told)


@pytest.mark.parametrize("fund", LARGEST)
def test_the_ten_largest_are_the_same_everywhere(told, fund):
    """The same ten, in the printed order, with the same amounts to the cent."""
    page = [
        (re.sub(r"^\d+\. ", "", name), exact(usd))
        for name, usd in table(told["page"], f"donors-{fund}-table")
        if re.match(r"\d+\. ", name)
    ]
    assert [name for name, _usd in page] == LARGEST[fund]
    for figures in (told["api"], json.loads(told["figures.json"])):
        [ranking] = [one for one in figures["rankings"] if one["fund"] == fund]
        assert [(d["name"], D(d["amount_usd"])) for d in ranking["donors"]] == page
    for content in (told["csv"], told["data.csv"]):
        named = [
            (note, D(value))
            for block, _row, column, value, note in of_file(content)
            if block == f"donors {fund}" and column == "actual" and note
        ]
        assert named == page
    read, at = document(told), 0
    for name, usd in page:
        printed = f"{name} {usd / 1_000_000:.2f} "
        assert printed in read[at:], printed
        at = read.index(printed, at) if fund == "FNE" else 0
