"""What the forms of payments have in common: levies, references, the question of a duplicate."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from income.duplicates import Duplicate, Payment, duplicates_of
from income.forms.fields import AmountField, DayField, ReferenceField
from income.forms.late import LateForm
from income.models import Currency, Instalment, Ledger, ParkedReceipt
from interface import formatting

MOST_DOCUMENT = 60


class SeveralBoxes(forms.CheckboxSelectMultiple):
    """Boxes to tick; a draft keeps the ticked ones as one text, with commas."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return values_of(super().value_from_datadict(data, files, name))


def values_of(typed: Any) -> list[str]:
    """The ticked values, from a browser's list or a draft's text."""
    texts = [typed] if isinstance(typed, str) else typed or []
    return [value for text in texts for value in str(text).split(",") if value]


class InstalmentsField(forms.ModelMultipleChoiceField):
    """Instalments of an agreement, none to all of them."""

    widget = SeveralBoxes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Instalment.objects.none(), to_field_name="uuid", **kwargs)
        self.error_messages["invalid_choice"] = gettext_lazy(
            "“%(value)s” is not known here. Choose one of the list."
        )

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(values_of(value) if isinstance(value, str) else value)

    def label_from_instance(self, obj: Any) -> str:
        return instalment_label(obj)


def instalment_label(instalment: Instalment) -> str:
    """How an instalment stands in a list to choose from."""
    day = formatting.format_date(instalment.due_on)
    return f"{instalment.number} · {day} · {formatting.format_exact(instalment.amount.normalize())}"


class PaymentForm(LateForm):
    """A payment that arrived on the bank account."""

    ledger: Ledger
    token: str | None = None  # of the page that it is typed in; none when a draft is checked again
    duplicates: Sequence[Duplicate] = ()

    received_on = DayField(label=gettext_lazy("Received on"))
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency paid"), initial="USD")
    amount = AmountField(label=gettext_lazy("Amount received"))
    bank_charge = AmountField(
        label=gettext_lazy("Bank charge, in the currency paid"), required=False
    )
    year_for = forms.IntegerField(
        label=gettext_lazy("Year the money is for"), required=False, min_value=1978,
        max_value=2100, help_text=gettext_lazy("Empty: the year in which it arrived."),
    )  # fmt: skip
    reference = forms.CharField(label=gettext_lazy("Bank reference"), required=False, max_length=80)
    document = forms.CharField(
        label=gettext_lazy("ERP document number"), required=False, max_length=MOST_DOCUMENT
    )
    is_another = forms.BooleanField(label=gettext_lazy("This is another payment"), required=False)
    parked = ReferenceField(
        ParkedReceipt.objects.none(), label=gettext_lazy("Unidentified money"), required=False,
        to_field_name="uuid", widget=forms.HiddenInput,
    )  # fmt: skip

    def offer_parked(self) -> None:
        """Unidentified money of the books; the service says whether it can still be matched."""
        rows = ParkedReceipt.objects.filter(ledger=self.ledger)
        self.fields["parked"].queryset = rows  # type: ignore[attr-defined]

    def check_duplicates(self, payment: Payment) -> None:
        """Ask whether it is the same payment, where another one looks like it."""
        self.duplicates = duplicates_of(payment, self.ledger, token=self.token)
        if self.duplicates and not self.cleaned_data["is_another"]:
            self.add_error(
                "is_another",
                gettext_lazy(
                    "It looks like a payment that was entered before, listed on this page. If it "
                    "is another one, say so."
                ),
            )
