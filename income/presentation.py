"""How what was typed reads on a page."""

from decimal import Decimal
from typing import Any

from interface import formatting
from interface.formatting import joined


def typed_rows(form: Any) -> list[tuple[str, str]]:
    """Label and value of every field that was filled in, in the form's order."""
    form.is_valid()
    rows = []
    for name in form.fields:
        typed = form.data.get(name)
        if not typed or form[name].is_hidden:
            continue
        value = form.cleaned_data.get(name, typed)
        rows.append((str(form[name].label), _reads(form, name, value)))
    return rows


def _reads(form: Any, name: str, value: Any) -> str:
    choices = dict(getattr(form.fields[name], "choices", []) or [])
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    if hasattr(form.fields[name], "label_from_instance") and not isinstance(value, str):
        several = [value] if hasattr(value, "pk") else value
        return joined([str(form.fields[name].label_from_instance(row)) for row in several], ";")
    if hasattr(value, "isoformat"):
        return formatting.format_date(value)
    if isinstance(value, Decimal):
        return formatting.format_rate(value)  # grouped, with the decimals it has
    return str(value)
