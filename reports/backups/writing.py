"""Makes a backup: one compressed archive that has its name only once it is whole."""

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.files.storage import Storage, default_storage, storages

from reports.backups import manifest, tables
from reports.backups.errors import BackupRefused
from reports.backups.manifest import Manifest

CHUNK = 1 << 20
# What lies beside the database. The folder's name in the archive, and where it is kept.
STORES = ("files", "reports")


def store(name: str) -> Storage:
    """The storage behind a folder of the archive."""
    return default_storage if name == "files" else storages["reports"]


@dataclass(frozen=True)
class Part:
    """A file of a storage."""

    name: str  # in the archive
    storage: Storage
    path: str  # in the storage


def write(target: Path, *, at: datetime, has_files: bool = True) -> Manifest:
    """Write the backup to `target`, readable by this account only; returns its manifest.

    The database is read as of one moment, and the files after it, so that every file that a row
    names is there. Raises BackupRefused when the target exists already, OSError when the disk is
    full; then nothing is left behind.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already. A backup is never written over.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        work = Path(folder)
        with tables.one_state():
            made = _dumped(work, at)
        parts = list(_parts()) if has_files else []
        for part in parts:
            made.files[part.name] = _digest(part)
        archive = work / "archive"
        archive.touch(mode=0o600)
        with archive.open("wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
                _fill(tar, work, made, parts, at)
            file.flush()
            os.fsync(file.fileno())
        archive.rename(target)
    return made


def _dumped(work: Path, at: datetime) -> Manifest:
    """The tables as files in the folder; the manifest without the storages' files."""
    made = Manifest(at.isoformat(), manifest.heads(), manifest.schema())
    for model in tables.kept_models():
        digest, count = hashlib.sha256(), 0
        with (work / model._meta.db_table).open("wb") as file:
            for line in tables.lines_of(model):
                file.write(line)
                digest.update(line)
                count += 1
        made.tables[model._meta.db_table] = (count, digest.hexdigest())
    return made


def _parts() -> Iterator[Part]:
    for name in STORES:
        for path in _paths(store(name), ""):
            yield Part(f"{name}/{path}", store(name), path)


def _paths(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    before = f"{folder}/" if folder else ""
    yield from (f"{before}{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from _paths(storage, f"{before}{name}")


def _digest(part: Part) -> str:
    digest = hashlib.sha256()
    with part.storage.open(part.path) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _fill(
    tar: tarfile.TarFile, work: Path, made: Manifest, parts: list[Part], at: datetime
) -> None:
    text = made.as_json()
    _add(tar, manifest.NAME, io.BytesIO(text), len(text), at)
    for table in made.tables:
        with (work / table).open("rb") as file:
            _add(tar, f"tables/{table}.jsonl", file, (work / table).stat().st_size, at)
        (work / table).unlink()
    for part in parts:
        with part.storage.open(part.path) as file:
            _add(tar, part.name, file, part.storage.size(part.path), at)


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int, at: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(at.timestamp()), 0o600
    tar.addfile(entry, file)
