"""Amounts side by side in a row, told from their headings: each of its fund, year or currency.

“Donor | General purpose | Special purpose | Total”, or a column for each year or currency.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from donors.lookalikes import SMALL_WORDS
from income.imports.columns.contents import ENOUGH, FIRST_YEAR, LAST_YEAR, is_number
from income.imports.columns.conventions import decimal_sign_of
from income.imports.columns.headings import TOTAL
from income.imports.columns.matching import CURRENCIES, Candidate, by_name
from income.imports.columns.phrases import phrase
from income.imports.columns.words import Words
from income.imports.judging.several import LEAST_APART, is_amount
from income.imports.sources import Cell
from income.imports.values import Unreadable, decimal_in

FIELDS = ("fund", "year", "currency")  # the first of which columns differ is what they are told by
AMOUNTS = ("amount", "amount_usd")
SURE = 0.8  # of a heading that says something else
ALIKE = Decimal("1.3")  # between the highest and lowest ratio of amounts that are worth the same
MOSTLY = 0.9  # of the rows
YEAR = re.compile(r"(?:fy)?(\d{4})年?")
_YEAR_WORDS = """fy fiscal financial calendar year annee exercice ano ejercicio год г سنة عام السنه
    العام سنه 年 年度"""
# What a heading may say besides, and means nothing.
_FILLERS = """amount amounts contribution contributions fund funds funding income revenue revenues
    resources receipts received paid pledged pledges agreed in montant montants recettes fonds
    ressources recu recus importe importes monto contribuciones fondos ingresos recursos сумма
    взносы средства поступления المبلغ المساهمات الموارد الايرادات 金额 捐款"""
YEAR_WORDS = frozenset(map(phrase, _YEAR_WORDS.split()))
FILLERS = SMALL_WORDS | frozenset(map(phrase, _FILLERS.split()))


@dataclass(frozen=True)
class SideBySide:
    """Columns from 0, each with what it says by field: of amounts, and of their totals."""

    amounts: dict[int, dict[str, str]] = field(default_factory=dict)
    totals: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> set[int]:
        return {*self.amounts, *self.totals}

    def says(self, name: str) -> bool:
        """Whether every amount says the field."""
        return bool(self.amounts) and all(name in one for one in self.amounts.values())


@dataclass(frozen=True)
class _Said:
    """What a heading says beside that it is an amount."""

    beside: dict[str, str]
    is_total: bool


def heading_says(text: str, words: Words) -> dict[str, str] | None:
    """Fund, year and currency that a heading of amounts names; None where it is of other things."""
    found = _said(text, words)
    return None if found is None else found.beside


def _said(text: str, words: Words) -> _Said | None:
    beside: dict[str, str] = {}
    rest = []
    for word in phrase(text).split():
        if (year := YEAR.fullmatch(word)) and FIRST_YEAR <= int(year[1]) <= LAST_YEAR:
            if beside.setdefault("year", str(int(year[1]))) != str(int(year[1])):
                return None
        elif (code := _currency(word, text, words)) and "currency" not in beside:
            beside["currency"] = code
        elif word not in YEAR_WORDS:
            rest.append(word)
    left = [word for word in rest if not TOTAL.fullmatch(word)]
    is_total = len(left) < len(rest) or bool(TOTAL.match(text))
    if fund := _fund(left, words):
        beside["fund"] = fund
    elif any(word not in FILLERS for word in left) and not _is_amount(left):
        return None
    return _Said(beside, is_total) if beside or is_total else None


def _currency(word: str, text: str, words: Words) -> str:
    """A code in capitals, or US dollars and signs; “all” and “top” are words."""
    if word in CURRENCIES and (word in ("usd", "eur", "gbp") or word.upper() in text):
        return words.currency(word) or ""
    return ""


def _fund(left: Sequence[str], words: Words) -> str:
    plain = [word for word in left if word not in FILLERS]
    return words.fund(" ".join(left)) or words.fund(" ".join(plain)) or ""


def _is_amount(left: Sequence[str]) -> bool:
    return not {"amount", "amount_usd"}.isdisjoint(by_name(" ".join(left)))


def find_side_by_side(
    headings: Sequence[Cell], rows: Sequence[Sequence[Cell]], matched: Collection[Candidate],
    words: Words,
) -> SideBySide:  # fmt: skip
    """The columns of amounts in a row, and their totals; none where the file has no such columns.

    At least two columns of numbers must differ in the fund, year or currency that they name, no
    column may say that for the row, and no other may be the row's amount.
    """
    table = _Table(headings, rows)
    said = {at: found for at, found in enumerate(_said(str(cell or ""), words)
            for cell in headings) if found and table.may_be_amounts(at)}  # fmt: skip
    of_rows = {one.field for one in matched if one.by_name >= SURE and one.column not in said}
    for name in FIELDS:
        amounts = {at: one.beside for at, one in said.items() if name in one.beside}
        parts = {at: beside for at, beside in amounts.items() if not said[at].is_total}
        chosen = parts if len(parts) > 1 else amounts
        if name in of_rows or not _differ(chosen, name, table):
            continue
        found = SideBySide(chosen, _totals(chosen, said, table))
        if name == "currency" and table.are_worth_the_same(list(chosen)):
            continue
        others = {one.column for one in matched if one.field in AMOUNTS and one.by_name >= SURE}
        if not others - found.columns:
            return found
    return SideBySide()


def _differ(chosen: Mapping[int, Mapping[str, str]], name: str, table: "_Table") -> bool:
    """Whether each column says something of its own, and two with amounts differ in the field."""
    whole = [tuple(sorted(beside.items())) for beside in chosen.values()]
    filled = {beside[name] for at, beside in chosen.items() if table.filled(at)}
    return len(set(whole)) == len(whole) and len(filled) > 1


def _totals(
    chosen: Mapping[int, Mapping[str, str]], said: Mapping[int, _Said], table: "_Table"
) -> dict[int, dict[str, str]]:
    """Columns that are called totals, or add up in nearly every row."""
    totals = {}
    names = {name for beside in chosen.values() for name in beside}
    for at in range(table.width):
        if at in chosen or not table.filled(at):
            continue
        one = said.get(at)
        common = {k: v for k, v in one.beside.items() if k in names} if one else {}
        parts = [n for n, beside in chosen.items() if common.items() <= beside.items()]
        if (one and one.is_total and parts) or (parts and table.adds_up(at, parts)):
            totals[at] = common
    return totals


class _Table:
    """The first rows below the headings, as numbers."""

    def __init__(self, headings: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> None:
        self.width, self._rows = len(headings), rows
        self._numbers: dict[int, list[Decimal | None]] = {}

    def _cells(self, at: int) -> list[Cell]:
        cells = (row[at] if at < len(row) else None for row in self._rows)
        return [cell if is_amount(cell) else None for cell in cells]

    def filled(self, at: int) -> bool:
        """Whether the column has amounts at all."""
        return any(map(is_number, self._cells(at)))

    def may_be_amounts(self, at: int) -> bool:
        cells = [cell for cell in self._cells(at) if cell is not None]
        return sum(map(is_number, cells)) >= ENOUGH * len(cells)

    def numbers(self, at: int) -> list[Decimal | None]:
        if at not in self._numbers:
            cells = self._cells(at)
            sign = decimal_sign_of(cells)[0] or "."
            self._numbers[at] = [_number(cell, sign) for cell in cells]
        return self._numbers[at]

    def adds_up(self, at: int, parts: Sequence[int]) -> bool:
        """Whether it is the sum of the parts in nearly every row, and of several in some."""
        right = wrong = several = 0
        for total, *amounts in zip(self.numbers(at), *map(self.numbers, parts), strict=True):
            filled = [one for one in amounts if one]
            if total is None or not filled:
                continue
            is_right = abs(total - sum(filled)) < LEAST_APART
            right, wrong = right + is_right, wrong + (not is_right)
            several += is_right and len(filled) > 1
        return several > 0 and right >= MOSTLY * (right + wrong)

    def are_worth_the_same(self, columns: Sequence[int]) -> bool:
        """Whether columns in two currencies say one amount twice, at rates that hardly differ."""
        ratios, alone = [], 0
        for amounts in zip(*map(self.numbers, columns), strict=True):
            filled = [one for one in amounts if one]
            alone += len(filled) == 1
            if len(filled) > 1:
                ratios.append(abs(filled[0] / filled[1]))
        if not ratios or alone > len(ratios):
            return False
        return len(columns) == 2 and max(ratios) <= ALIKE * min(ratios)


def _number(cell: Cell, sign: str) -> Decimal | None:
    try:
        return None if cell is None else decimal_in(cell, sign)
    except Unreadable:
        return None
