"""A look into the first rows of a file: what a person needs to say which column is what."""

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from donors.names import searchable
from income.imports.columns.fields import AMOUNT, CODE, DATE, FIELDS
from income.imports.columns.headings import headings_of
from income.imports.columns.plan import Plan, heading_keys
from income.imports.columns.proposing import propose
from income.imports.columns.words import Words
from income.imports.sources import Cell, Sheet, Source, SourceRow
from income.imports.telling import letter_of
from income.imports.values import Unreadable, day_in, decimal_in, text_in

ROWS_LOOKED_AT = 5_000
VALUES_SHOWN = 5
EXAMPLES_SHOWN = 3
DIFFERENT_LOOKED_AT = 500
MOST_WORDS = 40  # of a field, to be said one by one
SIGNS = (".", ",")
ORDERS = ("ymd", "dmy", "mdy")
ALWAYS = ("kind", "fund")  # what figures depend on most: shown also where it is understood
ASKED_ELSEWHERE = ("entity",)  # books have a page of their own


@dataclass(frozen=True)
class Column:
    """A column of the file with its first values; `number` counts from 1."""

    number: int
    letter: str
    heading: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """A text of a field that takes codes; `key` is its search form, `code` None for none known."""

    key: str
    text: str
    rows: int  # among those looked at
    code: str | None


@dataclass(frozen=True)
class Reading:
    """A cell's text and what each convention makes of it: None where it cannot be read so."""

    text: str
    by: Mapping[str, object]


@dataclass(frozen=True)
class Look:
    """The columns, and the first rows below their headings."""

    columns: list[Column]
    rows: list[SourceRow]


def look(source: Source, plan: Plan) -> Look:
    """The columns under the plan's headings, of the first sheet that it reads. FileRefused."""
    sheet = _first_sheet(source, plan)
    if sheet is None:
        return Look([], [])
    below = (row for row in sheet.rows() if row.number > plan.header_row)
    rows = list(itertools.islice(below, ROWS_LOOKED_AT))
    headings = headings_of(sheet, plan)
    columns = [
        Column(n, letter_of(n), _said(cell), key, _first_values(rows, n - 1))
        for n, (cell, key) in enumerate(zip(headings, heading_keys(headings), strict=True), start=1)
    ]
    return Look(columns, rows)


@dataclass(frozen=True)
class _Lower:
    """A sheet from one of its rows on."""

    sheet: Sheet
    first: int

    @property
    def name(self) -> str:
        return self.sheet.name

    def rows(self) -> Iterator[SourceRow]:
        return (row for row in self.sheet.rows() if row.number >= self.first)


@dataclass(frozen=True)
class _Part:
    """Some sheets of a source, from one of their rows on."""

    kind: str
    encoding: str
    delimiter: str
    sheets: tuple[Sheet, ...]


def propose_again(source: Source, wanted: Plan) -> Plan:
    """A proposal for a file that is read as `wanted` says: its sheets and its row of headings."""
    sheets = tuple(
        _Lower(one, wanted.header_row)
        for one in source.sheets if not wanted.sheets or one.name in wanted.sheets
    )  # fmt: skip
    part = _Part(source.kind, source.encoding, source.delimiter, sheets)
    found = propose(part).plan
    is_where = found.header_row == wanted.header_row
    plan = found.with_(
        header_row=wanted.header_row, header_rows=found.header_rows if is_where else 1,
        sheets=wanted.sheets, encoding=wanted.encoding, delimiter=wanted.delimiter,
    )  # fmt: skip
    keys = {column.key for column in look(source, plan).columns}
    return plan.with_(
        columns={name: key for name, key in plan.columns.items() if key in keys},
        amounts={key: beside for key, beside in plan.amounts.items() if key in keys},
        totals={key: common for key, common in plan.totals.items() if key in keys},
    )


def _first_sheet(source: Source, plan: Plan) -> Sheet | None:
    wanted = (one for one in source.sheets if not plan.sheets or one.name in plan.sheets)
    return next(wanted, None)


def _said(cell: Cell) -> str:
    try:
        return text_in(cell)
    except Unreadable:
        return str(getattr(cell, "text", ""))


def _first_values(rows: list[SourceRow], at: int) -> tuple[str, ...]:
    """The first values that differ."""
    texts = (_said(row.cells[at]) for row in rows if at < len(row.cells))
    found: dict[str, None] = {}
    for text in texts:
        if text:
            found[text] = None
        if len(found) == VALUES_SHOWN:
            break
    return tuple(found)


def words_to_say(seen: Look, columns: Mapping[str, str], words: Words) -> dict[str, list[Word]]:
    """By field, the texts whose code a person may want to say, those that nobody knows first.

    All texts of kinds and funds; of other fields those that are no code's, or were said before.
    """
    places = {column.key: column.number - 1 for column in seen.columns}
    found: dict[str, list[Word]] = {}
    for name, key in columns.items():
        is_code = name in FIELDS and FIELDS[name].kind_of_value == CODE
        if is_code and key in places and name not in ASKED_ELSEWHERE:
            found[name] = _words(seen.rows, places[key], name, words)
    return {name: several for name, several in found.items() if several}


def _words(rows: list[SourceRow], at: int, name: str, words: Words) -> list[Word]:
    said, counts = words.chosen.get(name, {}), Counter[str]()
    first: dict[str, str] = {}
    for row in rows:
        if at < len(row.cells) and (text := _said(row.cells[at])):
            key = searchable(text)
            first.setdefault(key, text)
            counts[key] += 1
    several = [
        Word(key, first[key], count, words.code(name, first[key]))
        for key, count in counts.most_common()
    ]
    told = [one for one in several if name in ALWAYS or one.code is None or one.key in said]
    return sorted(told, key=lambda one: one.code is not None)[:MOST_WORDS]


def amounts_read(
    seen: Look, columns: Mapping[str, str], amounts: Collection[str] = ()
) -> list[Reading]:
    """Texts of amounts that the decimal sign changes, read with either.

    `amounts` are the keys of several columns of amounts, beside those of `columns`.
    """
    return _read(seen, {*amounts, *_keys_of(columns, AMOUNT)}, SIGNS, decimal_in)


def days_read(seen: Look, columns: Mapping[str, str]) -> list[Reading]:
    """Texts of dates that the order changes, read in each."""
    return _read(seen, _keys_of(columns, DATE), ORDERS, day_in)


def _keys_of(columns: Mapping[str, str], kind: str) -> set[str]:
    """Of the columns that hold such values."""
    return {key for name, key in columns.items() if FIELDS[name].kind_of_value == kind}


def _read(
    seen: Look, keys: Collection[str], conventions: Sequence[str],
    reader: Callable[[Cell, str], object],
) -> list[Reading]:  # fmt: skip
    """Some texts of the columns that conventions read differently."""
    places = [column.number - 1 for column in seen.columns if column.key in keys]
    texts: dict[str, None] = {}
    for row in seen.rows:
        cells = (row.cells[at] for at in places if at < len(row.cells))
        texts |= dict.fromkeys(cell for cell in cells if isinstance(cell, str) and cell.strip())
    found = [
        Reading(text, {one: _or_none(reader, text, one) for one in conventions})
        for text in itertools.islice(texts, DIFFERENT_LOOKED_AT)
    ]
    open_ = [one for one in found if len(set(one.by.values())) > 1]
    return sorted(open_, key=lambda one: -len(set(one.by.values())))[:EXAMPLES_SHOWN]


def _or_none(reader: Callable[[Cell, str], object], text: str, convention: str) -> object:
    try:
        return reader(text, convention)
    except Unreadable:
        return None
