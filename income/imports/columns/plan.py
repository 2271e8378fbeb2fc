"""How one file, or every file of a layout, is to be read: columns to fields, and conventions."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from income.imports.sources import Cell

__all__ = ["Plan", "heading_keys"]

SELDOM = ("amounts", "totals")


@dataclass(frozen=True)
class Plan:
    """A file's reading, as the user corrected it. Kept as JSON, with nothing but plain values.

    `columns` is field code → heading key (`heading_keys`); `constants` is field code → the text
    that stands for it in every row (a column that is empty in a row falls back on it); `values` is
    field code → {text in the file, in its search form: code of the portal}. `sheets` are the names
    of the sheets that are read; empty means all that have the headings. `header_row` counts as the
    spreadsheet does, and is the last row of headings, of which there are `header_rows`; 0 where the
    file has none. Empty conventions are to be found out.

    Where a row has several amounts, each in a column of its own, `amounts` has these columns:
    heading key → field code → the text that stands for it beside this amount (its fund, its year,
    its currency). `totals` are columns that add such amounts up, of which nothing is posted:
    heading key → what the amounts that it adds up have in common, by field; empty for all.
    """

    kind: str = ""  # income.vocabulary.Kind, for rows that do not say their own
    header_row: int = 1
    header_rows: int = 1
    sheets: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    amounts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    totals: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decimal_sign: str = ""  # "." or ","
    date_order: str = ""  # "ymd", "dmy" or "mdy"
    encoding: str = ""
    delimiter: str = ""

    def as_json(self) -> dict[str, Any]:
        """What few files have is left out where there is none of it."""
        kept = {**asdict(self), "sheets": list(self.sheets)}
        return {name: value for name, value in kept.items() if value or name not in SELDOM}

    @property
    def headings(self) -> list[str]:
        """The keys of all columns without which the file cannot be read so; some may repeat."""
        return [*self.columns.values(), *self.amounts]

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Plan":
        """The plan kept as JSON; unknown names are left out, missing ones take their default."""
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in kept.items() if name in known}
        return cls(**{**given, "sheets": tuple(given.get("sheets", ()))})

    def with_(self, **changes: Any) -> "Plan":
        return replace(self, **changes)


def heading_key(cell: Cell) -> str:
    """A heading as layouts compare it: without case, accents' form, and repeated spaces."""
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell))
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t")
    return " ".join(kept.split()).casefold()


def heading_keys(cells: Sequence[Cell]) -> list[str]:
    """One key per column, no two alike: repeats get `#2`, `#3`; a column without one `@3`."""
    seen: Counter[str] = Counter()
    keys = []
    for number, cell in enumerate(cells, start=1):
        key = heading_key(cell) or f"@{number}"
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys
