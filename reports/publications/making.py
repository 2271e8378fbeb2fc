"""The files of a publication: written to temporary ones, checked, then stored as they are."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from income.models import Ledger
from reports.ceb.writing import revenue_files
from reports.iati.writing import write_activities, write_organisation
from reports.models import Publication, PublicationFile
from reports.open.state import Published
from reports.publications.asking import PublicationWrong
from reports.publications.casting import ACTIVITIES, ORGANISATION
from reports.updates.preparing import moved_at

XML = "application/xml"
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is larger goes to the disk
AT_ONCE = 1024 * 1024


@dataclass(frozen=True)
class MadeFile:
    """One file before it is stored; `source` stands at its beginning."""

    name: str
    content_type: str
    source: IO[bytes]


@contextmanager
def iati_files(published: Published) -> Iterator[list[MadeFile]]:
    """The two IATI files; they are gone afterwards."""
    writers = {ACTIVITIES: write_activities, ORGANISATION: write_organisation}
    with ExitStack() as stack:
        made = []
        for name, write in writers.items():
            source = stack.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))
            write(published, source)  # type: ignore[arg-type]
            source.seek(0)
            made.append(MadeFile(name, XML, source))
        yield made


@contextmanager
def ceb_files(ledger: Ledger, year: int, until: int) -> Iterator[list[MadeFile]]:
    """The files of a year of audited revenue."""
    with ExitStack() as stack:
        made = []
        for file in revenue_files(ledger, year, until, moved_at(ledger, until)):
            source = stack.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))
            source.write(file.content)
            source.seek(0)
            made.append(MadeFile(file.name, file.content_type, source))
        yield made


@contextmanager
def stored_files(publication: Publication) -> Iterator[dict[str, BinaryIO]]:
    """What is stored, opened, by name; each file is compared with its SHA-256 first.

    Raises PublicationWrong for one that is missing or was changed.
    """
    with ExitStack() as stack:
        opened: dict[str, BinaryIO] = {}
        for row in publication.files.all():
            try:
                source = stack.enter_context(row.file.storage.open(str(row.file.name), "rb"))
            except OSError as error:
                raise _spoilt(row) from error
            if digest(source) != (row.sha256, row.byte_count):
                raise _spoilt(row)
            opened[row.name] = cast(BinaryIO, source)
        yield opened


def _spoilt(row: PublicationFile) -> PublicationWrong:
    return PublicationWrong(
        _("The stored file %(name)s is not the one that was made. Discard this publication.")
        % {"name": row.name}
    )


def digest(source: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and number of bytes; the file stands at its beginning before and after."""
    source.seek(0)
    found, count = hashlib.sha256(), 0
    while part := source.read(AT_ONCE):
        found.update(part)
        count += len(part)
    source.seek(0)
    return found.hexdigest(), count


def store(publication: Publication, files: Sequence[MadeFile]) -> None:
    """Keep the files with their rows, inside the transaction of the publication.

    What the storage took is taken back where the transaction does not go through.
    """
    kept: list[PublicationFile] = []
    try:
        with transaction.atomic():
            for made in files:
                kept.append(_stored(publication, made))
    except BaseException:
        for row in kept:
            with suppress(Exception):  # the first reason is the one to tell
                row.file.storage.delete(str(row.file.name))
        raise


def _stored(publication: Publication, made: MadeFile) -> PublicationFile:
    sha256, count = digest(made.source)
    row = PublicationFile(
        publication=publication, name=made.name, content_type=made.content_type,
        byte_count=count, sha256=sha256,
    )  # fmt: skip
    row.file.save(f"{publication.uuid}-{made.name}", File(made.source), save=False)
    row.save()
    return row
