"""Notes below a table, told from rows of it: “Source: …”, “Note: …”, “* …”."""

import re
from collections.abc import Collection, Mapping, Sequence

from income.imports.columns.contents import is_day, is_number
from income.imports.columns.fields import AMOUNT, DATE, FIELDS, YEAR
from income.imports.sources import Cell

FEWEST_COLUMNS = 3  # of a table, so that one filled cell says something
NEVER = frozenset(code for code, one in FIELDS.items() if one.kind_of_value in (AMOUNT, DATE, YEAR))
# How a note begins where it stands in a column that rows need, such as the donor's.
BEGINNING = re.compile(
    r"\s*(?:[*†‡※]|[¹²³]|\(?(?:\d{1,2}|[a-z])\)\s|\[\d{1,2}\]"
    r"|(?:data |основной )?(?:sources?|notes?|nota bene|n\.? ?b\.?|remarks?|disclaimer|footnotes?"
    r"|remarques?|avertissement|fuentes?|notas?|observaciones|источник\w*|примечани\w*|сноск\w*"
    r"|(?:ال)?مصدر|(?:ال)?مصادر|ملاحظ\w*|来源|资料来源|数据来源|注|注释|说明|备注)\s*\d{0,2}\s*[:：.–—])",
    re.IGNORECASE,
)


def footnote_in(cells: Sequence[Cell], columns: Mapping[str, int], needed: Collection[str]) -> str:
    """The text of a row that is no row of the table; empty where it is one.

    It is the only cell that says anything, a text, and no amount, date or year. Where it stands in
    one of the `needed` fields (of `columns`, from 0), it also begins as notes do.
    """
    full = [n for n, cell in enumerate(cells) if cell is not None and not _is_blank(cell)]
    if len(full) != 1 or len(columns) < FEWEST_COLUMNS:
        return ""
    [at] = full
    text = cells[at]
    fields = {name for name, column in columns.items() if column == at}
    if not isinstance(text, str) or fields & NEVER or is_number(text) or is_day(text):
        return ""
    return text.strip() if not fields & set(needed) or BEGINNING.match(text) else ""


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
