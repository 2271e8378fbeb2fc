"""What a row is recognised by again: fingerprints, occurrences, and the digest of a whole pass."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from income.imports.course.findings import Accepted, NewPromise
from income.ledger.lines import Line

SEPARATOR = "\x1f"
SHORT = (1 << 60) - 1  # what fits into a small integer
ROWS, SHEETS = 1 << 32, 1 << 16


def _sha256(texts: tuple[str, ...]) -> bytes:
    return hashlib.sha256(SEPARATOR.join(texts).encode("utf-8", "surrogatepass")).digest()


@dataclass(slots=True)
class Occurrence:
    """The how manieth row of the file with its identity this is, from 1, and which was first.

    `fingerprint` and `content` are the digits of a UUID.
    """

    fingerprint: str
    content: str
    number: int
    first_sheet: int
    first_row: int
    says_the_same: bool  # as the first: only an identifier of its own can say something else


class Occurrences:
    """Counts the rows of a file that are recognised by the same.

    About 130 bytes a row, so that a million rows stay well under 200 MB: digests are cut to 60
    bits, and two different rows that meet there are only counted together, each time alike.
    """

    def __init__(self) -> None:
        self._first: dict[int, int] = {}  # cut identity → cut content, sheet and row
        self._again: dict[int, int] = {}  # how often, of those that come more than once

    def next(self, row: Accepted) -> Occurrence:
        """Count the row in; rows come in the order of the file."""
        content = _sha256(row.content)
        named = row.identity != row.content
        identity = _sha256(row.identity) if named else content
        key = int.from_bytes(identity[:8]) & SHORT
        said = int.from_bytes(content[:8]) & SHORT if named else 0
        mine = (said * SHEETS + row.sheet) * ROWS + row.row
        first = self._first.setdefault(key, mine)
        number = 1
        if first != mine:
            number = self._again[key] = self._again.get(key, 1) + 1
        rest, first_row = divmod(first, ROWS)
        first_said, first_sheet = divmod(rest, SHEETS)
        return Occurrence(
            hashlib.sha256(identity + b"%d" % number).hexdigest()[:32], content.hex()[:32],
            number, first_sheet, first_row, first_said == said,
        )  # fmt: skip


class Digest:
    """SHA-256 over the rows that a pass accepts, in their order.

    Covers fingerprint and content of each row, its books and month, the promise it makes, and
    every column of its lines but the keys that only posting gives. New donors, whose key differs
    between check and posting, stand in it by the order in which they first come.
    """

    def __init__(self, new_donors: Collection[int] = ()) -> None:
        self._hash = hashlib.sha256()
        self._new_donors = new_donors
        self._new: dict[int, str] = {}

    def add(self, row: Accepted, seen: Occurrence) -> None:
        texts = [
            f"{seen.fingerprint}|{seen.content}|{row.ledger}|{row.month}|{row.donor}",
            *map(self._told, row.lines),
        ]
        if row.promise:
            texts.append(self._promised(row.promise))
        self._hash.update("\n".join([*texts, ""]).encode("utf-8", "surrogatepass"))

    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    def _told(self, line: Line) -> str:
        """What a line says by itself, in the order of its columns; posting fills in the rest."""
        donor, channel, rate_on = line.donor_id, line.channel_id, line.rate_on
        if donor is not None and (donor < 0 or donor in self._new_donors):
            donor = self._donor(donor)
        if channel is not None:
            channel = self._donor(channel)
        return (
            f"{line.kind}|{line.fund_id}|{line.value_date.toordinal()}|{line.year_for}|"
            f"{line.currency_id}|{line.amount!s}|{line.mode}|{line.reason}|{donor}|{channel}|"
            f"{line.contribution_id}|{line.instalment_id}|{line.instrument_id}|"
            f"{line.earmarking_id}|{line.programme_id}|{line.region_id}|{line.area_id}|"
            f"{line.rate!s}|{rate_on and rate_on.toordinal()}|{line.rate_type}|"
            f"{line.amount_usd!s}|{line.programme_support_usd!s}|{line.credited_amount!s}|"
            f"{line.bank_charge!s}|{line.settled_usd!s}"
        )

    def _promised(self, promise: NewPromise) -> str:
        values = dict(promise.values)
        for name in DONORS:
            values[name] = self._donor(values.get(name))
        for name in UNSTABLE:
            values.pop(name, None)
        return f"{promise.amount!s}|{promise.due_on}|" + "|".join(map(str, values.values()))

    def _donor(self, key: Any) -> Any:
        if key is None or (key > 0 and key not in self._new_donors):
            return key
        return self._new.setdefault(key, f"new {len(self._new) + 1}")


DONORS = ("donor_id", "channel_id")
UNSTABLE = ("uuid", "ledger", "ledger_id")  # the books stand by their code
