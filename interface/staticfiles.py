"""The files of the pages: the one of the plotly package, and all of them packed for browsers."""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)

PLOTLY_PREFIX = "plotly"
PLOTLY_FILE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds `plotly/plotly.min.js` in the installed package, and nothing else of that folder.

    The folder also holds a second bundle and data sets that no page uses.
    """

    def __init__(self, app_names: object = None, *args: object, **kwargs: object) -> None:
        package = find_spec("plotly")  # found without being loaded
        folders = package.submodule_search_locations if package else None
        folder = Path(folders[0] if folders else "plotly") / "package_data"
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


class CollectedFiles(CompressedManifestStaticFilesStorage):
    """Names that follow from the content, which browsers keep for good and get packed.

    Until `collect_changed` has run, the files are asked for by their own names.
    """

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name


def collect_changed() -> bool:
    """Collect and pack all static files where a source changed since; says whether one had."""
    noted = Path(settings.STATIC_ROOT).with_suffix(".sources")
    now = _sources()
    if noted.exists() and noted.read_text(encoding="ascii") == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    noted.write_text(now, encoding="ascii")
    return True


def _sources() -> str:
    """Changes with the path, size or time of any source."""
    told = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            told.update(f"{storage.path(path)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return told.hexdigest()
