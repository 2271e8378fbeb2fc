"""Taking out the reports of a demonstration's books."""

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from income.models import Ledger
from reports.models import BulkOrder, SealedReport


def remove_sealed(books: Collection[Ledger]) -> int:
    """How many rows went. The files go when the surrounding transaction commits."""
    orders = BulkOrder.objects.filter(ledger__in=books)
    reports = SealedReport.objects.filter(ledger__in=books)
    for file in [*(one.file for one in orders), *(one.file for one in reports)]:
        transaction.on_commit(partial(_remove_file, file))
    reports.update(superseded_by=None, superseded_at=None)  # a version protects the older one
    rows: tuple[QuerySet[BulkOrder] | QuerySet[SealedReport], ...] = (orders, reports)
    return sum(one.delete()[0] for one in rows)


def _remove_file(file: FieldFile) -> None:
    if file.name:
        file.storage.delete(file.name)
