"""What an update's stored figures say: read from its bytes, never asked of the books again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from income.periods import YearMonth
from reports.figures.words import dollars, per_cent
from reports.models import MonthlyUpdate, UpdateFile

FIGURES, DATA = "figures.json", "data.csv"
# Rows of the fund table that are told and compared: what is added, and the total.
TOLD_PARTS = ("fund", "total", "outside")
Figures = Mapping[str, Any]
Amounts = dict[tuple[str, ...], Decimal | None]


@dataclass(frozen=True)
class StoredRow:
    """A fund's row as it was told: US dollars from January on. None: not reported, or no target."""

    code: str
    is_total: bool
    funds: tuple[str, ...]
    actual_usd: Decimal | None
    target_usd: Decimal | None
    percent: Decimal | None


def pdf_name(language: str) -> str:
    """The name under which the document in a language is stored."""
    return f"update-{language}.pdf"


def figures_of(update: MonthlyUpdate) -> Figures:
    """The update's figures. Raises UpdateFile.DoesNotExist."""
    content = UpdateFile.objects.get(update=update, name=FIGURES).content
    return dict(json.loads(bytes(content)))


def rows_of(figures: Figures) -> tuple[StoredRow, ...]:
    """The funds and the total, in the order of the table."""
    return tuple(
        StoredRow(
            code=row["code"],
            is_total=row["part"] == "total",
            funds=tuple(row["funds"]),
            actual_usd=_decimal(row["progress"]["actual_usd"]),
            target_usd=_decimal(row["progress"]["target_usd"]),
            percent=_decimal(row["progress"]["percent"]),
        )
        for row in figures.get("funds", {}).get("rows", ())
        if row["part"] in TOLD_PARTS and row["funds"]
    )


def headline_of(figures: Figures, as_at: YearMonth) -> str:
    """The stored total as a sentence in the reader's language; empty where none was reported."""
    total = next((row for row in rows_of(figures) if row.is_total), None)
    if total is None or total.actual_usd is None:
        return ""
    words = {"month": as_at, "actual": dollars(total.actual_usd)}
    if total.percent is None or total.target_usd is None:
        return _("From January to %(month)s, %(actual)s was received or allotted.") % words
    return _(
        "From January to %(month)s, %(actual)s was received or allotted, %(percent)s of the "
        "%(target)s hoped for."
    ) % {**words, "percent": per_cent(total.percent), "target": dollars(total.target_usd)}


def amounts_of(figures: Figures) -> Amounts:
    """Every amount of the books among the figures, US dollars: what must come out again.

    Targets, names and sentences are left out: they stand in no book.
    """
    found: Amounts = {}
    for row in figures["funds"]["rows"]:
        found["funds", row["code"], "actual"] = _decimal(row["progress"]["actual_usd"])
        found["funds", row["code"], "last_year"] = _decimal(row["last_year_usd"])
    for place, usd in enumerate((figures.get("line") or {}).get("actual", ())):
        found["line", str(place)] = _decimal(usd)
    for row in figures["regions"]["rows"]:
        found["regions", row["code"]] = _decimal(row["amount_usd"])
    for name in ("allocated_usd", "unallocated_usd", "total_usd"):
        found["regions", name] = _decimal(figures["regions"][name])
    for ranking in figures["rankings"]:
        found["donors", ranking["fund"]] = _decimal(ranking["total_usd"])
    return found


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
