"""The one file of the plotly package that browsers get."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

PLOTLY_PREFIX = "plotly"
PLOTLY_FILE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds `plotly/plotly.min.js` in the installed package, and nothing else of that folder.

    The folder also holds a second bundle and data sets that no page uses.
    """

    def __init__(self, app_names: object = None, *args: object, **kwargs: object) -> None:
        folder = str(files("plotly").joinpath("package_data"))
        self.storage = FileSystemStorage(location=folder)
        # Django and WhiteNoise put this in front of each listed path.
        self.storage.prefix = PLOTLY_PREFIX  # type: ignore[attr-defined]

    def check(self, **kwargs: object) -> list[CheckMessage]:
        """An error when the installed package no longer has the file."""
        if self.storage.exists(PLOTLY_FILE):
            return []
        return [Error("The plotly package has no plotly.min.js.", id="interface.E001")]

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> Any:
        """The file's place on disk, or a list of it when `find_all` asks for every match."""
        matches = [self.storage.path(PLOTLY_FILE)] if path == self._address else []
        if find_all:
            return matches
        return matches[0] if matches else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        """The path under the prefix, with the storage that opens it."""
        yield PLOTLY_FILE, self.storage

    @property
    def _address(self) -> str:
        return f"{PLOTLY_PREFIX}/{PLOTLY_FILE}"
