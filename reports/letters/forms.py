"""Forms of letters: the wording of one, and the letters of a campaign."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from interface.errors import PortalError
from reports.letters.wording import check_wording


class LetterForm(forms.Form):
    """Subject and paragraphs of one letter; `token` makes it once."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=200,
        widget=forms.TextInput(attrs={"class": "letter-text"}),
    )  # fmt: skip
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=8000,
        widget=forms.Textarea(attrs={"rows": 24, "dir": "auto", "class": "letter-text"}),
        help_text=gettext_lazy(
            "An empty line begins a new paragraph. What stands in braces is filled in from the "
            "books; it can be moved or left out, and its figure cannot be changed."
        ),
    )  # fmt: skip
    language = forms.ChoiceField(choices=settings.LANGUAGES, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, values: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values = values

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"subject", "body"} <= data.keys():
            try:
                check_wording(data["subject"], data["body"], self.values)
            except PortalError as error:
                self.add_error(error.field, error.sentence)
        return data


class CampaignLettersForm(forms.Form):
    """The letters of a whole campaign, each in its donor's language."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language for donors without one of their own"),
        choices=settings.LANGUAGES, initial="en",
    )  # fmt: skip
    again = forms.BooleanField(
        label=gettext_lazy("Make letters again for donors that have one"), required=False,
        help_text=gettext_lazy("The earlier letters stay filed with the donors."),
    )  # fmt: skip
