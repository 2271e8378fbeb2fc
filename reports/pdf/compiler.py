"""Sets a template of `templates/reports` as PDF: tagged, PDF/UA-1 and PDF/A-2a in one file.

What comes in is data: it reaches the template as JSON and is printed as text, so that no name
can be read as markup. One compiler for each template is kept in the process, for it holds the
fonts and what it has learnt; a lock lets one thread at a time use it.
"""

import json
import logging
import re
import threading
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from reports.pdf.errors import PdfFailed
from reports.pdf.fonts import font_folders

__all__ = ["PdfFailed", "compile_pdf", "set_page"]

# How the typesetter says that a character has no glyph, or must not stand in a document.
UNPRINTABLE = re.compile(
    r'the text `"(.+?)"` could not be displayed|disallowed codepoint `"(.+?)"`'
)
# The typesetter knows regions, not scripts: the script of a Chinese text is told by its region.
REGIONS = {"hans": "CN", "hant": "TW"}
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")

logger = logging.getLogger(__name__)
_lock = threading.Lock()
_compilers: dict[str, typst.Compiler] = {}


def compile_pdf(
    template: str, data: Mapping[str, Any], *, language: str, timestamp: datetime
) -> bytes:
    """The PDF of `template` (a file name in templates/reports) filled with JSON-ready `data`.

    `language` is a Django language code; `timestamp`, aware, is the document's date of creation,
    of which whole seconds are kept, for a PDF tells no smaller part of time.
    The same input gives the same bytes. Raises PdfFailed, also when a character has no glyph,
    and ValueError for a timestamp without time zone.
    """
    if timestamp.tzinfo is None:
        raise ValueError("The timestamp of a document needs a time zone.")
    return set_page(
        template, data, language=language, format="pdf", pdf_standards=["ua-1", "a-2a"],
        timestamp=timestamp.astimezone(UTC).replace(microsecond=0),
    )  # fmt: skip


def set_page(template: str, data: Mapping[str, Any], *, language: str, **options: Any) -> bytes:
    """The one file that the template gives for the data; `options` are the typesetter's own.

    Raises PdfFailed.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False), **_language_inputs(language)}
    with _lock:
        try:
            made, warnings = _compiler(template).compile_with_warnings(sys_inputs=inputs, **options)
        except typst.TypstError as error:
            raise _failure(error, template) from error
    for warning in warnings:
        logger.warning("%s: %s", template, warning.message)
    if not isinstance(made, bytes):
        raise TypeError("The typesetter gave no single file.")
    return made


def _language_inputs(language: str) -> dict[str, str]:
    """The language and its region (empty where it has none), as a template asks for them."""
    code, _hyphen, variant = language.partition("-")
    return {"language": code, "region": REGIONS.get(variant.lower(), "")}


def _compiler(template: str) -> typst.Compiler:
    if template not in _compilers:
        folder = settings.BASE_DIR / "templates" / "reports"
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(path) for path in font_folders()],
        )
        # A file, not its content: a compiler made of bytes fails from its second document on.
        _compilers[template] = typst.Compiler(
            str(folder / template),
            root=str(folder),
            font_paths=fonts,
            ignore_system_fonts=True,
        )
    return _compilers[template]


def _failure(error: typst.TypstError, template: str) -> PdfFailed:
    found = UNPRINTABLE.findall(f"{error.message}\n{error.diagnostic}")
    texts = dict.fromkeys(displayed or disallowed for displayed, disallowed in found)
    if texts:
        return PdfFailed(
            _(
                "The document was not made: its fonts have no sign for %(characters)s. "
                "Write the text that contains it in another way."
            )
            % {"characters": ", ".join(_characters(text) for text in texts)}
        )
    logger.error("%s: %s", template, error.diagnostic or error.message)
    return PdfFailed(
        _("The document could not be made. The administrator finds the reason in the log.")
    )


def _characters(text: str) -> str:
    """Each character, if it can be seen, and its number in Unicode."""
    plain = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return " ".join(
        f"U+{ord(sign):04X}"
        if unicodedata.category(sign).startswith("C")
        else f"{sign} (U+{ord(sign):04X})"
        for sign in plain
    )
