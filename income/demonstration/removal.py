"""Takes demonstration books out of a database; the books of an agency stay as they are."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, ProtectedError

from accounts.models import AuditEvent, User
from donors.models import (
    Clearance,
    Contact,
    Donor,
    DonorDocument,
    DonorName,
    Engagement,
    NameKind,
)
from income.demonstration.desk import MARK
from income.imports.returned.returning import marked_name
from income.models import (
    Allocation,
    Amendment,
    Approach,
    Campaign,
    Condition,
    Contribution,
    DonorMonthTotal,
    DonorTotal,
    Draft,
    Entry,
    Era,
    EraDonorTotal,
    EraMonthlyTotal,
    ErpExport,
    ErpReference,
    ExchangeRate,
    Import,
    ImportLayout,
    Instalment,
    Ledger,
    Month,
    MonthlyTotal,
    ParkedReceipt,
    PooledShare,
    Posting,
    ReportClause,
    ReportDue,
    YearlyTotal,
)
from income.vocabulary import RateType

Rows = models.QuerySet[Any]


def remove_books() -> dict[str, int]:
    """Delete every ledger marked as a demonstration, all that hangs on it, and its rates.

    The caller holds a transaction and has lifted the database's protection of posted rows
    (accounts.append_only.lifted). The number of rows removed, by what they are.
    """
    books = Ledger.objects.filter(is_demonstration=True)
    imports = Import.objects.filter(ledger__in=books)
    removed = {"imports": _remove_each(imports, _remove_file)}
    removed |= _removed(_rows_around(books))
    removed["postings"] = _remove_postings(books)
    removed |= _removed(_rows_below(books))
    # What refers to a row that is gone shows now, and no check is left waiting on the tables
    # whose triggers come back next.
    connection.check_constraints()
    return removed


def _rows_around(books: Rows) -> dict[str, list[Rows]]:
    """What points to a posting, an instalment or a contribution, in an order that can go."""
    of_contributions = (Amendment, Condition, ReportDue, ReportClause, Allocation)
    return {
        "drafts": [Draft.objects.filter(ledger__in=books)],
        "parked money": [ParkedReceipt.objects.filter(ledger__in=books)],
        "references and exports of the ERP": [
            ErpExport.objects.filter(ledger__in=books),
            ErpReference.objects.filter(ledger__in=books),
        ],
        "reports, conditions and amendments": [
            model._default_manager.filter(contribution__ledger__in=books)
            for model in of_contributions
        ],
        "entries": [Entry.objects.filter(ledger__in=books)],
    }


def _rows_below(books: Rows) -> dict[str, list[Rows]]:
    rollups = (
        MonthlyTotal, DonorTotal, DonorMonthTotal, YearlyTotal, EraMonthlyTotal, EraDonorTotal,
        Era,
    )  # fmt: skip
    return {
        "closed months": [Month.objects.filter(ledger__in=books)],
        "sums": [model._default_manager.filter(ledger__in=books) for model in rollups],
        "instalments": [Instalment.objects.filter(contribution__ledger__in=books)],
        "contributions": [Contribution.objects.filter(ledger__in=books)],
        "campaigns": [
            Approach.objects.filter(campaign__is_demonstration=True),
            Campaign.objects.filter(is_demonstration=True),
        ],
        "pooled shares": [PooledShare.objects.filter(is_demonstration=True)],
        "books": [books],
        "demonstration rates": [ExchangeRate.objects.filter(rate_type=RateType.DEMONSTRATION)],
    }


def _removed(steps: dict[str, list[Rows]]) -> dict[str, int]:
    return {what: sum(rows.delete()[0] for rows in querysets) for what, querysets in steps.items()}


def _remove_postings(books: Rows) -> int:
    """From the end of each chain: a reversal or replacement holds on to what it is about."""
    last = Posting.objects.filter(ledger__in=books, reversed_by=None, replaced_by=None)
    removed = 0
    while doomed := list(last.values_list("pk", flat=True)):
        removed += Posting.objects.filter(pk__in=doomed).delete()[0]
    return removed


def remove_relations() -> dict[str, int]:
    """Delete what demonstration accounts wrote about donors, and the identifiers with the mark.

    A row that an agency's own books hold on to stays, and with it the account. Called after the
    books are gone, before the accounts go.
    """
    by = User.objects.filter(is_demonstration=True)
    added = AuditEvent.objects.filter(act="add_contact", by__in=by.values("uuid"))
    contacts = [after["contact"] for after in added.values_list("after", flat=True)]
    removed = {
        "contacts": _remove_each(Contact.objects.filter(pk__in=contacts)),
        "clearances": _remove_each(Clearance.objects.filter(requested_by__in=by)),
        "engagements": _remove_each(Engagement.objects.filter(recorded_by__in=by)),
        "documents": _remove_each(DonorDocument.objects.filter(added_by__in=by), _remove_file),
        "layouts of imports": _remove_each(
            ImportLayout.objects.filter(made_by__in=by, imports__isnull=True)
        ),
    }
    marked = DonorName.objects.filter(kind=NameKind.IDENTIFIER, name__startswith=MARK)
    removed["identifiers"] = marked.delete()[0]
    Donor.objects.filter(focal_point__in=by).update(focal_point=None, version=F("version") + 1)
    return removed


def _remove_each(rows: Iterable[Any], and_then: Callable[[Any], None] | None = None) -> int:
    """One by one, so that a row that something holds on to does not keep the others."""
    removed = 0
    for row in rows:
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            continue
        removed += 1
        if and_then:
            and_then(row)
    return removed


def _remove_file(row: DonorDocument | Import) -> None:
    """Its bytes go when the transaction is kept."""
    storage, name = row.file.storage, row.file.name
    if name:
        marked = [marked_name(row)] if isinstance(row, Import) else []
        for each in (name, *marked):
            transaction.on_commit(partial(storage.delete, each))
