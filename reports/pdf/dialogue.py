"""The funding-dialogue pack as a document: everything it prints, worded and formatted.

The template computes nothing and knows no language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from reports.pdf.compiler import compile_pdf
from reports.pdf.statement import TableData

TEMPLATE = "dialogue.typ"
# "Page {page} of {pages}", two headings, and the word before an item's evidence.
LABELS = frozenset({"page_of", "notes", "seal", "evidence"})


@dataclass(frozen=True)
class ItemData:
    """An entered item; `about` and `url` may be empty."""

    title: str
    about: str
    text: str
    evidence: str
    url: str


@dataclass(frozen=True)
class PackTable:
    """A table, and what is to be said of it sentence by sentence."""

    table: TableData
    notes: Sequence[str]


@dataclass(frozen=True)
class SectionData:
    """A section of the pack; `empty` is said where nothing was entered."""

    title: str
    lead: str
    tables: Sequence[PackTable]
    items: Sequence[ItemData]
    empty: str


@dataclass(frozen=True)
class DialogueDocument:
    """One pack. `donor_name` is what the head of each page names beside the title: the books.

    `facts` and `seal` are label and value; `demonstration` is the band printed on every page,
    None for real books. `language` is a Django language code. Raises ValueError when a label is
    missing.
    """

    title: str
    subtitle: str
    donor_name: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[SectionData]
    notes: Sequence[str]
    seal: Sequence[tuple[str, str]]
    disclaimer: str
    demonstration: str | None
    labels: Mapping[str, str]
    language: str
    direction: Literal["ltr", "rtl"]

    def __post_init__(self) -> None:
        if missing := LABELS - self.labels.keys():
            raise ValueError(f"Labels are missing: {', '.join(sorted(missing))}.")


def render_dialogue(document: DialogueDocument, *, timestamp: datetime) -> bytes:
    """The pack as PDF; the same document and timestamp give the same bytes.

    `timestamp` is aware. Raises PdfFailed, also when a character has no glyph.
    """
    return compile_pdf(TEMPLATE, asdict(document), language=document.language, timestamp=timestamp)
