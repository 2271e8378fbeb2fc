"""What is sealed: a report with all its words, before it has a number, a version and a code."""

import datetime
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from donors.models import Donor
from income.models import Ledger
from reports.figures.provenance import Known
from reports.models import ReportType, SealedReport

# Without signs that are taken for each other in print: 0 O, 1 I L, 5 S, and of
# 2 Z, 8 B, U V only the first or the last. Few vowels, so that no words come of it.
ALPHABET = "2346789CDEFGHJKMNPQRTVWXY"
CODE_LENGTH = 12
CODE_GROUP = 4
MOST_OF_A_STEM = 100


@dataclass(frozen=True)
class SealedDocument:
    """One report, worded and formatted in its language.

    `subject` is what it is about besides the donor (see `SealedReport`). `known` is set for an
    earlier state of the books, `sequence` and `hash` are of the state it was made from. `data` is
    what `template` prints, JSON-ready and without anything of the seal: no sequence, hash or time
    of making, for the same figures have to give the same content. `file_stem` is what the file is
    called, without version and ending.
    """

    type: ReportType
    ledger: Ledger
    donor: Donor
    subject: str
    from_on: datetime.date
    until_on: datetime.date
    language: str
    as_at_on: datetime.date
    known: Known | None
    sequence: int
    hash: str
    template: str
    data: Mapping[str, Any]
    file_stem: str

    @cached_property
    def content_sha256(self) -> str:
        """Of what is printed, and of nothing else: the same for the same content."""
        said = json.dumps(
            [self.template, self.data, self.language],
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )  # fmt: skip
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def line(self) -> dict[str, Any]:
        """What all versions of the report share, as fields of `SealedReport`."""
        return {
            "type": self.type, "ledger": self.ledger, "donor": self.donor,
            "subject": self.subject, "from_on": self.from_on, "until_on": self.until_on,
            "language": self.language,
        }  # fmt: skip


def new_code() -> str:
    """A code of verification that nobody can guess: about 55 bits."""
    return "".join(secrets.choice(ALPHABET) for _sign in range(CODE_LENGTH))


def grouped_code(code: str) -> str:
    """The code as it is printed: `2346-789C-DEFG`."""
    starts = range(0, len(code), CODE_GROUP)
    return "-".join(code[at : at + CODE_GROUP] for at in starts)


def plain_code(typed: str) -> str:
    """The code as it is kept, however it was typed: groups, blanks and letter case do not count."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", typed).upper()


def stored_name(report: SealedReport, stem: str) -> str:
    """What the file is called in the store: nobody can guess it, and no two are the same."""
    return f"{report.uuid}_{stem[:MOST_OF_A_STEM]}-v{report.version}.pdf"


def download_name(report: SealedReport) -> str:
    """What the file is called when somebody saves it."""
    return PurePosixPath(report.file.name or "").name.partition("_")[2] or f"{report.number}.pdf"
