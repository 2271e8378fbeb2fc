"""The form for money that comes without an agreement, such as a core contribution."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from income.forms.contribution import contributed_funds
from income.forms.fields import AmountField, DayField, DonorField, ReferenceField, add_error
from income.models import Currency, EarmarkingStep, Ledger, Posting
from income.rules import STANDARD_SUPPORT_RATE, carries_support
from income.services import PromisedContribution, ReceivedMoney, record_gift
from income.services.actors import Actors
from income.services.agreements import check_promise
from income.services.receipts import check_receipt
from income.vocabulary import Act
from interface.errors import PortalError


class GiftForm(forms.Form):
    """Agreement, due and receipt in one act."""

    donor = DonorField(label=gettext_lazy("Donor"))
    fund = ReferenceField(contributed_funds(), label=gettext_lazy("Fund"), initial="FNE")
    title = forms.CharField(
        label=gettext_lazy("Purpose"), max_length=300, initial=gettext_lazy("Core contribution")
    )
    received_on = DayField(label=gettext_lazy("Received on"))
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency paid"), initial="USD")
    amount = AmountField(label=gettext_lazy("Amount received"))
    bank_charge = AmountField(
        label=gettext_lazy("Bank charge, in the currency paid"), required=False
    )
    year_for = forms.IntegerField(
        label=gettext_lazy("Year the money is for"),
        required=False,
        min_value=1978,
        max_value=2100,
        help_text=gettext_lazy("Empty: the year in which it arrived."),
    )
    reference = forms.CharField(label=gettext_lazy("Bank reference"), required=False, max_length=80)

    adjusts = forms.BooleanField(
        label=gettext_lazy("Adjustment: its own month is closed, book it in the present month"),
        required=False,
    )

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_receipt(self.money(), None, self.ledger, self.today)
                check_promise(self.promise(), self.ledger, self.today)
            except PortalError as error:
                add_error(self, error)
        return cleaned

    def promise(self) -> PromisedContribution:
        """The gift as a promise that is kept on the same day."""
        data = self.cleaned_data
        supported = carries_support(data["fund"])
        return PromisedContribution(
            amount=self.money().settles, year_for=data["year_for"], adjusts=data["adjusts"],
            donor=data["donor"], fund=data["fund"], title=data["title"],
            currency=data["currency"], promised_on=data["received_on"],
            support_rate=STANDARD_SUPPORT_RATE if supported else None,
            earmarking=None if supported else EarmarkingStep.objects.get(code="unearmarked"),
        )  # fmt: skip

    def money(self) -> ReceivedMoney:
        """The gift as a payment."""
        data = self.cleaned_data
        return ReceivedMoney(
            currency=data["currency"], amount=data["amount"], received_on=data["received_on"],
            year_for=data["year_for"], bank_charge=data["bank_charge"],
            bank_reference=data["reference"], adjusts=data["adjusts"],
        )  # fmt: skip

    def title_of_draft(self) -> str:
        data = self.cleaned_data
        return f"{data['donor']} · {data['amount']:,} {data['currency']} · {data['title']}"

    def act_of_draft(self) -> Act:
        return Act.RECORD_GIFT

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        return record_gift(
            self.ledger, self.promise(), self.money(), token=token, today=self.today, actors=actors
        )
