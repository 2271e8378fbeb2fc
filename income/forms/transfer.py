"""The form for money that moves from one agreement to another."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.forms.fields import ReferenceField, add_error
from income.forms.returns import MovedMoneyForm
from income.models import Contribution, Posting
from income.services import transfer_money
from income.services.actors import Actors
from income.services.returns import check_same_donor, check_same_mode
from income.vocabulary import Act
from interface.errors import PortalError


class TransferForm(MovedMoneyForm):
    """What leaves one agreement and enters another; it is no income."""

    target = ReferenceField(
        Contribution.objects.none(), label=gettext_lazy("To the agreement"), to_field_name="uuid"
    )
    agreement_fields = ("contribution", "target")
    field_order = ("contribution", "target", "amount", "currency", "moved_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contribution"].label = gettext_lazy("From the agreement")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if cleaned["contribution"] == cleaned["target"]:
            self.add_error("target", _("Choose two different agreements."))
            return cleaned
        try:
            check_same_mode(cleaned["contribution"], cleaned["target"])
            check_same_donor(cleaned["contribution"], cleaned["target"])
        except PortalError as error:
            add_error(self, error)
        return cleaned

    def act_of_draft(self) -> Act:
        return Act.TRANSFER_MONEY

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        data = self.cleaned_data
        return transfer_money(
            self.ledger, data["contribution"], data["target"], self.money(), token=token,
            today=self.today, actors=self.with_reason(actors),
        )  # fmt: skip
