"""Where the files are that the house rules speak of."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("habitat_portal", "reports", "targets", "income", "donors", "accounts", "interface", "jobs")
OPERATIONS = ROOT / "docs" / "operations.md"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def source_files() -> list[Path]:
    """Python files of the portal itself, without migrations."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return sorted(path for path in files if "migrations" not in path.parts)


def test_files() -> list[Path]:
    return sorted((ROOT / "tests").rglob("*.py"))


def templates() -> list[Path]:
    return sorted(
        path
        for folder in ("templates", *APPS)
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".html", ".typ"}
    )


def style_sheets() -> list[Path]:
    return sorted((ROOT / "static").rglob("*.css"))


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def make_targets() -> dict[str, str]:
    """Each target of the Makefile with its description, empty where it has none."""
    found = re.findall(r"^([a-z][a-z-]*):(?!=)(.*)$", (ROOT / "Makefile").read_text(), re.M)
    targets: dict[str, str] = {}
    for target, rest in found:
        description = rest.partition("## ")[2].strip()
        targets[target] = description or targets.get(target, "")
    return targets
