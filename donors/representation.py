"""Who speaks for which donor: binding a person's account to a donor, and ending it."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Role
from accounts.services import record
from donors.models import Donor, Representation


class RepresentationForm(forms.Form):
    """A representative's account, a donor, and from when until when."""

    user = forms.ModelChoiceField(
        User.objects.filter(role=Role.REPRESENTATIVE, is_active=True).order_by("name"),
        label=gettext_lazy("Representative"),
    )
    donor = forms.ModelChoiceField(
        Donor.objects.standing().order_by("code"), label=gettext_lazy("Donor")
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until (that day no longer)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("The end lies before the beginning."))
        user, donor = cleaned.get("user"), cleaned.get("donor")
        if user and donor and Representation.objects.filter(user=user, donor=donor).exists():
            raise ValidationError(
                _("%(name)s is bound to %(donor)s already. End that first.")
                % {"name": user.name, "donor": donor.name}
            )
        return cleaned


@transaction.atomic
def bind(
    user: User, donor: Donor, *, starts_on: datetime.date, ends_on: datetime.date | None, by: User
) -> Representation:
    """Let a representative see one donor's file from a day on."""
    bound = Representation.objects.create(
        user=user, donor=donor, starts_on=starts_on, ends_on=ends_on
    )
    after = {"user": str(user.uuid), "donor": donor.code, "starts_on": starts_on.isoformat()}
    record("bind_representative", bound, by=by, after=after)
    return bound


@transaction.atomic
def unbind(bound: Representation, *, by: User) -> None:
    """End a representation at once; the audit trail keeps that it was."""
    before = {"user": str(bound.user.uuid), "donor": bound.donor.code}
    record("unbind_representative", bound, by=by, before=before)
    bound.delete()
