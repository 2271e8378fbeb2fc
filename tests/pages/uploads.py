"""Files that somebody sends who means harm, or whose program is broken; and where they are sent."""

import io
import random
import zipfile
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import xlsxwriter
from lxml import html

from tests.income.imports.damaging import damaged

CSV = (
    b"Donor,Fund,Date,Currency,Amount\r\nSweden,FNE,2021-06-03,USD,1000\r\n"
    b"Norway,FE,2021-07-04,SEK,=1+1\r\n"
)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 12)
) + b"]><UN_OPERATIONAL_RATES>&l;</UN_OPERATIONAL_RATES>"  # fmt: skip
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">'
    b'<!ENTITY % y SYSTEM "http://127.0.0.1:9/x"> %y;]>'
    b"<UN_OPERATIONAL_RATES>&x;</UN_OPERATIONAL_RATES>"
)
RATES = (
    b'<?xml version="1.0"?><UN_OPERATIONAL_RATES_DATASET><UN_OPERATIONAL_RATES><f_curr_code>SEK'
    b"</f_curr_code><rate>8.4</rate><rate_date>01 Jun 2021</rate_date></UN_OPERATIONAL_RATES>"
    b"</UN_OPERATIONAL_RATES_DATASET>"
)
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[2 0 R]/Count 1>>endobj\n"
)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06\0\0\0"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600
NAMES = (
    "a.csv", "a.xlsx", "a.xls", "a.ods", "a.pdf", "a.xml", "a.zip", "a.docx", "a.msg", "a.eml",
    "a", ".csv", "../../etc/a.csv", "..\\a.xlsx", "=1+1.csv", "<script>.csv", "a\u202evsc.exe",
    "é" * 240 + ".csv", "a.csv.exe", "CON.csv", "'; drop table.csv",
)  # fmt: skip


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return made.getvalue()


def workbook(columns: int = 5, **names: str) -> bytes:
    """Its cells are texts, numbers and formulas, of which one asks for another file."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet(names.get("sheet", "Sheet1"))
    for column in range(columns):
        sheet.write(0, column, ("Donor", "Fund", "Date", "Currency", "Amount")[column % 5])
        sheet.write_formula(1, column, "='[http://127.0.0.1:9/x.xlsx]S'!A1", value="Sweden")
    sheet.write_dynamic_array_formula("A3", '=WEBSERVICE("http://127.0.0.1:9/")')
    book.close()
    return made.getvalue()


def nested(depth: int = 12) -> bytes:
    made = workbook()
    for _level in range(depth):
        made = archive(inner_DOT_zip=made)
    return made


def known() -> dict[str, bytes]:
    """One of each kind: sound, or spoilt on purpose."""
    zeros = archive(xl__worksheets__sheet1_DOT_xml=bytes(60 << 20))
    parts = {"_rels___DOT_rels": b"x", "xl__workbook_DOT_xml": LAUGHS}
    return {
        "a.csv": CSV, "a.xlsx": workbook(), "rates.xml": RATES, "a.pdf": PDF, "a.png": PNG,
        "a.xls": OLD_OFFICE, "empty.csv": b"", "nul.csv": CSV.replace(b"1000", b"10\x0000"),
        "one line.csv": b"Donor," + b"x" * (3 << 20), "quotes.csv": b'"' * 200_001,
        "columns.csv": b"," * 5_000 + b"\r\n" + b"1," * 5_000, "columns.xlsx": workbook(600),
        "utf16.csv": CSV.decode().encode("utf-16"), "utf7.csv": CSV.decode().encode("utf-7"),
        "latin.csv": "Doñor;Fünd\r\né;à".encode("cp1252"),
        "shift.csv": "寄付,額\r\nう,1".encode("shift_jis"),
        "half.xlsx": workbook()[:-200], "bomb.xlsx": zeros, "bomb.docx": zeros,
        "laughs.xml": LAUGHS, "outside.xml": OUTSIDE, "deep.xml": b"<a>" * 100_000,
        "laughs.xlsx": archive(**parts, _Content_Types__DOT_xml=LAUGHS), "nested.xlsx": nested(),
        "macro.xlsm": archive(xl__vbaProject_DOT_bin=b"x"), "csv.xlsx": CSV, "xlsx.csv": workbook(),
        "escaping.zip": archive(**{"..__..__etc__x": b"x"}), "no.ods": archive(mimetype=b"x"),
    }  # fmt: skip


KNOWN = known()


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Some bits turned, pieces cut out, put in or repeated, the end cut off, or packed again."""
    return repacked(damaged(content, chance), content, chance)


def repacked(made: bytes, whole: bytes, chance: random.Random) -> bytes:
    """Half of the archives: one part is spoilt instead, and the checksums are right again."""
    if not zipfile.is_zipfile(io.BytesIO(whole)) or len(whole) > 50_000 or chance.random() < 0.5:
        return made
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(again, "w") as new:
        hit = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, spoilt(part, chance) if name == hit else part)
    return again.getvalue()


class Door(NamedTuple):
    """A form of the portal that takes a file: where it is sent, and what else it asks for."""

    address: str
    file: str
    fields: dict[str, str]
    headers: Mapping[str, str] = MappingProxyType({})


def doors(page: bytes, address: str) -> Iterator[Door]:
    """Of every form with a file on a page; its other fields as a person would fill them in."""
    if b'type="file"' not in page:
        return
    for form in html.fromstring(page).forms:
        for one in form.xpath(".//input[@type='file']/@name"):
            yield Door(form.get("action") or address, one, dict(_filled(form)))


def _filled(form: html.FormElement) -> Iterator[tuple[str, str]]:
    for control in form.xpath(".//*[@name and not(@type='file' or @type='submit')]"):
        if control.tag == "select":
            options = [one for one in control.xpath(".//option/@value") if one]
            yield control.get("name"), (options or [""])[0]
        elif control.tag == "input":
            yield control.get("name"), control.get("value") or "1"
        elif control.tag == "textarea":
            yield control.get("name"), "Words"
