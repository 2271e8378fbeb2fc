"""A report to a donor as a document: everything it prints, already worded and formatted.

The template computes nothing and knows no language. Whoever fills a ReportDocument has translated
every text and formatted every figure in the document's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reports.pdf.statement import LABELS, TableData

ACKNOWLEDGEMENT, AGREEMENT, PROFILE = "acknowledgement.typ", "agreement.typ", "profile.typ"


@dataclass(frozen=True)
class ChartData:
    """A drawing that stands alone (its colours and fonts in it), and what it shows in words.
    `title` names what is drawn, with its unit.

    Raises ValueError when there are no words.
    """

    title: str
    svg: str
    alt: str

    def __post_init__(self) -> None:
        if not self.alt:
            raise ValueError("A chart needs a text that says what it shows.")


@dataclass(frozen=True)
class ReportDocument:
    """An acknowledgement, the status of an agreement, or a profile.

    `facts` are label and value under the title, `sentence` the answer in words; each template
    says how wide the columns of its `tables` are. `source` is label and value of the books.
    `demonstration` is the band printed on every page, None for real books. `language` is a Django
    language code. Raises ValueError when a label is missing.
    """

    title: str
    subtitle: str
    donor_name: str
    facts: Sequence[tuple[str, str]]
    sentence: str
    tables: Sequence[TableData]
    charts: Sequence[ChartData]
    notes: Sequence[str]
    source: Sequence[tuple[str, str]]
    disclaimer: str
    demonstration: str | None
    labels: Mapping[str, str]
    language: str
    direction: Literal["ltr", "rtl"]

    def __post_init__(self) -> None:
        if missing := LABELS - self.labels.keys():
            raise ValueError(f"Labels are missing: {', '.join(sorted(missing))}.")
