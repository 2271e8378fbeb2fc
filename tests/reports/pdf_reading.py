"""Reads a PDF as a reader's program does: its tags, and the text of each page."""

import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf

PAIR = re.compile(r"<([0-9A-F]+)> <([0-9A-F ]+)>")
BLOCK = re.compile(r"beginbfchar(.*?)endbfchar", re.DOTALL)


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def tags(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every element of the structure tree, in reading order."""
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if not isinstance(element, pikepdf.Dictionary):
            continue
        if "/S" in element:
            yield element
        children = element.get("/K", [])
        children = list(children) if isinstance(children, pikepdf.Array) else [children]
        waiting.extend(reversed(children))


def names(pdf: pikepdf.Pdf) -> list[str]:
    return [str(tag.S) for tag in tags(pdf)]


def texts(pdf: pikepdf.Pdf) -> list[str]:
    """The signs of each page in the order they are painted, by the fonts' own Unicode maps."""
    return [re.sub(r"\s+", " ", _text(page, page.Resources)) for page in pdf.pages]


def _text(content: pikepdf.Page | pikepdf.Object, resources: pikepdf.Object) -> str:
    maps = {name: _map(font) for name, font in resources.get("/Font", {}).items()}
    current: dict[int, str] = {}
    found: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(content):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) == "ET":
            found.append(" ")
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            found.extend(_signs(part, current) for part in parts)
    for drawing in resources.get("/XObject", {}).values():
        if drawing.Subtype == "/Form":
            found.append(_text(drawing, drawing.get("/Resources", pikepdf.Dictionary())))
    return "".join(found)


def _signs(part: object, current: dict[int, str]) -> str:
    if not isinstance(part, pikepdf.String):
        return ""  # a distance
    codes = bytes(part)
    return "".join(
        current.get(int.from_bytes(codes[at : at + 2], "big"), "") for at in range(0, len(codes), 2)
    )


def _map(font: pikepdf.Object) -> dict[int, str]:
    read = font.ToUnicode.read_bytes().decode("latin-1")
    return {
        int(code, 16): bytes.fromhex(text.replace(" ", "")).decode("utf-16-be")
        for block in BLOCK.findall(read)
        for code, text in PAIR.findall(block)
    }
