"""A backup put into an empty installation is the original, row by row and figure by figure."""

import datetime
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.audit.models import AuditSeal
from accounts.audit.sealing import seal_all
from accounts.services import record
from income.models import Ledger
from reports.backups import tables, writing
from tests import factories, made_once, report_factories
from tests.reports import hand_made

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
# Asked of the original and of the copy; what a person would compare by hand, and the rest of it.
FIGURES = """
import dataclasses, json
from income.models import Entry, Ledger
from tests.reports.hand_made import ask

def plain(value):
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    return str(value)

books = Ledger.objects.exclude(sequence=0).get()
said = [plain(ask(books, as_at=month)) for month in ("2020-12", "2021-03", "2021-06", "2021-12")]
funds = ask(books, as_at="2021-12").funds
rows = ("RB", "FNE", "FE", "TC", "TOTAL")
said.append({row: str(funds.row(row).progress.actual_usd) for row in rows})
said.append(Entry.objects.count())
"""


@pytest.fixture
def stores(settings, monkeypatch, tmp_path):
    """Folders of their own for what lies beside the database."""
    settings.PORTAL_DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "files"
    # Not STORAGES: the models keep the storage that they were made with.
    monkeypatch.setattr(storages["reports"], "location", str(tmp_path / "data" / "reports"))
    return tmp_path


@pytest.fixture
def books(ledger, stores):
    hand_made.fill(ledger)
    record("open_account", ledger, by=None, after={"email": "kept@example.org"})
    seal_all(timezone.now() + datetime.timedelta(minutes=5))
    storages["reports"].save("2021/statement.pdf", ContentFile(b"%PDF sealed"))
    return Ledger.objects.get(pk=ledger.pk)


@pytest.fixture
def archive(books, stores):
    writing.write(stores / "b.tar.gz", at=timezone.now())
    return stores / "b.tar.gz"


def figures_here():
    known = {}
    exec(FIGURES, known)  # noqa: S102  the same lines as in the other process
    return known["said"]


