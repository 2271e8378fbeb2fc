"""The repeated rows of the form for a target set: a scope, its years, an amount, a path."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from income.fields import LARGEST_STORED
from income.forms.fields import AmountField
from interface.errors import PortalError
from targets.models import Scope
from targets.paths import path_typed
from targets.proposed import ProposedTarget

ROWS = 32
OPEN_ROWS = 9  # further rows stand folded up
# What most documents print, in their order; the rows that a new form opens with.
USUAL = ("RB", "FNE", "FE", "TC", "FE_TC", "VOLUNTARY", "TOTAL", "CORPORATE", "FOUNDATIONS")
NAMES = ("scope", "from", "to", "amount", "paragraph", "path", "note")
# A sum over many targets stays below what the database holds.
MOST_USD = Decimal(LARGEST_STORED).scaleb(-5)
FIRST_YEAR, LAST_YEAR = 1978, 2100
LONGEST_PATH = 1000
LONGEST_PARAGRAPH, LONGEST_NOTE = 200, 400  # what the columns hold
Typed = Mapping[str, Any]


def year_field(label: Any, **kwargs: Any) -> forms.IntegerField:
    """A year in which the agency exists."""
    attrs = {"inputmode": "numeric", "autocomplete": "off"}
    return forms.IntegerField(
        label=label, min_value=FIRST_YEAR, max_value=LAST_YEAR,
        widget=forms.TextInput(attrs=attrs), **kwargs,
    )  # fmt: skip


def add_row_fields(form: forms.Form) -> None:
    """Give the form the fields of all its rows."""
    scopes = {scope.pk: scope for scope in Scope.objects.order_by("order")}  # for all rows at once
    choices = [("", "–"), *((code, str(scope)) for code, scope in scopes.items())]
    for row in range(1, ROWS + 1):
        form.fields[f"scope_{row}"] = forms.TypedChoiceField(
            label=_("Money of row %(row)s") % {"row": row}, required=False, choices=choices,
            coerce=scopes.get, empty_value=None,
        )  # fmt: skip
        for name, label in (
            ("from", _("From year, row %(row)s")), ("to", _("To year, row %(row)s"))
        ):  # fmt: skip
            form.fields[f"{name}_{row}"] = year_field(label % {"row": row}, required=False)
        form.fields[f"amount_{row}"] = AmountField(
            label=_("US dollars, row %(row)s") % {"row": row}, required=False
        )
        _add_texts(form, row)


def _add_texts(form: forms.Form, row: int) -> None:
    form.fields[f"paragraph_{row}"] = forms.CharField(
        label=_("Paragraph, row %(row)s") % {"row": row}, required=False,
        max_length=LONGEST_PARAGRAPH,
    )  # fmt: skip
    form.fields[f"path_{row}"] = forms.CharField(
        label=_("Cumulative amounts by month, row %(row)s") % {"row": row}, required=False,
        max_length=LONGEST_PATH, widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    form.fields[f"note_{row}"] = forms.CharField(
        label=_("Note, row %(row)s") % {"row": row}, required=False, max_length=LONGEST_NOTE
    )


def initial_rows() -> dict[str, str]:
    """The usual scopes, each with a row that waits for its amount."""
    return {f"scope_{row}": code for row, code in enumerate(USUAL, start=1)}


def rows_of(form: forms.Form) -> list[dict[str, Any]]:
    """The bound fields, row by row; `is_open` tells that its folded part holds something."""
    found = []
    for row in range(1, ROWS + 1):
        bound = {name: form[f"{name}_{row}"] for name in NAMES}
        details = (bound["path"], bound["paragraph"], bound["note"])
        is_open = any(one.value() or one.errors for one in details)
        is_filled = any(bound[name].value() or bound[name].errors for name in NAMES)
        found.append({"row": row, **bound, "is_open": is_open, "is_filled": is_filled})
    return found


def targets_typed(form: forms.Form, cleaned: Typed) -> list[ProposedTarget]:
    """The targets of the rows that hold an amount; what is wrong is told beside its field.

    A row without years is about all years of the set together, with one year about that one.
    """
    found: dict[tuple[str, int, int], ProposedTarget] = {}
    for row in _filled(form, cleaned):
        target = _target(form, cleaned, row)
        if target is None:
            continue
        if target.key in found:
            form.add_error(
                f"scope_{row}", _("This money and these years stand in another row already.")
            )
        found.setdefault(target.key, target)
    return list(found.values())


def _filled(form: forms.Form, cleaned: Typed) -> Iterator[int]:
    """Rows in which more than the money was said, each complete."""
    for row in range(1, ROWS + 1):
        said = [name for name in NAMES if cleaned.get(f"{name}_{row}") not in (None, "")]
        if any(f"{name}_{row}" in form.errors for name in NAMES) or not set(said) - {"scope"}:
            continue
        if "amount" not in said:
            form.add_error(f"amount_{row}", _("Give the amount, or empty the row."))
        elif "scope" not in said:
            form.add_error(f"scope_{row}", _("Say which money the amount is for."))
        else:
            yield row


def _target(form: forms.Form, cleaned: Typed, row: int) -> ProposedTarget | None:
    years = _years(form, cleaned, row)
    usd: Decimal = cleaned[f"amount_{row}"]
    if not 0 < usd <= MOST_USD or usd != round(usd, 2):
        form.add_error(
            f"amount_{row}", _("A target is above zero, with two decimals at most.")
        )  # fmt: skip
    if years is None or f"amount_{row}" in form.errors:
        return None
    typed = cleaned.get(f"path_{row}") or ""
    if typed.strip() and years[0] != years[1]:
        form.add_error(
            f"path_{row}", _("Only an amount of one year has a path through its months.")
        )
        return None
    try:
        path = path_typed(typed, year=years[0], amount_usd=usd)
    except PortalError as error:
        form.add_error(f"path_{row}", error.sentence)
        return None
    return ProposedTarget(
        cleaned[f"scope_{row}"], *years, usd, cleaned[f"paragraph_{row}"],
        cleaned[f"note_{row}"], path,
    )  # fmt: skip


def _years(form: forms.Form, cleaned: Typed, row: int) -> tuple[int, int] | None:
    """The years of a row, inside those of the set; None, and a sentence, where they are not."""
    first, last = cleaned.get("from_year"), cleaned.get("to_year")
    if first is None or last is None:
        return None  # the set's own years are wrong, and told there
    from_year, to_year = cleaned.get(f"from_{row}"), cleaned.get(f"to_{row}")
    if from_year is None and to_year is None:
        return first, last
    from_year, to_year = from_year or to_year or first, to_year or from_year or last
    if from_year > to_year:
        form.add_error(f"to_{row}", _("The last year comes before the first."))
    elif not (first <= from_year and to_year <= last):
        form.add_error(
            f"from_{row}" if from_year < first else f"to_{row}",
            _("The set is about %(first)s to %(last)s: this year is outside.")
            % {"first": first, "last": last},
        )
    else:
        return from_year, to_year
    return None
