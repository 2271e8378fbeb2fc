"""What a row is recognised by again: texts that depend on no file's format and on no choices."""

import datetime
from decimal import Decimal

from donors.names import plain_form
from income.imports.judging.memory import Remembered
from income.imports.judging.row import Row

_NAMES: Remembered[str, str] = Remembered(plain_form)


def content_of(row: Row, books: str, fund: str, day: datetime.date, year: int) -> tuple[str, ...]:
    """All that the row says. Called once amount and currency are known."""
    amount, currency, instrument = row.amount, row.currency, row.instrument
    said = (
        row.kind,
        books,
        _NAMES[row.donor or row.donor_code or row.iso3],
        fund,
        day.isoformat(),
        str(year),
        "" if currency is None else currency.code,
        "" if amount is None else plain(amount),
        row.reference,
        row.document,
        row.title,
        row.agreement,
        "" if instrument is None else instrument.code,
        row.programme or "",
        row.region or "",
        row.area or "",
    )
    return (*said, *_details_of(row)) if row.row_id else said


def plain(number: Decimal) -> str:
    """Without exponent, and without zeros at its end."""
    text = str(number)
    if "E" in text:
        return f"{number.normalize():f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _details_of(row: Row) -> tuple[str, ...]:
    """What decides money or days besides, of a row with an identifier of its own: such a row is
    told when it says something else than before. Without one it would be taken for a new row.
    """
    return (
        _NAMES[row.channel],
        row.earmarking or "",
        "" if row.due_on is None else row.due_on.isoformat(),
        "" if row.ends_on is None else row.ends_on.isoformat(),
        "" if row.support_rate is None else plain(row.support_rate),
        plain(row.bank_charge) if row.bank_charge else "",
    )


def identity_of(row: Row, content: tuple[str, ...]) -> tuple[str, ...]:
    """The row's own identifier in its books, else all of its content."""
    return ("id", content[0], content[1], row.row_id) if row.row_id else content
