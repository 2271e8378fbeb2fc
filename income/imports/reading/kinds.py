"""What a file is by its bytes, and whether its name says the same."""

import zipfile
from pathlib import Path, PurePath

from django.utils.translation import gettext as _

from income.imports.reading.refusals import refused

XLSX, XLS, ODS, CSV = "xlsx", "xls", "ods", "csv"
ENDINGS = {
    XLSX: (".xlsx", ".xlsm", ".xltx"),
    XLS: (".xls", ".xlt"),
    ODS: (".ods", ".ots"),
    CSV: (".csv", ".tsv", ".tab", ".txt", ".text"),
}
FOREIGN_ENDINGS = frozenset(
    {".pdf", ".html", ".htm", ".xml", ".doc", ".docx", ".zip", ".json", ".xlsb"}
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED, WORD, *WORKBOOKS = (
    title.encode("utf-16-le")
    for title in ("EncryptedPackage", "WordDocument", "Workbook", "WORKBOOK", "Book", "BOOK")
)
HEAD = 4096
SPACE = b" \t\r\n\x0b\x0c\x00"


def kind_of(path: Path, name: str, encoding: str) -> str:
    """xlsx, xls, ods or csv, by content. Raises FileRefused for everything else.

    A name whose ending says another kind is refused too, with a sentence that names both: one of
    them is a mistake, and a second file may bear the right name. Endings that mean nothing here
    (.dat, .2021) are left alone.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.removeprefix(b"\xef\xbb\xbf").strip(SPACE):
        raise refused("empty_file", name=name)
    if head.startswith(b"PK"):
        kind = _kind_of_archive(path, name)
    elif head.startswith(OLE):
        _check_container(path, name)
        kind = XLS
    else:
        if foreign := _foreign(head, bool(encoding)):
            raise refused("other_content", name=name, content=foreign)
        kind = CSV
    _check_ending(name, kind)
    return kind


def named_kind(kind: str) -> str:
    return {
        XLSX: _("an Excel workbook (.xlsx)"),
        XLS: _("an Excel workbook of the old format (.xls)"),
        ODS: _("an OpenDocument spreadsheet (.ods)"),
        CSV: _("a text file (.csv)"),
    }[kind]


def _check_ending(name: str, kind: str) -> None:
    ending = PurePath(name).suffix.lower()
    others = {one for other, endings in ENDINGS.items() if other != kind for one in endings}
    if ending in others | FOREIGN_ENDINGS:
        raise refused(
            "other_ending", name=name, ending=ending, content=named_kind(kind),
            right=ENDINGS[kind][0],
        )  # fmt: skip


def _check_container(path: Path, name: str) -> None:
    """Old Office files are one kind of container, and so is what Office protects by a password."""
    content = path.read_bytes()
    if ENCRYPTED in content:
        raise refused("encrypted", name=name)
    if WORD in content and not any(one in content for one in WORKBOOKS):
        raise refused("other_content", name=name, content=_("a Word document"))


def _kind_of_archive(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise refused("corrupt", name=name) from error
    lower = {one.lower() for one in names}
    if "xl/workbook.xml" in lower or any(one.startswith("xl/worksheets/") for one in lower):
        return XLSX
    if "xl/workbook.bin" in lower:
        raise refused("other_content", name=name, content=_("a binary workbook (.xlsb)"))
    if any(one.startswith("word/") for one in lower):
        raise refused("other_content", name=name, content=_("a Word document"))
    if "content.xml" in lower and "mimetype" in lower:
        return ODS
    if "[content_types].xml" in lower and "xl/" in "".join(lower):
        raise refused("corrupt", name=name)
    raise refused("other_content", name=name, content=_("an archive (.zip)"))


def _foreign(head: bytes, is_encoding_chosen: bool) -> str:
    """What these first bytes are if they are no text of a table; "" if they may be one."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%PDF"):
        return _("a PDF document")
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")):
        return _("a web page")
    if start.startswith((b"<?xml", b"<!doctype", b"<workbook")):
        return _("an XML document")
    if head.startswith(b"{\\rtf"):
        return _("a text document")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")) and b"\x00" in head:
        return _("a picture")
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")):
        return _("an archive")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or is_encoding_chosen:
        return ""
    return _("a file of another program") if _is_binary(head) else ""


def _is_binary(head: bytes) -> bool:
    """Many control bytes. A few are damage, and are told with their row when it is read, as is
    text of two bytes a character, which needs the choice of its encoding."""
    if max(head[::2].count(0), head[1::2].count(0)) * 3 > len(head):
        return False
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1a\x1b" for byte in head)
    return controls > 8 and controls * 20 > len(head)
