"""Text files and pasted blocks: encoding and delimiter found out or chosen, rows streamed."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TextIO

from income.imports.reading.archives import ERROR_TEXT
from income.imports.reading.kinds import CSV
from income.imports.reading.refusals import FileRefused, refused
from income.imports.reading.rows import Allowance, trimmed
from income.imports.sources import Cell, CellError, SourceRow
from interface.formatting import format_number

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = (
    "utf-8", "utf-16", "windows-1252", "windows-1250", "windows-1251", "windows-1256",
    "iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-6", "iso-8859-15", "koi8-r", "cp437",
    "cp850", "mac-roman", "gb18030", "big5", "utf-16-le", "utf-16-be",
)  # fmt: skip
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
FALLBACK = "windows-1252"  # what Excel writes in Western Europe and America
BLOCK = 1 << 20
SAMPLE = 1 << 16  # characters, that the delimiter is found out from
SAMPLE_ROWS = 100
PASTED = "pasted"


class TextSheet:
    """The only sheet of a text file or pasted block; it has no name."""

    name = ""

    def __init__(self, source: "TextSource | PastedSource") -> None:
        self._source = source

    def rows(self) -> Iterator[SourceRow]:
        """Every row that is not blank, read again from the file. A row of several lines counts
        as one, as in a spreadsheet. Raises FileRefused."""
        source = self._source
        number = 0
        with source.opened() as file, source.allowance.of(0) as check:
            try:
                for number, values in enumerate(source.records(file), start=1):
                    text = "".join(values)
                    if not text or text.isspace():
                        continue
                    cells: list[Cell] = [value or None for value in values]
                    if "\0" in text:
                        raise refused("nul", name=source.name, row=number)
                    if "#" in text or "Err:" in text:
                        cells = [_with_errors(cell) for cell in cells]
                    if cells[-1] is None or values[-1].isspace():
                        trimmed(cells)
                    check(number, cells)
                    yield SourceRow(number, cells)
            except UnicodeError as error:
                raise source.wrong_encoding() from error
            except csv.Error as error:
                code = "long_cell" if "field limit" in str(error) else "quotes"
                raise refused(
                    code,
                    name=source.name,
                    row=number + 1,
                    most=format_number(csv.field_size_limit()),
                ) from error

    def merged(self) -> tuple[tuple[int, int, int, int], ...]:
        return ()


def _with_errors(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell[0] in "#E" and ERROR_TEXT.fullmatch(cell):
        return CellError(cell)
    return cell


class TextSource:
    """A text file that was found to be one; `encoding` and `delimiter` are what it is read with."""

    left_out: tuple[str, ...] = ()

    def __init__(
        self, path: Path, name: str, most_rows: int, *, encoding: str = "", delimiter: str = ""
    ) -> None:
        self.kind = CSV
        self.name = name
        self.allowance = Allowance(name, most_rows)
        self.sheets = (TextSheet(self),)
        self._path = path
        if encoding and encoding not in ENCODINGS:
            raise refused("unknown_encoding", encoding=encoding)
        if delimiter and delimiter not in DELIMITERS:
            raise refused("unknown_delimiter", delimiter=delimiter)
        # A mark at the start is no part of the first heading, whatever was chosen.
        found = _encoding_of(path)
        has_mark = encoding == "utf-8" and found == "utf-8-sig"
        self.encoding = found if has_mark or not encoding else encoding
        sample = self._sample(delimiter)
        named = _named_delimiter(sample)
        self._lines_before = 1 if named else 0  # Excel's sep=; is no row
        self.delimiter = delimiter or named or delimiter_of(sample)

    def opened(self, errors: str = "strict") -> AbstractContextManager[TextIO]:
        return self._path.open(encoding=self.encoding, errors=errors, newline="")

    def wrong_encoding(self) -> FileRefused:
        """Names the row: bytes are decoded long before their row is read."""
        number = 0
        with self.opened("replace") as file, suppress(csv.Error):
            for values in self.records(file):
                number += 1
                if any("\ufffd" in value for value in values):
                    break
        return refused("encoding", name=self.name, encoding=self.encoding, row=number)

    def records(self, file: Iterable[str]) -> Iterator[list[str]]:
        lines = iter(file)
        for _line in range(self._lines_before):
            next(lines, None)
        # Strict: a quotation mark that is never closed would swallow rows in silence.
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def _sample(self, delimiter: str) -> str:
        try:
            with self.opened() as file:
                return file.read(SAMPLE)
        except UnicodeError as error:
            self._lines_before, self.delimiter = 0, delimiter or ","
            raise self.wrong_encoding() from error


class PastedSource:
    """Cells as a spreadsheet copies them: divided by tabs, quoted where they have several lines."""

    kind = PASTED
    encoding = ""
    delimiter = "\t"
    left_out: tuple[str, ...] = ()

    def __init__(self, text: str, name: str, most_rows: int) -> None:
        if not text.strip():
            raise refused("empty_block")
        self.name = name
        self.allowance = Allowance(name, most_rows)
        self.sheets = (TextSheet(self),)
        self._text = text.removeprefix("\ufeff")
        self._is_quoted = _is_well_quoted(self._text)

    def opened(self) -> AbstractContextManager[TextIO]:
        return io.StringIO(self._text, newline="")

    def wrong_encoding(self) -> FileRefused:
        return refused("encoding", name=self.name, encoding="UTF-8")

    def records(self, file: Iterable[str]) -> Iterator[list[str]]:
        if self._is_quoted:
            return csv.reader(file, delimiter="\t", strict=True)
        return csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _is_well_quoted(text: str) -> bool:
    """Spreadsheets leave quotation marks alone in cells of one line: then they are content."""
    try:
        for _row in csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True):
            pass
    except csv.Error:
        return False
    return True


def _encoding_of(path: Path) -> str:
    """By its mark; else UTF-8 if every byte of the file is; else what Excel writes."""
    with path.open("rb") as file:
        head = file.read(4)
        for mark, encoding in MARKS:
            if head.startswith(mark):
                return encoding
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return FALLBACK
    return "utf-8"


def _named_delimiter(sample: str) -> str:
    first = sample.split("\n", 1)[0].strip().lower()
    return first[4:] if first[:4] == "sep=" and first[4:] in DELIMITERS else ""


def delimiter_of(sample: str) -> str:
    """The delimiter with which most rows have equally many columns; a comma where none divides."""
    best, found = (0.0, 0), ","
    for delimiter in DELIMITERS:
        widths = Counter(_widths(sample, delimiter))
        if not widths:
            continue
        width, rows = max(widths.items(), key=lambda one: (one[0] > 1, one[1], one[0]))
        score = (rows / widths.total(), width)
        if width > 1 and score > best:
            best, found = score, delimiter
    return found


def _widths(sample: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(row):
                widths.append(len(row))
            if len(widths) > SAMPLE_ROWS:
                break
    except csv.Error:
        return widths
    return widths[:-1] if len(widths) > 1 and len(sample) == SAMPLE else widths
