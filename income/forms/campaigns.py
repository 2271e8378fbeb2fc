"""Forms of campaigns: the campaign itself, whom it asks, one approach."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.approaches import Group
from income.forms.fields import AmountField, DayField, DonorField, ReferenceField
from income.models import Approach, Campaign, Contribution, Currency
from income.services.campaigns import ApproachFacts, CampaignFacts
from income.vocabulary import Answer, CampaignKind

ONE = "one"
MOST_YEARS = 50


class CampaignForm(forms.Form):
    """A campaign; `version` is that of the row the form was opened with."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CampaignKind.choices)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200,
        help_text=gettext_lazy("Such as “Core contribution letters, spring 2027”."),
    )  # fmt: skip
    starts_on = DayField(label=gettext_lazy("Starts on"))
    ends_on = DayField(label=gettext_lazy("Ends on"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    FACTS = ("kind", "title", "starts_on", "ends_on", "note")

    def facts(self) -> CampaignFacts:
        """What was typed, for the service."""
        return CampaignFacts(**{name: self.cleaned_data[name] for name in self.FACTS})

    @classmethod
    def saved(cls, campaign: Campaign) -> dict[str, Any]:
        """What stands in the row now, as a form's initial values."""
        values = {name: getattr(campaign, name) for name in cls.FACTS}
        return {**values, "version": campaign.version}


class AskForm(forms.Form):
    """One donor or a whole group, and what to ask for."""

    who = forms.ChoiceField(
        label=gettext_lazy("Who is asked"), widget=forms.RadioSelect,
        choices=[(ONE, gettext_lazy("one donor")), *Group.choices],
    )  # fmt: skip
    donor = DonorField(label=gettext_lazy("Donor"), required=False)
    years = forms.IntegerField(
        label=gettext_lazy("The last years, with this one"), required=False, min_value=1,
        max_value=MOST_YEARS, help_text=gettext_lazy("For donors that gave core money."),
    )  # fmt: skip
    amount = AmountField(
        label=gettext_lazy("Amount asked for"), required=False,
        help_text=gettext_lazy("From each donor. It can be changed donor by donor later."),
    )  # fmt: skip
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("who") == ONE and not data.get("donor") and "donor" not in self.errors:
            self.add_error("donor", _("Choose the donor that is asked."))
        if data.get("who") == Group.GAVE_CORE and not data.get("years"):
            self.add_error("years", _("Say how many years to look back."))
        return data

    @property
    def money(self) -> dict[str, Any]:
        """Amount and currency; a currency alone, which the form proposes, asks for nothing."""
        amount = self.cleaned_data["amount"]
        return {"amount": amount, "currency": self.cleaned_data["currency"] if amount else None}


class ApproachForm(forms.Form):
    """When and for how much a donor was asked, and what it answered."""

    asked_on = DayField(label=gettext_lazy("Asked on"), required=False)
    amount = AmountField(label=gettext_lazy("Amount asked for"), required=False)
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency"), required=False)
    answer = forms.ChoiceField(label=gettext_lazy("Answer"), choices=Answer.choices)
    answered_on = DayField(label=gettext_lazy("Answered on"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    FACTS = ("asked_on", "amount", "currency", "answer", "answered_on", "note")

    def facts(self) -> ApproachFacts:
        """What was typed, for the service; a currency without an amount asks for nothing."""
        data = {name: self.cleaned_data[name] for name in self.FACTS}
        if data["amount"] is None:
            data["currency"] = None
        return ApproachFacts(**data)

    @classmethod
    def saved(cls, approach: Approach) -> dict[str, Any]:
        """What stands in the row now, as a form's initial values."""
        return {
            **{name: getattr(approach, name) for name in cls.FACTS},
            "amount": typed_amount(approach),
            "currency": approach.currency_id or "USD",
            "version": approach.version,
        }


def typed_amount(approach: Approach) -> str:
    """The amount as a person would type it, with the decimals of its currency."""
    if approach.amount is None or approach.currency is None:
        return ""
    return f"{approach.amount:.{approach.currency.decimals}f}"


class AttachForm(forms.Form):
    """One of the donor's contributions."""

    contribution = ReferenceField(
        Contribution.objects.none(), label=gettext_lazy("Contribution"), to_field_name="uuid"
    )

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contribution"]
        field.queryset = offered

    def clean_contribution(self) -> Contribution:
        chosen = self.cleaned_data["contribution"]
        if not isinstance(chosen, Contribution):
            raise ValidationError(_("Choose a contribution."))
        return chosen
