"""What ERP and bank call the receipts of imported rows, so that the ERP's export finds them."""

from collections.abc import Iterable, Iterator
from typing import Any

from income.imports.course.findings import Accepted
from income.ledger.bulk import bulk_insert
from income.models import ErpReference
from income.vocabulary import ErpScheme, Kind

COLUMNS = ("ledger_id", "posting_id", "receipt_line", "scheme", "value")
RECEIPT = Kind.RECEIPT.value
DOCUMENT, BANK = ErpScheme.DOCUMENT.value, ErpScheme.BANK.value


def write_documents(rows: Iterable[Accepted]) -> None:
    """Keep document number and bank reference of the rows that were just handed to the writer.

    Inside a transaction. A gift's bank reference stands on its contribution already.
    """
    bulk_insert(ErpReference, COLUMNS, (one for row in rows for one in _references(row)))


def _references(row: Accepted) -> Iterator[tuple[Any, ...]]:
    if not (row.document or row.bank_reference):
        return
    # The smallest of its lines: they were counted as they were handed over.
    receipt = next((line for line in row.lines if line.kind == RECEIPT), None)
    if receipt is None:
        return
    for scheme, value in ((DOCUMENT, row.document), (BANK, row.bank_reference)):
        if value:
            yield receipt.ledger_id, receipt.posting_id, receipt.line, scheme, value
