"""A letter as a document: everything it prints, already worded and formatted.

The template computes nothing and knows no language. Whoever fills a LetterDocument has translated
every text and formatted every figure in the letter's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from reports.pdf.compiler import compile_pdf
from reports.pdf.statement import TableData

TEMPLATE = "letter.typ"
# "Page {page} of {pages}", and the words beside the lines to sign and date on.
LABELS = frozenset({"page_of", "reference", "signature", "date"})


@dataclass(frozen=True)
class LetterDocument:
    """One letter, for signature.

    `letterhead` is text alone, `addressee` its lines, `paragraphs` run from the salutation to the
    closing words; `table` stands before these, None where there are no figures. `signatory` is
    the post that signs. `seal` tells books, sequence and hash. `demonstration` is the band
    printed on every page, None for real books. `language` is a Django language code. Raises
    ValueError when a label is missing or there is nobody to write to.
    """

    letterhead: Sequence[str]
    date: str
    reference: str
    addressee: Sequence[str]
    subject: str
    paragraphs: Sequence[str]
    table: TableData | None
    signatory: str
    seal: Sequence[tuple[str, str]]
    demonstration: str | None
    labels: Mapping[str, str]
    language: str
    direction: Literal["ltr", "rtl"]

    def __post_init__(self) -> None:
        if missing := LABELS - self.labels.keys():
            raise ValueError(f"Labels are missing: {', '.join(sorted(missing))}.")
        if not self.addressee or not self.paragraphs:
            raise ValueError("A letter needs somebody to write to, and something to say.")


def render_letter(document: LetterDocument, *, timestamp: datetime) -> bytes:
    """The letter as PDF; the same document and timestamp give the same bytes.

    `timestamp` is aware. Raises PdfFailed, also when a character has no glyph.
    """
    return compile_pdf(TEMPLATE, asdict(document), language=document.language, timestamp=timestamp)
