"""Reads a monthly export of the ERP, and refuses it with every reason, row by row."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.days import day_written
from income.erp.amounts import amount_of, decimal_signs
from income.errors import ErpFileWrong
from income.models import Currency, ErpLine
from income.money import USD
from income.periods import YearMonth
from income.rules import LARGEST_AMOUNT
from interface.sheets import csv_bytes

COLUMNS = (
    "posting_date", "document", "business_partner", "grant", "fund", "wbs", "text", "currency",
    "amount", "amount_usd",
)  # fmt: skip
REQUIRED = ("posting_date", "currency", "amount")
TEXTS = {
    "document": "document", "business_partner": "partner", "grant": "grant", "fund": "fund",
    "wbs": "wbs", "text": "text",
}  # fmt: skip
DELIMITERS = (",", ";", "\t")
# Longer cells would not fit into a line.
LONGEST: dict[str, int] = {
    name: ErpLine._meta.get_field(name).max_length or 0  # type: ignore[union-attr]
    for name in TEXTS.values()
}
MOST_ROWS = 20_000
MOST_BYTES = 5_000_000
MOST_PROBLEMS = 200


@dataclass(frozen=True)
class ErpFile:
    """Unsaved lines, and how the file was read: encoding, delimiter and decimal sign."""

    lines: list[ErpLine]
    encoding: str
    delimiter: str
    decimal_sign: str


@dataclass(frozen=True)
class _Row:
    number: int
    cells: dict[str, str]


def read_export(content: bytes, month: YearMonth, *, decimal_sign: str = "") -> ErpFile:
    """The lines of the month. Saves nothing. Raises ErpFileWrong with every wrong row.

    Encoded in UTF-8 or Latin-1; cells parted by comma, semicolon or tab; amounts with a decimal
    point or comma, which must be said in `decimal_sign` where the file leaves it open.
    """
    text, encoding = _decoded(content)
    try:
        delimiter = _delimiter(text)
        rows = list(_rows(text, delimiter))
    except csv.Error as error:  # a quotation mark that is never closed makes one endless cell
        raise ErpFileWrong(
            [_("This is no CSV file. Save the sheet as CSV (UTF-8) first.")]
        ) from error
    if not rows:
        raise ErpFileWrong([_("The file holds no rows.")])
    if len(rows) > MOST_ROWS:
        raise ErpFileWrong([_("The file has more than %(most)s rows.") % {"most": MOST_ROWS}])
    sign = decimal_sign or _sign_of(rows)
    currencies = dict(Currency.objects.values_list("code", "decimals"))
    wrong = {row.number: list(_wrong_with(row, month, sign, currencies)) for row in rows}
    problems = [
        _("Row %(row)s: %(sentence)s") % {"row": number, "sentence": sentence}
        for number, several in wrong.items()
        for sentence in several
    ]
    if problems:
        raise ErpFileWrong(problems[:MOST_PROBLEMS])
    return ErpFile([_line(row, sign) for row in rows], encoding, delimiter, sign)


def template() -> bytes:
    """The columns as a file to fill in, with one row that shows how."""
    example = (
        "2021-06-15", "5100012345", "1000234", "S1-32FEW-000123", "32FEW", "SB-012345.01",
        "Second instalment", "SEK", Decimal("3000000.00"), Decimal("351162.43"),
    )  # fmt: skip
    return csv_bytes(COLUMNS, [example])


def _decoded(content: bytes) -> tuple[str, str]:
    if len(content) > MOST_BYTES:
        raise ErpFileWrong([_("The file is larger than 5 megabytes.")])
    if b"\x00" in content:
        raise ErpFileWrong([_("This is no CSV file. Save the sheet as CSV (UTF-8) first.")])
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1"


def _delimiter(text: str) -> str:
    """The one that parts the first row into the columns of the template."""
    first = text.lstrip("\r\n").partition("\n")[0]
    for delimiter in DELIMITERS:
        if set(REQUIRED) <= {
            _heading(cell) for cell in next(csv.reader([first], delimiter=delimiter), [])
        }:
            return delimiter
    raise ErpFileWrong(
        [
            _("The first row must name the columns: %(columns)s. Only %(required)s are needed.")
            % {"columns": ", ".join(COLUMNS), "required": ", ".join(REQUIRED)}
        ]
    )


def _heading(cell: str) -> str:
    return "_".join(cell.strip().lower().replace("_", " ").split())


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [_heading(cell) for cell in cells]
            _refuse_header(header)
            continue
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            raise ErpFileWrong(
                [_("Row %(row)s has more cells than there are columns.") % {"row": reader.line_num}]
            )
        filled = dict.fromkeys(COLUMNS, "")
        filled |= {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        yield _Row(reader.line_num, filled)


def _refuse_header(header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    twice = sorted({name for name in header if header.count(name) > 1})
    if unknown or twice:
        raise ErpFileWrong(
            [_("The column “%(column)s” is not known.") % {"column": name} for name in unknown]
            + [_("The column “%(column)s” stands twice.") % {"column": name} for name in twice]
        )


def _sign_of(rows: list[_Row]) -> str:
    cells = [row.cells[name] for row in rows for name in ("amount", "amount_usd")]
    possible = decimal_signs(cell for cell in cells if cell)
    if len(possible) == 1:
        return possible.pop()
    if possible:
        raise ErpFileWrong(
            [
                _(
                    "The amounts can be read with a decimal point and with a decimal comma. Say "
                    "which of them the file uses."
                )
            ]
        )
    raise ErpFileWrong(
        [
            _(
                "Some amounts are written with a decimal point and others with a comma, or are no "
                "amounts. Choose the decimal sign, and the wrong rows are named."
            )
        ]
    )


def _wrong_with(
    row: _Row, month: YearMonth, sign: str, currencies: dict[str, int]
) -> Iterator[str]:
    cells, day = row.cells, day_written(row.cells["posting_date"])
    if day is None:
        yield _("“%(typed)s” is no date. Write it as 2021-06-15 or 15.06.2021.") % {
            "typed": cells["posting_date"]
        }
    elif YearMonth.of(day) != month:
        yield _("%(day)s is not in %(month)s.") % {"day": day.isoformat(), "month": month}
    if cells["currency"].upper() not in currencies:
        yield _("The currency “%(code)s” is not known.") % {"code": cells["currency"]}
    yield from _wrong_amounts(cells, sign, currencies)
    for column, name in TEXTS.items():
        most = LONGEST[name]
        if len(cells[column]) > most:
            yield _("“%(column)s” has more than %(most)s characters.") % {
                "column": column, "most": most,
            }  # fmt: skip


def _wrong_amounts(cells: dict[str, str], sign: str, currencies: dict[str, int]) -> Iterator[str]:
    places = {"amount": currencies.get(cells["currency"].upper(), 2), "amount_usd": 2}
    for name, decimals in places.items():
        if name == "amount_usd" and not cells[name]:
            continue
        value = amount_of(cells[name], sign)
        if value is None:
            yield _("“%(typed)s” is no amount with the decimal sign “%(sign)s”.") % {
                "typed": cells[name], "sign": sign,
            }  # fmt: skip
        elif not abs(value) <= LARGEST_AMOUNT or (name == "amount" and not value):
            yield _("%(typed)s cannot be right: an amount is not zero and not absurd.") % {
                "typed": cells[name][:40]
            }
        elif value != round(value, decimals):
            yield _("%(typed)s has more than %(count)s decimals.") % {
                "typed": cells[name][:40], "count": decimals,
            }  # fmt: skip


def _line(row: _Row, sign: str) -> ErpLine:
    cells, amount = row.cells, amount_of(row.cells["amount"], sign)
    currency = cells["currency"].upper()
    usd = amount_of(cells["amount_usd"], sign) if cells["amount_usd"] else None
    if usd is None and currency == USD:
        usd = amount
    texts = {name: cells[column] for column, name in TEXTS.items()}
    return ErpLine(
        row=row.number, posted_on=day_written(cells["posting_date"]),  # type: ignore[misc]
        currency_id=currency,
        amount=amount, amount_usd=usd, **texts,
    )  # fmt: skip
