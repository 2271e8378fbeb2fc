"""A target's path through its year: twelve cumulative amounts, read as people paste them."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from income.forms.fields import GROUPED, PLAIN
from interface.errors import PortalError
from interface.formatting import format_usd
from targets.models import Scope

MONTHS_OF_A_YEAR = 12
# What parts cells when a row or a column is pasted; between them a space may group thousands.
CELL_ENDS = re.compile(r"[\n\r\t;|]+")
GROUPED_BY_SPACES = re.compile(r"-?\d{1,3}( \d{3})+(\.\d*)?")
NARROW_SPACES = str.maketrans("", "", "\u00a0\u202f\u2009")

Path = tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True)
class PathOfTarget:
    """The approved path of one year's target."""

    scope: Scope
    from_year: int
    path: Path


class PathWrong(PortalError):
    """Twelve amounts that are no path; says which month is wrong and why."""


def path_typed(typed: str, *, year: int, amount_usd: Decimal) -> Path:
    """The month (yyyymm) and the cumulative amount in US dollars at its end, twelve times.

    Empty where nothing was typed. Raises PathWrong unless the amounts never fall and December
    holds the whole of `amount_usd`.
    """
    if not typed.strip():
        return ()
    amounts = [_amount(part) for part in _parts(typed)]
    for before, (number, usd) in zip(amounts, enumerate(amounts[1:], start=2), strict=False):
        if usd < before:
            raise PathWrong(
                _(
                    "The path falls in %(month)s, from %(before)s to %(after)s. Each amount is "
                    "what should have come since January."
                )
                % {
                    "month": MONTHS[number], "before": format_usd(before), "after": format_usd(usd),
                }
            )  # fmt: skip
    if amounts[-1] != amount_usd:
        raise PathWrong(
            _("The path ends at %(end)s in December, and the target of the year is %(target)s.")
            % {"end": format_usd(amounts[-1]), "target": format_usd(amount_usd)}
        )
    return tuple((year * 100 + number, usd) for number, usd in enumerate(amounts, start=1))


def _parts(typed: str) -> list[str]:
    """Twelve texts without their months' names."""
    text = typed.translate(NARROW_SPACES)
    cells = [part for part in (one.strip() for one in CELL_ENDS.split(text)) if part]
    named = [one for cell in cells if (one := _without_month(cell))]
    if len(named) == MONTHS_OF_A_YEAR:
        return [_ungrouped(part) for part in named]
    parts = [part.rstrip(",:") for part in text.replace(";", " ").replace("|", " ").split()]
    parts = [part for part in parts if part and part.rstrip(".").lower() not in _month_words()]
    if len(parts) != MONTHS_OF_A_YEAR:
        raise PathWrong(
            ngettext(
                "A path has twelve amounts, January to December; here is %(count)d.",
                "A path has twelve amounts, January to December; here are %(count)d.",
                len(parts),
            )
            % {"count": len(parts)}
        )
    return parts


def _ungrouped(part: str) -> str:
    """“1 250 000.50” is an amount; “12 13” stays two, and is refused."""
    return part.replace(" ", "") if GROUPED_BY_SPACES.fullmatch(part) else part


def _without_month(cell: str) -> str:
    """“January 1,000” is 1,000; a cell that holds a month alone is nothing."""
    first, *rest = cell.split()
    if first.rstrip(".,:").lower() in _month_words():
        return " ".join(rest).rstrip(",")
    return cell.rstrip(",")


@functools.cache
def _month_words() -> frozenset[str]:
    """Names of months, long and short, in every language: who approves may read in another."""
    words = {"sept"}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words |= {str(name) for names in (MONTHS, MONTHS_3) for name in names.values()}
    return frozenset(word.rstrip(".").lower() for word in words)


def _amount(part: str) -> Decimal:
    if not part.isascii() or not (GROUPED.fullmatch(part) or PLAIN.fullmatch(part)):
        raise PathWrong(
            _("“%(typed)s” is not an amount. Write it with a decimal point, such as 1,250,000.50.")
            % {"typed": part}
        )
    usd = Decimal(part.replace(",", ""))
    if usd < 0 or usd != round(usd, 2):
        raise PathWrong(
            _("“%(typed)s” cannot stand in a path: from zero on, with two decimals at most.")
            % {"typed": part}
        )
    return usd


def text_of(path: Sequence[tuple[int, Decimal]]) -> str:
    """A path as it can be typed, a month a line."""
    return "\n".join(f"{MONTHS[month % 100]} {usd:,}" for month, usd in path)


def phasing_of(from_year: int, to_year: int, *, has_path: bool) -> str:
    """How an amount is spread: by month, over its year, or over several years together."""
    if has_path:
        return _("monthly")
    return _("annual") if from_year == to_year else _("over several years")
