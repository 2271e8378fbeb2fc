"""The forms for money that nobody can name yet."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from income.forms.fields import AmountField, DayField, ReferenceField, add_error
from income.models import Currency
from income.services.parked import UnidentifiedMoney, check_unidentified
from interface.errors import PortalError


class ParkedForm(forms.Form):
    """What the bank's statement tells."""

    received_on = DayField(label=gettext_lazy("Received on"))
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency"), initial="USD")
    amount = AmountField(label=gettext_lazy("Amount on the bank's statement"))
    payer = forms.CharField(
        label=gettext_lazy("Payer, as the bank wrote it"), required=False, max_length=200
    )
    bank_reference = forms.CharField(
        label=gettext_lazy("Bank reference"), required=False, max_length=80
    )
    note = forms.CharField(
        label=gettext_lazy("Who was asked, what is supposed"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_unidentified(self.money(), self.today)
            except PortalError as error:
                add_error(self, error)
        return cleaned

    def money(self) -> UnidentifiedMoney:
        """What the service needs."""
        data = self.cleaned_data
        return UnidentifiedMoney(
            currency=data["currency"], amount=data["amount"], received_on=data["received_on"],
            payer=data["payer"], bank_reference=data["bank_reference"], note=data["note"],
        )  # fmt: skip


class SendBackForm(forms.Form):
    """The bank sent the money back to where it came from."""

    sent_on = DayField(label=gettext_lazy("Sent back on"))
    because = forms.CharField(label=gettext_lazy("Why it goes back"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)
