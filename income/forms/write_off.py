"""The form that writes off what is outstanding of an instalment."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.balances import instalment_states
from income.forms.change import ChangeForm
from income.forms.fields import ReferenceField
from income.models import Contribution, Instalment, Ledger, Posting
from income.services.actors import Actors
from income.services.endings import check_write_off, write_off
from income.vocabulary import Act
from interface import formatting


class WriteOffForm(ChangeForm):
    """One instalment, the authority that decided, and its document."""

    instalment = ReferenceField(
        Instalment.objects.none(), label=gettext_lazy("Instalment"), to_field_name="uuid"
    )
    authority = forms.CharField(label=gettext_lazy("Decided by"), max_length=200)

    field_order = ("contribution", "instalment", "agreed_on", "authority", "document_reference")

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, ledger=ledger, today=today, **kwargs)
        self.fields["agreed_on"].label = _("Decided on")
        self.fields["document_reference"].required = True
        if self.agreement:
            self._offer(self.agreement)

    def _offer(self, agreement: Contribution) -> None:
        """What can be written off: instalments of which something is outstanding."""
        outstanding = {
            state.instalment.pk: state.outstanding
            for state in instalment_states(agreement)
            if state.outstanding
        }
        currency = agreement.currency_id
        chosen: Any = self.fields["instalment"]
        chosen.queryset = Instalment.objects.filter(pk__in=outstanding).select_related(
            "contribution"
        )
        chosen.label_from_instance = lambda row: (
            _("%(number)s, due on %(day)s: %(amount)s outstanding")
            % {
                "number": row.number,
                "day": formatting.format_date(row.due_on),
                "amount": formatting.format_amount(outstanding[row.pk], currency),
            }
        )

    def check(self) -> None:
        check_write_off(self.cleaned_data["instalment"], self.ground(), self.ledger, self.today)

    def title_of_draft(self) -> str:
        number = self.cleaned_data["instalment"].number
        return self.titled(_("write-off of instalment %(number)s") % {"number": number})

    def act_of_draft(self) -> Act:
        return Act.WRITE_OFF

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the reduction."""
        return write_off(
            self.ledger, self.cleaned_data["instalment"], self.ground(), token=token,
            today=self.today, actors=actors,
        )  # fmt: skip
