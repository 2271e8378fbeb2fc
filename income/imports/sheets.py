"""Which rows of a file are judged: those below the row of headings, on the sheets of the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from income.imports.columns.headings import rows_below
from income.imports.columns.layouts import wrong_plan
from income.imports.columns.plan import Plan, heading_keys
from income.imports.course.findings import Judged, Problem
from income.imports.judging import Judge
from income.imports.judging.several import is_amount
from income.imports.reading import (
    MOST_BYTES_COMMAND,
    MOST_ROWS_COMMAND,
    open_source,
    paste_source,
)
from income.imports.sources import Cell, Sheet, Source
from income.models import Import
from income.vocabulary import Grade
from interface.errors import PortalError


class FileGone(PortalError):
    """The file of an import is not in the storage any more."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The file “%(name)s” is not kept any more. Bring it in again.") % {"name": name}
        )


def source_of(import_: Import, plan: Plan) -> Source:
    """The kept file, opened as the plan says; how much is let in was asked when it came.

    Raises FileRefused, FileGone.
    """
    if not import_.file.storage.exists(import_.file.name or ""):
        raise FileGone(import_.file_name)
    if import_.is_pasted:
        with import_.file.open("rb") as file:
            return paste_source(file.read().decode(), name=import_.file_name)
    return open_source(
        Path(import_.file.path), name=import_.file_name, encoding=plan.encoding,
        delimiter=plan.delimiter, most_bytes=MOST_BYTES_COMMAND, most_rows=MOST_ROWS_COMMAND,
    )  # fmt: skip


def rows_to_judge(
    source: Source, plan: Plan, judge: Judge, problems: list[Problem]
) -> Iterator[Judged]:
    """Every row judged, in the order of the file; what stops the file is added to `problems`.

    Where the plan names no sheets, those are read that have its headings; others say nothing.
    """
    misfits: list[list[Problem]] = []
    is_read = False
    for index, sheet in enumerate(source.sheets):
        if plan.sheets and sheet.name not in plan.sheets:
            continue
        cells, rows = rows_below(sheet, plan)
        if wrong := _wrong(sheet, plan, cells):
            misfits.append(wrong)
            continue
        is_read = True
        judge.heading(index, sheet.name, cells)
        if plan.amounts:
            for row in rows:
                yield from judge.rows(row)
        else:
            for row in rows:
                yield judge.row(row)
    if plan.sheets or not is_read:
        told = misfits if plan.sheets else misfits[:1]
        problems += [one for wrong in told for one in wrong]
    if not is_read and not misfits:
        problems.append(
            Problem(Grade.FILE, "no_sheet", _("None of the chosen sheets is in the file."))
        )


def _wrong(sheet: Sheet, plan: Plan, cells: Sequence[Cell]) -> list[Problem]:
    if not cells:
        sentence = _("There are no headings in row %(row)s. Choose the row that holds them.")
        return [
            Problem(
                Grade.FILE, "no_headings", sentence % {"row": plan.header_row}, sheet=sheet.name,
                row=plan.header_row,
            )
        ]  # fmt: skip
    return [replace(one, sheet=sheet.name, row=plan.header_row) for one in wrong_plan(plan, cells)]


def count_rows(source: Source, plan: Plan) -> int:
    """The rows below the headings that are not blank; of several amounts in a row, each."""
    sheets = [one for one in source.sheets if not plan.sheets or one.name in plan.sheets]
    if plan.amounts:
        return sum(_amounts_in(sheet, plan) for sheet in sheets)
    return sum(1 for sheet in sheets for row in sheet.rows() if row.number > plan.header_row)


def _amounts_in(sheet: Sheet, plan: Plan) -> int:
    cells, rows = rows_below(sheet, plan)
    places = [n for n, key in enumerate(heading_keys(cells)) if key in plan.amounts]
    return sum(
        sum(1 for at in places if at < len(row.cells) and is_amount(row.cells[at])) for row in rows
    )
