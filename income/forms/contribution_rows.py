"""The repeated rows of the form for a contribution: schedule, parts, clauses on reports."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from donors.models import Area, Region
from income.forms.fields import AmountField, DayField, ReferenceField
from income.models import Programme
from income.services.promises import PromisedPart
from income.vocabulary import Act, ErpScheme, Frequency, ReportKind

SCHEDULE_ROWS = 8
PART_ROWS = 6
CLAUSE_ROWS = 4
MOST_DAYS = 730
ERP_FIELDS = {
    "erp_grant": ErpScheme.GRANT,
    "erp_fund": ErpScheme.FUND,
    "erp_wbs": ErpScheme.WBS,
}
Typed = Mapping[str, Any]


def add_row_fields(form: forms.Form) -> None:
    """Give the form the fields of all its rows."""
    for row in range(1, SCHEDULE_ROWS + 1):
        _add_schedule_row(form, row)
    for row in range(1, PART_ROWS + 1):
        _add_part_row(form, row)
    for row in range(1, CLAUSE_ROWS + 1):
        _add_clause_row(form, row)
    for name, scheme in ERP_FIELDS.items():
        form.fields[name] = forms.CharField(
            label=_("ERP: %(what)s") % {"what": scheme.label}, required=False, max_length=60
        )


def _add_schedule_row(form: forms.Form, row: int) -> None:
    form.fields[f"due_on_{row}"] = DayField(
        label=_("Instalment %(row)s due on") % {"row": row}, required=False
    )
    form.fields[f"due_amount_{row}"] = AmountField(
        label=_("Amount of instalment %(row)s") % {"row": row}, required=False
    )
    form.fields[f"condition_{row}"] = forms.CharField(
        label=_("Condition of instalment %(row)s") % {"row": row}, required=False, max_length=500
    )


def _add_part_row(form: forms.Form, row: int) -> None:
    form.fields[f"part_amount_{row}"] = AmountField(
        label=_("Amount of part %(row)s") % {"row": row}, required=False
    )
    for name, label, rows in (
        ("part_programme", _("Programme of part %(row)s"), Programme.objects),
        ("part_region", _("Region of part %(row)s"), Region.objects),
    ):
        form.fields[f"{name}_{row}"] = ReferenceField(
            rows, label=label % {"row": row}, required=False
        )
    form.fields[f"part_area_{row}"] = forms.CharField(
        label=_("Country of part %(row)s") % {"row": row}, required=False, max_length=3,
        help_text=_("Three letters, such as KEN."),
    )  # fmt: skip


def _add_clause_row(form: forms.Form, row: int) -> None:
    form.fields[f"clause_kind_{row}"] = forms.ChoiceField(
        label=_("Report %(row)s") % {"row": row}, required=False,
        choices=[("", "–"), *ReportKind.choices],
    )  # fmt: skip
    form.fields[f"clause_frequency_{row}"] = forms.ChoiceField(
        label=_("How often"), required=False, choices=[("", "–"), *Frequency.choices]
    )
    form.fields[f"clause_days_{row}"] = forms.IntegerField(
        label=_("Days afterwards"), required=False, min_value=0, max_value=MOST_DAYS
    )


def rows_of(form: forms.Form, rows: int, *names: str) -> list[tuple[forms.BoundField, ...]]:
    """The bound fields, row by row."""
    return [tuple(form[f"{name}_{row}"] for name in names) for row in range(1, rows + 1)]


def check_rows(form: forms.Form, cleaned: Typed) -> None:
    """Rows are whole: a day has its amount, a part its amount, a clause all of its three."""
    if cleaned.get("act") == Act.RECORD_PLEDGE and cleaned.get("due_amount_1"):
        form.add_error("due_amount_1", _("A pledge is not binding: nothing falls due yet."))
    for row in range(1, SCHEDULE_ROWS + 1):
        _check_schedule_row(form, cleaned, row)
    for row in range(1, PART_ROWS + 1):
        _check_part_row(form, cleaned, row)
    seen: set[tuple[str, str]] = set()
    for row in range(1, CLAUSE_ROWS + 1):
        _check_clause_row(form, cleaned, row, seen)


def _check_schedule_row(form: forms.Form, cleaned: Typed, row: int) -> None:
    due_on, amount = cleaned.get(f"due_on_{row}"), cleaned.get(f"due_amount_{row}")
    if (due_on is None) != (amount is None):
        name = f"due_amount_{row}" if due_on else f"due_on_{row}"
        form.add_error(name, _("An instalment has a day and an amount."))
    elif cleaned.get(f"condition_{row}") and due_on is None:
        form.add_error(f"due_on_{row}", _("A condition is of an instalment: give day and amount."))


def _check_part_row(form: forms.Form, cleaned: Typed, row: int) -> None:
    names = ("part_programme", "part_region", "part_area")
    has_purpose = any(cleaned.get(f"{name}_{row}") for name in names)
    if has_purpose != bool(cleaned.get(f"part_amount_{row}")):
        name = f"part_amount_{row}" if has_purpose else f"part_programme_{row}"
        form.add_error(name, _("A part has an amount and a programme, region or country."))
    code = cleaned.get(f"part_area_{row}")
    if code and not Area.objects.filter(iso3=code.upper()).exists():
        form.add_error(
            f"part_area_{row}",
            _("“%(code)s” is no country's code. Write three letters, such as KEN.")
            % {"code": code},
        )


def _check_clause_row(
    form: forms.Form, cleaned: Typed, row: int, seen: set[tuple[str, str]]
) -> None:
    kind, frequency = cleaned.get(f"clause_kind_{row}"), cleaned.get(f"clause_frequency_{row}")
    days = cleaned.get(f"clause_days_{row}")
    if not (kind or frequency or days is not None):
        return
    if not (kind and frequency and days is not None):
        form.add_error(
            f"clause_kind_{row}", _("A report has a kind, how often, and the days afterwards.")
        )
    elif (kind, frequency) in seen:
        form.add_error(f"clause_kind_{row}", _("This report stands in the list already."))
    elif cleaned.get("act") == Act.SIGN_AGREEMENT and not cleaned.get("ends_on"):
        form.add_error("ends_on", _("Reports are reckoned to the end: say until when it runs."))
    seen.add((kind or "", frequency or ""))


def schedule_typed(data: Typed) -> list[tuple[datetime.date, Decimal]]:
    """Due day and amount of each row that was filled in."""
    rows = range(1, SCHEDULE_ROWS + 1)
    return [(data[f"due_on_{r}"], data[f"due_amount_{r}"]) for r in rows if data[f"due_on_{r}"]]


def conditions_typed(data: Typed) -> list[tuple[int, str]]:
    """The number of the instalment and the text of each condition."""
    filled = [row for row in range(1, SCHEDULE_ROWS + 1) if data[f"due_on_{row}"]]
    return [
        (number, data[f"condition_{row}"])
        for number, row in enumerate(filled, start=1)
        if data[f"condition_{row}"]
    ]


def parts_typed(data: Typed) -> list[PromisedPart]:
    """The parts for programmes, regions and countries."""
    rows = [row for row in range(1, PART_ROWS + 1) if data[f"part_amount_{row}"]]
    codes = {data[f"part_area_{row}"].upper() for row in rows}
    known = Area.objects.select_related("region")
    areas = known.in_bulk(codes - {""}, field_name="iso3") if codes - {""} else {}
    return [
        PromisedPart(
            amount=data[f"part_amount_{row}"],
            programme=data[f"part_programme_{row}"],
            region=data[f"part_region_{row}"] or region_of(area),
            area=area,
        )
        for row in rows
        for area in (areas.get(data[f"part_area_{row}"].upper()),)
    ]


def region_of(area: Area | None) -> Region | None:
    """The region of a country: what is for a country is for its region, also unsaid."""
    return area.region if area else None


def clauses_typed(data: Typed) -> list[tuple[str, str, int]]:
    """Kind, frequency and days of each report that the agreement owes."""
    return [
        (data[f"clause_kind_{r}"], data[f"clause_frequency_{r}"], data[f"clause_days_{r}"])
        for r in range(1, CLAUSE_ROWS + 1)
        if data[f"clause_kind_{r}"]
    ]


def erp_typed(data: Typed) -> list[tuple[str, str]]:
    """The identifiers of the ERP with their scheme."""
    return [(scheme, data[name].strip()) for name, scheme in ERP_FIELDS.items() if data[name]]
