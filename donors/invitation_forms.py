"""Forms of invitations: the officer's, and that of the person who was invited."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.forms import standing_donor
from donors.models import Donor
from donors.relation_forms import DayInput

MOST_DONORS = 50


class InvitationForm(forms.Form):
    """Who is asked to represent which donors, and until when."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the e-mail and of the account"))
    donors = forms.CharField(
        label=gettext_lazy("Donors"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("The code or name of each, one a line."),
    )  # fmt: skip
    access_ends_on = forms.DateField(
        label=gettext_lazy("Access ends on (that day no longer)"), required=False,
        widget=DayInput(), help_text=gettext_lazy("Empty: until further notice."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = translation.get_language_info
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, names(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]

    def clean_donors(self) -> list[Donor]:
        """The donors in the order typed, each once."""
        typed = [line.strip() for line in self.cleaned_data["donors"].splitlines() if line.strip()]
        if len(typed) > MOST_DONORS:
            raise ValidationError(
                _("At most %(count)s donors in one invitation."), params={"count": MOST_DONORS}
            )
        found = [standing_donor(line) for line in typed]
        return list({donor.pk: donor for donor in found}.values())


class AcceptForm(forms.Form):
    """The name and password of a new account; nothing where the person has one."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("Choose a password"), max_length=4096, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters, and none of the usual ones."),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("The same password again"), max_length=4096, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, has_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_account:
            self.fields.clear()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same."))
        return cleaned
