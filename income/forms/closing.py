"""The form that closes a month: a tick and a note for each line of the checklist."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from income.closing import Checklist, Item
from interface.formatting import format_number


class ClosingForm(forms.Form):
    """One tick per line; a line that is not clear needs a note too."""

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        for item in checklist.to_look_at:
            self.fields[f"looked_{item.key}"] = forms.BooleanField(
                label=_("Looked at: %(item)s (%(count)s)")
                % {"item": item.label, "count": format_number(item.count)},
                error_messages={"required": _("Tick it when you have looked at it.")},
            )
            self.fields[f"note_{item.key}"] = forms.CharField(
                label=_("Why the month can be closed with it"),
                required=not item.is_clear,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": _("It is not clear: say why the month can be closed.")},
            )

    def rows(self) -> list[tuple[Item, forms.BoundField, forms.BoundField]]:
        """Each line with its two fields, for the template."""
        return [
            (item, self[f"looked_{item.key}"], self[f"note_{item.key}"])
            for item in self.checklist.to_look_at
        ]

    def looked_at(self) -> dict[str, str]:
        """The note of every line that was ticked, as the service takes it."""
        keys = [item.key for item in self.checklist.to_look_at]
        return {
            key: self.cleaned_data[f"note_{key}"]
            for key in keys
            if self.cleaned_data[f"looked_{key}"]
        }
