"""docs/security.md names tests for what it promises: they exist, and no promise is without one."""

import re

from tests.house import project

TEXT = (project.ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/.]+)(?:::(\w+))?`")
CHAPTERS = [f"V{number}" for number in range(1, 18)]  # of OWASP ASVS 5.0


def rows_of(heading):
    """The cells of each row of the first table below the heading."""
    table = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_test_that_the_document_names_exists():
    missing = [
        f"{path}::{name}"
        for path, name in NAMED.findall(TEXT)
        if not (file := project.ROOT / path).exists()
        or (name and f"def {name}(" not in file.read_text("utf-8"))
    ]
    assert missing == []


def test_every_promise_names_its_test():
    promises = rows_of("What is promised, and what tests it")
    assert len(promises) > 25
    assert [row[0] for row in promises if not NAMED.search(row[-1])] == []


def test_every_chapter_of_the_standard_is_answered_and_gaps_are_named():
    chapters = rows_of("OWASP ASVS 5.0, level 2")
    assert [row[0].split()[0] for row in chapters] == CHAPTERS
    assert all(len(row) == 3 and row[1] and row[2] for row in chapters)
