"""Two people edit one record: the second sees both versions, field by field, and decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interface.errors import PortalError


class EditConflict(PortalError):
    """The record was saved by somebody else since the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else saved this in the meantime. Below are both versions, field by "
                "field; what you typed is still in the form. Save again to put yours in its place."
            )
        )


@dataclass(frozen=True)
class Difference:
    """One field in which the two versions differ, as a reader reads it."""

    label: str
    saved: str
    typed: str


def differences(form: forms.BaseForm, saved: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The visible fields in which what was typed differs from what is saved now.

    `saved` maps field names to values as a form's `initial` holds them.
    """
    found = []
    for bound in form.visible_fields():
        now = _reads(bound, saved.get(bound.name))
        typed = _reads(bound, bound.data)
        if now != typed:
            found.append(Difference(str(bound.label), now, typed))
    return tuple(found)


def _reads(bound: forms.BoundField, value: Any) -> str:
    if isinstance(bound.field, forms.BooleanField):
        return str(_("yes") if value in (True, "on", "true", "True", "1") else _("no"))
    if value in (None, ""):
        return "–"
    choices = {str(key): str(label) for key, label in getattr(bound.field, "choices", ()) if label}
    prepared = str(bound.field.prepare_value(value))
    return choices.get(prepared, prepared)
