"""Files on a disk that is full, by a limit on the size of files."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from interface.storage import WholeFiles

LIMIT = 100_000


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process grows beyond that many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def test_a_full_disk_leaves_nothing_of_a_file_and_the_next_one_is_kept(tmp_path: Path) -> None:
    store = WholeFiles(location=tmp_path)
    with room_for(LIMIT), pytest.raises(OSError, match="File too large"):
        store.save("report.pdf", ContentFile(b"x" * (LIMIT + 1)))
    assert files(tmp_path) == {}
    assert store.save("report.pdf", ContentFile(b"x" * LIMIT)) == "report.pdf"
    assert files(tmp_path) == {"report.pdf": LIMIT}


def test_a_name_that_is_taken_in_the_same_moment_is_not_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, names = WholeFiles(location=tmp_path), iter(["report.pdf", "report_2.pdf"])
    (tmp_path / "report.pdf").write_bytes(b"another's")
    monkeypatch.setattr(store, "get_available_name", lambda *_name, **_more: next(names))
    assert store.save("report.pdf", ContentFile(b"mine")) == "report_2.pdf"
    assert (tmp_path / "report.pdf").read_bytes() == b"another's"
    assert files(tmp_path) == {"report.pdf": 9, "report_2.pdf": 4}
