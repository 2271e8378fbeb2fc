"""Forms for measurements, owners of indicators and lists of emerging economies."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.models import Area
from donors.ordering import by_name
from income.forms.fields import AmountField, DayField
from targets.measuring import MILESTONE
from targets.models import Indicator, Milestone

ROWS_SHOWN = 12  # of the list of countries
COUNTED = ("countries", "followers")  # the units people count, of those they measure


class MeasurementForm(forms.Form):
    """What was measured, on which day, and what shows it."""

    measured_on = DayField(label=gettext_lazy("As at (day)"))
    value = AmountField(
        label=gettext_lazy("Value"),
        error_messages={"required": gettext_lazy("Enter the value that was measured.")},
    )
    milestone = forms.ChoiceField(
        label=gettext_lazy("How far it is"), choices=Milestone.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how far it is.")},
    )  # fmt: skip
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy(
            "What shows it: a document with its page, a count and who made it. The Board reads it."
        ),
    )  # fmt: skip
    evidence_url = forms.URLField(
        label=gettext_lazy("Address of the evidence"),
        max_length=300,
        required=False,
        assume_scheme="https",
    )

    def __init__(self, *args: Any, indicator: Indicator, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["value" if indicator.unit == MILESTONE else "milestone"]
        if "value" in self.fields and unit:
            self.fields["value"].help_text = _("In %(unit)s.") % {"unit": unit}
        self._counts = indicator.unit in COUNTED

    def clean_value(self) -> Decimal:
        """Followers and countries are counted: half of one is a slip of the hand."""
        value: Decimal = self.cleaned_data["value"]
        if self._counts and value % 1:
            raise forms.ValidationError(forms.IntegerField.default_error_messages["invalid"])
        return value


class OwnerForm(forms.Form):
    """The unit or post that answers for an indicator."""

    name = forms.CharField(
        label=gettext_lazy("Unit or post"), max_length=200,
        help_text=gettext_lazy("A unit or a post, not a person. The Board reads it."),
    )  # fmt: skip


class AreasField(forms.ModelMultipleChoiceField):
    """Countries by code and name, in the order of their codes."""

    def label_from_instance(self, obj: Area) -> str:
        return f"{obj.iso3} · {obj}"


class EconomyListForm(forms.Form):
    """Which countries count as emerging economies, after which document."""

    source = forms.CharField(
        label=gettext_lazy("Document and edition"), max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    dated_on = DayField(
        label=gettext_lazy("Date of the list"),
        help_text=gettext_lazy("The list is in force from this day, until a newer one is."),
    )
    codes = forms.CharField(
        label=gettext_lazy("Codes of the countries"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Paste the three letters of ISO 3166 of each, such as BRA, IND, ZAF; or choose below."
        ),
    )  # fmt: skip
    areas = AreasField(
        Area.objects.none(), label=gettext_lazy("Or choose them"), required=False,
        widget=forms.SelectMultiple(attrs={"size": ROWS_SHOWN}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["areas"].queryset = Area.objects.order_by(by_name())  # type: ignore[attr-defined]
