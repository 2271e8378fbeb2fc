"""The file with its errors, for who sent it: judged once more, marked, written as a workbook."""

import datetime
import tempfile
from collections import defaultdict
from typing import IO

from income.imports.choices import Choices
from income.imports.columns.plan import Plan
from income.imports.course.checking import judge_of
from income.imports.course.findings import Problem
from income.imports.course.passes import Fate, Pass, Progress
from income.imports.returned.marking import write_marked
from income.imports.sheets import source_of
from income.models import Import

FILE = 0  # the row under which problems of the whole file are kept
IN_MEMORY = 8 << 20
ROWS_AT_ONCE = 500  # between two reports of progress


def marked_name(import_: Import) -> str:
    """Where the workbook of a long file is kept."""
    return f"{import_.file.name}-marked"


def error_workbook(
    import_: Import, *, today: datetime.date, report: Progress | None = None
) -> IO[bytes]:
    """A file (.xlsx), at its beginning, with the sheets and values that were brought in.

    What is wrong is marked as the file stands today: rows that are in the books already are not.
    The sentences are in the language in force. Raises FileRefused, FileGone.
    """
    plan, choices = Plan.of_json(import_.plan), Choices.of_json(import_.choices)
    source = source_of(import_, plan)
    reading = Pass(source, plan, judge_of(import_, plan, choices, today=today), choices)
    found: dict[tuple[int, int], list[Problem]] = defaultdict(list)
    rows = int(import_.found.get("rows", 0))  # each is judged, then written
    for number, outcome in enumerate(reading, start=1):
        judged = outcome.judged
        if report and number % ROWS_AT_ONCE == 0:
            report(number, 2 * max(rows, number))
        if judged.problems and outcome.fate != Fate.IN_BOOKS:
            found[judged.sheet, judged.row] += judged.problems
    if reading.problems:
        for number in range(len(source.sheets)):
            found[number, FILE] = list(reading.problems)
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  the caller reads it
    told = None
    if report:
        told = lambda number: report(rows + min(number, rows), 2 * rows)  # noqa: E731
    write_marked(source, found, plan.header_row, out, told)
    out.seek(0)
    return out
