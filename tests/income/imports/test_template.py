"""The portal's own workbook: whatever its lists offer, in any language, the importer reads back."""

import io
import re
import zipfile
from xml.sax.saxutils import escape

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from python_calamine import CalamineWorkbook

from donors.models import Area, Donor, Region
from donors.names import in_language
from income.imports import services
from income.imports.choices import Choices
from income.imports.columns.fields import FIELDS
from income.imports.columns.plan import Plan
from income.imports.columns.proposing import propose
from income.imports.columns.words import Words
from income.imports.course.checking import check
from income.imports.naming.donors import DonorBook
from income.imports.returned.template import COLUMNS, KINDS, template_workbook
from income.imports.sheets import source_of
from income.models import (
    Currency,
    EarmarkingStep,
    Entry,
    Fund,
    ImportLayout,
    Instrument,
    Programme,
)
from income.vocabulary import Kind
from tests import factories
from tests.income.imports.passes_cases import TODAY, posted, sound
from tests.income.imports.workbook_bytes import with_part

pytestmark = pytest.mark.django_db
LANGUAGES = [language for language, _name in settings.LANGUAGES]
every_language = pytest.mark.parametrize("language", LANGUAGES)


def sheets(content):
    """Name → rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def lists(content, language):
    """Field → the texts of its drop-down."""
    with translation.override(language):
        fields = {str(field.label): code for code, field in FIELDS.items()}
    heading, *rows = list(sheets(content).values())[1]
    return {fields[title]: [row[at] for row in rows if row[at]] for at, title in enumerate(heading)}


def filled(content, rows):
    """The workbook with rows (by field) typed in below the headings of its first sheet."""

    def cell(row, field, value):
        place = f"{chr(ord('A') + COLUMNS.index(field))}{row}"
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f'<c r="{place}"><v>{value}</v></c>'

    typed = ""
    for number, row in enumerate(rows, start=2):
        cells = [cell(number, field, row[field]) for field in COLUMNS if field in row]
        typed += f'<row r="{number}">{"".join(cells)}</row>'
    return with_part(
        content, "xl/worksheets/sheet1.xml",
        lambda old: old.replace(b"</sheetData>", typed.encode() + b"</sheetData>"),
    )  # fmt: skip


def brought(ledger, by, content):
    upload = SimpleUploadedFile("income.xlsx", content)
    return services.read_in(upload, ledger=ledger, by=by, name="income.xlsx")


def rows_to_fill(offered, language):
    """One row of each kind, with what the lists of the language offer."""
    kinds = dict(zip((kind.value for kind in KINDS), offered["kind"], strict=True))
    funds = dict(zip(Fund.objects.exclude(is_group=True).order_by("order")
                     .values_list("code", flat=True), offered["fund"], strict=True))  # fmt: skip
    sweden = in_language(Donor.objects.get(code="SWE").names, language)
    assert sweden in offered["donor"]
    gift = {
        "donor": sweden, "fund": funds["FE"], "date": 44_350, "amount": 1250.5, "currency": "SEK",
        "earmarking": offered["earmarking"][1], "programme": offered["programme"][0],
        "region": offered["region"][0],
    }  # fmt: skip
    own = {"date": 44_350, "amount": 100, "currency": "USD"}
    return [
        {"kind": kinds["receipt"], **gift, "reference": "A-1", "bank_charge": 3.5},
        {"kind": kinds["agreement"], **gift, "ends_on": 45_000, "title": "Homes"},
        {"kind": kinds["pledge"], **gift},
        {"kind": kinds["allotment"], **own},
        {"kind": kinds[Kind.PROGRAMME_SUPPORT], **own},
        {"kind": kinds[Kind.AUDITED_REVENUE], **own, "donor": sweden, "fund": funds["FNE"]},
    ]  # fmt: skip


@every_language
def test_every_value_of_every_list_is_understood_as_what_it_stands_for(ledger, language):
    offered = lists(template_workbook(ledger, language=language), language)
    words, book = Words.load(), DonorBook(Choices())
    codes = {
        field: [words.code(field, text) for text in texts]
        for field, texts in offered.items()
        if field != "donor"
    }
    assert codes == {
        "kind": [kind.value for kind in KINDS],
        "currency": list(Currency.objects.values_list("code", flat=True)),
        "fund": _codes(Fund.objects.exclude(is_group=True).order_by("order")),
        "instrument": _codes(Instrument.objects.filter(is_legacy=False).order_by("order")),
        "earmarking": _codes(EarmarkingStep.objects.order_by("order")),
        "programme": _codes(Programme.objects.order_by("order")),
        "region": _codes(Region.objects.order_by("order")),
        "area": codes["area"],
    }
    assert sorted(codes["area"]) == sorted(_codes(Area.objects.all()))
    donors = [book.find(text).pk for text in offered["donor"]]
    assert sorted(donors) == sorted(_codes(Donor.objects.standing()))


def _codes(rows):
    return list(rows.values_list("pk", flat=True))


@every_language
def test_what_is_filled_in_comes_in_without_doubt_or_problem(ledger, officer, language):
    content = template_workbook(ledger, language=language)
    rows = rows_to_fill(lists(content, language), language)
    import_ = brought(ledger, officer, filled(content, rows))
    proposal = propose(source_of(import_, Plan()))
    assert proposal.doubts == []
    english = "" if language == "en" else f" ({language})"
    assert import_.layout == ImportLayout.objects.get(name=f"Portal template{english}")
    found = check(import_, today=TODAY)
    assert (found.problems, found.rows, found.accepted) == ([], 6, 6)
    assert {one.kind for one in found.totals} == {kind.value for kind in KINDS} | {"due"}


@pytest.mark.both_databases
def test_a_filled_template_is_posted(ledger, officer, reviewer, today):
    content = template_workbook(ledger, language="fr")
    import_ = brought(ledger, officer, filled(content, rows_to_fill(lists(content, "fr"), "fr")))
    found = check(import_, today=today)
    import_.refresh_from_db()
    posted(services.submit(import_, version=import_.version, by=officer), reviewer)
    assert Entry.objects.filter(ledger=ledger).count() == found.entries == 9
    assert sound(ledger)


def test_a_template_that_nobody_filled_in_posts_nothing_and_says_nothing_wrong(ledger, officer):
    import_ = brought(ledger, officer, template_workbook(ledger, language="en"))
    found = check(import_, today=TODAY)
    assert (found.rows, found.accepted, found.problems) == (0, 0, [])


def test_a_donor_whose_name_is_somebody_elses_too_has_its_code_beside_it(ledger):
    one = factories.donor(code="ADA_1", names={"en": "Ada Foundation"})
    other = factories.donor(code="ADA_2", names={"en": "Ada Foundation"})
    for donor in (one, other):
        factories.donor_name("Ada Foundation", donor=donor)
    offered = lists(template_workbook(ledger, language="en"), "en")["donor"]
    told = [name for name in offered if name.startswith("Ada Foundation")]
    assert told == ["Ada Foundation (ADA_1)", "Ada Foundation (ADA_2)"]
    book = DonorBook(Choices())
    assert [book.find(name).pk for name in told] == [one.pk, other.pk]
    assert book.find("Ada Foundation").status == "unknown"
    assert book.find("Ada Foundation (SWE)").status == "unknown"


def test_every_column_with_a_list_offers_it_and_takes_other_values_with_a_warning(ledger):
    content = template_workbook(ledger, language="en")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
    rules = re.findall(r'<dataValidation type="(\w+)".*?sqref="([A-Z])2:\2(?:100001)"', page)
    fields = {COLUMNS[ord(letter) - ord("A")]: kind for kind, letter in rules}
    assert fields == {
        **dict.fromkeys(lists(content, "en"), "list"),
        **dict.fromkeys(["date", "due_on", "ends_on"], "date"),
    }
    assert page.count('errorStyle="warning"') == len(fields)


@every_language
def test_sheets_run_from_right_to_left_in_arabic_only(ledger, language):
    content = template_workbook(ledger, language=language)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        pages = [parts.read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2, 3)]
    assert [b'rightToLeft="1"' in page for page in pages] == [language == "ar"] * 3


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_only_a_demonstrations_template_says_that_it_is_one(reference, is_demonstration):
    books = factories.ledger(code="B", name="Books B", is_demonstration=is_demonstration)
    *_others, told = sheets(template_workbook(books, language="en")).values()
    texts = [row[0] for row in told]
    mark = "DEMONSTRATION BOOKS – not UN-Habitat's figures"
    assert (mark in texts) is is_demonstration
    assert "These rows are for Books B." in texts
