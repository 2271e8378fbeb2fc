"""The fonts of the documents: from the installed packages, never from the system.

Latin and Cyrillic, Chinese and the fixed-width face are used as their packages bring them
(variable; the typesetter takes the weight it needs). The Arabic face is composed once for each
version of its package, see `reports.pdf.arabic`.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import metadata, util
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reports.pdf.errors import PdfFailed

PACKAGED = (
    ("justmytype_western_core", "NotoSans[wdth,wght].ttf"),
    ("justmytype_western_core", "NotoSansMono[wdth,wght].ttf"),
    ("justmytype_intl_cjk", "NotoSansSC[wght].ttf"),
)
ARABIC = ("justmytype_intl_rtl", "NotoSansArabic[wdth,wght].ttf")
WEIGHTS = {"Regular": 400, "Bold": 700}
COMPOSITION = 2  # raised when `composed_face` draws something else than before


class FontMissing(PdfFailed):
    """A font that the documents need is not installed, or could not be written."""


def font_folders() -> tuple[Path, ...]:
    """The folders of all fonts the documents are set in, the Arabic face composed if need be.

    Raises FontMissing.
    """
    prepared = settings.PORTAL_DATA_DIR / "fonts"
    for _made in prepare_fonts(prepared):
        pass
    return (*(_packaged(*face).parent for face in PACKAGED), _arabic_folder(prepared))


def prepare_fonts(target: Path) -> Iterator[Path]:
    """Write the composed Arabic faces that are not yet below `target`, and yield each when done.

    Some seconds for each. A face appears whole or not at all. Raises FontMissing.
    """
    source, folder = _packaged(*ARABIC), _arabic_folder(target)
    for name, weight in WEIGHTS.items():
        face = folder / f"NotoSansArabic-{name}.ttf"
        if not face.exists():
            _write(face, source, weight)
            yield face


def _write(face: Path, source: Path, weight: int) -> None:
    from reports.pdf.arabic import composed_face  # its library is used once in an installation

    unfinished = face.with_suffix(f".{os.getpid()}.part")
    try:
        face.parent.mkdir(parents=True, exist_ok=True)
        composed = composed_face(str(source), weight=weight)
        composed.recalcTimestamp = False  # the same font, and so the same PDF, on every machine
        composed.save(unfinished)
        unfinished.replace(face)
    except OSError as error:
        with suppress(OSError):  # the first reason is the one to tell
            unfinished.unlink()
        raise FontMissing(
            _("The fonts of the documents could not be written. Check the data folder's space.")
        ) from error


def _arabic_folder(target: Path) -> Path:
    return target / f"arabic-{metadata.version(ARABIC[0])}-{COMPOSITION}"


@cache
def _packaged(package: str, name: str) -> Path:
    spec = util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        # By comparison, not by pattern: the names hold square brackets.
        for path in Path(folder).rglob("*.ttf"):
            if path.name == name:
                return path
    raise FontMissing(
        _("A font of the documents is missing. Install the portal's requirements again.")
    )
