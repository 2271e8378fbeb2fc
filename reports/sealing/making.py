"""Sealing a report: the same content is the same version, other content a new one."""

import datetime
import hashlib
import logging
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import record
from income.models import Posting
from reports.models import SealedReport
from reports.pdf.compiler import compile_pdf
from reports.sealing.documents import SealedDocument, new_code, stored_name
from reports.sealing.errors import SealingFailed
from reports.sealing.printing import seal_data
from reports.sealing.superseding import note_who_took, tell

logger = logging.getLogger(__name__)
TRIES = 3


class _AnotherWasFirst(Exception):
    """Somebody else made the version in the meantime."""


def seal(
    document: SealedDocument, *, by: User, at: datetime.datetime, tells: bool = True
) -> SealedReport:
    """The version of the report that holds this content: the newest one, or a new one.

    `at` is aware. Typesetting, signing and storing come before the transaction, so that others
    need not wait for them: do not call it inside one. Of two who make the same version at once,
    both get the first's. A document of an older state of the books than the newest version's
    makes nothing; the newest is returned. Who took a version that is superseded is told, unless
    `tells` is False: then the caller does it for all its reports. Raises PdfFailed and
    SealingFailed; then neither row nor file is there.
    """
    if not settings.PORTAL_ADDRESS:
        raise SealingFailed(
            _("Set PORTAL_ADDRESS, so that the address printed on the report leads here.")
        )
    for _attempt in range(TRIES):
        newest = _newest(document)
        if newest and (
            newest.content_sha256 == document.content_sha256 or newest.sequence > document.sequence
        ):
            return newest
        try:
            return _new_version(document, newest, by=by, at=at, tells=tells)
        except _AnotherWasFirst:
            continue
    raise SealingFailed(_("The same report is being made by others. Try again in a minute."))


def _newest(document: SealedDocument) -> SealedReport | None:
    """Of the present state of the books or, where the document is of an earlier one, of that."""
    same = SealedReport.objects.filter(**document.line, known_on=_known_on(document))
    if document.known:
        same = same.filter(sequence=document.sequence)
    return same.order_by("-version").first()


def _known_on(document: SealedDocument) -> datetime.date | None:
    """The day that an earlier state is of; for a sequence, that of its posting."""
    if document.known is None or document.known.on:
        return document.known.on if document.known else None
    postings = Posting.objects.filter(ledger=document.ledger, sequence=document.known.sequence)
    posted_at = postings.values_list("posted_at", flat=True).first()
    if posted_at is None:
        return document.as_at_on  # the books before their first posting
    return posted_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _new_version(
    document: SealedDocument, old: SealedReport | None, *, by: User, at: datetime.datetime,
    tells: bool,
) -> SealedReport:  # fmt: skip
    last = SealedReport.objects.filter(**document.line).aggregate(last=Max("version"))["last"] or 0
    report = SealedReport(
        **document.line, code=new_code(), version=last + 1, as_at_on=document.as_at_on,
        known_on=_known_on(document), sequence=document.sequence, hash=document.hash,
        content_sha256=document.content_sha256, byte_count=0, made_at=at,
    )  # fmt: skip
    _number(report)
    content = _set(report, document)
    _store(report, document, content)
    try:
        _write(report, old, by=by, tells=tells)
    except IntegrityError as error:
        _discard(report, report.file.name)
        raise _AnotherWasFirst from error
    except BaseException:
        _discard(report, report.file.name)
        raise
    return report


def _number(report: SealedReport) -> None:
    """Take the report's number before it is printed: a row written and taken back leaves a gap."""
    try:
        with transaction.atomic():
            report.save(force_insert=True)
            taken = report.pk
            # Nothing can point to it yet, so nothing is asked about what does.
            row = SealedReport.objects.filter(pk=taken)
            row._raw_delete(row.db)
    except IntegrityError as error:
        raise _AnotherWasFirst from error
    report.pk = taken


def _set(report: SealedReport, document: SealedDocument) -> bytes:
    """The bytes of the file, signed where there is a key. Raises PdfFailed and SigningFailed."""
    from reports.sealing.signing import sign  # its library takes most of a second

    data: dict[str, Any] = {**document.data, "seal": seal_data(report, document)}
    pdf = compile_pdf(document.template, data, language=document.language, timestamp=report.made_at)
    signed = sign(pdf, at=report.made_at)
    content = pdf if signed is None else signed
    report.is_signed = signed is not None
    report.sha256, report.byte_count = hashlib.sha256(content).hexdigest(), len(content)
    return content


def _store(report: SealedReport, document: SealedDocument, content: bytes) -> None:
    field = report.file.field
    name = field.generate_filename(report, stored_name(report, document.file_stem))
    try:
        report.file.name = report.file.storage.save(name, ContentFile(content))
    except Exception as error:  # each kind of store has errors of its own
        logger.exception("A report could not be stored")
        _discard(report, name)
        raise SealingFailed(
            _("The report could not be stored. Ask the administrator to check the space left.")
        ) from error


def _discard(report: SealedReport, name: str | None) -> None:
    with suppress(Exception):  # the first reason is the one to tell
        report.file.storage.delete(name or "")


@transaction.atomic
def _write(report: SealedReport, old: SealedReport | None, *, by: User, tells: bool) -> None:
    """The row; the old one superseded; who took the old one noted, and told."""
    report.save(force_insert=True)
    if old:
        there = SealedReport.objects.filter(pk=old.pk, superseded_by=None)
        if not there.update(superseded_by=report, superseded_at=report.made_at):
            raise IntegrityError("The old version was superseded by another.")
        if note_who_took(old) and tells:
            tell()
    after = {"number": report.number, "version": report.version, "sha256": report.sha256}
    record("seal_report", report, by=by, after=after)
