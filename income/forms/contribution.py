"""The form for a pledge or a signed agreement with its instalments."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.models import Region
from income.forms.fields import AmountField, DayField, DonorField, ReferenceField, add_error
from income.models import Currency, EarmarkingStep, Fund, Instrument, Ledger, Posting, Programme
from income.rules import STANDARD_SUPPORT_RATE, carries_support
from income.services import PromisedContribution, record_pledge, sign_agreement
from income.services.actors import Actors
from income.services.agreements import check_promise
from income.vocabulary import Act
from interface.errors import PortalError

SCHEDULE_ROWS = 8
# Regular budget is allotted, programme support is a share: neither is contributed to. Whoever
# enters earmarked money knows whether it is the Foundation's or technical cooperation's.
NOT_CONTRIBUTED_TO = ("RB", "PS", "CORE", "EARMARKED", "OTHER")


def contributed_funds() -> Any:
    """The funds a donor can give to."""
    return Fund.objects.exclude(code__in=NOT_CONTRIBUTED_TO)


class ContributionForm(forms.Form):
    """What a donor promises: valid when every rule of `check_promise` holds."""

    act = forms.ChoiceField(
        label=gettext_lazy("What has happened"),
        choices=[
            (Act.SIGN_AGREEMENT, gettext_lazy("An agreement was signed")),
            (Act.RECORD_PLEDGE, gettext_lazy("A pledge was announced (not yet binding)")),
        ],
        widget=forms.RadioSelect,
        initial=Act.SIGN_AGREEMENT,
    )
    donor = DonorField(label=gettext_lazy("Donor"))
    fund = ReferenceField(contributed_funds(), label=gettext_lazy("Fund"))
    title = forms.CharField(label=gettext_lazy("Purpose"), max_length=300)
    currency = ReferenceField(Currency.objects, label=gettext_lazy("Currency"), initial="USD")
    amount = AmountField(label=gettext_lazy("Amount"))
    promised_on = DayField(label=gettext_lazy("Date of signature, or of the pledge"))
    starts_on = DayField(label=gettext_lazy("Money is for the time from"), required=False)
    ends_on = DayField(label=gettext_lazy("until"), required=False)
    support_rate = AmountField(
        label=gettext_lazy("Programme support, per cent"),
        required=False,
        help_text=gettext_lazy(
            "Earmarked money only. The standard rate is 13 per cent of direct cost."
        ),
    )
    support_reason = forms.CharField(
        label=gettext_lazy("Reason for another rate"), required=False, max_length=300
    )
    instrument = ReferenceField(
        Instrument.objects.filter(is_legacy=False),
        label=gettext_lazy("Financing instrument"),
        required=False,
    )
    earmarking = ReferenceField(
        EarmarkingStep.objects, label=gettext_lazy("Earmarking"), required=False
    )
    programme = ReferenceField(Programme.objects, label=gettext_lazy("Programme"), required=False)
    region = ReferenceField(Region.objects, label=gettext_lazy("Region"), required=False)
    reference = forms.CharField(
        label=gettext_lazy("Agreement number"), required=False, max_length=80
    )

    adjusts = forms.BooleanField(
        label=gettext_lazy("Adjustment: its own month is closed, book it in the present month"),
        required=False,
    )

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today
        for row in range(1, SCHEDULE_ROWS + 1):
            self.fields[f"due_on_{row}"] = DayField(
                label=_("Instalment %(row)s due on") % {"row": row}, required=False
            )
            self.fields[f"due_amount_{row}"] = AmountField(
                label=_("Amount of instalment %(row)s") % {"row": row}, required=False
            )

    @property
    def schedule_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of fields of the schedule, for the template."""
        rows = range(1, SCHEDULE_ROWS + 1)
        return [(self[f"due_on_{row}"], self[f"due_amount_{row}"]) for row in rows]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_schedule_rows(cleaned)
        self._check_support(cleaned)
        if not self.errors:
            try:
                check_promise(self.promise(), self.ledger, self.today)
            except PortalError as error:
                if error.field == "instalments":
                    error.field = "due_amount_1"
                add_error(self, error)
        return cleaned

    def _check_schedule_rows(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("act") == Act.RECORD_PLEDGE and cleaned.get("due_amount_1"):
            self.add_error("due_amount_1", _("A pledge is not binding: nothing falls due yet."))
        for row in range(1, SCHEDULE_ROWS + 1):
            due_on, amount = cleaned.get(f"due_on_{row}"), cleaned.get(f"due_amount_{row}")
            if (due_on is None) != (amount is None):
                self.add_error(
                    f"due_amount_{row}" if due_on else f"due_on_{row}",
                    _("An instalment has a day and an amount."),
                )
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end lies before the beginning."))

    def _check_support(self, cleaned: dict[str, Any]) -> None:
        percent, fund = cleaned.get("support_rate"), cleaned.get("fund")
        if percent is None or fund is None:
            return
        if not 0 <= percent < 100 or percent != round(percent, 2):
            self.add_error("support_rate", _("Give a rate from 0 to under 100, two decimals."))
        elif not carries_support(fund):
            self.add_error(
                "support_rate", _("Programme support is charged on earmarked money only.")
            )
        elif percent / 100 != STANDARD_SUPPORT_RATE and not cleaned.get("support_reason"):
            self.add_error("support_reason", _("Say why the rate is not the standard 13 per cent."))

    def promise(self) -> PromisedContribution:
        """What the service needs, from fields that are valid each for itself."""
        data = self.cleaned_data
        schedule = [
            (data[f"due_on_{row}"], data[f"due_amount_{row}"])
            for row in range(1, SCHEDULE_ROWS + 1)
            if data[f"due_on_{row}"]
        ]
        return PromisedContribution(
            donor=data["donor"], fund=data["fund"], title=data["title"],
            currency=data["currency"], amount=data["amount"], promised_on=data["promised_on"],
            schedule=schedule, instrument=data["instrument"], earmarking=data["earmarking"],
            programme=data["programme"], region=data["region"], starts_on=data["starts_on"],
            ends_on=data["ends_on"], support_rate=self.promised_rate(),
            support_reason=data["support_reason"], adjusts=data["adjusts"],
            reference=data["reference"],
        )  # fmt: skip

    def promised_rate(self) -> Decimal | None:
        """As a fraction: what was typed, else the standard for earmarked money, else none."""
        typed = self.cleaned_data.get("support_rate")
        if typed is not None:
            return Decimal(typed / 100)
        fund = self.cleaned_data.get("fund")
        return STANDARD_SUPPORT_RATE if fund and carries_support(fund) else None

    def title_of_draft(self) -> str:
        data = self.cleaned_data
        return f"{data['donor']} · {data['amount']:,} {data['currency']} · {data['title']}"

    def act_of_draft(self) -> Act:
        return Act(self.cleaned_data["act"])

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        service = record_pledge if self.act_of_draft() == Act.RECORD_PLEDGE else sign_agreement
        return service(self.ledger, self.promise(), token=token, today=self.today, actors=actors)
