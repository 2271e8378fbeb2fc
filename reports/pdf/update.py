"""The monthly update as a document of two pages: all it prints, already worded and formatted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from reports.pdf.compiler import compile_pdf
from reports.pdf.statement import TableData

TEMPLATE = "update.typ"
MOST_PAGES = 2
LABELS = frozenset({"page_of", "notes", "seal", "donors", "since", "thanks"})
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


@dataclass(frozen=True)
class UpdateDocument:
    """One month's update. `language` is a Django language code.

    `books` are called in the head of each page; `facts` are label and value under the title.
    `chart_svg` stands alone, None where there is nothing to draw; `chart_alt` says what it shows,
    `chart_percent` how much of the page's width it takes. `rankings` stand side by side; `since`
    is what changed since the last update, `since_note` the sentence beneath. `demonstration` is
    the band on every page, None for real books. Raises ValueError when a label is missing or the
    chart has no text.
    """

    title: str
    books: str
    headline: str
    facts: Sequence[tuple[str, str]]
    fund_table: TableData
    chart_svg: str | None
    chart_alt: str
    chart_percent: int
    rankings: Sequence[TableData]
    regions: TableData
    since: TableData
    since_note: str
    thanks: str
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
        if self.chart_svg and not self.chart_alt:
            raise ValueError("A chart needs a text that says what it shows.")


def render_update(document: UpdateDocument, *, timestamp: datetime) -> bytes:
    """The update as PDF; the same document and timestamp give the same bytes.

    `timestamp` is aware. Raises PdfFailed, also when a character has no glyph.
    """
    return compile_pdf(TEMPLATE, asdict(document), language=document.language, timestamp=timestamp)


def pages_of(content: bytes) -> int:
    """How many pages a PDF of the portal's own making has."""
    return len(PAGE.findall(content))
