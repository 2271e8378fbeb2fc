"""Files about a donor: taken in by what they are, not by what they are called."""

import datetime
import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Donor, DonorDocument
from interface.errors import PortalError

MOST_BYTES = 20 * 1024 * 1024
LONGEST_FILE_NAME = 200
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Outlook's .msg and of old Office
OF_A_MESSAGE = "__nameid_version1.0".encode("utf-16-le")  # what only a message has in it
HEADER_LINE = re.compile(rb"^(from|to|date|subject|received|return-path|mime-version):", re.I)
MOST_HEADER_LINES = 40
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


class DocumentWrong(PortalError):
    """A file that is not taken in."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="file")


@dataclass(frozen=True)
class _Type:
    media_type: str
    fits: Callable[[bytes], bool]


@transaction.atomic
def add_document(
    donor: Donor, upload: UploadedFile, *, kind: str, title: str, dated_on: datetime.date,
    by: User, today: datetime.date,
) -> DonorDocument:  # fmt: skip
    """Keep a file of at most 20 MB with the digest of its bytes. Raises DocumentWrong."""
    if not by.may(Permission.EDIT_DONORS):
        raise PermissionDenied
    if dated_on > today:
        raise PortalError(_("The day lies in the future."), field="dated_on")
    content = _content_of(upload)
    file_name = safe_file_name(upload.name or "")
    media_type = media_type_of(content, file_name)
    digest = hashlib.sha256(content).hexdigest()
    if known := donor.documents.filter(sha256=digest).first():
        raise DocumentWrong(_("This file is here already: “%(title)s”.") % {"title": known.title})
    row = DonorDocument(
        donor=donor, kind=kind, title=title, dated_on=dated_on, file_name=file_name,
        media_type=media_type, byte_count=len(content), sha256=digest, added_by=by,
    )  # fmt: skip
    row.file.save("", ContentFile(content), save=False)  # the model names it, never the caller
    try:
        row.save(force_insert=True)
        record("add_document", donor, by=by, after=_told(row))
    except BaseException:
        row.file.storage.delete(row.file.name or "")
        raise
    return row


def media_type_of(content: bytes, file_name: str) -> str:
    """The media type the bytes are of, which the ending has to fit. Raises DocumentWrong."""
    ending = file_name.rpartition(".")[2].casefold()
    found = TYPES.get("jpg" if ending == "jpeg" else ending)
    if found is None:
        raise DocumentWrong(
            _("Files of this type are not taken in. Allowed: %(endings)s.")
            % {"endings": ", ".join(TYPES)}
        )
    if not found.fits(content):
        raise DocumentWrong(
            _("The file is called .%(ending)s, but it is not one, or it holds macros.")
            % {"ending": ending}
        )
    return found.media_type


def safe_file_name(name: str) -> str:
    """What the sender called it, without folders and signs that no name needs."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*')
    stem, dot, ending = kept.strip(". ").rpartition(".")
    return f"{stem[: LONGEST_FILE_NAME - 20]}{dot}{ending[:10]}" or "file"


def _content_of(upload: UploadedFile) -> bytes:
    too_large = DocumentWrong(_("The file is larger than 20 MB. Send a smaller one."))
    if (upload.size or 0) > MOST_BYTES:
        raise too_large
    content: bytes = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise too_large
    if not content:
        raise DocumentWrong(_("The file is empty."))
    return content


def _told(row: DonorDocument) -> dict[str, object]:
    return {
        "document": str(row.uuid),
        "kind": row.kind,
        "title": row.title,
        "dated_on": row.dated_on.isoformat(),
        "file_name": row.file_name,
        "media_type": row.media_type,
        "sha256": row.sha256,
    }


def _starts(*openings: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(openings)


def _members(content: bytes) -> set[str]:
    """The names in a ZIP archive; none where it is no such archive. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return set()


def _office(main: str) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        members = _members(content)
        has_macros = any(name.casefold().endswith("vbaproject.bin") for name in members)
        return {"[Content_Types].xml", main} <= members and not has_macros

    return fits


def _open_document(media_type: str) -> Callable[[bytes], bool]:
    """Its type stands unpacked at the head of the archive."""
    opening = b"mimetype" + media_type.encode()

    def fits(content: bytes) -> bool:
        members = _members(content)
        has_macros = any(name.startswith("Basic/") for name in members)
        return content[30:].startswith(opening) and "content.xml" in members and not has_macros

    return fits


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not CONTROLS.intersection(content)


def _is_mail(content: bytes) -> bool:
    lines = content.splitlines()[:MOST_HEADER_LINES]
    return b"\0" not in content and sum(bool(HEADER_LINE.match(line)) for line in lines) >= 2


def _is_message(content: bytes) -> bool:
    return content.startswith(COMPOUND) and OF_A_MESSAGE in content


TYPES: dict[str, _Type] = {
    "pdf": _Type("application/pdf", _starts(b"%PDF-")),
    "docx": _Type(OFFICE + "wordprocessingml.document", _office("word/document.xml")),
    "xlsx": _Type(OFFICE + "spreadsheetml.sheet", _office("xl/workbook.xml")),
    "odt": _Type(OPEN + "text", _open_document(OPEN + "text")),
    "ods": _Type(OPEN + "spreadsheet", _open_document(OPEN + "spreadsheet")),
    "png": _Type("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": _Type("image/jpeg", _starts(b"\xff\xd8\xff")),
    "txt": _Type("text/plain", _is_text),
    "eml": _Type("message/rfc822", _is_mail),
    "msg": _Type("application/vnd.ms-outlook", _is_message),
}
