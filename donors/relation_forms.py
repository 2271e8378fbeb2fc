"""Forms for contacts, engagements, documents and clearances of a donor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from donors.models import Contact, DocumentKind, Donor, DonorDocument, Engagement, EngagementKind
from donors.relations import CONTACT_FIELDS, ENGAGEMENT_FIELDS


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class ContactForm(forms.Form):
    """A post or person at the donor's."""

    title = forms.CharField(label=gettext_lazy("Post or title"), max_length=200)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=60, required=False)
    address = forms.CharField(
        label=gettext_lazy("Postal address"), max_length=600, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    is_addressee = forms.BooleanField(label=gettext_lazy("Letters go to this post"), required=False)
    is_current = forms.BooleanField(
        label=gettext_lazy("Still in this post"), required=False, initial=True,
        help_text=gettext_lazy("Take the mark away to end the contact; it stays in the history."),
    )  # fmt: skip

    @staticmethod
    def initial_of(contact: Contact) -> dict[str, Any]:
        """The contact as it is saved."""
        return {name: getattr(contact, name) for name in CONTACT_FIELDS}


class OfDonor(forms.Form):
    """A form with a document of the donor to choose."""

    document = forms.ModelChoiceField(
        DonorDocument.objects.none(), label=gettext_lazy("Document"), required=False
    )

    def __init__(self, *args: Any, donor: Donor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = donor.documents.all()  # type: ignore[attr-defined]


class EngagementForm(OfDonor):
    """A letter, meeting, dialogue, event or call."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=EngagementKind.choices)
    happened_on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=300)
    summary = forms.CharField(
        label=gettext_lazy("What was said and agreed"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )  # fmt: skip
    is_from_donor = forms.BooleanField(label=gettext_lazy("It came from the donor"), required=False)

    field_order = ("kind", "happened_on", "subject", "summary", "is_from_donor", "document")

    @staticmethod
    def initial_of(engagement: Engagement) -> dict[str, Any]:
        """The engagement as it is saved."""
        found = {name: getattr(engagement, name) for name in ENGAGEMENT_FIELDS}
        return {**found, "document": engagement.document_id}


class DocumentForm(forms.Form):
    """A file about the donor."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=DocumentKind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    dated_on = forms.DateField(label=gettext_lazy("Date of the document"), widget=DayInput())
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "At most 20 MB: PDF, DOCX, XLSX, ODT, ODS, PNG, JPG, TXT, EML or MSG, without macros. "
            "A document stays; it is not deleted. The donor's representatives can open agreements, "
            "amendments and notes verbales, what is filed as a letter, and delivered reports."
        ),
    )


class ClearanceForm(OfDonor):
    """What is asked of due diligence."""

    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=80, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    field_order = ("reference", "note", "document")


class DecisionForm(forms.Form):
    """What due diligence found."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), widget=forms.RadioSelect,
        choices=[
            ("clear", gettext_lazy("Clear the donor")),
            ("refuse", gettext_lazy("Refuse it")),
        ],
    )  # fmt: skip
    valid_from_on = forms.DateField(
        label=gettext_lazy("Valid from"), required=False, widget=DayInput(),
        help_text=gettext_lazy("Empty: from today."),
    )  # fmt: skip
    valid_until_on = forms.DateField(
        label=gettext_lazy("Valid until (that day still)"), required=False, widget=DayInput()
    )
    note = forms.CharField(
        label=gettext_lazy("Reason or note"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("A refusal needs a reason."),
    )  # fmt: skip
