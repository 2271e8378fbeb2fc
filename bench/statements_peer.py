"""The peer of bench/statements.py: a like statement as HTML, set by WeasyPrint as PDF/UA-1."""

import base64
import logging
from html import escape
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from reports.pdf.fonts import font_folders

STYLE = """
@page { size: A4; margin: 16mm;
  @bottom-center { content: counter(page) " / " counter(pages); font: 8pt Set } }
html { font: 8pt/1.3 Set; } h1 { font-size: 18pt; } h2 { font-size: 11pt; break-after: avoid; }
table { width: 100%; border-collapse: collapse; margin-bottom: 4mm; }
th, td { padding: 1mm 1.5mm; border-bottom: 0.2mm solid #bbb; text-align: start; }
thead th { border-bottom: 0.4mm solid #333; } tr { break-inside: avoid; }
img { width: 100%; } img.code { width: 28mm; }
"""


class Peer:
    """Reads style and fonts once, as its documents advise."""

    def __init__(self) -> None:
        logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
        self._fonts = FontConfiguration()
        faces = [
            f'@font-face {{ font-family: Set; src: url("{file.as_uri()}"); '
            f"unicode-range: {_range(file.name)}; }}"
            for folder in font_folders()
            for file in sorted(folder.glob("*.ttf"))
            if file.name in NAMES
        ]
        self._style = CSS(string="\n".join([*faces, STYLE]), font_config=self._fonts)

    def pdf(self, data: dict[str, Any], language: str) -> bytes:
        """The bytes of one statement, from the data that the portal's template prints."""
        page = HTML(string=_page(data, language))
        made: bytes = page.write_pdf(
            stylesheets=[self._style], font_config=self._fonts, pdf_variant="pdf/ua-1"
        )
        return made


NAMES = {
    "NotoSans[wdth,wght].ttf": "U+0000-05FF, U+1E00-2FFF",
    "NotoSansArabic-Regular.ttf": "U+0600-06FF, U+0750-077F, U+FB50-FDFF, U+FE70-FEFF",
    "NotoSansSC[wght].ttf": "U+3000-9FFF, U+FF00-FFEF",
}


def _range(name: str) -> str:
    return NAMES[name]


def _page(data: dict[str, Any], language: str) -> str:
    parts = [
        f'<!doctype html><html lang="{language}" dir="{data["direction"]}"><head>'
        f"<title>{escape(data['title'])}</title></head><body>",
        f"<h1>{escape(data['title'])}</h1><p>{escape(data['donor_name'])}</p>",
        f"<p>{escape(data['subtitle'])}</p>", _facts(data["facts"]),
        f"<p>{escape(data['sentence'])}</p>",
        *(_table(data[name]) for name in ("fund_table", "receipts", "years_table")),
    ]  # fmt: skip
    if data["chart_svg"]:
        parts.append(_image(data["chart_svg"], data["chart_alt"]))
    parts += [f"<p>{escape(note)}</p>" for note in data["notes"]]
    seal = data["seal"]
    parts += [
        _facts(data["source"]), f"<p>{escape(data['disclaimer'])}</p>",
        f"<h2>{escape(seal['title'])}</h2>", _facts(seal["facts"]),
        f"<p>{escape(seal['sentence'])} {escape(seal['address'])}</p>",
        _image(seal["qr"], seal["qr_alt"], "code"), "</body></html>",
    ]  # fmt: skip
    return "".join(parts)


def _facts(facts: list[list[str]]) -> str:
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in facts)
    return f"<dl>{rows}</dl>"


def _table(table: dict[str, Any]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table["headers"])
    rows = [*table["rows"], *([table["total_row"]] if table["total_row"] else [])]
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    if not rows:
        body = f'<tr><td colspan="{len(table["headers"])}">{escape(table["empty"])}</td></tr>'
    return (
        f"<h2>{escape(table['title'])}</h2>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _image(svg: str, text: str, kind: str = "chart") -> str:
    drawn = base64.b64encode(svg.encode()).decode()
    return f'<img class="{kind}" alt="{escape(text)}" src="data:image/svg+xml;base64,{drawn}">'
