"""The form of an order."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from donors.relation_forms import DayInput
from reports.bulk.ordering import ORDERABLE

SEPARATORS = re.compile(r"[\s,;]+")


class OrderForm(forms.Form):
    """Which report, of which time, in which languages, for whom."""

    type = forms.ChoiceField(
        label=gettext_lazy("Report"), choices=[(one.value, one.label) for one in ORDERABLE]
    )
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    until_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput())
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    donors = forms.CharField(
        label=gettext_lazy("Codes of donors"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "For example SWE, NOR. Left empty, every donor with entries in the period gets one."
        ),
    )  # fmt: skip

    def clean_donors(self) -> list[str]:
        typed: str = self.cleaned_data["donors"]
        return [code for code in SEPARATORS.split(typed.upper()) if code]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"from_on", "until_on"} <= data.keys() and data["until_on"] < data["from_on"]:
            self.add_error("until_on", gettext_lazy("The last day lies before the first."))
        return data
