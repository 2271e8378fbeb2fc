"""Whatever a file holds, it is refused in a sentence or posted whole: no error, and no part.

Each file goes the whole way, `read_in`, `check`, `submit` and `post`, and is taken back.
FUZZED_FILES says how many files there are in all; `make test-all` asks for 10,000.
"""

import csv
import datetime
import io
import lzma
import os
import random
from collections import Counter
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings as portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from income.imports import services
from income.imports.choices import Choices
from income.imports.columns.plan import Plan
from income.imports.columns.words import Words
from income.imports.course.checking import check
from income.imports.naming.new_donors import CREATE, choose_for_all
from income.imports.returned.returning import error_workbook
from income.ledger.verification import problems
from income.models import Contribution, Entry, Import, ImportedRow, Ledger, Posting
from income.rates import RateTable
from interface.errors import PortalError
from tests.income.imports.damaging import damaged, damaged_inside
from tests.income.imports.passes_cases import TODAY, posted
from tests.income.imports.workbook_bytes import ods, ods_row, ods_text, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FILES = int(os.environ.get("FUZZED_FILES") or 200)
TABLES = FILES // 5  # made by Hypothesis; the rest are real files, spoilt
SAMPLES = Path(portal.BASE_DIR) / "fixtures" / "samples"
ROWS_OF_SAMPLES = 12
LIKE = {"donor": "Sweden", "fund": "FNE", "date": "2021-06-03",
        "year": "2021", "currency": "USD"}  # fmt: skip

RIGHT = {
    "Donor": ["Sweden", "Norway", "Government of Kenya", "Japan"],
    "Fund": ["FNE", "FE", "TC", "General purpose"],
    "Date": ["2021-06-03", "2021-12-31", datetime.date(2021, 3, 4)],
    "Currency": ["USD", "SEK", "EUR", "KES"],
    "Amount": ["1000", "1,250.50", 250, 1000.5, -20, 0, "(5)", "٣٠"],
    "Kind": ["receipt", "pledge", "agreement", "allotment", "audited", "programme support"],
    "Agreement number": ["", None],
    "Payment reference": ["R-1", "R-2", "x" * 80],
    "Purpose": ["Homes", "@home", "x" * 301],
    "Ends on": ["2023-01-01", ""],
    "Year": [2021, "2019"],
    "Bank charge": ["5", ""],
    "Programme support, per cent": ["", None],
    "Financing instrument": ["", None],
    "Country or area": ["KEN", "Brasil"],
    "Note": ["Valued at market price", ""],
    "Amount in US dollars": ["100", 7.25, "0"],
    "Identifier of the row": ["1", "2", "3", ""],
}  # fmt: skip
# Wrong in most columns, right in one.
ODD = [
    "Ada Foundation", "RB", "CORE", "3.6.2021", "06/03/2021", "JPY", "19.234,56", "1e309", "C-1",
    "C-999999", "G-7", "1900-01-01", "21", -1, "13", 0.13, "100", "R01", "R03F", "R07", "Atlantis",
    "receipt", "Sweden", "General purpose", "2021-06-03", "USD",
]  # fmt: skip
NASTY = [
    None, "", " ", "-", "—", "NaN", "Infinity", "1e999", "#DIV/0!", "#N/A", "\u200f", "\ufeff",
    "\u202e1000", "=cmd|'/c calc'!A1", "+1", "@x", "'", '"', '""', "a\nb", "a\tb", "0x10", "١٢٣",
    "9" * 40, "-0", "1.2.3", "1,2,3", "00", "99999999999999.99", "2021-02-30", "31/12/1899", "60",
    "C-", "C-0", "\U0001f3e0", "á" * 400, "\x0b", "\udcff", True, False, 1e15, 1e-7, 1e300, 2**53,
    datetime.date(1900, 1, 1), datetime.date(9999, 12, 31),
    datetime.datetime.fromisoformat("2021-06-03T23:59:59"), datetime.time(12, 30),
]  # fmt: skip


