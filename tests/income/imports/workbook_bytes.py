"""Small workbooks as bytes: .xlsx as xlsxwriter makes them, .ods and .xls made by hand."""

import io
import re
import struct
import zipfile

import xlsxwriter

from income.imports.reading import open_source
from income.imports.reading.xls_parts import container

MIME = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:'
    'xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}">'
    "{more}</manifest:file-entry></manifest:manifest>"
)
CONTENT = (
    '<?xml version="1.0"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:calcext="calcext">'
    '<office:body><office:spreadsheet><table:table table:name="Sheet">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def xlsx(fill=None, rows=(), **options):
    """A workbook with these rows on “Sheet1”; `fill(book, sheet)` adds to it."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, options)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if fill:
        fill(book, sheet)
    book.close()
    return made.getvalue()


def with_sheet_data(workbook, data):
    """The workbook with other XML inside <sheetData>, as a program may write it by hand."""

    new = b"<sheetData>" + data + b"</sheetData>"

    def changed(content):
        return re.sub(
            rb"<sheetData.*</sheetData>|<sheetData/>", lambda _old: new, content, flags=re.DOTALL
        )

    return with_part(workbook, "xl/worksheets/sheet1.xml", changed)


def with_part(workbook, name, change):
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return made.getvalue()


def ods(rows, *, encrypted=False):
    made = io.BytesIO()
    more = "<manifest:encryption-data/>" if encrypted else ""
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr("META-INF/manifest.xml", MANIFEST.format(mime=MIME, more=more))
        archive.writestr("content.xml", CONTENT.format(rows=rows))
    return made.getvalue()


def ods_row(*cells):
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def ods_text(text):
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def ods_number(number):
    return f'<table:table-cell office:value-type="float" office:value="{number}"/>'


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def xls(cells, *, before=b"", is_1904=False, title="Sheet1"):
    """A workbook of the old format; `cells` are records of its only sheet."""
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + before
    start += record(0x0022, struct.pack("<H", is_1904))
    for style in (0, 14):  # a number, a date
        start += record(0x00E0, struct.pack("<HH16s", 0, style, b""))
    name = struct.pack("<BB", len(title), 0) + title.encode("ascii")
    position = len(start) + 4 + 6 + len(name) + 4
    book = start + record(0x0085, struct.pack("<IH", position, 0) + name) + record(0x000A)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    return ole(book + sheet + b"".join(cells) + record(0x000A))


def ole(stream, title="Workbook"):
    made = container(stream).getvalue()
    old, new = ("Workbook".encode("utf-16-le"), title.encode("utf-16-le"))
    length = len(new) + 2
    at = made.index(old)
    entry = new.ljust(64, b"\0") + struct.pack("<H", length)
    return made[:at] + entry + made[at + 66 :]


def xls_number(row, column, number, style=0):
    return record(0x0203, struct.pack("<HHHd", row, column, style, number))


def xls_text(row, column, text):
    coded = text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + coded)


def xls_error(row, column, code=7):
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def opened(folder, content, name, **options):
    path = folder / "stored"
    path.write_bytes(content)
    return open_source(path, name=name, **options)


def cells(source, sheet=0):
    """Row number → cells."""
    return {row.number: row.cells for row in source.sheets[sheet].rows()}
