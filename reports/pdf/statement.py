"""The donor statement as a document: everything it prints, already worded and formatted.

The template computes nothing and knows no language. Whoever fills a StatementDocument has
translated every text and formatted every figure in the document's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from reports.pdf.compiler import compile_pdf

TEMPLATE = "statement.typ"
# The short texts that belong to no table: "Page {page} of {pages}" and two headings.
LABELS = frozenset({"page_of", "notes", "source"})
HASH_GROUP = 8


@dataclass(frozen=True)
class TableData:
    """A table under its heading; `empty` stands in its place when there are no rows.

    `figures` are the positions of the columns that hold numbers. `total_row` is None where the
    rows may not be totalled. Raises ValueError when a row has not as many cells as there are
    headers, or when there is nothing to say in place of no rows.
    """

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    total_row: Sequence[str] | None = None
    note: str = ""
    empty: str = ""
    figures: Sequence[int] = ()

    def __post_init__(self) -> None:
        width = len(self.headers)
        totals = [self.total_row] if self.total_row is not None else []
        if any(len(row) != width for row in [*self.rows, *totals]):
            raise ValueError(f"A row of {self.title!r} has not {width} cells.")
        if not self.rows and not self.empty:
            raise ValueError(f"{self.title!r} has neither rows nor a sentence instead.")


@dataclass(frozen=True)
class StatementDocument:
    """One donor's statement for a year or another time.

    `facts` are label and value under the title (year, books, basis); `receipts` has six columns:
    date, fund, reference, original amount, rate with type and date, US dollars. `source` is label
    and value of the books; their state is told by the seal, which comes later. `demonstration` is
    the band printed on every page, None for real books. `chart_svg` stands alone (its colours and
    fonts in it), None where there is nothing to draw; `chart_alt` says what it shows,
    `chart_title` names it. `language` is a Django language code. Raises ValueError when a label
    is missing or the chart has no text.
    """

    title: str
    subtitle: str
    donor_name: str
    facts: Sequence[tuple[str, str]]
    sentence: str
    fund_table: TableData
    receipts: TableData
    years_table: TableData
    chart_svg: str | None
    chart_alt: str
    notes: Sequence[str]
    source: Sequence[tuple[str, str]]
    disclaimer: str
    demonstration: str | None
    labels: Mapping[str, str]
    language: str
    direction: Literal["ltr", "rtl"]
    chart_title: str = ""

    def __post_init__(self) -> None:
        if missing := LABELS - self.labels.keys():
            raise ValueError(f"Labels are missing: {', '.join(sorted(missing))}.")
        if self.chart_svg and not self.chart_alt:
            raise ValueError("A chart needs a text that says what it shows.")


def render_statement(document: StatementDocument, *, timestamp: datetime) -> bytes:
    """The statement as PDF; the same document and timestamp give the same bytes.

    `timestamp` is aware. Raises PdfFailed, also when a character has no glyph.
    """
    return compile_pdf(TEMPLATE, asdict(document), language=document.language, timestamp=timestamp)


def grouped_hash(value: str) -> str:
    """A hash in groups of eight characters, which a reader can compare by eye."""
    return " ".join(value[at : at + HASH_GROUP] for at in range(0, len(value), HASH_GROUP))
