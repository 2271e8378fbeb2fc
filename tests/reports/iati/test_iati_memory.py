"""The activity file of a million entries is written, checked and read back in bounded memory."""

import json
import shutil
import subprocess
import sys

import pytest

from tests import made_once

FEW, MANY = 10_000, 1_000_000
MORE_MEGABYTES = 64  # pages that SQLite keeps, and 22,500 identifiers that must differ


def step(data, *words):
    around = made_once.surroundings(data, DJANGO_SETTINGS_MODULE="habitat_portal.settings")
    done = subprocess.run(
        [sys.executable, "-m", "tests.reports.iati.many_entries", *words], env=around,
        cwd=made_once.ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def measured(migrated, folder, entries):
    """What the file of so many entries took."""
    data = folder / str(entries)
    shutil.copytree(migrated, data)
    step(data, "fill", str(entries))
    return json.loads(step(data, "file", str(data / "iati.xml")))


@pytest.mark.whole
def test_memory_does_not_grow_with_the_entries(tmp_path, tmp_path_factory):
    migrated = made_once.migrated(tmp_path_factory)
    few, many = (measured(migrated, tmp_path, entries) for entries in (FEW, MANY))
    for told in (few, many):
        assert told["problems"] == []
        assert told["is_equal"]
    assert many["transactions"] > 70 * few["transactions"]
    assert many["bytes"] > 70 * few["bytes"]
    assert many["megabytes"] < few["megabytes"] + MORE_MEGABYTES
