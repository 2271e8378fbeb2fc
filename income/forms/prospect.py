"""The forms of what moves no money: a prospect, giving it up, an extension, closing."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from donors.models import Region
from income.forms.contribution import contributed_funds
from income.forms.fields import AmountField, DayField, DonorField, ReferenceField, add_error
from income.models import Approach, Contribution, Currency, Programme
from income.services.changes import Ground
from income.services.prospects import Prospect, check_prospect
from interface.errors import PortalError


class ProspectForm(forms.Form):
    """What may come: how much, how likely, on about which day."""

    donor = DonorField(label=gettext_lazy("Donor"))
    title = forms.CharField(label=gettext_lazy("Purpose"), max_length=300)
    fund = ReferenceField(contributed_funds(), label=gettext_lazy("Fund"))
    amount = AmountField(label=gettext_lazy("Amount"))
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency"), initial="USD")
    probability = forms.IntegerField(
        label=gettext_lazy("Probability, per cent"), min_value=0, max_value=100
    )
    expected_on = DayField(label=gettext_lazy("Expected on about"))
    programme = ReferenceField(Programme.objects, label=gettext_lazy("Programme"), required=False)
    region = ReferenceField(Region.objects, label=gettext_lazy("Region"), required=False)
    approach = ReferenceField(
        Approach.objects, required=False, to_field_name="uuid", widget=forms.HiddenInput
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_prospect(self.prospect(), self.today)
            except PortalError as error:
                add_error(self, error)
        return cleaned

    def prospect(self) -> Prospect:
        """What the service needs, from fields that are valid each for itself."""
        names = ("donor", "fund", "title", "currency", "amount", "probability", "expected_on",
                 "programme", "region", "approach")  # fmt: skip
        return Prospect(**{name: self.cleaned_data[name] for name in names})


def prospect_initial(prospect: Contribution) -> dict[str, Any]:
    """A prospect as the form shows it."""
    return {
        "donor": prospect.donor.code, "title": prospect.title, "fund": prospect.fund_id,
        "amount": f"{prospect.amount.normalize():f}", "currency": prospect.currency_id,
        "probability": prospect.probability,
        "expected_on": prospect.expected_on and prospect.expected_on.isoformat(),
        "programme": prospect.programme_id, "region": prospect.region_id,
        "version": prospect.version,
    }  # fmt: skip


class BecauseForm(forms.Form):
    """Why something ends that moves no money."""

    because = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExtensionForm(forms.Form):
    """A later end without more money."""

    ends_on = DayField(label=gettext_lazy("New end of the agreement"))
    agreed_on = DayField(label=gettext_lazy("Agreed on"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    document_reference = forms.CharField(
        label=gettext_lazy("Document"), required=False, max_length=120
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def ground(self) -> Ground:
        """Why and by which document."""
        data = self.cleaned_data
        return Ground(
            data["agreed_on"], data["reason"], document_reference=data["document_reference"]
        )


def extension_saved(agreement: Contribution) -> dict[str, Any]:
    """The end that stands now, with the words of the newest change, as the form names them."""
    last = agreement.amendments.order_by("-number").first()
    return {
        "ends_on": agreement.ends_on and agreement.ends_on.isoformat(),
        "agreed_on": last and last.agreed_on.isoformat(), "reason": last.reason if last else "",
        "document_reference": last.document_reference if last else "",
    }  # fmt: skip
