"""What comes late: an entry of a closed month is an adjustment, and says why."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.services.actors import Actors


class LateForm(forms.Form):
    """A form whose act may be booked as an adjustment, with the reason that the Board reads."""

    adjusts = forms.BooleanField(
        label=gettext_lazy("Adjustment: its own month is closed, book it in the present month"),
        required=False,
    )
    adjusts_because = forms.CharField(
        label=gettext_lazy("Why it comes late"), required=False, max_length=300,
        help_text=gettext_lazy("For adjustments only. The Board reads it under “What changed”."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("adjusts") and not cleaned.get("adjusts_because"):
            self.add_error("adjusts_because", _("Say why it is booked after its month was closed."))
        return cleaned

    def with_reason(self, actors: Actors) -> Actors:
        """Who stands behind the act, and why it comes late, if it does."""
        data = self.cleaned_data
        return replace(actors, late_because=data["adjusts_because"] if data["adjusts"] else "")
