"""Entries as a file."""

import datetime
from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils.translation import gettext as _

from donors.models import Donor
from donors.naming import shown_code, shown_name
from income.models import Entry, Ledger
from income.models.contributions import number_of
from income.querysets import EntryQuerySet
from interface.formatting import is_right_to_left
from interface.sheets import csv_stream
from interface.workbook_streams import xlsx_stream

COLUMNS = (
    "sequence", "line", "kind", "mode", "reason", "fund", "donor", "donor_name", "contribution",
    "region", "value_date", "year_for", "currency", "amount", "rate", "rate_on", "rate_type",
    "amount_usd", "programme_support_usd",
)  # fmt: skip
BANK_COLUMNS = ("credited_amount", "bank_charge", "reference")
AT_ONCE = 2_000  # entries read at a time
MOST_DONORS = 10_000  # kept while entries are read
READ = (
    "posting__sequence", "posting__reference", "line", "kind", "mode", "reason", "fund_id",
    "donor_id", "contribution_id", "region_id", "value_date", "year_for", "currency_id", "amount",
    "rate", "rate_on", "rate_type", "amount_usd", "programme_support_usd", "credited_amount",
    "bank_charge",
)  # fmt: skip


def in_pieces(entries: EntryQuerySet) -> Iterator[Entry]:
    """The entries by day, some thousand at a time; each donor is read once, not with each entry."""
    donors: dict[int, Donor] = {}
    rows = entries.select_related("posting").only(*READ).order_by("value_date", "pk")
    waiting = rows.iterator(AT_ONCE)
    while part := list(islice(waiting, AT_ONCE)):
        if len(donors) > MOST_DONORS:
            donors.clear()
        wanted = {one.donor_id for one in part if one.donor_id} - set(donors)
        donors |= Donor.objects.only("code", "names", "is_unnamed").in_bulk(wanted)
        for one in part:
            one.donor = donors[one.donor_id] if one.donor_id else None
            yield one


def entries_csv(entries: Iterable[Entry], ledger: Ledger, *, with_bank_data: bool) -> bytes:
    """The whole file at once; see `entries_stream`."""
    return b"".join(entries_stream(entries, ledger, with_bank_data=with_bank_data))


def entries_stream(
    entries: Iterable[Entry], ledger: Ledger, *, with_bank_data: bool
) -> Iterator[bytes]:
    """Every column that the reader may see; a demonstration says so in the first line."""
    header, rows = entries_rows(entries, with_bank_data=with_bank_data)
    return csv_stream(header, rows, preamble=entries_preamble(ledger))


def entries_workbook(
    entries: Iterable[Entry], ledger: Ledger, *, with_bank_data: bool, made_at: datetime.datetime
) -> Iterator[bytes]:
    """The same as a workbook in pieces; `made_at` is its own date."""
    header, rows = entries_rows(entries, with_bank_data=with_bank_data)
    return xlsx_stream(
        "Entries", header, rows, preamble=entries_preamble(ledger),
        is_right_to_left=is_right_to_left(), made_at=made_at.replace(tzinfo=None),
    )  # fmt: skip


def entries_preamble(ledger: Ledger) -> list[list[str]]:
    """What stands above the header: that the books are a demonstration, if they are."""
    mark = _("DEMONSTRATION BOOKS – not UN-Habitat's figures")
    return [[mark]] if ledger.is_demonstration else []


def entries_rows(
    entries: Iterable[Entry], *, with_bank_data: bool
) -> tuple[tuple[str, ...], Iterator[list[object]]]:
    """The header and the rows, for whatever file they go into."""
    if not with_bank_data:
        return COLUMNS, (_row(entry) for entry in entries)
    rows = ([*_row(entry, knows=True), *_bank_data(entry)] for entry in entries)
    return (*COLUMNS, *BANK_COLUMNS), rows


def _row(entry: Entry, *, knows: bool = False) -> list[object]:
    donor = entry.donor
    return [
        entry.posting.sequence, entry.line, entry.kind, entry.mode, entry.reason, entry.fund_id,
        shown_code(donor, knows=knows) if donor else "",
        shown_name(donor, knows=knows) if donor else "",
        number_of(entry.contribution_id) if entry.contribution_id else "", entry.region_id or "",
        entry.value_date, entry.year_for, entry.currency_id, entry.amount, entry.rate,
        entry.rate_on, entry.rate_type, entry.amount_usd, entry.programme_support_usd,
    ]  # fmt: skip


def _bank_data(entry: Entry) -> list[object]:
    return [entry.credited_amount, entry.bank_charge, entry.posting.reference]
