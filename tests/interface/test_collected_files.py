"""The files of the pages: collected when a source changed, packed, kept by browsers for good."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from whitenoise.middleware import WhiteNoiseMiddleware

from interface.staticfiles import CollectedFiles, collect_changed


@pytest.fixture
def source(tmp_path: Path, settings: Any) -> Path:
    """A style sheet of an installation as `make run` starts it."""
    sheet = tmp_path / "source" / "css" / "portal.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("main { color: black }\n" * 200)
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.WHITENOISE_USE_FINDERS = False
    settings.WHITENOISE_KEEP_ONLY_HASHED_FILES = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "interface.staticfiles.CollectedFiles"},
    }
    return sheet


def test_what_was_not_collected_is_asked_for_by_its_own_name(source: Path) -> None:
    assert CollectedFiles().url("css/portal.css") == "/static/css/portal.css"


def test_files_are_collected_again_only_when_a_source_changed(source: Path) -> None:
    assert collect_changed() is True
    first = CollectedFiles().url("css/portal.css")
    assert collect_changed() is False
    source.write_text("main { color: white }\n" * 201)
    assert collect_changed() is True
    second = CollectedFiles().url("css/portal.css")
    assert first != second
    found = WhiteNoiseMiddleware(WSGIHandler()).files
    assert {first, second} <= set(found)  # a page of before the change still finds its sheet


def test_a_collected_file_travels_packed_and_is_kept_for_good(source: Path, settings: Any) -> None:
    collect_changed()
    address = CollectedFiles().url("css/portal.css")
    path = Path(settings.STATIC_ROOT) / address.removeprefix("/static/")
    packed = path.with_name(f"{path.name}.gz").read_bytes()
    assert gzip.decompress(packed) == source.read_bytes() == path.read_bytes()
    served = WhiteNoiseMiddleware(WSGIHandler()).files[address]
    told = dict(served.get_response("GET", {"HTTP_ACCEPT_ENCODING": "gzip"}).headers)
    assert told["Cache-Control"] == "max-age=315360000, public, immutable"
    assert (told["Content-Encoding"], int(told["Content-Length"])) == ("gzip", len(packed))