def manage(url, data, *words):
    """manage.py in a process of its own, on another database and another data directory."""
    surroundings = {
        **os.environ, "DATABASE_URL": url, "PORTAL_DATA_DIR": str(data),
        "PORTAL_MODE": "test", "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "manage.py", *words], env=surroundings, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def elsewhere(tmp_path):
    """An empty database of the kind under test."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'copy.sqlite3'}"
        return
    with made_once.database(os.environ["TEST_DATABASE_URL"], "portal_copy") as url:
        yield url


HELD = """
import json
from jobs.models import OutgoingMail
rows = OutgoingMail.objects.order_by("kind", "about")
print(json.dumps(list(rows.values_list("kind", "state", "reason"))))
"""


def test_a_restored_copy_sends_nothing_that_waited(books, stores, elsewhere, tmp_path):
    for state in ("sending", "sent", "waiting"):
        factories.outgoing_mail(state=state, about=state)
    old = report_factories.sealed_report(ledger=books)
    report_factories.superseded_notice(report=old)
    order = report_factories.bulk_order(  # it goes on, and tells at its end
        ledger=books, job=factories.job(kind="bulk_reports", state="running")
    )
    newer = report_factories.sealed_report(ledger=books, version=2)
    older = report_factories.sealed_report(
        ledger=books, version=3, superseded_by=newer, superseded_at=timezone.now()
    )
    report_factories.superseded_notice(report=older)
    report_factories.bulk_item(order=order, report=newer)
    writing.write(stores / "mail.tar.gz", at=timezone.now())
    copy = tmp_path / "copy"
    done = manage(elsewhere, copy, "restore", str(stores / "mail.tar.gz"))
    assert "E-mails held for an administrator's decision: 4." in done.stdout, done.stderr
    told = json.loads(manage(elsewhere, copy, "shell", "-v0", "-c", HELD).stdout)
    assert told == [
        ["digest", "unknown", "Restored"], ["digest", "sent", ""],
        ["digest", "unknown", "Restored"], ["report_superseded", "unknown", "Restored"],
        ["report_superseded", "unknown", "Restored"],
    ]  # fmt: skip


@pytest.mark.both_databases
def test_a_restored_copy_is_the_original(archive, books, elsewhere, tmp_path):
    copy = tmp_path / "copy"
    done = manage(elsewhere, copy, "restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert f"{books.code}: sequence {books.sequence}, hash {books.head_hash}." in done.stdout
    verified = manage(elsewhere, copy, "verify_ledger")
    trail = AuditSeal.objects.get()
    sealed = manage(elsewhere, copy, "verify_audit").stdout
    assert f"Seal 1, up to event {trail.last_id}, hash {trail.hash}." in sealed
    head = f"Sequence {books.sequence}, hash {books.head_hash}."
    assert f"{books.code} is sound. {head}" in verified.stdout
    told = manage(elsewhere, copy, "shell", "-v0", "-c", f"{FIGURES}\nprint(json.dumps(said))")
    here = figures_here()
    assert here[4]["TOTAL"] == "195800000.00"
    assert json.loads(told.stdout) == here
    assert (copy / "reports" / "2021" / "statement.pdf").read_bytes() == b"%PDF sealed"
    again = manage(elsewhere, copy, "restore", str(archive))
    assert again.returncode == 1
    assert "This database is not empty. Restore into a new one." in again.stderr


@pytest.mark.postgres
def test_sqlite_moves_to_postgresql_with_its_chain(tmp_path, tmp_path_factory):
    """The drill of docs/operations.md: a small office outgrows its file."""
    shutil.copytree(made_once.migrated(tmp_path_factory), tmp_path, dirs_exist_ok=True)
    old = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    assert manage(old, tmp_path, "load_history").returncode == 0
    with made_once.database(os.environ["TEST_DATABASE_URL"], "portal_moved") as new:
        moved = manage(old, tmp_path, "move_database", new)
        assert moved.returncode == 0, moved.stderr
        sound = [
            manage(one, tmp_path, "verify_ledger").stdout.splitlines()[-1] for one in (old, new)
        ]
    assert sound[0] == sound[1]
    assert sound[1].startswith("UNH is sound. Sequence 19, hash ")


def test_two_backups_of_the_same_rows_hold_the_same_tables(archive, books, stores):
    again = writing.write(stores / "again.tar.gz", at=timezone.now())
    assert {k: list(v) for k, v in again.tables.items()} == manifest_of(archive)["tables"]
    assert (stores / "again.tar.gz").stat().st_mode & 0o777 == 0o600


def manifest_of(archive):
    with tarfile.open(archive) as tar:
        return json.loads(tar.extractfile("manifest.json").read())


def test_every_table_is_in_it_but_sessions_and_what_migrate_makes(archive):
    present = set(connection.introspection.table_names())
    assert present - set(manifest_of(archive)["tables"]) == {
        "auth_group", "auth_group_permissions", "auth_permission", "django_content_type",
        "django_migrations", "django_session", "usersessions_usersession",
    }  # fmt: skip


def test_a_backup_is_never_written_over(archive):
    before = archive.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(archive))
    assert archive.read_bytes() == before


def test_a_full_disk_leaves_nothing_behind(books, stores, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)
    with pytest.raises(CommandError, match=r"There is no backup\..*No space left"):
        call_command("backup", str(stores / "backups" / "b.tar.gz"))
    assert list((stores / "backups").iterdir()) == []


def rewritten(archive, name, change):
    """The archive with one part changed, its manifest as it was."""
    target = archive.with_name("changed.tar.gz")
    with tarfile.open(archive) as source, tarfile.open(target, "w:gz") as copy:
        for entry in source:
            content = source.extractfile(entry).read()
            content = change(content) if entry.name == name else content
            entry.size = len(content)
            copy.addfile(entry, io.BytesIO(content))
    return target


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("tables/income_entry.jsonl", lambda text: text.replace(b"1500000", b"1500001"),
         "The archive is damaged: tables/income_entry.jsonl is not what was backed up."),
        ("reports/2021/statement.pdf", lambda text: text + b" ",
         "The archive is damaged: reports/2021/statement.pdf is not what was backed up."),
        ("manifest.json", lambda text: text.replace(b'"format": 1', b'"format": 9'),
         "The backup has format 9, not 1."),
        ("manifest.json", lambda text: b"{}", "its manifest is wrong"),
        ("manifest.json", lambda text: text.replace(b"income.0", b"income.9"),
         "The backup is of another release"),
    ],
)  # fmt: skip
def test_a_damaged_or_foreign_archive_changes_nothing(archive, stores, name, change, sentence):
    with pytest.raises(CommandError, match="Nothing was restored") as refused:
        call_command("restore", str(rewritten(archive, name, change)), stdout=io.StringIO())
    assert sentence in str(refused.value)
    assert Ledger.objects.exclude(sequence=0).get().sequence == 1


def test_what_is_cut_off_is_no_backup(archive, stores):
    cut = stores / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:5000])
    with pytest.raises(CommandError, match="cannot be read as a backup"):
        call_command("restore", str(cut), stdout=io.StringIO())


def test_values_that_a_line_cannot_hold_are_refused():
    with pytest.raises(TypeError, match="A backup cannot hold a complex"):
        tables._plain(1j)


def test_names_in_every_script_come_back(books):
    names = {"en": 'A "B" \\ \n <é>', "ar": "السويد", "zh-hans": "瑞典"}
    donor = factories.donor(code="XX", names=names)
    line = next(line for line in tables.lines_of(type(donor)) if b'"XX"' in line)
    donor.delete()
    tables.load(type(donor), [line])
    assert type(donor).objects.get(code="XX").names == names
