"""The form by which two rows of one donor are made one."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from donors.forms import standing_donor
from donors.merging import check_merge
from donors.models import Donor
from donors.services import LONGEST_NAME
from interface.errors import PortalError


class MergeForm(forms.Form):
    """Which donor is kept, and why the two are one."""

    kept = forms.CharField(
        label=gettext_lazy("Keep this donor"), max_length=LONGEST_NAME,
        help_text=gettext_lazy("By name or code. The other one's names and identifiers find it."),
        widget=forms.TextInput(attrs={"list": "donor-names", "autocomplete": "off"}),
    )  # fmt: skip
    because = forms.CharField(
        label=gettext_lazy("Why the two are one donor"), max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, gone: Donor, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gone, self.today = gone, today

    def clean_kept(self) -> Donor:
        kept = standing_donor(self.cleaned_data["kept"])
        try:
            check_merge(self.gone, kept, self.today)
        except PortalError as error:
            raise forms.ValidationError(error.sentence) from error
        return kept

    @property
    def chosen(self) -> Donor | None:
        """The donor to keep, once it is known and may be merged with."""
        if not self.is_bound:
            return None
        self.full_clean()
        return self.cleaned_data.get("kept")
