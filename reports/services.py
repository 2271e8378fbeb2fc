"""Writes of the reports floor."""

import hashlib

from django.db import transaction

from accounts.models import User
from accounts.services import record
from income.models import Ledger
from reports.figures.statement import Statement
from reports.models import DonorStatement


@transaction.atomic
def record_download(
    statement: Statement, ledger: Ledger, content: bytes, *, language: str, by: User
) -> DonorStatement:
    """Keep who downloaded which statement, from which state of the books, and its SHA-256."""
    kept = DonorStatement.objects.create(
        ledger=ledger,
        donor=statement.donor,
        year=statement.year,
        language=language,
        sequence=statement.provenance.sequence,
        hash=statement.provenance.hash,
        sha256=hashlib.sha256(content).hexdigest(),
        downloaded_by=by,
    )
    after = {
        "donor": statement.donor.code,
        "year": statement.year,
        "books": ledger.code,
        "sequence": kept.sequence,
        "sha256": kept.sha256,
    }
    record("download_statement", kept, by=by, after=after)
    return kept
