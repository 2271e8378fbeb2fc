"""The form for a new API key."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.api_keys import LONGEST_DAYS, may_write
from accounts.models import Scope, User

USUAL_DAYS = 90


class ApiKeyForm(forms.Form):
    """What the key is for, what it may do, until when."""

    name = forms.CharField(
        label=gettext_lazy("What uses it"), max_length=80,
        help_text=gettext_lazy("Such as “Monthly figures for the web site”."),
    )  # fmt: skip
    scope = forms.ChoiceField(label=gettext_lazy("What it may do"), choices=Scope.choices)
    expires_on = forms.DateField(
        label=gettext_lazy("Works until"),
        help_text=gettext_lazy("This day included; a year from today at the latest."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, data: Any = None, *, user: User, today: datetime.date) -> None:
        usual = {"expires_on": today + datetime.timedelta(days=USUAL_DAYS), "scope": Scope.READ}
        super().__init__(data, initial=usual)
        if not may_write(user):
            self.fields["scope"].choices = [  # type: ignore[attr-defined]
                (Scope.READ.value, Scope.READ.label)
            ]
        last = today + datetime.timedelta(days=LONGEST_DAYS)
        self.fields["expires_on"].widget.attrs |= {
            "min": today.isoformat(), "max": last.isoformat()
        }  # fmt: skip
