"""The form for a pledge or a signed agreement with its instalments."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.clearances import is_cleared, is_private
from donors.models import Area, DonorDocument, Region
from income.forms.contribution_rows import (
    CLAUSE_ROWS,
    ERP_FIELDS,
    PART_ROWS,
    SCHEDULE_ROWS,
    add_row_fields,
    check_rows,
    clauses_typed,
    conditions_typed,
    erp_typed,
    parts_typed,
    region_of,
    rows_of,
    schedule_typed,
)
from income.forms.fields import AmountField, DayField, DonorField, ReferenceField, add_error
from income.forms.late import LateForm
from income.forms.origin import named_donor, named_origin, offered_origins
from income.models import (
    Approach,
    Currency,
    EarmarkingStep,
    Fund,
    Instrument,
    Ledger,
    Posting,
    Programme,
)
from income.rules import NOT_CONTRIBUTED_TO, check_support_percent, standard_support
from income.services import PromisedContribution, record_pledge, sign_agreement
from income.services.actors import Actors
from income.services.agreements import check_promise
from income.vocabulary import Act, Mode
from interface.errors import PortalError

# What the promise takes over from the field of the same name.
TAKEN_OVER = (
    "donor", "fund", "title", "currency", "amount", "promised_on", "instrument", "earmarking",
    "programme", "region", "area", "starts_on", "ends_on", "support_reason", "adjusts",
    "reference", "channel", "is_domestic", "approach", "valuation_document",
)  # fmt: skip
FIRST_FIELDS = {"instalments": "due_amount_1", "parts": "part_amount_1"}


def contributed_funds() -> Any:
    """The funds a donor can give to."""
    return Fund.objects.exclude(code__in=NOT_CONTRIBUTED_TO)


class ContributionForm(LateForm):
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
        help_text=gettext_lazy(
            "As in the data standards. A service fee is R04B from the United Nations system, "
            "R04C from others."
        ),
    )
    earmarking = ReferenceField(
        EarmarkingStep.objects, label=gettext_lazy("Earmarking"), required=False
    )
    programme = ReferenceField(Programme.objects, label=gettext_lazy("Programme"), required=False)
    region = ReferenceField(Region.objects, label=gettext_lazy("Region"), required=False)
    area = ReferenceField(
        Area.objects, label=gettext_lazy("Country or area"), required=False, to_field_name="iso3"
    )
    channel = DonorField(
        label=gettext_lazy("Channel"), required=False,
        help_text=gettext_lazy(
            "Through whom the money comes, where that is not the donor. It is counted under "
            "the donor."
        ),
    )  # fmt: skip
    is_domestic = forms.BooleanField(
        label=gettext_lazy("Domestic: paid by the country in which it is spent"), required=False
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Given"), choices=Mode.choices, required=False, initial=Mode.CASH
    )
    valuation_method = forms.CharField(
        label=gettext_lazy("Method of valuation"), required=False, max_length=200,
        help_text=gettext_lazy("Of what is not cash: how its value was found."),
    )  # fmt: skip
    valuation_evidence = forms.CharField(
        label=gettext_lazy("Evidence of the valuation"), required=False, max_length=80
    )
    valuation_document = ReferenceField(
        DonorDocument.objects.none(), label=gettext_lazy("Document of the donor"), required=False,
        to_field_name="uuid",
    )  # fmt: skip
    origin = ReferenceField(
        offered_origins(), label=gettext_lazy("Prospect or pledge"), required=False,
        to_field_name="uuid", widget=forms.HiddenInput,
    )  # fmt: skip
    approach = ReferenceField(
        Approach.objects, label=gettext_lazy("Approach"), required=False, to_field_name="uuid",
        widget=forms.HiddenInput,
    )  # fmt: skip
    reference = forms.CharField(
        label=gettext_lazy("Agreement number"), required=False, max_length=80
    )

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.today = ledger, today
        add_row_fields(self)
        self.fields["origin"].queryset = offered_origins(ledger)  # type: ignore[attr-defined]
        self.becomes, self.giver = named_origin(self), named_donor(self)
        if self.giver:
            documents = DonorDocument.objects.filter(donor=self.giver)
            self.fields["valuation_document"].queryset = documents  # type: ignore[attr-defined]

    @property
    def has_no_clearance(self) -> bool:
        """Whether the donor is a private one that no clearance holds for on that day."""
        if self.giver is None or not is_private(self.giver):
            return False
        typed = getattr(self, "cleaned_data", {}).get("promised_on")
        return not is_cleared(self.giver, typed or self.today)

    @property
    def schedule_fields(self) -> list[tuple[forms.BoundField, ...]]:
        """Day, amount and condition of each row of the schedule, for the template."""
        return rows_of(self, SCHEDULE_ROWS, "due_on", "due_amount", "condition")

    @property
    def part_fields(self) -> list[tuple[forms.BoundField, ...]]:
        """Amount, programme, region and country of each part."""
        return rows_of(self, PART_ROWS, "part_amount", "part_programme", "part_region", "part_area")

    @property
    def clause_fields(self) -> list[tuple[forms.BoundField, ...]]:
        """Kind, frequency and days of each clause on reports."""
        return rows_of(self, CLAUSE_ROWS, "clause_kind", "clause_frequency", "clause_days")

    @property
    def erp_fields(self) -> list[forms.BoundField]:
        """The identifiers of the ERP."""
        return [self[name] for name in ERP_FIELDS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_rows(self, cleaned)
        self._check_period(cleaned)
        self._check_support(cleaned)
        if not self.errors:
            try:
                check_promise(self.promise(), self.ledger, self.today, act=self.act_of_draft())
            except PortalError as error:
                error.field = FIRST_FIELDS.get(error.field or "", error.field)
                add_error(self, error)
        return cleaned

    def _check_period(self, cleaned: dict[str, Any]) -> None:
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end lies before the beginning."))
        if cleaned.get("channel") and cleaned.get("channel") == cleaned.get("donor"):
            self.add_error("channel", _("The donor is its own channel: leave this empty."))

    def _check_support(self, cleaned: dict[str, Any]) -> None:
        percent, fund = cleaned.get("support_rate"), cleaned.get("fund")
        if percent is None or fund is None:
            return
        try:
            check_support_percent(percent, fund, cleaned.get("support_reason", ""))
        except PortalError as error:
            add_error(self, error)

    def promise(self) -> PromisedContribution:
        """What the service needs, from fields that are valid each for itself."""
        data, mode = self.cleaned_data, self.cleaned_data["mode"]
        same = {name: data[name] for name in TAKEN_OVER}
        same["region"] = data["region"] or region_of(data["area"])
        return PromisedContribution(
            **same, contribution=data["origin"], schedule=schedule_typed(data),
            support_rate=self.promised_rate(), conditions=conditions_typed(data),
            parts=parts_typed(data), clauses=clauses_typed(data), erp=erp_typed(data),
            mode=Mode(mode) if mode and mode != Mode.CASH else None,
            valuation_method=self._valuation(),
        )  # fmt: skip

    def _valuation(self) -> str:
        """Method and evidence in one line, as the contribution keeps them."""
        told = (self.cleaned_data["valuation_method"], self.cleaned_data["valuation_evidence"])
        return " · ".join(filter(None, told)) if told[0] else ""

    def promised_rate(self) -> Decimal | None:
        """As a fraction: what was typed, else the standard for earmarked cash, else none."""
        typed = self.cleaned_data.get("support_rate")
        if typed is not None:
            return Decimal(typed / 100)
        fund, mode = self.cleaned_data.get("fund"), self.cleaned_data.get("mode") or Mode.CASH
        return standard_support(fund, mode) if fund else None

    def title_of_draft(self) -> str:
        data = self.cleaned_data
        return f"{data['donor']} · {data['amount']:,} {data['currency']} · {data['title']}"

    def act_of_draft(self) -> Act:
        return Act(self.cleaned_data["act"])

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the valid form through its service."""
        service = record_pledge if self.act_of_draft() == Act.RECORD_PLEDGE else sign_agreement
        return service(
            self.ledger, self.promise(), token=token, today=self.today,
            actors=self.with_reason(actors),
        )  # fmt: skip
