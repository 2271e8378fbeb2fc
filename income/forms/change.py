"""What the forms that change an agreement have in common: which one, when, why, on whose word."""

import datetime
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.forms.fields import DayField, ReferenceField, add_error
from income.models import Contribution, Ledger
from income.services.changes import Ground
from income.vocabulary import ContributionState
from interface.errors import PortalError


class ChangeForm(forms.Form):
    """A change of one contribution of the books; `check` asks the rules of the act."""

    states: tuple[str, ...] = (ContributionState.SIGNED,)

    contribution = ReferenceField(
        Contribution.objects.none(), label=gettext_lazy("Contribution"), to_field_name="uuid",
        widget=forms.HiddenInput,
    )  # fmt: skip
    agreed_on = DayField(label=gettext_lazy("Agreed on"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    document_reference = forms.CharField(
        label=gettext_lazy("Document"), required=False, max_length=120,
        help_text=gettext_lazy("Number or date of the letter or decision."),
    )  # fmt: skip
    adjusts = forms.BooleanField(
        label=gettext_lazy("Adjustment: its own month is closed, book it in the present month"),
        required=False,
    )

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today
        self.fields["contribution"].queryset = Contribution.objects.in_books(  # type: ignore[attr-defined]
            ledger
        ).select_related("donor", "currency", "ledger")
        self.agreement = named_contribution(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        contribution = cleaned["contribution"]
        if contribution.state not in self.states:
            self.add_error(
                None,
                _("%(number)s is %(state)s: this cannot be done with it any more.")
                % {
                    "number": contribution.number,
                    "state": contribution.get_state_display(),
                },
            )
            return cleaned
        try:
            self.check()
        except PortalError as error:
            add_error(self, error)
        return cleaned

    def check(self) -> None:
        """Raise the error of the act's own rules."""
        raise NotImplementedError

    def ground(self) -> Ground:
        """Why and on whose authority, from fields that are valid each for itself."""
        data = self.cleaned_data
        return Ground(
            agreed_on=data["agreed_on"], reason=data["reason"], adjusts=data["adjusts"],
            authority=data.get("authority", ""), document_reference=data["document_reference"],
        )  # fmt: skip

    def titled(self, what: str) -> str:
        """One line for the list of drafts."""
        contribution = self.cleaned_data["contribution"]
        return f"{contribution.donor} · {contribution.number} · {what}"


def named_contribution(form: forms.Form) -> Contribution | None:
    """The contribution that a form is about, before anything is checked."""
    typed = form.data.get("contribution") if form.is_bound else form.initial.get("contribution")
    try:
        wanted = uuid.UUID(str(typed))
    except ValueError:
        return None
    rows: Any = form.fields["contribution"]
    found: Contribution | None = rows.queryset.filter(uuid=wanted).first()
    return found
