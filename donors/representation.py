"""Who speaks for which donor: binding a person's account to a donor, until when, and ending it."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission, Role
from accounts.services import record
from donors.models import Donor, Representation
from interface.errors import PortalError

MAY_END = (Permission.INVITE_REPRESENTATIVES, Permission.MANAGE_ACCOUNTS)


class AccessWrong(PortalError):
    """The end of a person's access cannot be set as it was asked."""


class AccessForm(forms.Form):
    """From which day on a person no longer sees a donor's file."""

    ends_on = forms.DateField(
        label=gettext_lazy("Access ends on (that day no longer)"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Today ends it at once. Empty: until further notice."),
    )  # fmt: skip
    was = forms.DateField(required=False, widget=forms.HiddenInput())  # the end that was shown


class RepresentationForm(forms.Form):
    """A representative's account, a donor, and from when until when."""

    user = forms.ModelChoiceField(
        User.objects.filter(role=Role.REPRESENTATIVE, is_active=True).order_by("name"),
        label=gettext_lazy("Representative"),
    )
    donor = forms.ModelChoiceField(Donor.objects.none(), label=gettext_lazy("Donor"))
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until (that day no longer)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"].queryset = Donor.objects.standing().in_order()  # type: ignore[attr-defined]

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
    record("bind_representative", bound, by=by, after=_days(bound))
    return bound


@transaction.atomic
def let_represent(
    user: User, donor: Donor, *, today: datetime.date, ends_on: datetime.date | None, by: User
) -> Representation:
    """Let a person see one donor's file from today until a day (exclusive) or further notice.

    A representation that is there already goes on or begins again, and is never made shorter.
    """
    found = Representation.objects.select_for_update().filter(user=user, donor=donor).first()
    if found is None:
        return bind(user, donor, starts_on=today, ends_on=ends_on, by=by)
    before = _days(found)
    if found.is_in_force(today):
        ends = (found.ends_on, ends_on)
        found.ends_on = None if None in ends else max(day for day in ends if day)
    else:
        found.starts_on, found.ends_on = today, ends_on
    found.save(update_fields=["starts_on", "ends_on"])
    record("renew_representative", found, by=by, before=before, after=_days(found))
    return found


@transaction.atomic
def set_end(
    bound: Representation, ends_on: datetime.date | None, *, was: datetime.date | None,
    today: datetime.date, by: User,
) -> None:  # fmt: skip
    """Let the access end on a day from today on (exclusive), or never. `was` is the end until now.

    Access that is over begins again today; of one that has not lasted a day by its new end only
    the audit trail is left. Raises AccessWrong and PermissionDenied.
    """
    if not any(map(by.may, MAY_END)):
        raise PermissionDenied
    found = Representation.objects.select_for_update().filter(pk=bound.pk).first()
    if found is None or found.ends_on != was:
        raise AccessWrong(_("Somebody changed this access in the meantime. Look at it again."))
    if ends_on and ends_on < today:
        raise AccessWrong(_("This day is over. Take today or a later one."), field="ends_on")
    before, is_over = _days(found), bool(found.ends_on and found.ends_on <= today)
    if is_over and ends_on == today:
        raise AccessWrong(_("This access has ended already."), field="ends_on")
    if ends_on == was and not is_over:
        return
    found.starts_on = today if is_over else found.starts_on
    found.ends_on = ends_on
    record("set_end_of_access", found, by=by, before=before, after=_days(found))
    if ends_on and ends_on <= found.starts_on:
        found.delete()
    else:
        found.save(update_fields=["starts_on", "ends_on"])


def _days(bound: Representation) -> dict[str, str]:
    """Whose, and from when until when, as the audit trail keeps it."""
    return {
        "user": str(bound.user.uuid), "donor": bound.donor.code,
        "starts_on": bound.starts_on.isoformat(),
        "ends_on": bound.ends_on.isoformat() if bound.ends_on else "",
    }  # fmt: skip


def standing_of(bound: Representation, today: datetime.date) -> str:
    """In words: whether the representation gives access on the day."""
    if not bound.user.is_active:
        return _("shut out")
    if bound.is_in_force(today):
        return _("has access")
    return _("not begun") if today < bound.starts_on else _("has ended")


@transaction.atomic
def unbind(bound: Representation, *, by: User) -> None:
    """End a representation at once; the audit trail keeps that it was."""
    before = {"user": str(bound.user.uuid), "donor": bound.donor.code}
    record("unbind_representative", bound, by=by, before=before)
    bound.delete()
