"""The form for a payment under a signed agreement."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from income.forms.fields import AmountField, DayField, ReferenceField, add_error
from income.models import Contribution, Currency, Instalment, Ledger, Posting
from income.services import ReceivedMoney, record_receipt
from income.services.actors import Actors
from income.services.receipts import check_receipt
from income.vocabulary import Act, ContributionState
from interface.errors import PortalError


class ReceiptForm(forms.Form):
    """A payment: valid when every rule of `check_receipt` holds."""

    contribution = ReferenceField(
        Contribution.objects.none(), label=gettext_lazy("Agreement"), to_field_name="uuid"
    )
    instalment = ReferenceField(
        Instalment.objects.none(),
        label=gettext_lazy("Instalment"),
        required=False,
        to_field_name="uuid",
    )
    received_on = DayField(label=gettext_lazy("Received on"))
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency paid"), initial="USD")
    amount = AmountField(label=gettext_lazy("Amount received"))
    credited = AmountField(
        label=gettext_lazy("Amount credited, in the agreement's currency"),
        required=False,
        help_text=gettext_lazy("Only where another currency was paid than agreed."),
    )
    bank_charge = AmountField(
        label=gettext_lazy("Bank charge, in the currency paid"), required=False
    )
    year_for = forms.IntegerField(
        label=gettext_lazy("Year the money is for"),
        required=False,
        min_value=1978,
        max_value=2100,
        help_text=gettext_lazy("Empty: the instalment's year, else the year in which it arrived."),
    )
    reference = forms.CharField(label=gettext_lazy("Bank reference"), required=False, max_length=80)

    adjusts = forms.BooleanField(
        label=gettext_lazy("Adjustment: its own month is closed, book it in the present month"),
        required=False,
    )

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today
        agreements = Contribution.objects.in_books(ledger).filter(state=ContributionState.SIGNED)
        self.fields["contribution"].queryset = agreements.select_related(  # type: ignore[attr-defined]
            "donor"
        ).order_by("-signed_on", "-pk")
        self.fields["instalment"].queryset = Instalment.objects.filter(  # type: ignore[attr-defined]
            contribution__ledger=ledger
        )
        self.fields["contribution"].label_from_instance = agreement_label  # type: ignore[attr-defined]
        self.fields["instalment"].label_from_instance = instalment_label  # type: ignore[attr-defined]

    def offer_instalments_of(self, contribution: Contribution) -> None:
        """Offer this agreement only, with its instalments."""
        for name, rows in (
            ("contribution", Contribution.objects.filter(pk=contribution.pk)),
            ("instalment", contribution.instalments.all()),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        contribution, instalment = cleaned["contribution"], cleaned["instalment"]
        if instalment and instalment.contribution_id != contribution.pk:
            self.add_error("instalment", gettext_lazy("This instalment is of another agreement."))
            return cleaned
        try:
            check_receipt(self.money(), contribution, self.ledger, self.today)
        except PortalError as error:
            add_error(self, error)
        return cleaned

    def money(self) -> ReceivedMoney:
        """What the service needs, from fields that are valid each for itself."""
        data = self.cleaned_data
        return ReceivedMoney(
            currency=data["currency"], amount=data["amount"], received_on=data["received_on"],
            year_for=data["year_for"], credited=data["credited"],
            bank_charge=data["bank_charge"], bank_reference=data["reference"],
            instalment=data["instalment"], adjusts=data["adjusts"],
        )  # fmt: skip

    def title_of_draft(self) -> str:
        data = self.cleaned_data
        donor = data["contribution"].donor
        return f"{donor} · {data['amount']:,} {data['currency']} · {data['contribution'].title}"

    def act_of_draft(self) -> Act:
        return Act.RECORD_RECEIPT

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        return record_receipt(
            self.ledger, self.cleaned_data["contribution"], self.money(), token=token,
            today=self.today, actors=actors,
        )  # fmt: skip


def agreement_label(contribution: Contribution) -> str:
    """How an agreement stands in a list to choose from."""
    return (
        f"{contribution.donor.name} · {contribution.number} · {contribution.title} · "
        f"{contribution.amount.normalize():,f} {contribution.currency_id}"
    )


def instalment_label(instalment: Instalment) -> str:
    """How an instalment stands in a list to choose from."""
    return f"{instalment.number} · {instalment.due_on} · {instalment.amount.normalize():,f}"
