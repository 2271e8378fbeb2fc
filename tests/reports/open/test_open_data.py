"""Data files: what the dictionary says is what is in them."""

import csv
import hashlib
import io
import json
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from accounts.models import User
from reports.models import MonthlyUpdate
from reports.open.dictionary import FILES
from reports.open.policy import set_open
from reports.templatetags.open_data import dataset_script
from tests import board_factories, factories
from tests.house import project
from tests.reports.open.open_cases import EVERYTHING, got, opened, update

__all__ = ["opened", "update"]
NAMES = [file.name for file in FILES]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(got(f"/data/{name}.csv"))))


def total(rows: list[dict[str, str]], **wanted: str) -> Decimal:
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return sum((Decimal(row["amount_usd"]) for row in found), Decimal(0))


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_the_dictionary_names_the_columns_of_the_file_in_their_order(
    file, opened: MonthlyUpdate
) -> None:
    lines = got(f"/data/{file.name}.csv").splitlines()
    assert tuple(lines[0].split(",")) == file.header
    assert len(lines) > 1
    assert all(column.meaning and column.type for column in file.columns)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_says_its_basis_its_month_and_the_state_of_the_books(
    name: str, opened: MonthlyUpdate
) -> None:
    said = {(row["basis"], row["as_at"], row["sequence"]) for row in rows_of(name)}
    assert said == {("received", "2021-03", str(opened.sequence))}


def test_the_files_add_up_to_the_same_year(opened: MonthlyUpdate) -> None:
    by_month = rows_of("income-by-fund-and-month")
    march = total(by_month, month="2021-03", fund="FNE")
    assert march == Decimal("40000.00")  # 50,000 − 20,000 + 7,000 + 3,000
    year = sum(total([row]) for row in by_month if row["month"].startswith("2021"))
    assert year == total(rows_of("flows"), year="2021") == Decimal("15040000.00")
    assert total(rows_of("income-by-region-and-year"), year="2021") == year
    assert total(rows_of("income-by-donor-and-year"), year="2021") == year - Decimal(14_200_000)


def test_the_file_of_donors_names_them_and_counts_the_unnamed_as_one(opened: MonthlyUpdate) -> None:
    found = {
        (row["year"], row["donor"]): (row["donor_name"], row["amount_usd"])
        for row in rows_of("income-by-donor-and-year")
    }
    assert found["2020", "SWE"] == ("Sweden", "700000.00")
    assert found["2021", "unnamed"] == ("Donors that wish to stay unnamed", "7000.00")
    assert found["2021", ""] == ("Not attributed to a donor", "3000.00")


def test_the_same_bytes_whatever_the_readers_language(opened: MonthlyUpdate) -> None:
    addresses = [f"/data/{name}.csv" for name in NAMES] + ["/data/datapackage.json"]
    for address in addresses:
        arabic = Client().get(address, headers={"Accept-Language": "ar"}).content
        assert arabic == Client().get(address).content, address


def test_the_descriptor_tells_the_bytes_the_hash_and_the_columns_of_every_file(
    opened: MonthlyUpdate,
) -> None:
    package = json.loads(got("/data/datapackage.json"))
    assert [one["name"] for one in package["resources"]] == NAMES
    for one, file in zip(package["resources"], FILES, strict=True):
        content = Client().get(f"/data/{one['path']}").content
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert [field["name"] for field in one["schema"]["fields"]] == list(file.header)
        assert one["encoding"] == "utf-8"


def test_the_workbook_holds_the_same_rows(opened: MonthlyUpdate) -> None:
    content = Client().get("/data/flows.xlsx").content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    cells = sheet.to_python()
    start = next(at for at, row in enumerate(cells) if row[0] == "year")
    header, rows = cells[start], cells[start + 1 :]
    place = header.index("amount_usd")
    told = [Decimal(str(row[place])).quantize(Decimal("0.01")) for row in rows]
    assert told == [Decimal(row["amount_usd"]) for row in rows_of("flows")]


