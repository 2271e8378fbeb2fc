"""Where a sheet's headings stand, what they say, and which rows below them are none of its rows.

Title rows above, two rows of headings (a group above its columns, units below them) and merged
cells are read; a heading repeated further down and rows of totals are told from the rest.
"""

import functools
import itertools
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from income.imports.columns.contents import is_day, is_number
from income.imports.columns.matching import name_scores
from income.imports.columns.phrases import phrase
from income.imports.columns.plan import Plan, heading_key
from income.imports.columns.year_headings import has_years, only_years, whole
from income.imports.returned.marks import is_mark, marks_in, row_without
from income.imports.sources import Cell, Sheet, SourceRow
from income.imports.values.amounts import CURRENCY_CODES

ROWS_SEARCHED = 30
LONGEST_HEADING = 80
CERTAIN = 0.5  # from which a heading's word is believed
LOWER = 0.05  # what a row loses for each one above it: words of the rows are fields' names too
GAIN = 0.1  # what two rows must say beyond one, to be headings together
MOST_NUMBERS = 0.2  # of the cells of a row of headings
# How a cell is written: no part of a heading.
FORMATS = (
    "dd mm yyyy", "mm dd yyyy", "yyyy mm dd", "yyyy", "yyyy mm", "mm yyyy", "jj mm aaaa",
    "dd mm aaaa", "aaaa mm jj", "дд мм гггг", "per cent", "free text", "optional", "required",
)  # fmt: skip
# What a row of units below the headings is made of.
UNITS = frozenset({
    *FORMATS, "usd", "eur", "gbp", "chf", "cad", "sek", "nok", "jpy", "kes", "in usd", "en usd",
    "thousands", "in thousands", "millions", "in millions", "usd thousands", "units", "text",
    "date", "number", "code", "string", "amount", "list", "iso",
})  # fmt: skip
TOTAL = re.compile(
    r"\W*(?:grand |sub ?-?)?(?:totals?|sums?|sous-total|subtotal|suma|somme|ensemble)\b"
    r"|\W*(?:всего|итого)\b|\W*(?:المجموع|الإجمالي|الاجمالي|مجموع)|\W*(?:合计|总计|小计|总额|共计)",
    re.IGNORECASE,
)
# What such a word may begin with; other signs may stand before it.
TOTAL_LETTERS = frozenset("tgseTGSEвиВИмاإأمالمجموع合总小共ا- \"'*=:(–—.،")


@dataclass(frozen=True)
class Heading:
    """The headings of a sheet. `row` is 0 where it has none: the columns are then `@1`, `@2`…"""

    row: int
    rows: int
    cells: list[Cell]  # one text per column
    parts: list[list[str]] = field(default_factory=list)  # per column: whole, then row by row
    score: float = 0.0

    @property
    def width(self) -> int:
        return len(self.cells)


def headings_of(sheet: Sheet, plan: Plan) -> list[Cell]:
    """One heading per column, those of two rows combined (“Amount” over “USD”: “Amount USD”).

    `heading_keys` makes the keys of them. Empty where the plan's row of headings is blank.
    Raises FileRefused.
    """
    return rows_below(sheet, plan)[0]


def rows_below(sheet: Sheet, plan: Plan) -> tuple[list[Cell], Iterator[SourceRow]]:
    """The headings, and every row below them; the sheet is read once. Raises FileRefused.

    What the portal wrote beside the rows of a file that comes back is left out of them. A plan
    without headings (row 0) has as many empty ones as the first row has columns.
    """
    rows = sheet.rows()
    if not plan.header_row:
        first = next(rows, None)
        if first is None:
            return [], rows
        return [None] * len(first.cells), itertools.chain([first], rows)
    above: deque[SourceRow] = deque(maxlen=max(plan.header_rows, 1))
    for row in rows:
        if row.number > plan.header_row:
            rows = itertools.chain([row], rows)
            break
        above.append(row)
    if not above or above[-1].number != plan.header_row:
        return [], rows
    cells = combined([row.cells for row in above])
    return cells, _unmarked(rows, marks_in(cells))


def _unmarked(rows: Iterator[SourceRow], marks: Sequence[int]) -> Iterator[SourceRow]:
    if not marks:
        return rows
    return (row for marked in rows if (row := row_without(marked, marks)).cells)


def combined(rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """One text per column. A group's heading holds for the columns to its right without one."""
    if len(rows) == 1:
        return [whole(cell) for cell in rows[0]]
    width = max(len(row) for row in rows)
    filled = [[_text(row[n]) if n < len(row) else "" for n in range(width)] for row in rows]
    for upper, lower in itertools.pairwise(filled):
        _fill(upper, lower)
    return [" ".join(_once(column)) or None for column in zip(*filled, strict=True)]


def _fill(upper: list[str], lower: list[str]) -> None:
    """A merged cell's text stands in its first column only; it has headings of its own below."""
    group = ""
    for n, text in enumerate(upper):
        if text:
            group = text if lower[n] else ""
        elif lower[n]:
            upper[n] = "" if is_mark(lower[n]) else group


def _once(texts: Iterable[str]) -> list[str]:
    """Without repeats, and without what only says how a cell is written (“yyyy-mm-dd”)."""
    found: dict[str, str] = {}
    for number, text in enumerate(texts):
        said = phrase(text)
        if text and not (number and said in FORMATS):
            found.setdefault(heading_key(text), text)
    return list(found.values())


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(whole(cell)).split())


