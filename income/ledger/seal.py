"""The tamper seal: canonical bytes of postings and entries, and their chained hashes.

Codes and UUIDs, fixed decimals, UTC microseconds; no primary keys and no personal data (people
appear as their account's UUID, free text as its digest).
"""

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal

from donors.models import Donor
from income.ledger.lines import Line
from income.models import Contribution, Entry, Instalment, Ledger, Posting

SEPARATOR = "\x1f"
UuidOf = Mapping[int | None, str]


def _fixed(amount: Decimal | None, places: int) -> str:
    return "" if amount is None else f"{amount + 0:.{places}f}"


def _day(day: datetime.date | None) -> str:
    return "" if day is None else day.isoformat()


class Identities:
    """Stable UUIDs of the donors, contributions and instalments that some entries name."""

    def __init__(self, entries: Iterable[Entry | Line]) -> None:
        named = list(entries)
        donor_ids = {e.donor_id for e in named} | {e.channel_id for e in named}
        self.donors = _uuids(Donor, donor_ids, _at_hand(named, "donor", "channel"))
        self.contributions = _uuids(
            Contribution, {e.contribution_id for e in named}, _at_hand(named, "contribution")
        )
        self.instalments = _uuids(
            Instalment, {e.instalment_id for e in named}, _at_hand(named, "instalment")
        )


def _at_hand(entries: Iterable[Entry | Line], *names: str) -> dict[int | None, str]:
    """What rows that came with the entries, read from the database, say of themselves."""
    found: dict[int | None, str] = {None: ""}
    for entry in entries:
        if isinstance(entry, Line):
            continue
        for name in names:
            row = entry._state.fields_cache.get(name)
            if row is not None and not row._state.adding:
                found[row.pk] = str(row.uuid)
    return found


def _uuids(
    model: type[Donor] | type[Contribution] | type[Instalment], keys: set[int | None],
    found: dict[int | None, str],
) -> dict[int | None, str]:  # fmt: skip
    wanted = [key for key in keys if key is not None and key not in found]
    if wanted:
        rows = model._default_manager.filter(pk__in=wanted).values_list("pk", "uuid")
        found.update({pk: str(value) for pk, value in rows})
    return found


def canonical_line(entry: Entry | Line, identities: Identities) -> str:
    """One entry as text. The order of the fields is part of the format: never change it.

    A field that came later is appended only where it is filled, so that older entries keep
    their bytes.
    """
    later = () if entry.settled_usd is None else (_fixed(entry.settled_usd, 2),)
    return SEPARATOR.join(
        (
            str(entry.line),
            entry.kind,
            entry.mode,
            entry.reason,
            entry.fund_id,
            identities.donors[entry.donor_id],
            identities.donors[entry.channel_id],
            identities.contributions[entry.contribution_id],
            identities.instalments[entry.instalment_id],
            entry.instrument_id or "",
            entry.earmarking_id or "",
            entry.programme_id or "",
            entry.region_id or "",
            entry.area_id or "",
            entry.value_date.isoformat(),
            str(entry.booked_month),
            str(entry.year_for),
            entry.currency_id,
            _fixed(entry.amount, 4),
            _fixed(entry.rate, 10),
            _day(entry.rate_on),
            entry.rate_type,
            _fixed(entry.amount_usd, 2),
            _fixed(entry.programme_support_usd, 2),
            _fixed(entry.credited_amount, 4),
            _fixed(entry.bank_charge, 4),
            *later,
        )
    )


class ContentHash:
    """SHA-256 over entries that come in parts, as text, in the order of their lines."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._between = ""

    def add(self, lines: Iterable[str]) -> None:
        if text := "\n".join(lines):
            self._digest.update(f"{self._between}{text}".encode())
            self._between = "\n"

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def content_hash(entries: Iterable[Entry | Line], identities: Identities) -> str:
    """SHA-256 over the entries in the order of their lines."""
    content = ContentHash()
    content.add(canonical_line(entry, identities) for entry in sorted(entries, key=_line))
    return content.hexdigest()


def _line(entry: Entry | Line) -> int:
    return entry.line


def chain_hash(
    posting: Posting, *, ledger: Ledger, prepared_by: uuid.UUID | None,
    approved_by: uuid.UUID | None,
) -> str:  # fmt: skip
    """H(previous ‖ header ‖ content hash) of a posting whose other fields are filled."""
    header = SEPARATOR.join(
        (
            posting.previous_hash,
            ledger.code,
            str(posting.sequence),
            str(posting.id),
            posting.act,
            posting.token,
            posting.reference,
            hashlib.sha256(posting.note.encode()).hexdigest(),
            str(posting.reverses_id or ""),
            str(prepared_by or ""),
            str(approved_by or ""),
            str(posting.booked_month),
            posting.posted_at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            str(posting.entry_count),
            posting.content_hash,
            *([str(posting.replaces_id)] if posting.replaces_id else []),
        )
    )
    return hashlib.sha256(header.encode()).hexdigest()
