"""The form that settles a condition of an agreement: met or waived, when, what shows it."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from donors.models import DonorDocument
from income.forms.fields import DayField, ReferenceField, add_error
from income.models import Condition, Ledger, Posting
from income.services.actors import Actors
from income.services.conditions import Settlement, check_settlement, freed_by, settle_condition
from income.vocabulary import Act, ConditionState, ContributionState
from interface.errors import PortalError


class ConditionForm(forms.Form):
    """One condition of a signed agreement."""

    condition = ReferenceField(Condition.objects.none(), widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=gettext_lazy("The condition was"),
        choices=[(s, s.label) for s in (ConditionState.MET, ConditionState.WAIVED)],
        widget=forms.RadioSelect,
        initial=ConditionState.MET,
    )
    settled_on = DayField(label=gettext_lazy("On"))
    evidence = forms.CharField(
        label=gettext_lazy("What shows it"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Such as the letter that says so, with its date."),
    )  # fmt: skip
    document = ReferenceField(
        DonorDocument.objects.none(), label=gettext_lazy("Document of the donor"), required=False,
        to_field_name="uuid",
    )  # fmt: skip
    adjusts = forms.BooleanField(
        label=gettext_lazy("Adjustment: its own month is closed, book it in the present month"),
        required=False,
    )

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today
        rows = Condition.objects.filter(
            contribution__ledger=ledger, contribution__state=ContributionState.SIGNED
        ).select_related("contribution__donor", "instalment")
        self.fields["condition"].queryset = rows  # type: ignore[attr-defined]
        typed = str((self.data if self.is_bound else self.initial).get("condition") or "")
        self.about = rows.filter(pk=typed).first() if typed.isdecimal() else None
        if self.about:
            documents = DonorDocument.objects.filter(donor=self.about.contribution.donor_id)
            self.fields["document"].queryset = documents  # type: ignore[attr-defined]

    @property
    def is_last(self) -> bool:
        """Whether an instalment is owed once this one is settled: then money moves."""
        return bool(self.about and freed_by(self.about))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_settlement(cleaned["condition"], self.settlement(), self.ledger, self.today)
            except PortalError as error:
                add_error(self, error)
        return cleaned

    def settlement(self) -> Settlement:
        """What the service needs, from fields that are valid each for itself."""
        data = self.cleaned_data
        return Settlement(
            state=ConditionState(data["state"]), settled_on=data["settled_on"],
            evidence=data["evidence"], document=data["document"], adjusts=data["adjusts"],
        )  # fmt: skip

    def title_of_draft(self) -> str:
        condition: Condition = self.cleaned_data["condition"]
        contribution = condition.contribution
        state = ConditionState(self.cleaned_data["state"]).label
        return f"{contribution.donor} · {contribution.number} · {condition.text} · {state}"

    def act_of_draft(self) -> Act:
        return Act.SETTLE_CONDITION

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post what is agreed and due from now on."""
        condition = self.cleaned_data["condition"]
        return settle_condition(
            self.ledger, condition, self.settlement(), token=token, today=self.today,
            actors=actors,
        )  # fmt: skip