@st.composite
def tables(draw):
    """Headings, known or not, and rows of cells that are mostly right."""
    known = draw(st.lists(st.sampled_from(list(RIGHT)), unique=True, max_size=6))
    headings = ["Donor", "Fund", "Date", "Currency", "Amount", *known]
    headings = headings if draw(st.integers(1, 10)) == 10 else list(dict.fromkeys(headings))
    headings = [
        draw(st.sampled_from(NASTY)) if draw(st.integers(1, 40)) == 40 else one for one in headings
    ]
    wrong = st.sampled_from([*NASTY, *ODD]) | st.text(max_size=20) | st.integers() | st.floats()
    rows = []
    for _number in range(draw(st.integers(0, 5)) + 1):
        row = []
        for heading in headings:
            right = RIGHT.get(heading if isinstance(heading, str) else "", [None])
            is_wrong = draw(st.integers(1, 20)) == 20
            row.append(draw(wrong if is_wrong else st.sampled_from(right)))
        rows.append(
            row[: draw(st.integers(0, len(row)))] if draw(st.integers(1, 10)) == 10 else row
        )
        if draw(st.integers(1, 10)) == 10:
            rows.append(list(rows[-1]))
    above = draw(st.sampled_from([[], [], [["Contributions of 2021"], []], [["", "", "Payment"]]]))
    return [*above, headings, *rows]


