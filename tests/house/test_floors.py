"""Imports point down only: the contract is in pyproject.toml, import-linter reads it."""

import subprocess
import sys

from tests.house import project


def test_imports_point_down_only():
    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", lint],
        cwd=project.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_with_source_is_a_package():
    # The reader of imports does not enter a folder without __init__.py, so a breach could hide.
    folders = {file.parent for file in project.source_files()}
    assert (
        sorted(
            project.name_of(folder) for folder in folders if not (folder / "__init__.py").exists()
        )
        == []
    )
