"""The revenue files of one year as bytes: CSV and XLSX of each, and the dictionary of columns."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation

from income.models import Ledger
from interface.sheets import csv_bytes
from interface.workbooks import xlsx_bytes
from reports.ceb.columns import BY_CONTRIBUTOR, BY_INSTRUMENT, FILES, cells, columns_of
from reports.ceb.revenue import RevenueRow, by_contributor, by_instrument

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DICTIONARY = "columns"
TITLES = {
    BY_CONTRIBUTOR: "Audited revenue of %(year)s by contributor",
    BY_INSTRUMENT: "Audited revenue of %(year)s by grant financing instrument",
}
DEMONSTRATION = "DEMONSTRATION BOOKS – not UN-Habitat's figures"


@dataclass(frozen=True)
class CebFile:
    """One file before it is stored."""

    name: str
    content_type: str
    content: bytes


def file_name(ledger: Ledger, year: int, what: str, ending: str) -> str:
    """Such as ceb-2021-by-contributor.csv; that of demonstration books says so."""
    mark = "DEMONSTRATION-" if ledger.is_demonstration else ""
    return f"{mark}ceb-{year}-{what}.{ending}"


def revenue_files(ledger: Ledger, year: int, until: int, moved: datetime.datetime) -> list[CebFile]:
    """The five files of the year in English, from the books as known at the sequence.

    `moved` is when the books came to that state: the same state gives the same bytes.
    """
    with translation.override("en"):
        rows = {
            BY_CONTRIBUTOR: by_contributor(ledger, year, until),
            BY_INSTRUMENT: by_instrument(ledger, year, until),
        }
        found = [one for what in FILES for one in _both(ledger, year, what, rows[what], moved)]
        return [*found, _dictionary(ledger, year)]


def _both(
    ledger: Ledger, year: int, what: str, rows: list[RevenueRow], moved: datetime.datetime
) -> Iterator[CebFile]:
    header = [column.name for column in columns_of(what)]
    body = [cells(what, year, row) for row in rows]
    yield CebFile(file_name(ledger, year, what, "csv"), CSV, csv_bytes(header, body, bom=False))
    made_at = moved.astimezone(datetime.UTC).replace(tzinfo=None)
    content = xlsx_bytes(
        what, header, body, preamble=_preamble(ledger, year, what), made_at=made_at
    )
    yield CebFile(file_name(ledger, year, what, "xlsx"), XLSX, content)


def _preamble(ledger: Ledger, year: int, what: str) -> list[tuple[str, ...]]:
    mark = [(DEMONSTRATION,)] if ledger.is_demonstration else []
    return [*mark, (TITLES[what] % {"year": year},), ("Books", f"{ledger.code} – {ledger}")]


def _dictionary(ledger: Ledger, year: int) -> CebFile:
    header = ("file", "column", "data_standard", "meaning")
    rows = [
        (file_name(ledger, year, what, "csv"), one.name, one.standard, one.meaning)
        for what in FILES
        for one in columns_of(what)
    ]
    name = file_name(ledger, year, DICTIONARY, "csv")
    return CebFile(name, CSV, csv_bytes(header, rows, bom=False))
