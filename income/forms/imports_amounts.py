"""Several columns of amounts in a row: what each is for, beside the select that says so."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.imports.columns.fields import FIELDS
from income.imports.columns.options import options_of
from income.imports.columns.plan import Plan
from income.imports.looking import Column

AMOUNT, TOTAL = "amount", "total"
TOTAL_SAID = gettext_lazy("Total – only checked")
BESIDE = ("fund", "year", "currency")
Typed = Mapping[str, Any]


def said_at_first(plan: Plan, column: Column) -> str:
    """What the column is in the plan as it stands, as its select says it."""
    if column.key in plan.amounts:
        return AMOUNT
    if column.key in plan.totals:
        return TOTAL
    return next((name for name, key in plan.columns.items() if key == column.key), "")


def several_amounts(plan: Plan, columns: Iterable[Column], typed: Typed | None) -> list[Column]:
    """The columns that are amounts beside others, as the plan says or, where it came, the page.

    One alone is such a column as long as the page asked what it is for.
    """
    if typed is None:
        return [column for column in columns if column.key in plan.amounts]
    found = [one for one in columns if typed.get(f"column_{one.number}") == AMOUNT]
    was_asked = any(_name(BESIDE[0], one) in typed for one in found)
    return found if len(found) > 1 or was_asked else []


def beside_fields(plan: Plan, columns: Iterable[Column]) -> Iterator[tuple[str, forms.Field]]:
    """Fund, year and currency of each of the columns, by the names of their fields."""
    for column in columns:
        said = plan.amounts.get(column.key, {})
        for name in BESIDE:
            yield _name(name, column), _field(name, said.get(name, ""))


def _field(name: str, said: str) -> forms.Field:
    label = str(FIELDS[name])
    if name == "year":
        sentence = _("Write a year such as 2021.")
        return forms.CharField(
            label=label, required=False, initial=said, max_length=4,
            validators=[RegexValidator(r"^(?:19|20)[0-9]{2}$", sentence)],
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        )  # fmt: skip
    choices = [("", _("– as each row says –")), *options_of(name)]
    return forms.ChoiceField(label=label, required=False, initial=said, choices=choices)


def names_beside(column: Column) -> list[str]:
    """The names of the fields beside the column's own."""
    return [_name(name, column) for name in BESIDE]


def _name(name: str, column: Column) -> str:
    return f"beside_{name}_{column.number}"


def amounts_typed(plan: Plan, columns: Iterable[Column], typed: Typed) -> dict[str, dict[str, str]]:
    """Heading key of each column → what was said of it; what is not asked for stays."""
    found = {}
    for column in columns:
        kept = {k: v for k, v in plan.amounts.get(column.key, {}).items() if k not in BESIDE}
        said = {name: typed.get(_name(name, column), "") for name in BESIDE}
        found[column.key] = kept | {name: text for name, text in said.items() if text}
    return found


def totals_typed(plan: Plan, columns: Iterable[Column], typed: Typed) -> dict[str, dict[str, str]]:
    """Heading key of each total → which amounts it adds up; all of them where nobody said it."""
    totals = [one for one in columns if typed.get(f"column_{one.number}") == TOTAL]
    return {one.key: dict(plan.totals.get(one.key, {})) for one in totals}
