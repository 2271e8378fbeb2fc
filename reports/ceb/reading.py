"""A revenue file read back to what it says: US dollars by contributor, instrument and place."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from python_calamine import CalamineWorkbook

from income.money import USD
from interface.errors import PortalError

KEY = ("contributor_code", "contributor_type_code", "instrument_code", "location_code")
AMOUNT = "amount_usd"
CENT = Decimal("0.01")
Key = tuple[str, ...]  # the cells of KEY; those that a file does not have are empty


class CebFileWrong(PortalError):
    """The bytes are no revenue file, and why."""


def read_back(content: bytes, name: str) -> dict[Key, Decimal]:
    """The sums of a CSV or XLSX file. Raises CebFileWrong."""
    rows = _of_workbook(content) if name.endswith(".xlsx") else _of_text(content)
    found: dict[Key, Decimal] = defaultdict(Decimal)
    try:
        for row in rows:
            if row["currency"] != USD:
                raise CebFileWrong(f"{name}: {row['currency']}")
            found[tuple(row.get(column, "") for column in KEY)] += _dollars(row[AMOUNT])
    except (KeyError, InvalidOperation) as error:
        raise CebFileWrong(f"{name}: {error}") from error
    return dict(found)


def _dollars(text: str) -> Decimal:
    return Decimal(text).quantize(CENT)


def _of_text(content: bytes) -> Iterator[Mapping[str, str]]:
    try:
        yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise CebFileWrong(str(error)) from error


def _of_workbook(content: bytes) -> Iterator[Mapping[str, str]]:
    """From the row on that holds the names of the columns."""
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        lines: Iterable[Sequence[object]] = sheet.to_python()
    except Exception as error:  # the reader has errors of its own for each kind of damage
        raise CebFileWrong(str(error)) from error
    header: list[str] | None = None
    for line in lines:
        if header is None:
            header = [str(cell) for cell in line] if AMOUNT in line else None
        else:
            yield dict(zip(header, map(str, line), strict=True))
