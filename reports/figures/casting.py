"""Whether a printed table casts: its rounded parts add up to its rounded total.

Exact amounts always cast, for they are printed to the cent. In millions with one decimal each
amount is rounded by itself, half up, and is never bent so that a column adds up: the table says
instead that it does not.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from interface.formatting import Units
from reports.figures.words import MILLION

_TENTH = Decimal("0.1")


def casts(
    parts: Iterable[Decimal | None], total: Decimal | None, units: Units = "millions"
) -> bool:
    """Whether the parts as printed add up to the total as printed; both in US dollars.

    A part or total that is None is printed as a word and adds nothing; without a total there is
    nothing to add up to. In exact units the parts are printed as they are, and always cast.
    """
    if units == "exact" or total is None:
        return True
    printed = sum((_printed(part) for part in parts if part is not None), Decimal(0))
    return printed == _printed(total)


def cast_note(
    columns: Iterable[tuple[Iterable[Decimal | None], Decimal | None]], units: Units = "millions"
) -> str:
    """The sentence of a table whose parts do not add up as printed; empty where they all do.

    Each column is its parts and their total, in US dollars.
    """
    if all(casts(parts, total, units) for parts, total in columns):
        return ""
    return _("Each amount is rounded by itself, so the parts may not add up to the total shown.")


def gap_lines(
    lines: Iterable[tuple[Decimal | None, Decimal | None]],
) -> list[tuple[list[Decimal | None], Decimal | None]]:
    """Lines that print an amount, a whole and the gap between them: amount and gap make the whole.

    Each line is its amount and its whole, in US dollars; one that has not both prints no gap.
    """
    return [
        ([usd, whole - usd], whole) for usd, whole in lines if usd is not None and whole is not None
    ]


def _printed(usd: Decimal) -> Decimal:
    return (usd / MILLION).quantize(_TENTH, rounding=ROUND_HALF_UP)
