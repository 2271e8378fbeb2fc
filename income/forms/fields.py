"""Form fields for money, donors and days, as people type them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.models import Donor
from interface.errors import PortalError
from interface.formatting import joined

GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
PLAIN = re.compile(r"-?\d+(\.\d*)?")
SPACES = str.maketrans("", "", " \u00a0\u202f\u2009")


class AmountField(forms.CharField):
    """An amount with a decimal point; commas or spaces may group thousands.

    `19.234,56` and other ambiguous spellings are refused with a sentence, never guessed.
    """

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), "max_length": 40, **kwargs})

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value).translate(SPACES)
        if not typed:
            return None
        if not (GROUPED.fullmatch(typed) or PLAIN.fullmatch(typed)) or not typed.isascii():
            raise ValidationError(
                _(
                    "“%(typed)s” is not an amount. Write it with a decimal point, "
                    "such as 1,250,000.50."
                ),
                params={"typed": value},
            )
        return Decimal(typed.replace(",", ""))


class DonorField(forms.CharField):
    """A donor by any of its names in any language, or by its code."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "donor-names", "autocomplete": "off", "autocapitalize": "off"}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), "max_length": 300, **kwargs})

    def clean(self, value: Any) -> Donor | None:
        typed = super().clean(value)
        if not typed:
            return None
        standing = Donor.objects.standing()
        found = list(standing.filter(code__iexact=typed)) or list(standing.called(typed)[:6])
        if len(found) == 1:
            return found[0]
        near = found or list(standing.named_like(typed)[:5])
        if near:
            raise ValidationError(
                _("“%(typed)s” could be one of: %(names)s. Choose one."),
                params={"typed": typed, "names": joined([d.name for d in near], ";")},
            )
        raise ValidationError(
            _("No donor is called “%(typed)s”. Add the donor first, or check the spelling."),
            params={"typed": typed},
        )


class DayField(forms.DateField):
    """A day, from the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d", "%d.%m.%Y"], **kwargs})


class ReferenceField(forms.ModelChoiceField):
    """A row of a reference table; an unknown one is named in the sentence."""

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.error_messages["invalid_choice"] = gettext_lazy(
            "“%(value)s” is not known here. Choose one of the list."
        )


def add_error(form: forms.Form, error: PortalError) -> None:
    """Show a rule's sentence beside the field it names, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, error.sentence)
