"""The first rows of a file as the portal understood them, arranged as a table for a page."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from income.imports.columns.options import options_of
from income.imports.course.report import Report
from income.imports.telling import label_of
from income.periods import YearMonth
from interface.formatting import NO_BREAK_SPACE, format_amount, format_date, format_rate, format_usd

Sample = Mapping[str, Any]
# What a sample says, by the names of `income.imports.checking.sample`, in this order.
_SAMPLED = (
    ("row", _("Row"), False), ("kind", _("Kind"), False), ("books", _("Books"), False),
    ("donor", _("Donor"), False), ("title", _("Purpose"), False), ("fund_id", _("Fund"), False),
    ("value_date", _("Date"), False), ("month", _("Booked in"), False),
    ("year_for", _("Year for"), True), ("amount", _("Amount"), True), ("rate", _("Rate"), True),
    ("amount_usd", _("US$"), True), ("region_id", _("Region"), False),
    ("area_id", _("Country or area"), False), ("programme_id", _("Programme"), False),
    ("instrument_id", _("Financing instrument"), False),
    ("earmarking_id", _("Earmarking"), False),
)  # fmt: skip
_CODES = {
    "region_id": "region", "area_id": "area", "programme_id": "programme",
    "instrument_id": "instrument", "earmarking_id": "earmarking",
}  # fmt: skip
_IN_DOLLARS = "1"  # the rate of an amount that is in US dollars


@dataclass(frozen=True)
class Heading:
    label: str
    is_number: bool


@dataclass(frozen=True)
class SampleTable:
    """Columns that no row fills, or that say again what another says, are left out."""

    headings: list[Heading]
    rows: list[list[tuple[str, bool]]]


def samples_told(report: Report) -> SampleTable:
    """The report's samples in the reader's language. Asks for names of donors and of codes."""
    rows = report.samples
    columns = [one for one in _SAMPLED if any(_says_more(row, one[0], rows) for row in rows)]
    names = _names(rows, report)
    return SampleTable(
        [Heading(str(label), is_number) for _name, label, is_number in columns],
        [
            [(_as_said(row, name, names), is_number) for name, _label, is_number in columns]
            for row in rows
        ],
    )


def _says_more(row: Sample, name: str, rows: list[dict[str, Any]]) -> bool:
    """Whether the column tells this row something that its other columns do not."""
    value = row.get(name)
    if name == "books":
        return len({one.get(name) for one in rows}) > 1
    if name == "rate":
        return value not in ("", None, _IN_DOLLARS)
    day = str(row.get("value_date") or "")
    if name == "year_for":
        return str(value) != day[:4]
    if name == "month":
        return str(value) != day[:7].replace("-", "")
    return value not in ("", None)


def _names(rows: list[dict[str, Any]], report: Report) -> dict[tuple[str, str], str]:
    """What people read instead of a code, by the column and the code."""
    codes = {row.get("donor") for row in rows if row.get("donor")}
    donors = Donor.objects.filter(code__in=codes)
    found = {("donor", one.code): str(one) for one in donors}
    found |= {("donor", one["code"]): one["name"] for one in report.new_donors}
    for column, field in _CODES.items():
        if any(row.get(column) for row in rows):
            found |= {(column, code): label for code, label in options_of(field)}
    return found


def _as_said(row: Sample, name: str, names: Mapping[tuple[str, str], str]) -> str:
    text = str(row.get(name) or "")
    if not text or (name == "rate" and text == _IN_DOLLARS):
        return ""
    if name == "kind":
        return label_of(text)
    if name == "month":
        return str(YearMonth.from_key(int(text)))
    if name == "value_date":
        said = format_date(datetime.date.fromisoformat(text), length="medium")
        return said.replace(" ", NO_BREAK_SPACE)
    if name == "amount":
        return format_amount(Decimal(text), str(row.get("currency_id") or ""))
    if name == "amount_usd":
        return format_usd(Decimal(text))
    if name == "rate":
        return format_rate(Decimal(text))
    return names.get((name, text), text)
