"""A drawing as PNG: set by the typesetter of the documents, in their fonts."""

from reports.pdf.compiler import set_page

TEMPLATE = "picture.typ"
# A pixel of the drawing is three quarters of a point. Twice as many: for sharp screens and slides.
PIXELS_PER_INCH = 192


def compile_png(svg: str, *, width: int, language: str) -> bytes:
    """The drawing, `width` pixels wide in itself, as PNG of twice that. Raises PdfFailed."""
    data = {"svg": svg, "width": width}
    return set_page(TEMPLATE, data, language=language, format="png", ppi=PIXELS_PER_INCH)
