"""The file with its errors, for who sent it: judged once more, marked, written as a workbook."""

import datetime
import tempfile
from collections import defaultdict
from typing import IO

from income.imports.checking import judge_of
from income.imports.choices import Choices
from income.imports.findings import Problem
from income.imports.marking import write_marked
from income.imports.passes import Fate, Pass
from income.imports.plan import Plan
from income.imports.sheets import source_of
from income.models import Import

FILE = 0  # the row under which problems of the whole file are kept
IN_MEMORY = 8 << 20


def error_workbook(import_: Import, *, today: datetime.date) -> IO[bytes]:
    """A file (.xlsx), at its beginning, with the sheets and values that were brought in.

    What is wrong is marked as the file stands today: rows that are in the books already are not.
    The sentences are in the language in force. Raises FileRefused, FileGone.
    """
    plan, choices = Plan.of_json(import_.plan), Choices.of_json(import_.choices)
    source = source_of(import_, plan)
    reading = Pass(source, plan, judge_of(import_, plan, choices, today=today), choices)
    found: dict[tuple[int, int], list[Problem]] = defaultdict(list)
    for outcome in reading:
        judged = outcome.judged
        if judged.problems and outcome.fate != Fate.IN_BOOKS:
            found[judged.sheet, judged.row] += judged.problems
    if reading.problems:
        for number in range(len(source.sheets)):
            found[number, FILE] = list(reading.problems)
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  the caller reads it
    write_marked(source, found, plan.header_row, out)
    out.seek(0)
    return out
