"""The form for money that comes without an agreement, such as a core contribution."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from income.duplicates import Payment
from income.forms.contribution import contributed_funds
from income.forms.fields import DonorField, ReferenceField, add_error
from income.forms.payment import PaymentForm
from income.models import EarmarkingStep, Ledger, Posting
from income.rules import STANDARD_SUPPORT_RATE, carries_support
from income.services import PromisedContribution, ReceivedMoney, record_gift
from income.services.actors import Actors
from income.services.agreements import check_promise
from income.services.receipts import check_receipt
from income.vocabulary import Act
from interface.errors import PortalError


class GiftForm(PaymentForm):
    """Agreement, due and receipt in one act."""

    donor = DonorField(label=gettext_lazy("Donor"))
    fund = ReferenceField(contributed_funds(), label=gettext_lazy("Fund"), initial="FNE")
    title = forms.CharField(
        label=gettext_lazy("Purpose"), max_length=300, initial=gettext_lazy("Core contribution")
    )
    field_order: tuple[str, ...] = (
        "donor", "fund", "title", "amount", "currency", "received_on", "reference", "document",
        "bank_charge", "year_for", "adjusts", "adjusts_because", "is_another", "parked",
    )  # fmt: skip

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today
        self.offer_parked()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            check_receipt(self.money(), None, self.ledger, self.today)
            check_promise(self.promise(), self.ledger, self.today)
        except PortalError as error:
            add_error(self, error)
        else:
            self.check_duplicates(self._payment())
        return cleaned

    def _payment(self) -> Payment:
        data = self.cleaned_data
        return Payment(
            donor=data["donor"], currency=data["currency"].code, amount=self.money().amount,
            received_on=data["received_on"], bank_reference=data["reference"],
        )  # fmt: skip

    def promise(self) -> PromisedContribution:
        """The gift as a promise that is kept on the same day."""
        data = self.cleaned_data
        supported = carries_support(data["fund"])
        return PromisedContribution(
            amount=self.money().settles, year_for=self.promised_year(), adjusts=data["adjusts"],
            donor=data["donor"], fund=data["fund"], title=self.purpose()[:300],
            currency=data["currency"], promised_on=data["received_on"],
            support_rate=STANDARD_SUPPORT_RATE if supported else None,
            earmarking=None if supported else EarmarkingStep.objects.get(code="unearmarked"),
        )  # fmt: skip

    def money(self) -> ReceivedMoney:
        """The gift as a payment."""
        return self.money_of(self.cleaned_data)

    def money_of(self, data: dict[str, Any]) -> ReceivedMoney:
        """A payment from these values of the fields."""
        return ReceivedMoney(
            currency=data["currency"], amount=data["amount"], received_on=data["received_on"],
            year_for=data["year_for"], bank_charge=data["bank_charge"],
            bank_reference=data["reference"], adjusts=data["adjusts"],
            document=data["document"], parked=data["parked"],
        )  # fmt: skip

    def purpose(self) -> str:
        """What the money is for, in one line."""
        return str(self.cleaned_data["title"])

    def promised_year(self) -> int | None:
        """The year the money is for, as far as somebody said."""
        year: int | None = self.cleaned_data["year_for"]
        return year

    def title_of_draft(self) -> str:
        data = self.cleaned_data
        return f"{data['donor']} · {data['amount']:,} {data['currency']} · {self.purpose()}"

    def act_of_draft(self) -> Act:
        return Act.RECORD_GIFT

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        return record_gift(
            self.ledger, self.promise(), self.money(), token=token, today=self.today,
            actors=self.with_reason(actors),
        )  # fmt: skip
