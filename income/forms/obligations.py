"""Forms of reports owed: the clauses of an agreement, and what became of one report."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from donors.models import DonorDocument
from income.forms.fields import DayField
from income.models import ReportDue
from income.vocabulary import Frequency, ReportKind


class ClauseForm(forms.Form):
    """One clause of an agreement: which report, how often, how many days afterwards."""

    kind = forms.ChoiceField(label=gettext_lazy("Report"), choices=ReportKind.choices)
    frequency = forms.ChoiceField(label=gettext_lazy("How often"), choices=Frequency.choices)
    days_after = forms.IntegerField(
        label=gettext_lazy("Due so many days after the period"), min_value=0, max_value=730,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    also_past = forms.BooleanField(
        label=gettext_lazy("Also the reports that were due before today"), required=False,
        help_text=gettext_lazy(
            "Leave this empty when an amendment brought the clause. Mark it when the agreement "
            "had it from the start."
        ),
    )  # fmt: skip


class ReportForm(forms.Form):
    """When a report was submitted and accepted, with its document."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    submitted_on = DayField(label=gettext_lazy("Submitted on"), required=False)
    accepted_on = DayField(
        label=gettext_lazy("Accepted on"), required=False,
        help_text=gettext_lazy("The day on which the donor accepted the report."),
    )  # fmt: skip
    document = forms.ModelChoiceField(
        DonorDocument.objects.none(), label=gettext_lazy("Document"), required=False,
        to_field_name="uuid", empty_label=gettext_lazy("No document"),
        help_text=gettext_lazy("One of the documents kept with the donor."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, report: ReportDue, **kwargs: Any) -> None:
        kwargs.setdefault("initial", initial_of(report))
        super().__init__(*args, **kwargs)
        documents = DonorDocument.objects.filter(donor=report.contribution.donor_id)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]

    def typed(self) -> dict[str, Any]:
        """What was typed, by the names that the service knows; the form is valid."""
        names = ("version", "submitted_on", "accepted_on", "document", "note")
        return {name: self.cleaned_data[name] for name in names}


def initial_of(report: ReportDue) -> dict[str, Any]:
    """The report as the form holds it."""
    return {
        "version": report.version,
        "submitted_on": report.submitted_on,
        "accepted_on": report.accepted_on,
        "document": report.document.uuid if report.document else None,
        "note": report.note,
    }


class ReportFilter(forms.Form):
    """What narrows and sorts the list of reports. Days of `year` are due dates."""

    OVERDUE, SOON, OPEN = "overdue", "soon", "open"
    STATES = [
        ("", gettext_lazy("All")),
        (OVERDUE, gettext_lazy("Overdue")),
        (SOON, gettext_lazy("Due within 30 days")),
        (OPEN, gettext_lazy("Not submitted")),
        ("not_due", gettext_lazy("Not submitted, not yet due")),
        ("submitted", gettext_lazy("Submitted, not accepted")),
        ("accepted", gettext_lazy("Accepted")),
        ("on_time", gettext_lazy("Delivered on time")),
        ("late", gettext_lazy("Delivered late")),
    ]
    SORTS = [
        ("due", gettext_lazy("Due date, first due first")),
        ("-due", gettext_lazy("Due date, last due first")),
        ("donor", gettext_lazy("Donor")),
        ("kind", gettext_lazy("Report")),
    ]
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Report"), required=False,
        choices=[("", gettext_lazy("All")), *ReportKind.choices],
    )  # fmt: skip
    donor = forms.CharField(label=gettext_lazy("Donor"), required=False, max_length=100)
    year = forms.IntegerField(
        label=gettext_lazy("Due in the year"), required=False, min_value=1945, max_value=2999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    sort = forms.ChoiceField(label=gettext_lazy("Order"), choices=SORTS, required=False)


def days_of(year: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the year."""
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
