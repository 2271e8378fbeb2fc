"""The form for money that goes back to the donor."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from income.forms.fields import AmountField, DayField, ReferenceField, add_error
from income.forms.late import LateForm
from income.forms.payment import MOST_DOCUMENT
from income.forms.receipt import agreement_label
from income.models import Contribution, Currency, Ledger, Posting
from income.services import return_money
from income.services.actors import Actors
from income.services.returns import OPEN_TO_RETURNS, MovedMoney, check_moved
from income.vocabulary import Act, Reason
from interface.errors import PortalError


class MovedMoneyForm(LateForm):
    """Money that leaves an agreement."""

    contribution = ReferenceField(
        Contribution.objects.none(), label=gettext_lazy("Agreement"), to_field_name="uuid"
    )
    amount = AmountField(label=gettext_lazy("Amount"))
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency"), initial="USD")
    moved_on = DayField(label=gettext_lazy("Value date"))
    document_reference = forms.CharField(
        label=gettext_lazy("Document that says so"), max_length=80,
        help_text=gettext_lazy("Such as the donor's letter or the final financial statement."),
    )  # fmt: skip
    document = forms.CharField(
        label=gettext_lazy("ERP document number"), required=False, max_length=MOST_DOCUMENT
    )
    agreement_fields: tuple[str, ...] = ("contribution",)

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today
        rows = Contribution.objects.in_books(ledger).filter(state__in=OPEN_TO_RETURNS)
        for name in self.agreement_fields:
            field: Any = self.fields[name]
            field.queryset = rows.select_related("donor").order_by("-signed_on", "-pk")
            field.label_from_instance = agreement_label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_moved(self.money(), cleaned["contribution"], self.ledger, self.today)
            except PortalError as error:
                add_error(self, error)
        return cleaned

    def money(self) -> MovedMoney:
        """What the service needs, from fields that are valid each for itself."""
        data = self.cleaned_data
        return MovedMoney(
            currency=data["currency"], amount=data["amount"], moved_on=data["moved_on"],
            document_reference=data["document_reference"], document=data["document"],
            reason=Reason(data.get("reason") or Reason.TRANSFER), adjusts=data["adjusts"],
        )  # fmt: skip

    def title_of_draft(self) -> str:
        data = self.cleaned_data
        donor, what = data["contribution"].donor, self.act_of_draft().label
        return f"{donor} · {data['amount']:,} {data['currency']} · {what}"

    def act_of_draft(self) -> Act:
        raise NotImplementedError


class ReturnForm(MovedMoneyForm):
    """A refund of unspent balance, or interest returned."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why it goes back"),
        choices=[(reason.value, reason.label) for reason in (Reason.REFUND, Reason.INTEREST)],
        widget=forms.RadioSelect, initial=Reason.REFUND,
    )  # fmt: skip
    field_order: tuple[str, ...] = ("contribution", "reason", "amount", "currency", "moved_on")

    def act_of_draft(self) -> Act:
        return Act.RETURN_MONEY

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        return return_money(
            self.ledger, self.cleaned_data["contribution"], self.money(), token=token,
            today=self.today, actors=self.with_reason(actors),
        )  # fmt: skip
