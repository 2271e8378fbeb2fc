"""Transactions: one for each public pledge, agreement and receipt of the ledger."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F

from income.vocabulary import Kind, Mode
from reports.iati.codes import OECD_DAC
from reports.iati.elements import Element, child, made, told, valued
from reports.iati.organisations import HABITAT, Organisation
from reports.iati.sums import KINDS, TYPES
from reports.iati.words import remark
from reports.open.state import Published

AT_ONCE = 2_000
IN_KIND = "4"  # aid in kind: donors manage funds themselves
PERSONNEL = "D01"  # donor country personnel
OF_PERSONS = (Mode.JUNIOR_PROFESSIONAL, Mode.GRATIS_PERSONNEL)


class Row(NamedTuple):
    """What a transaction is made from; columns in the order of COLUMNS."""

    contribution: int | None
    fund: str
    sequence: int
    line: int
    kind: str
    mode: str
    reason: str
    donor: int | None
    value_date: datetime.date
    currency: str
    amount: Decimal


COLUMNS = ("contribution", "fund", "posting__sequence", "line", "kind", "mode", "reason", "donor",
           "value_date", "currency", "amount")  # fmt: skip


def rows(published: Published) -> Iterator[Row]:
    """All of them, one activity after the other; what is in no contribution comes last."""
    entries = published.entries(KINDS).order_by(
        F("contribution").asc(nulls_last=True), "fund", "value_date", "posting__sequence", "line"
    )
    for values in entries.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
        yield Row(*values)


def transaction_of(row: Row, donor: Organisation, activity: str) -> Element:
    """The transaction; `ref` is the posting's sequence and its line, to be found in the books."""
    element = made("transaction", ref=f"{row.sequence}/{row.line}")
    child(element, "transaction-type", code=TYPES[Kind(row.kind)])
    child(element, "transaction-date", iso_date=row.value_date.isoformat())
    valued(element, row.amount, row.currency, row.value_date)
    if said := remark(row.reason, row.mode):
        told(element, "description", said)
    donor.write(element, "provider-org")
    child(
        element, "receiver-org", ref=HABITAT.ref, type=HABITAT.type, receiver_activity_id=activity
    )
    if row.mode != Mode.CASH:
        child(element, "disbursement-channel", code=IN_KIND)
    if row.mode in OF_PERSONS:
        child(element, "aid-type", code=PERSONNEL, vocabulary=OECD_DAC)
    return element
