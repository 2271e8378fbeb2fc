"""Puts a backup into an empty installation, and proves that it is the original."""

import hashlib
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.audit.verification import problems as problems_of_the_trail
from income.ledger.verification import problems
from income.models import Ledger
from jobs import outbox
from reports.backups import manifest, tables
from reports.backups.errors import BackupRefused
from reports.backups.manifest import Manifest
from reports.backups.writing import STORES, store
from reports.models import BulkOrder
from reports.sealing import superseding

Say = Callable[[str], None]


def restore(source: Path, say: Say) -> Manifest:
    """Load the backup into the database and the storages of this process, which must be empty.

    The archive is checked whole before anything is written. The rows come in one transaction,
    which is kept only if every table is, byte for byte, the one that was backed up, if the chains
    are sound and if their heads are those of the manifest. Raises BackupRefused otherwise.
    """
    settings.PORTAL_DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.PORTAL_DATA_DIR, prefix=".restore-") as folder:
        work = Path(folder)
        made = _unpacked(source, work)
        say(f"The archive of {made.made_at} is whole: {_counted(made)}.")
        _refuse_other_schema(made)
        call_command("migrate", verbosity=0, interactive=False)
        if not tables.is_empty():
            raise BackupRefused("This database is not empty. Restore into a new one.")
        with transaction.atomic():
            _load(work, made)
            say("Every table is as it was.")
            _refuse_unsound(made)
            say("The chains of all books are sound, and end where they ended.")
            say(f"E-mails held for an administrator's decision: {_hold_mail()}.")
            _bring_files(work, made)  # last: what can still fail takes the rows back
    return made


def _hold_mail() -> int:
    """The original may have sent since what waited then, and what was to be queued; how many."""
    superseding.tell()
    for order in BulkOrder.objects.filter(finished_at=None):
        superseding.tell(order.uuid.hex)
    return outbox.hold()


def _counted(made: Manifest) -> str:
    rows = sum(count for count, _digest in made.tables.values())
    return f"{len(made.tables)} tables, {rows} rows, {len(made.files)} files"


def _unpacked(source: Path, work: Path) -> Manifest:
    """Everything in the folder, each part compared with the manifest."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(work, filter="data")
        made = manifest.read((work / manifest.NAME).read_bytes())
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupRefused(f"{source} cannot be read as a backup: {error}") from error
    wanted = {f"tables/{name}.jsonl": digest for name, (_rows, digest) in made.tables.items()}
    wanted |= made.files
    found = {path.relative_to(work).as_posix(): path for path in work.rglob("*") if path.is_file()}
    if found.keys() - {manifest.NAME} != wanted.keys():
        raise BackupRefused("The archive does not hold the parts that its manifest names.")
    for name, digest in wanted.items():
        if _digest(found[name]) != digest:
            raise BackupRefused(f"The archive is damaged: {name} is not what was backed up.")
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_other_schema(made: Manifest) -> None:
    here = manifest.schema()
    if made.schema != here:
        differing = ", ".join(sorted(set(made.schema) ^ set(here)))
        raise BackupRefused(
            "The backup is of another release; restore it with that one, then upgrade. "
            f"Differing migrations: {differing}"
        )


def _load(work: Path, made: Manifest) -> None:
    known = {model._meta.db_table: model for model in tables.kept_models()}
    for name in made.tables:
        with (work / "tables" / f"{name}.jsonl").open("rb") as file:
            tables.load(known[name], file)
    connection.check_constraints()
    tables.reset_keys()
    for name, wanted in made.tables.items():
        if tables.digest_of(known[name]) != wanted:
            raise BackupRefused(f"The table {name} did not come out as it was.")


def _refuse_unsound(made: Manifest) -> None:
    if manifest.heads() != made.heads:
        raise BackupRefused("The books do not end where the manifest says.")
    for ledger in Ledger.objects.order_by("code"):
        for problem in problems(ledger):
            raise BackupRefused(f"The books {ledger.code} are not sound. {problem}")
    for problem in problems_of_the_trail(timezone.now()):
        raise BackupRefused(f"The audit trail is not sound. {problem}")


def _bring_files(work: Path, made: Manifest) -> None:
    for name, path in _paths(made):
        target = store(name)
        if target.exists(path):
            raise BackupRefused(
                f"There is a file {name}/{path} already. Restore into an empty folder."
            )
    for name, path in _paths(made):
        with (work / name / path).open("rb") as file:
            store(name).save(path, File(file, name=path))


def _paths(made: Manifest) -> Iterator[tuple[str, str]]:
    for full in made.files:
        name, _slash, path = full.partition("/")
        if name not in STORES:
            raise BackupRefused(f"The archive names a folder that is not known: {name}")
        yield name, path
