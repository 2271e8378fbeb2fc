"""The form that asks for a posting to be reversed."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.errors import AlreadyReversed
from income.forms.fields import add_error
from income.models import Ledger, Posting
from income.rules import month_to_book_in
from income.services import reverse_posting
from income.services.actors import Actors
from income.services.corrections import why_not_alone
from income.vocabulary import Act
from interface.errors import PortalError


class ReversalForm(forms.Form):
    """Which posting is wrong, and why."""

    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    because = forms.CharField(
        label=gettext_lazy("What is wrong with it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self._check(self.posting())
            except PortalError as error:
                add_error(self, error)
            except Posting.DoesNotExist:
                self.add_error(None, _("These books have no such posting."))
        return cleaned

    def _check(self, posting: Posting) -> None:
        if Posting.objects.filter(reverses=posting).exists():
            raise AlreadyReversed(posting.sequence)
        if posting.act == Act.REVERSE:
            self.add_error(None, _("A reversal cannot be reversed. Post what is right instead."))
        if why := why_not_alone(posting):
            self.add_error(None, why)
        month_to_book_in(self.ledger, self.today, self.today, field="because")

    def posting(self) -> Posting:
        return Posting.objects.get(ledger=self.ledger, sequence=self.cleaned_data["sequence"])

    def title_of_draft(self) -> str:
        return _("Reverse posting %(sequence)s: %(because)s") % self.cleaned_data

    def act_of_draft(self) -> Act:
        return Act.REVERSE

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the mirror image."""
        return reverse_posting(
            self.posting(), because=self.cleaned_data["because"], token=token, today=self.today,
            actors=actors,
        )  # fmt: skip