def test_the_page_shows_every_file_with_its_dictionary_and_its_hash(opened: MonthlyUpdate) -> None:
    page = got("/en/downloads/")
    for file in FILES:
        content = Client().get(f"/data/{file.name}.csv").content
        assert hashlib.sha256(content).hexdigest() in page
        assert f'href="/data/{file.name}.xlsx"' in page
        assert f'id="columns-{file.name}-caption"' in page


def test_search_engines_read_the_dataset_on_the_page(opened: MonthlyUpdate) -> None:
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', got("/fr/downloads/"))
    assert block is not None
    told = json.loads(block[1])
    assert (told["@type"], told["datePublished"]) == ("Dataset", "2021-04-15")
    assert told["url"] == "http://testserver/fr/downloads/"
    assert len(told["distribution"]) == len(FILES)
    assert json.loads(got("/data/dataset.jsonld"))["url"] == "http://testserver/en/downloads/"


def test_no_text_of_the_dataset_ends_its_element() -> None:
    assert str(dataset_script({"name": "</script><b>&"})) == (
        '<script type="application/ld+json">{"name": "\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'
        "</script>"
    )


def test_the_map_of_the_site_lists_every_page_in_six_languages(opened: MonthlyUpdate) -> None:
    root = ElementTree.fromstring(got("/sitemap.xml"))  # noqa: S314  our own
    places = [one.findtext(f"{SITEMAP}loc") or "" for one in root]
    assert len(places) == len(set(places)) == 6 * (4 + 7 + 3 + 2)
    assert "http://testserver/zh-hans/donors/SWE/" in places
    assert "http://testserver/ar/flows/?year=2020" in places
    for one in root:
        codes = [link.attrib["hreflang"] for link in one.iter(f"{XHTML}link")]
        assert sorted(codes) == ["ar", "en", "es", "fr", "ru", "zh-hans"]


def published_files(update: MonthlyUpdate) -> None:
    kinds = {"iati": ("activities.xml", update), "ceb": ("by-contributor.csv", None)}
    for kind, (name, of_update) in kinds.items():
        made = board_factories.publication(
            ledger=update.ledger, kind=kind, update=of_update, is_cast=True, state="published",
            published_by=factories.user(), published_at=update.published_at,
        )  # fmt: skip
        board_factories.publication_file(publication=made, name=name, content=b"<a>1</a>")


def test_published_standards_are_handed_out_as_the_bytes_that_they_are(
    opened: MonthlyUpdate, administrator: User
) -> None:
    published_files(opened)
    addresses = ("/data/iati/activities.xml", "/data/ceb/2021/by-contributor.csv")
    page = got("/en/downloads/")
    for address in addresses:
        response = Client().get(address)
        assert (response.getvalue(), response.status_code) == (b"<a>1</a>", 200)
        assert f'href="{address}"' in page
        again = Client().get(address, headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
    assert Client().get("/data/ceb/2020/by-contributor.csv").status_code == 404
    assert Client().get("/data/iati/organisation.xml").status_code == 404
    set_open(EVERYTHING - {"iati", "ceb"}, by=administrator)
    assert [Client().get(address).status_code for address in addresses] == [404, 404]


def test_a_publication_that_is_only_prepared_is_not_handed_out(opened: MonthlyUpdate) -> None:
    made = board_factories.publication(ledger=opened.ledger)
    board_factories.publication_file(publication=made, name="by-contributor.csv")
    assert Client().get("/data/ceb/2021/by-contributor.csv").status_code == 404
    assert "by-contributor.csv" not in got("/en/downloads/")


def test_the_document_about_the_data_has_the_same_dictionary() -> None:
    text = (project.ROOT / "docs" / "open-data.md").read_text("utf-8")
    told = re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.M)
    assert told == [(one.name, one.type) for file in FILES for one in file.own] + [
        ("basis", "string"), ("as_at", "yearmonth"), ("sequence", "integer"),
    ]  # fmt: skip
    assert re.findall(r"^## `([\w-]+)`", text, re.M) == NAMES
