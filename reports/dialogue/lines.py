"""Lines of expenditure on their way into a load, from the reference tables or from a file."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.models import Expenditure, ExpenditureLoad


@dataclass(frozen=True)
class Spent:
    """What was spent in a year in one place, US dollars; below zero where more came back.

    `place` is as the source names it; `area` (ISO3) and `region` are codes, None where unknown.
    """

    year: int
    place: str
    area: str | None
    region: str | None
    amount_usd: Decimal


def digest(source: str, lines: Iterable[Spent]) -> str:
    """SHA-256 of a year's lines and their source, in whichever order they stood."""
    rows = sorted(
        f"{line.place}\t{line.area or ''}\t{line.region or ''}\t{line.amount_usd:.2f}"
        for line in lines
    )
    return hashlib.sha256("\n".join([source, *rows]).encode()).hexdigest()


def keep(load: ExpenditureLoad, lines: Sequence[Spent]) -> None:
    """Write the lines of a load that was just created."""
    Expenditure.objects.bulk_create(
        Expenditure(
            load=load, place=line.place, area_id=line.area, region_id=line.region,
            amount_usd=line.amount_usd,
        )
        for line in lines
    )  # fmt: skip
