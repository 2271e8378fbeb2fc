"""The form for a month's online gifts: many small gifts, booked as one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.models import Donor
from income.forms.fields import AmountField
from income.forms.gift import GiftForm
from income.models import Draft, Posting
from income.periods import YearMonth
from income.services import ReceivedMoney, record_online_gifts
from income.services.actors import Actors
from income.services.gifts import OnlineBatch, earlier_batch
from income.vocabulary import Act

ONLINE_TYPE = "C08B"  # UN CEB: contributors that are not named one by one


class MonthField(forms.CharField):
    """A calendar month, such as 2022-11."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "month", "placeholder": "2022-11"})
        super().__init__(**{"widget": widget, "max_length": 7, **kwargs})

    def clean(self, value: Any) -> YearMonth | None:
        typed = super().clean(value)
        try:
            return YearMonth.parse(typed) if typed else None
        except ValueError as error:
            raise ValidationError(_("Write the month as year and number, 2022-11.")) from error


def online_donors() -> list[Donor]:
    """The donors that stand for many unnamed ones."""
    return list(Donor.objects.standing().filter(contributor_type=ONLINE_TYPE).order_by("code")[:2])


class OnlineGiftsForm(GiftForm):
    """What a platform collected in a month: the gross, and the fees that it kept."""

    month = MonthField(label=gettext_lazy("Month in which the gifts were made"))
    platform = forms.CharField(label=gettext_lazy("Platform"), max_length=60)
    count = forms.IntegerField(
        label=gettext_lazy("Number of gifts"), min_value=1, max_value=10_000_000
    )
    title = None  # type: ignore[assignment]  # the batch itself says what it is
    field_order = (
        "month", "platform", "count", "donor", "fund", "amount", "bank_charge", "currency",
        "received_on", "reference", "document", "year_for", "adjusts",
        "adjusts_because", "is_another", "parked",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"].label = gettext_lazy("Donor that stands for the online givers")
        self.fields["amount"] = AmountField(label=gettext_lazy("Gross amount of the gifts"))
        self.fields["bank_charge"].label = gettext_lazy("Fees that the platform kept")
        self.fields["received_on"].label = gettext_lazy("Paid out on")
        self.fields["year_for"].help_text = gettext_lazy("Empty: the year of that month.")
        self.fields["is_another"].label = gettext_lazy("This is another batch, or another payment")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        gross, fees = data.get("amount"), data.get("bank_charge")
        if gross is not None and fees is not None and fees >= gross:
            self.add_error("bank_charge", _("The fees are less than the gross amount."))
        cleaned = super().clean()
        if not self.errors and not cleaned["is_another"]:
            self._refuse_second_batch()
        return cleaned

    def _refuse_second_batch(self) -> None:
        if before := earlier_batch(self.ledger, self.batch()):
            where = before.number
        elif self._is_waiting():
            where = _("a draft that waits for review")
        else:
            return
        self.add_error(
            "is_another",
            _(
                "The gifts of that month through this platform were entered before: %(where)s. "
                "If this is another batch, say so."
            )
            % {"where": where},
        )

    def _is_waiting(self) -> bool:
        """Whether a draft of the same batch waits; asked while typing, not when it is approved."""
        if self.token is None:
            return False
        drafts = Draft.objects.waiting_for_review().filter(
            ledger=self.ledger, act=Act.RECORD_ONLINE_GIFTS, payload__month=self.data["month"],
            payload__platform__iexact=self.cleaned_data["platform"],
        )  # fmt: skip
        return drafts.exclude(token=self.token).exists()

    def batch(self) -> OnlineBatch:
        """Which batch it is."""
        data = self.cleaned_data
        return OnlineBatch(month=data["month"], platform=data["platform"], count=data["count"])

    def money(self) -> ReceivedMoney:
        """What the platform paid out: the gross less its fees."""
        data = {**self.cleaned_data, "year_for": self._year()}
        net = data["amount"] - (data["bank_charge"] or 0)
        return self.money_of({**data, "amount": net})

    def purpose(self) -> str:
        batch = self.batch()
        return _("Online gifts, %(platform)s, %(month)s: %(count)s gifts") % {
            "platform": batch.platform, "month": batch.month, "count": batch.count,
        }  # fmt: skip

    def _year(self) -> int:
        """The year the money is for when nobody said: that in which it was given."""
        year: int = self.cleaned_data["year_for"] or self.cleaned_data["month"].year
        return year

    def promised_year(self) -> int | None:
        return self._year()

    def act_of_draft(self) -> Act:
        return Act.RECORD_ONLINE_GIFTS

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        return record_online_gifts(
            self.ledger, self.batch(), self.promise(), self.money(),
            is_another=self.cleaned_data["is_another"], token=token, today=self.today,
            actors=self.with_reason(actors),
        )  # fmt: skip
