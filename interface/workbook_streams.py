"""A workbook of any length in pieces: sent while its rows are still being read, never whole.

What `interface/workbooks.py` makes of short tables, this makes of long ones. Texts stand in their
cells, not in a table of shared ones, which would have to be kept; a full sheet is followed by
another with the same header.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from itertools import chain, islice
from typing import IO, Any

from interface.sheets import guard_cell
from interface.workbooks import sheet_name, width_of

ROWS_OF_A_SHEET = 1_048_576  # what a spreadsheet opens
BYTES_OF_A_SHEET = 2_000_000_000  # before compression; from 2 GiB on Excel refuses the part
LONGEST_TEXT = 32_767
_LOOKED_AT = 200  # rows, for the widths of columns
_AT_ONCE = 500  # rows
_PIECE = 1 << 16  # bytes
_LEVEL = 3  # of compression: twice as fast as the usual, a tenth longer
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/>'
    '<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    "</styleSheet>"
)


def xlsx_stream(
    name: str,
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    preamble: Iterable[Sequence[object]] = (),
    is_right_to_left: bool = False,
    made_at: datetime,
    rows_of_a_sheet: int = ROWS_OF_A_SHEET,
) -> Iterator[bytes]:
    """An .xlsx in pieces: the preamble's rows, an empty one, the header, the rows.

    Decimals stand as numbers shown with two decimals, other numbers as they are, dates as
    YYYY-MM-DD, None as an empty cell. `made_at`, naive, is the date of its parts: the same input
    gives the same bytes.
    """
    sink = _Sink()
    waiting = iter(rows)
    looked_at = list(islice(waiting, _LOOKED_AT))
    waiting = chain(looked_at, waiting)
    top = [*preamble, ()]
    before = _before(header, looked_at, len(top) + 1, is_right_to_left)
    sheets = 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as book:  # type: ignore[call-overload]
        row = next(waiting, None)
        while row is not None or not sheets:
            sheets += 1
            with book.open(_part(f"xl/worksheets/sheet{sheets}.xml", made_at), "w") as part:
                part.write(before)
                for text in (*map(_row, top), _row(header, of_text=2)):
                    part.write(text)
                left = rows_of_a_sheet - len(top) - 1
                body = chain(() if row is None else (row,), islice(waiting, max(left - 1, 0)))
                yield from _written(part, sink, body)
                part.write(b"</sheetData></worksheet>")
            row = next(waiting, None)
        for path, content in _frame(sheet_name(name), sheets):
            book.writestr(_part(path, made_at), content)
    yield sink.taken()


class _Sink:
    """What a ZIP file is written to that nobody keeps: no way back, so sizes follow the parts."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        found, self._pieces, self.size = b"".join(self._pieces), [], 0
        return found


def _written(part: IO[bytes], sink: _Sink, rows: Iterator[Sequence[object]]) -> Iterator[bytes]:
    """Writes as many rows as a sheet holds bytes; yields what is ready to be sent."""
    size = 0
    while size < BYTES_OF_A_SHEET and (some := b"".join(map(_row, islice(rows, _AT_ONCE)))):
        part.write(some)
        size += len(some)
        if sink.size >= _PIECE:
            yield sink.taken()


def _row(cells: Sequence[object], of_text: int = 0) -> bytes:
    return f"<row>{''.join([_cell(one, of_text) for one in cells])}</row>".encode()


def _cell(value: object, of_text: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, Decimal):
        return f'<c s="1"><v>{value:f}</v></c>'
    if isinstance(value, int):
        return f"<c><v>{int(value)}</v></c>"
    text = value.isoformat() if isinstance(value, date) else str(guard_cell(value))
    text = escape(_NO_XML.sub("\ufffd", text[:LONGEST_TEXT]), quote=False)
    return f'<c t="inlineStr" s="{of_text}"><is><t xml:space="preserve">{text}</t></is></c>'


def _before(
    header: Sequence[object], rows: Sequence[Sequence[object]], top: int, is_right_to_left: bool
) -> bytes:
    """What stands before the rows: the direction, what stays in sight, the widths."""
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(
            (width_of([header, *rows], column) for column in range(len(header))), start=1
        )
    )
    right = ' rightToLeft="1"' if is_right_to_left else ""
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{right} workbookViewId="0">'
        f'<pane xSplit="1" ySplit="{top}" topLeftCell="B{top + 1}" activePane="bottomRight" '
        'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>"
    ).encode()


def _part(path: str, made_at: datetime) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(path, made_at.timetuple()[:6])
    part.compress_type = zipfile.ZIP_DEFLATED
    part._compresslevel = _LEVEL  # type: ignore[attr-defined]  # public from Python 3.13 on
    return part


def _frame(name: str, sheets: int) -> Iterator[tuple[str, str]]:
    """The parts that say what the others are."""
    numbers = range(1, sheets + 1)
    names = [name if number == 1 else f"{name[:27]} {number}" for number in numbers]
    listed = "".join(
        f'<sheet name="{escape(called)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, called in zip(numbers, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<sheets>{listed}</sheets></workbook>"
        ),
    )
    targets: list[tuple[str, str]] = [
        (f"worksheets/sheet{one}.xml", "worksheet") for one in numbers
    ]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles.xml", "styles")])
    yield "xl/styles.xml", _STYLES
    yield "_rels/.rels", _relations([("xl/workbook.xml", "officeDocument")])
    kinds: list[tuple[str, Any]] = [
        ("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles"),
        *((f"xl/{target}", kind) for target, kind in targets),
    ]  # fmt: skip
    told = "".join(
        f'<Override PartName="/{path}" ContentType="{_SPREADSHEET}.{kind}+xml"/>'
        for path, kind in kinds
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
        ),
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'
