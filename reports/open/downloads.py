"""What the page of the downloads lists: data files, IATI files, UN CEB files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from interface.formatting import current_language
from interface.tables import Cell, Column, Row, Table
from reports.models import PublicationFile, PublicationKind
from reports.open.dictionary import DataFile
from reports.open.package import Absolute, dataset, made_files
from reports.open.responses import Opened
from reports.publications.listing import published_files

# What a type of the descriptor is called to readers.
TYPES = {
    "string": gettext_lazy("text"), "integer": gettext_lazy("whole number"),
    "number": gettext_lazy("number"), "year": gettext_lazy("year"),
    "yearmonth": gettext_lazy("month, as 2021-12"),
}  # fmt: skip
IATI_ADDRESSES = {
    "activities.xml": "open_iati_activities", "organisation.xml": "open_iati_organisation",
}  # fmt: skip


@dataclass(frozen=True)
class Download:
    """One data file as the page shows it."""

    file: DataFile
    kilobytes: int
    sha256: str
    csv: str
    xlsx: str
    columns: Table


@dataclass(frozen=True)
class Standard:
    """A file that follows a standard, with the address at which it stays."""

    file: PublicationFile
    address: str

    @property
    def kilobytes(self) -> int:
        return _kilobytes(self.file.byte_count)


def downloads(opened: Opened, absolute: Absolute) -> dict[str, Any]:
    """The context of the page."""
    made = made_files(opened)
    count = len(made)
    return {
        "headline": ngettext(
            "%(count)d file with exact figures, and what each of its columns means.",
            "%(count)d files with exact figures, and what each of their columns means.", count,
        ) % {"count": count} if made else _("Files that follow a standard, as published."),
        "files": [
            Download(
                one.file, _kilobytes(len(one.content)), one.sha256,
                reverse("open_csv", args=[one.file.name]),
                reverse("open_xlsx", args=[one.file.name]), _dictionary(one.file),
            )
            for one in made
        ],
        "iati": tuple(_iati()) if opened.has("iati") else (),
        "ceb": tuple(_ceb()) if opened.has("ceb") else (),
        "dataset": dataset(opened, absolute, current_language()) if made else None,
    }  # fmt: skip


def _kilobytes(byte_count: int) -> int:
    """Of 1,024 bytes, rounded up."""
    return -(-byte_count // 1024)


def _dictionary(file: DataFile) -> Table:
    return Table(
        identifier=f"columns-{file.name}",
        caption=_("Columns of %(file)s") % {"file": file.title},
        columns=(Column(_("Column")), Column(_("Meaning")), Column(_("Unit")), Column(_("Type"))),
        rows=tuple(
            Row((Cell(one.name), Cell(str(one.meaning)),
                 Cell(one.unit or "–", is_missing=not one.unit), Cell(str(TYPES[one.type]))))
            for one in file.columns
        ),
    )  # fmt: skip


def _iati() -> Iterable[Standard]:
    for file in published_files(PublicationKind.IATI):
        if file.name in IATI_ADDRESSES:
            yield Standard(file, reverse(IATI_ADDRESSES[file.name]))


def _ceb() -> Iterable[Standard]:
    for file in published_files(PublicationKind.CEB):
        year = file.publication.as_at.year
        yield Standard(file, reverse("open_ceb_file", args=[year, file.name]))
