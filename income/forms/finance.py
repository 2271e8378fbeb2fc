"""The form for money that finance reports and no donor sends: allotments, programme support."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from income.forms.fields import AmountField, DayField, add_error
from income.models import Currency, Ledger, Posting
from income.money import USD
from income.rules import check_amount, check_past_day, month_to_book_in
from income.services import record_allotment, record_support_income
from income.services.actors import Actors
from income.vocabulary import Act
from interface.errors import PortalError


class FinanceForm(forms.Form):
    """US dollars given by the General Assembly, or earned as programme support."""

    act = forms.ChoiceField(
        label=gettext_lazy("What finance reports"),
        choices=[
            (Act.RECORD_ALLOTMENT, gettext_lazy("An allotment of the regular budget")),
            (Act.RECORD_SUPPORT, gettext_lazy("Programme support income, as earned")),
        ],
        widget=forms.RadioSelect,
        initial=Act.RECORD_ALLOTMENT,
    )
    amount = AmountField(label=gettext_lazy("Amount in US dollars"))
    received_on = DayField(label=gettext_lazy("On"))
    title = forms.CharField(label=gettext_lazy("Document or note"), max_length=300)

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_amount(cleaned["amount"], Currency.objects.get(code=USD))
                check_past_day(cleaned["received_on"], self.today, field="received_on")
                month_to_book_in(
                    self.ledger, cleaned["received_on"], self.today, field="received_on"
                )
            except PortalError as error:
                add_error(self, error)
        return cleaned

    def title_of_draft(self) -> str:
        data = self.cleaned_data
        return f"{self.act_of_draft().label} · {data['amount']:,} USD · {data['title']}"

    def act_of_draft(self) -> Act:
        return Act(self.cleaned_data["act"])

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        data = self.cleaned_data
        if self.act_of_draft() == Act.RECORD_ALLOTMENT:
            return record_allotment(
                self.ledger, amount_usd=data["amount"], allotted_on=data["received_on"],
                note=data["title"], token=token, today=self.today, actors=actors,
            )  # fmt: skip
        return record_support_income(
            self.ledger, amount_usd=data["amount"], earned_on=data["received_on"],
            note=data["title"], token=token, today=self.today, actors=actors,
        )  # fmt: skip
