"""The sheets of an .xlsx as their bytes: how far they reach, and where formulas failed."""

import io
import posixpath
import re
import xml.parsers.expat
from pathlib import Path

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from income.imports.reading.archives import Archive, Patch
from income.imports.reading.refusals import MOST_CELLS, MOST_COLUMNS, refused

COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"')
ROW = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
FAILED = re.compile(rb"(<(?:\w+:)?c\s[^>]*?\bt\s*=\s*)([\"'])e\2")
UNIQUE = re.compile(rb"<(?:\w+:)?sst\s[^>]*\buniqueCount\s*=\s*[\"']\s*\+?(\d+)")
SINCE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\s[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def prepared_xlsx(path: Path, name: str) -> tuple[io.BytesIO, bool]:
    """The bytes for calamine, and whether days count from 1904.

    Raises FileRefused for what is damaged, too large or too wide.
    """
    archive = Archive(path, name)
    patches: dict[str, Patch] = {}
    titles = _titles(archive)
    for part in archive.parts:
        if _has_errors(archive, part, titles.get(part, Path(part).stem)):
            patches[part] = lambda block: FAILED.sub(rb"\1\2str\2", block)
    is_1904 = SINCE_1904.search(archive.whole("xl/workbook.xml")) is not None
    return archive.patched(patches) if patches else io.BytesIO(path.read_bytes()), is_1904


def column_number(letters: str | bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        number = number * 26 + letter - 64
    return number


def _titles(archive: Archive) -> dict[str, str]:
    """Part of the archive → title of the sheet; without those that cannot be found out."""
    try:
        relations = {
            one.get("Id"): posixpath.normpath(posixpath.join("/xl", one.get("Target") or ""))[1:]
            for one in fromstring(archive.whole("xl/_rels/workbook.xml.rels"))
        }
        sheets = fromstring(archive.whole("xl/workbook.xml")).iter()
        return {
            relations.get(one.get(RELATION), ""): one.get("name") or ""
            for one in sheets
            if one.tag.endswith("}sheet")
        }
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return {}


def _has_errors(archive: Archive, part: str, title: str) -> bool:
    """Whether formulas failed in this part. All its bytes are looked at, whatever part it is."""
    columns: set[bytes] = set()
    last_row, failed, is_plain, is_sheet, is_first = 0, False, True, False, True
    for block in archive.blocks(part):
        if is_first:
            is_sheet, is_first = b"worksheet" in block, False
            _check_strings(archive, block, part)
        if b"<!DOCTYPE" in block:
            raise refused("corrupt", name=archive.name)
        if not is_sheet:
            continue
        found = COLUMN.findall(block)
        rows = set(ROW.findall(block))
        is_plain = is_plain and len(found) == _cells(block)
        columns.update(found)
        last_row = max(last_row, max(map(int, rows), default=0))
        failed = failed or b't="e"' in block or b"t='e'" in block
    last_column = max(map(column_number, columns), default=0)
    if not is_plain or last_column > MOST_COLUMNS or last_row * last_column > MOST_CELLS:
        _check_reach(archive, part, title)
    return failed


def _cells(block: bytes) -> int:
    """How many there are, however they are written; quicker than a pattern."""
    return sum(block.count(start) for start in (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b"<c\n"))


def _check_strings(archive: Archive, block: bytes, part: str) -> None:
    """calamine makes room for as many texts as the part says it has."""
    match = UNIQUE.search(block)
    if match and (len(match[1]) > 9 or int(match[1]) > archive.parts[part].file_size):
        raise refused("corrupt", name=archive.name)


def _check_reach(archive: Archive, part: str, title: str) -> None:
    """Refuses what reaches too far, by every cell with a value; slow, for unusual sheets only."""
    reach = Reach()
    parser = xml.parsers.expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reach.start
    parser.EndElementHandler = reach.end
    parser.CharacterDataHandler = reach.text
    try:
        for block in archive.blocks(part):
            parser.Parse(block)
        parser.Parse(b"", True)
    except (xml.parsers.expat.ExpatError, ValueError) as error:
        raise refused("corrupt", name=archive.name) from error
    if reach.last_column > MOST_COLUMNS:
        raise refused("sheet_columns", sheet=title, most=MOST_COLUMNS, column=reach.last_column)
    rows = reach.last_row - reach.first_row + 1
    if rows * (reach.last_column - reach.first_column + 1) > MOST_CELLS:
        raise refused("too_many_cells", sheet=title)


def _refuse_doctype(*_declared: object) -> None:
    """No sheet has one; it is where entities are declared that unpack to very much."""
    raise ValueError("a document type")


class Reach:
    """The rectangle of the cells with a value; cells without a reference follow the one before."""

    def __init__(self) -> None:
        self.first_row = self.first_column = 1 << 30
        self.last_row = self.last_column = self._row = self._column = 0
        self._here: tuple[int, int] = (0, 0)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            given = attributes.get("r", "")
            self._row = int(given) if given.isdecimal() else self._row + 1
            self._column = 0
        elif tag == "c":
            match = REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = column_number(match[1]) if match else self._column + 1
            self._here = (int(match[2]) if match else self._row, self._column)

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "c":
            self._here = (0, 0)

    def text(self, text: str) -> None:
        row, column = self._here
        if row and text.strip():
            self.first_row, self.last_row = min(self.first_row, row), max(self.last_row, row)
            self.first_column = min(self.first_column, column)
            self.last_column = max(self.last_column, column)