def find_heading(rows: Sequence[SourceRow]) -> Heading:
    """The headings among the first rows of a sheet that are not blank."""
    searched = rows[:ROWS_SEARCHED]
    scored = [
        (_score([row.cells]) - LOWER * n, n)
        for n, row in enumerate(searched)
        if _may_be(row.cells) or has_years(searched, n)
    ]
    score, place = max(scored, default=(0.0, 0), key=lambda one: one[0])
    at = place if score + LOWER * place >= CERTAIN else _first_of_texts(searched)
    if at is None:
        width = max((len(row.cells) for row in rows), default=0)
        return Heading(0, 0, [None] * width, [[] for _ in range(width)])
    first, last = _both_rows(searched, at)
    cells = [row.cells for row in searched[first : last + 1]]
    return Heading(
        searched[last].number, len(cells), combined(cells), _parts(cells), _score(cells)
    )  # fmt: skip


def _may_be(cells: Sequence[Cell]) -> bool:
    full = [cell for cell in cells if _text(cell)]
    return bool(full) and sum(map(_is_value, full)) <= MOST_NUMBERS * len(full)


def _is_value(cell: Cell) -> bool:
    return is_number(cell) or is_day(cell)


def _parts(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    whole = [phrase(text) for text in combined(rows)]
    if len(rows) == 1:
        return [[text] if text else [] for text in whole]
    alone = [[phrase(row[n]) if n < len(row) else "" for row in rows] for n in range(len(whole))]
    return [
        [text, *(one for one in reversed(column) if one and one != text)] if text else []
        for text, column in zip(whole, alone, strict=True)
    ]


def _score(rows: Sequence[Sequence[Cell]]) -> float:
    """How many different fields the headings name, and how surely; a little for other texts."""
    best: dict[str, float] = {}
    others = 0.0
    for parts in _parts(rows):
        names = name_scores(parts)
        if names:
            name, score = max(names.items(), key=lambda one: one[1])
            best[name] = max(score, best.get(name, 0))
        elif parts:
            others += 0.05 if len(parts[0]) <= LONGEST_HEADING else -0.3
    return sum(best.values()) + (others if best else 0)


def _first_of_texts(rows: Sequence[SourceRow]) -> int | None:
    """Headings that nobody knows: the first row of texts with a row of values below it."""
    for n, (row, below) in enumerate(itertools.pairwise(rows)):
        texts = [cell for cell in row.cells if _text(cell)]
        if (
            len(texts) > 1
            and (not any(map(_is_value, texts)) or has_years(rows, n))
            and any(map(_is_value, below.cells))
            and 2 * len(texts) >= len([cell for cell in below.cells if _text(cell)])
        ):
            return n
    return None


def _both_rows(rows: Sequence[SourceRow], at: int) -> tuple[int, int]:
    """The first and last of the rows that are headings together with the one found."""
    enough = _score([rows[at].cells]) + GAIN
    below = rows[at + 1].cells if at + 1 < len(rows) else []
    gaps = _fills_gaps(rows[at].cells, below)
    if not gaps and _are_units(below):
        return at, at + 1
    above = rows[at - 1].cells if at else []
    if at and only_years(above) and len(rows[at].cells) > 1:
        return at - 1, at
    if gaps and (only_years(below) or (has_years(rows, at) and _may_be(below))):
        return at, at + 1
    if _may_be(above) and _score([above, rows[at].cells]) >= enough:
        return at - 1, at
    if gaps and _may_be(below) and _score([rows[at].cells, below]) >= enough:
        return at, at + 1
    return at, at


def _are_units(cells: Sequence[Cell]) -> bool:
    texts = [phrase(cell) for cell in cells if _text(cell)]
    return bool(texts) and all(text in UNITS for text in texts)


def _fills_gaps(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether the lower row has cells where the upper one is empty, as below a merged cell."""
    return any(
        _text(cell) and not (n < len(upper) and _text(upper[n])) for n, cell in enumerate(lower)
    )


def is_heading_again(cells: Sequence[Cell], headings: Sequence[Cell]) -> bool:
    """Whether a row repeats the headings, as printed tables do on every page."""
    same = other = 0
    texts = tuple(one if isinstance(one, str) else heading_key(one) for one in headings)
    for cell, heading in zip(cells, _prepared(texts), strict=False):
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str):
            return False
        if _says(cell, heading):
            same += 1
        else:
            other += 1
            if other > 1:
                return False
    return same > other and same > 1


@functools.lru_cache(maxsize=64)
def _prepared(headings: tuple[str, ...]) -> list[tuple[str, str]]:
    """The key of each heading, and the first letters of its words."""
    keys = [heading_key(heading) for heading in headings]
    return [(key, "".join(word[0] for word in key.split())) for key in keys]


def _says(text: str, heading: tuple[str, str]) -> bool:
    """Whether a cell is the heading, or the first or last row of it."""
    whole, letters = heading
    if text[0].isalnum() and text[0].casefold()[0] not in letters:
        return False  # what nearly every cell of a million rows comes to
    one = heading_key(text)
    return bool(one) and (one == whole or whole.startswith(f"{one} ") or whole.endswith(f" {one}"))


def is_total_row(cells: Sequence[Cell]) -> bool:
    """Whether a row only adds up others: a word for a total, numbers, and nothing else."""
    found = False
    for cell in cells:
        if not isinstance(cell, str):
            if is_day(cell):
                return False
        elif cell[:1] in TOTAL_LETTERS and TOTAL.match(cell):
            found = True
        elif cell and not (_is_numeric(cell) or cell.strip().upper() in CURRENCY_CODES):
            return False
    return found


def _is_numeric(text: str) -> bool:
    """A number, or a dash in place of one."""
    return not text[0].isalpha() and (is_number(text) or not any(map(str.isalnum, text)))
