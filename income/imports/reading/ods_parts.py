"""The content of an .ods as its bytes: how far its repetitions reach, and where formulas failed."""

import io
import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from income.imports.reading.archives import Archive
from income.imports.reading.refusals import MOST_CELLS, MOST_COLUMNS, refused

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
MARK = b"<table:table-"
TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(\s[^>]*)?>")
TITLE = re.compile(rb'\stable:name="([^"]*)"')
REPEATED = re.compile(rb"number-(?:columns|rows)-repeated=[\"'](\d+)")
SPANNED = re.compile(rb'number-(columns|rows)-spanned="(\d{1,7})"')
SPACES = re.compile(rb"<text:s\s[^>]*text:c=[\"']\s*\+?(\d+)")
HAS_VALUE = re.compile(rb"\s(?:office:value-type|table:formula|office:[a-z]+-value|office:value)=")
# A formula's error has its name as text, and no value or one that means nothing.
FAILED = re.compile(
    rb"<table:table-cell(\s[^>]*table:formula=[^>]*[^/>])>(\s*<text:p[^>]*>\s*"
    rb"(?:#[^<\s]{1,30}[!?]|#N/A|Err:[0-9]{3})\s*</text:p>)"
)
MOST_SPACES = 100_000
LAST_SHEET_ROW = 1_048_576
Merged = tuple[int, int, int, int]


@dataclass
class Table:
    """Where the scan stands in a sheet, and the rectangle of what has a value."""

    title: str
    row: int = 0
    column: int = 0
    repeat: int = 1  # of the row
    first_row: int = 0
    last_row: int = 0
    last_column: int = 0
    merged: list[Merged] = field(default_factory=list)


@dataclass
class Content:
    data: io.BytesIO
    merged: list[tuple[Merged, ...]]  # by sheet


def prepared_ods(path: Path, name: str) -> Content:
    """The bytes for calamine. Raises FileRefused for what is damaged, encrypted or too large."""
    archive = Archive(path, name)
    if b"encryption-data" in archive.whole(MANIFEST):
        raise refused("encrypted", name=name)
    if CONTENT not in archive.parts or MANIFEST not in archive.parts:
        raise refused("corrupt", name=name)
    for part in archive.parts:
        if part != CONTENT:
            for _block in archive.blocks(part):  # whole and true to the directory
                pass
    tables: list[Table] = []
    failed = False
    for block in archive.blocks(CONTENT, MARK):
        if b"<!DOCTYPE" in block or any(_is_beyond(one[1]) for one in SPACES.finditer(block)):
            raise refused("corrupt", name=name)
        failed = failed or FAILED.search(block) is not None
        _scan(tables, block)
    patch = {CONTENT: lambda block: FAILED.sub(_as_text, block)} if failed else {}
    data = archive.patched(patch, MARK) if patch else io.BytesIO(path.read_bytes())
    return Content(data, [tuple(table.merged) for table in tables])


def _as_text(match: re.Match[bytes]) -> bytes:
    repeated = re.search(rb'\stable:number-columns-repeated="\d+"', match[1])
    kept = repeated[0] if repeated else b""
    return b"<table:table-cell" + kept + b' office:value-type="string">' + match[2]


def _is_beyond(digits: bytes) -> bool:
    return len(digits) > 9 or int(digits) > MOST_SPACES


def _scan(tables: list[Table], block: bytes) -> None:
    for match in TAG.finditer(block):
        tag, attributes = match[1], match[2] or b""
        if tag == b"table":
            title = TITLE.search(attributes)
            tables.append(Table(unescape(title[1].decode("utf-8", "replace")) if title else ""))
        elif tables and tag == b"table-row":
            table = tables[-1]
            table.row += table.repeat if table.row else 1
            table.repeat, table.column = _repeat(attributes), 0
        elif tables:
            _cell(tables[-1], attributes)


def _repeat(attributes: bytes) -> int:
    match = REPEATED.search(attributes)
    if not match:
        return 1
    return LAST_SHEET_ROW if len(match[1]) > 7 else max(1, min(int(match[1]), LAST_SHEET_ROW))


def _cell(table: Table, attributes: bytes) -> None:
    repeat = _repeat(attributes)
    if b"-spanned=" in attributes and len(table.merged) < MOST_COLUMNS:
        _merge(table, attributes)
    table.column += repeat
    if not HAS_VALUE.search(attributes):
        return
    table.first_row = table.first_row or table.row
    table.last_row = max(table.last_row, table.row + table.repeat - 1)
    table.last_column = max(table.last_column, table.column)
    if table.last_column > MOST_COLUMNS:
        raise refused(
            "sheet_columns", sheet=table.title, row=table.row, column=table.column,
            most=MOST_COLUMNS,
        )  # fmt: skip
    # Also beyond the last row of a spreadsheet: calamine repeats what the file says.
    if (table.last_row - table.first_row + 1) * table.last_column > MOST_CELLS:
        raise refused("too_many_cells", sheet=table.title)


def _merge(table: Table, attributes: bytes) -> None:
    spans = {one[1]: int(one[2]) for one in SPANNED.finditer(attributes)}
    rows, columns = spans.get(b"rows", 1), spans.get(b"columns", 1)
    if rows > 1 or columns > 1:
        row, column = table.row, table.column + 1
        table.merged.append((row, column, row + rows - 1, column + columns - 1))
