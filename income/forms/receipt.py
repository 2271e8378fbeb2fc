"""The form for a payment under a signed agreement."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.balances import InstalmentState, instalment_states
from income.duplicates import Payment
from income.forms.fields import AmountField, ReferenceField, add_error
from income.forms.payment import InstalmentsField, PaymentForm, instalment_label
from income.models import Contribution, Instalment, Ledger, Posting
from income.services import ReceivedMoney, record_receipt
from income.services.actors import Actors
from income.services.receipts import check_receipt
from income.vocabulary import Act, ContributionState, Mode
from interface.errors import PortalError
from interface.formatting import format_exact


class ReceiptForm(PaymentForm):
    """A payment: valid when every rule of `check_receipt` holds."""

    contribution = ReferenceField(
        Contribution.objects.none(), label=gettext_lazy("Agreement"), to_field_name="uuid"
    )
    instalment = InstalmentsField(
        label=gettext_lazy("Instalments that it settles"),
        required=False,
        help_text=gettext_lazy("None ticked: the open ones, oldest first."),
    )
    unmatched = forms.BooleanField(
        label=gettext_lazy("It settles no instalment: more is paid than is due"), required=False
    )
    credited = AmountField(
        label=gettext_lazy("Amount credited, in the agreement's currency"),
        required=False,
        help_text=gettext_lazy("Only where another currency was paid than agreed."),
    )
    leave_open = forms.BooleanField(
        label=gettext_lazy("Leave the difference open, also where it is within the tolerance"),
        required=False,
    )
    coordination_levy = AmountField(
        label=gettext_lazy("Coordination levy that came beside it"),
        required=False,
        help_text=gettext_lazy("Not inside the amount received. It passes through: no income."),
    )
    agent_fee = AmountField(
        label=gettext_lazy("Administrative agent's fee that came beside it"),
        required=False,
        help_text=gettext_lazy("Not inside the amount received. It passes through: no income."),
    )
    field_order = (
        "contribution", "instalment", "unmatched", "amount", "currency", "received_on",
        "reference", "document", "credited", "bank_charge", "leave_open", "coordination_levy",
        "agent_fee", "year_for", "adjusts", "adjusts_because", "is_another", "parked",
    )  # fmt: skip

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today
        self.fields["year_for"].help_text = gettext_lazy(
            "Empty: the instalment's year, else the year in which it arrived."
        )
        self.offer_parked()
        agreements = Contribution.objects.in_books(ledger).filter(state=ContributionState.SIGNED)
        self.offer_agreements(agreements.order_by("-signed_on", "-pk"))
        self.fields["contribution"].label_from_instance = agreement_label  # type: ignore[attr-defined]
        self.chosen = self._chosen(agreements)
        self._offer_instalments(instalment_states(self.chosen) if self.chosen else ())

    def offer_agreements(self, agreements: Any) -> None:
        """Offer these agreements only."""
        self.fields["contribution"].queryset = agreements.select_related(  # type: ignore[attr-defined]
            "donor", "currency"
        )

    def _chosen(self, agreements: Any) -> Contribution | None:
        """The agreement that the form is about, as far as it is typed."""
        typed = self.data.get("contribution") if self.is_bound else self.initial.get("contribution")
        try:
            found: Contribution | None = agreements.filter(uuid=typed).first() if typed else None
        except ValidationError:  # not a UUID
            return None
        return found

    def _offer_instalments(self, states: Iterable[InstalmentState]) -> None:
        field: Any = self.fields["instalment"]
        labels = {state.instalment.pk: state_label(state) for state in states}
        field.queryset = Instalment.objects.filter(pk__in=labels)
        field.label_from_instance = lambda row: labels[row.pk]
        if self.chosen and self.chosen.mode != Mode.CASH:
            self.fields["amount"].label = _("Value delivered")
            self.fields["received_on"].label = _("Delivered on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            check_receipt(self.money(), cleaned["contribution"], self.ledger, self.today)
        except PortalError as error:
            add_error(self, error)
        else:
            self.check_duplicates(self._payment())
        return cleaned

    def _payment(self) -> Payment:
        data = self.cleaned_data
        return Payment(
            donor=data["contribution"].donor, currency=data["currency"].code,
            amount=data["amount"], received_on=data["received_on"],
            bank_reference=data["reference"],
        )  # fmt: skip

    def money(self) -> ReceivedMoney:
        """What the service needs, from fields that are valid each for itself."""
        data = self.cleaned_data
        return ReceivedMoney(
            currency=data["currency"], amount=data["amount"], received_on=data["received_on"],
            year_for=data["year_for"], credited=data["credited"],
            bank_charge=data["bank_charge"], bank_reference=data["reference"],
            instalments=tuple(data["instalment"]), automatic=not data["unmatched"],
            leave_open=data["leave_open"], coordination_levy=data["coordination_levy"],
            agent_fee=data["agent_fee"], document=data["document"], parked=data["parked"],
            adjusts=data["adjusts"],
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
            today=self.today, actors=self.with_reason(actors),
        )  # fmt: skip


def agreement_label(contribution: Contribution) -> str:
    """How an agreement stands in a list to choose from."""
    return (
        f"{contribution.donor.name} · {contribution.number} · {contribution.title} · "
        f"{format_exact(contribution.amount.normalize())} {contribution.currency_id}"
    )


def state_label(state: InstalmentState) -> str:
    """How an instalment stands in a list to choose from, with what is still open."""
    label = instalment_label(state.instalment)
    if state.outstanding:
        open_ = format_exact(state.outstanding.normalize())
        return f"{label} · " + _("%(amount)s open") % {"amount": open_}
    return label + " · " + (_("conditional") if state.is_conditional else _("settled"))
