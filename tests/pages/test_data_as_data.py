"""What people typed is data wherever it comes out: no formula, no markup, no template, no Typst.

Every name in every table is made of all of them at once; then every page and every file is opened.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.models import User
from donors.models import Area, Contact, Donor
from income.models import Campaign, Contribution, Draft, Fund, ParkedReceipt, Programme
from interface.sheets import guard_cell
from targets.models import Indicator, TargetSet
from tests.pages.matrix.cells import answer_to
from tests.pages.matrix.marks import swedens
from tests.pages.matrix.rows import acts, address_of, cast, parts
from tests.pages.matrix.table import EVERYWHERE, MAY_GET, SIGNED_OUT

__all__ = ["acts", "cast", "parts", "swedens"]
pytestmark = pytest.mark.django_db

NAME = '=7919*6841 {{ 7|add:54173872 }} <script>alert(1)</script> #eval("7919*6841") $a$'
RUN = "54173879"  # what comes out where any of it was run
NAMED = (Donor, Area, Fund, Programme, Indicator, TargetSet)
TYPED = {Contribution: "title", Campaign: "title", Draft: "title", Contact: "title",
         ParkedReceipt: "payer"}  # fmt: skip
NUMBER = re.compile(r"[-+]?[\d.,\s]*%?")
FORMULA = re.compile(rb"<f[ >]|<script>alert|of:=")


@pytest.fixture
def named(swedens: dict[str, str]) -> dict[str, str]:
    """The variable parts of addresses, in books where every text is made to run."""
    for model in NAMED:
        rows = list(model.objects.all())  # type: ignore[attr-defined]
        for row in rows:
            row.names = dict.fromkeys(row.names or {"en": ""}, NAME)
        model.objects.bulk_update(rows, ["names"])  # type: ignore[attr-defined]
    for model, field in TYPED.items():
        model.objects.update(**{field: NAME})  # type: ignore[attr-defined]
    return swedens


def files_in(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The file, and those in it where it is an archive, but not the parts of a workbook."""
    if not content.startswith(b"PK\x03\x04"):
        yield name, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for inner in archive.namelist():
            yield from files_in(inner, archive.read(inner))


def faults_of(name: str, content: bytes) -> Iterator[str]:
    """Cells that a spreadsheet would run, of a CSV file; formulas in a sheet; what did run.

    What a program reads as JSON, or a PDF says of itself, is no markup.
    """
    if name.endswith(".csv"):
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            for cell in row:
                if not NUMBER.fullmatch(cell) and guard_cell(cell) != cell:
                    yield f"{name}: {cell}"
    elif content.startswith((b"%PDF", b"\x89PNG")):
        return  # typeset from data alone; its texts are read in tests/reports
    elif FORMULA.search(content) and not name.endswith(".json"):
        yield f"{name}: {FORMULA.search(content)}"
    elif RUN.encode() in content:
        yield f"{name}: it ran"


def kind_of(answer: object, address: str) -> str:
    """The name of a file by its type."""
    media = answer["Content-Type"]  # type: ignore[index]
    return {"text/csv": "sheet.csv", "application/json": "data.json"}.get(
        media.partition(";")[0], address
    )


def test_nothing_that_was_typed_runs_in_any_page_or_file(
    named: dict[str, str], cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    browsers: dict[object, Client] = {role: client_of(user) for role, user in cast.items()}
    browsers[SIGNED_OUT] = Client()
    wrong, told = [], set()
    for name, route in EVERYWHERE:
        for who in sorted(map(str, MAY_GET[name]))[:1]:
            address = address_of(name, route, named)
            answer = answer_to(browsers[who], "GET", address)
            for file, held in files_in(kind_of(answer.response, address), answer.content):
                wrong += [f"{address} {fault}" for fault in faults_of(file, held)]
                told |= {kind for kind, sign in SIGNS.items() if sign in held}
    assert wrong == []
    assert told == set(SIGNS)  # the names were there to be run


# The name as pages, as CSV files and as workbooks write it where it is only text.
SIGNS = {"page": b"&lt;script&gt;alert(1)&lt;/script&gt;", "csv": b"'=7919*6841 {{ 7",
         "workbook": b"'=7919*6841 {{ 7|add:54173872 }} &lt;"}  # fmt: skip
