"""All years of a donor as one archive: its entries year by year, and the sealed reports."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from accounts.models import User
from accounts.services import record
from donors.models import Donor
from income.models import Ledger
from income.querysets import EntryQuerySet
from income.sheets import entries_csv, entries_preamble
from interface.sheets import csv_bytes
from reports.models import SealedReport
from reports.services import record_download

_DATED = (2000, 1, 1, 0, 0, 0)  # the same books give the same bytes
_INDEX = ("file", "what", "year_or_period", "language", "version", "superseded", "entries")


@dataclass(frozen=True)
class Archive:
    """The archive's bytes, the reports in it, and the state of the books it is of."""

    content: bytes
    reports: tuple[SealedReport, ...]
    sequence: int
    hash: str


def archive(
    ledger: Ledger, donor: Donor, entries: EntryQuerySet, *, with_bank_data: bool
) -> Archive:
    """Of one state of the books: what is posted meanwhile is left out. Entries by value date."""
    books = Ledger.objects.get(pk=ledger.pk)
    known = entries.filter(posting__sequence__lte=books.sequence)
    buffer, reports = io.BytesIO(), []
    index: list[Sequence[object]] = []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for year, rows in groupby(known, key=lambda entry: entry.value_date.year):
            of_year = list(rows)
            name = f"entries/{donor.code}-{year}.csv"
            _put(file, name, entries_csv(of_year, books, with_bank_data=with_bank_data))
            index.append((name, "entries", str(year), "", "", "", len(of_year)))
        for report in _reports(books, donor):
            name = f"reports/{report.number}.pdf"
            if (content := _content(report)) is None:
                index.append(_told(name, report, "missing"))
                continue
            _put(file, name, content)
            reports.append(report)
            index.append(_told(name, report, report.type))
        _put(file, "index.csv", _index(books, donor, index))
    return Archive(buffer.getvalue(), tuple(reports), books.sequence, books.head_hash)


@transaction.atomic
def take_archive(made: Archive, ledger: Ledger, donor: Donor, *, by: User) -> None:
    """Keep that the person took the archive, and each report in it, to be told of newer ones."""
    for report in made.reports:
        record_download(report, by=by)
    after = {
        "books": ledger.code, "sequence": made.sequence,
        "reports": [str(report.uuid) for report in made.reports],
    }  # fmt: skip
    record("download_archive", donor, by=by, after=after)


def _reports(ledger: Ledger, donor: Donor) -> Iterable[SealedReport]:
    same = Donor.objects.with_merged(donor)
    found = SealedReport.objects.filter(ledger=ledger, donor__in=same)
    return found.select_related("donor").order_by("pk")


def _content(report: SealedReport) -> bytes | None:
    """The bytes that were sealed; None where the store no longer has them."""
    try:
        with report.file.open("rb") as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == report.sha256 else None


def _told(name: str, report: SealedReport, what: str) -> tuple[object, ...]:
    period = f"{report.from_on.isoformat()} to {report.until_on.isoformat()}"
    superseded = "yes" if report.superseded_by_id else "no"
    return name, what, period, report.language, report.version, superseded, ""


def _index(ledger: Ledger, donor: Donor, rows: Iterable[Sequence[object]]) -> bytes:
    """What is in the archive, and which state of which books it is of."""
    preamble: list[Sequence[object]] = [
        *entries_preamble(ledger),
        ["donor", donor.code, donor.name], ["books", ledger.code, ledger.name],
        ["sequence", ledger.sequence], ["hash", ledger.head_hash], [],
    ]  # fmt: skip
    return csv_bytes(_INDEX, rows, preamble=preamble)


def _put(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_DATED)
    info.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(info, content)