def as_csv(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogateescape")


def as_xlsx(rows):
    """What a workbook cannot hold is left out of it."""
    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    book = xlsxwriter.Workbook(made, {**options, "remove_timezone": True})
    page, day = book.add_worksheet("Rows"), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(at, column, cell.encode("utf-8", "replace").decode())
            elif isinstance(cell, datetime.date | datetime.time):
                page.write_datetime(at, column, cell, day)
            elif isinstance(cell, bool) or cell is None or abs(cell) < 1e300 or cell != cell:
                page.write(at, column, cell)
    book.close()
    return made.getvalue()


class Whole:
    """Takes files the whole way; what comes of one, `fates` counts."""

    def __init__(self, ledger, officer, reviewer):
        self.ledger, self.officer, self.reviewer = ledger, officer, reviewer
        self.fates = Counter()

    def take(self, content, name):
        """The file through all of it, and back: the books are as they were."""
        before = self._counts()
        with transaction.atomic():
            fate, kept = self._fate(content, name)
            transaction.set_rollback(True)
        for file in kept:
            file.storage.delete(file.name)
        assert self._counts() == before
        self.fates[fate] += 1
        self.fates["all"] += 1
        return fate

    def _counts(self):
        return [one.objects.count() for one in (Import, Posting, Entry, Contribution, ImportedRow)]

    def _fate(self, content, name):
        try:
            import_ = services.read_in(
                SimpleUploadedFile(name, content), ledger=self.ledger, by=self.officer, name=name
            )
        except PortalError as error:
            assert error.sentence
            assert not Import.objects.exists()
            return "refused", []
        try:
            return self._checked(import_), [import_.file]
        except PortalError as error:  # rows that cannot be read on
            assert error.sentence
            assert not Posting.objects.exists()
            return "refused later", [import_.file]

    def _checked(self, import_):
        is_sample = self.fates["all"] % 10 == 0
        plan = Plan.of_json(import_.plan)
        said = {name: text for name, text in LIKE.items() if name not in plan.columns}
        changed = plan.with_(
            kind=plan.kind or "receipt", constants={**said, **plan.constants},
            decimal_sign=plan.decimal_sign or ".", date_order=plan.date_order or "ymd",
        )  # fmt: skip
        import_ = services.change_plan(import_, changed, version=import_.version, by=self.officer)
        found = self._chosen(import_, check(import_, today=TODAY), new=is_sample)
        if is_sample:
            assert error_workbook(import_, today=TODAY).read(2) == b"PK"
        assert not Posting.objects.exists()
        import_.refresh_from_db()
        if not found.may_be_submitted:
            return "nothing to post"
        draft = services.submit(import_, version=import_.version, by=self.officer)
        posted(draft, self.reviewer)
        self._whole(found)
        if is_sample:
            assert [one for ledger in Ledger.objects.all() for one in problems(ledger)] == []
        return "posted"

    def _chosen(self, import_, found, *, new):
        """Books for names that are no books; now and then new donors for unknown names."""
        if not (found.unknown_books or (new and found.unknown_donors)):
            return found
        chosen = Choices(
            donors=choose_for_all(found.unknown_donors, how=CREATE) if new else {},
            books={one.key: {"books": self.ledger.code} for one in found.unknown_books},
        )
        import_.refresh_from_db()
        services.change_choices(import_, chosen, version=import_.version, by=self.officer)
        import_.refresh_from_db()
        return check(import_, today=TODAY)

    def _whole(self, found):
        """All of what the report said stands in the books, and nothing else."""
        assert Entry.objects.count() == found.entries
        assert ImportedRow.objects.count() == found.accepted
        assert Contribution.objects.count() == found.contributions
        sums = Counter()
        for entry in Entry.objects.all():
            key = (entry.kind, entry.fund_id, entry.currency_id)
            sums[key, "amount"] += entry.amount
            sums[key, "usd"] += entry.amount_usd or 0
        told = Counter()
        for one in found.totals:
            key = (one.kind, one.fund, one.currency)
            told[key, "amount"] += Decimal(one.amount)
            told[key, "usd"] += Decimal(one.amount_usd)
        assert {key: one for key, one in sums.items() if one} == {
            key: one for key, one in told.items() if one
        }


@pytest.fixture
def whole(ledger, officer, reviewer, monkeypatch):
    """Words and rates, which no file changes, are loaded once instead of for each file."""
    words, rates = Words.load(), {}

    def table(like):
        if like.is_demonstration not in rates:
            rates[like.is_demonstration] = RateTable(like)
        return rates[like.is_demonstration]

    monkeypatch.setattr(Words, "load", lambda chosen=None: words.with_chosen(chosen or {}))
    monkeypatch.setattr("income.imports.judging.books.RateTable", table)
    return Whole(ledger, officer, reviewer)


def test_no_table_causes_an_error_or_is_posted_in_part(whole):
    @settings(
        max_examples=TABLES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(rows=tables(), way=st.sampled_from(["xlsx", "csv", ";", "\t"]))
    def takes(rows, way):
        content = as_xlsx(rows) if way == "xlsx" else as_csv(rows, "," if way == "csv" else way)
        whole.take(content, f"a.{'xlsx' if way == 'xlsx' else 'csv'}")

    takes()
    assert whole.fates["all"] >= TABLES
    assert whole.fates["posted"] > TABLES // 5


def first_rows(name):
    text = lzma.decompress((SAMPLES / f"{name}.csv.xz").read_bytes()).decode("utf-8-sig")
    return list(islice(csv.reader(io.StringIO(text)), ROWS_OF_SAMPLES))


def real_files():
    """Name → content: the first rows of each sample, as they are and as workbooks."""
    found = {}
    for name in ("fts_contributions_2020_jor_pse", "income_by_donor",
                 "sister_agency_income_by_donor"):  # fmt: skip
        rows = first_rows(name)
        # FTS writes 1,000 characters of source in each row, which is not what is to be damaged.
        rows = [[cell[:60] for cell in row] for row in rows]
        cells = "".join(
            ods_row(*(ods_text(cell.replace("&", "+").replace("<", " ")) for cell in row))
            for row in rows
        )
        found[f"{name}.csv"] = as_csv(rows)
        found[f"{name}.xlsx"] = xlsx(rows=rows)
        found[f"{name}.ods"] = ods(cells)
    return found


def test_the_files_are_posted_as_long_as_they_are_whole(whole):
    assert {name: whole.take(content, name) for name, content in real_files().items()} == (
        dict.fromkeys(real_files(), "posted")
    )


def test_no_damage_to_a_real_file_causes_an_error_or_is_posted_in_part(whole):
    files = sorted(real_files().items())
    for number in range(FILES - TABLES):
        chance = random.Random(number)
        name, content = files[number % len(files)]
        if not name.endswith(".csv") and number % 4:
            content = damaged_inside(content, f"a.{name.rpartition('.')[2]}", chance)
        else:
            content = damaged(content, chance)
        whole.take(content, name)
    assert whole.fates["all"] == FILES - TABLES
    assert min(whole.fates["refused"], whole.fates["posted"]) > (FILES - TABLES) // 10
