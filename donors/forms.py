"""Forms of the donors floor: finding donors, adding one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from donors.models import Area, ContributorType, Donor, Region
from donors.ordering import by_name
from donors.querysets import DonorQuerySet
from donors.services import LONGEST_NAME

# Field -> the language code of the name, in the order in which the form asks for them.
NAME_FIELDS = {
    "name_en": "en",
    "name_fr": "fr",
    "name_es": "es",
    "name_ru": "ru",
    "name_ar": "ar",
    "name_zh": "zh-hans",
}


class DonorSearch(forms.Form):
    """What a list of donors is narrowed and sorted by; all of it stands in the address."""

    q = forms.CharField(
        label=gettext_lazy("Name, code or identifier"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    type = forms.ModelChoiceField(
        ContributorType.objects, label=gettext_lazy("Contributor type"), required=False,
        empty_label=gettext_lazy("All types"),
    )  # fmt: skip
    region = forms.ModelChoiceField(
        Region.objects, label=gettext_lazy("Region"), required=False,
        empty_label=gettext_lazy("All regions"),
    )  # fmt: skip
    parent = forms.ModelChoiceField(
        Donor.objects.none(), label=gettext_lazy("Part of"), required=False,
        to_field_name="code", empty_label=gettext_lazy("All"),
    )  # fmt: skip
    focal = forms.ChoiceField(
        label=gettext_lazy("Focal point"), required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("mine", gettext_lazy("Mine")),
            ("none", gettext_lazy("Without a focal point")),
        ],
    )  # fmt: skip
    state = forms.ChoiceField(
        label=gettext_lazy("Member State"), required=False,
        choices=[("", gettext_lazy("All")), ("yes", gettext_lazy("Member States")),
                 ("no", gettext_lazy("Others"))],
    )  # fmt: skip

    SORTS = ("name", "code", "type", "region", "focal")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        parent: Any = self.fields["parent"]
        parent.queryset = (
            Donor.objects.standing().filter(parts__merged_into=None, parts__isnull=False)
            .distinct().in_order()
        )  # fmt: skip

    def found(self, donors: DonorQuerySet) -> "QuerySet[Donor]":
        """The donors that fit, in the order asked for; a filter not understood finds none."""
        if not self.is_valid():
            return donors.none()
        asked = self.cleaned_data
        wanted = Q()
        if asked["type"]:
            wanted &= Q(contributor_type=asked["type"])
        if asked["region"]:
            wanted &= Q(area__region=asked["region"])
        if asked["parent"]:
            wanted &= Q(parent=asked["parent"])
        if asked["focal"]:
            wanted &= Q(focal_point=self.user if asked["focal"] == "mine" else None)
        if asked["state"]:
            wanted &= Q(is_member_state=asked["state"] == "yes")
        return self._sorted(donors.named_like(asked["q"]).filter(wanted))

    @property
    def sort(self) -> tuple[str, bool]:
        """The column sorted by, and whether from last to first."""
        asked = self.data.get("sort", "")
        name = asked.removeprefix("-")
        return (name, asked.startswith("-")) if name in self.SORTS else ("name", False)

    def _sorted(self, donors: "QuerySet[Donor]") -> "QuerySet[Donor]":
        column, is_descending = self.sort
        columns: dict[str, Any] = {
            "name": by_name(),
            "code": F("code"),
            "type": F("contributor_type__order"),
            "region": F("area__region__order"),
            "focal": F("focal_point__name"),
        }
        key = columns[column]
        first = key.desc(nulls_last=True) if is_descending else key.asc(nulls_last=True)
        return donors.order_by(first, by_name(), "pk")


def standing_donor(typed: str) -> Donor:
    """The one donor with the code or name; a merged one's find the one it is kept as."""
    standing = Donor.objects.standing()
    found = list(standing.filter(code__iexact=typed)) or list(standing.called(typed)[:2])
    if len(found) != 1:
        raise ValidationError(
            _("No single donor is called “%(typed)s”. Choose one from the list."),
            params={"typed": typed},
        )
    return found[0]


class DonorForm(forms.Form):
    """A donor that is not in the list yet."""

    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=LONGEST_NAME)
    contributor_type = forms.ModelChoiceField(
        ContributorType.objects.exclude(code="C09"),  # C09 is revenue without a contributor
        label=gettext_lazy("Contributor type"),
        help_text=gettext_lazy("As in the data standards of the United Nations system."),
    )
    area = forms.ModelChoiceField(
        Area.objects.none(), label=gettext_lazy("Country or area"), required=False,
        help_text=gettext_lazy("Where the donor has its seat; empty for international bodies."),
    )  # fmt: skip
    parent = forms.CharField(
        label=gettext_lazy("Part of"), required=False, max_length=LONGEST_NAME,
        help_text=gettext_lazy(
            "The donor it belongs to, by name or code, such as the government of an agency."
        ),
        widget=forms.TextInput(attrs={"list": "donor-names", "autocomplete": "off"}),
    )  # fmt: skip
    name_fr = forms.CharField(label="Français", max_length=LONGEST_NAME, required=False)
    name_es = forms.CharField(label="Español", max_length=LONGEST_NAME, required=False)
    name_ru = forms.CharField(label="Русский", max_length=LONGEST_NAME, required=False)
    name_ar = forms.CharField(label="العربية", max_length=LONGEST_NAME, required=False)
    name_zh = forms.CharField(label="中文", max_length=LONGEST_NAME, required=False)
    is_another = forms.BooleanField(
        label=gettext_lazy("I have looked: this is another donor."), required=False
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    next = forms.CharField(widget=forms.HiddenInput, max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.queryset = Area.objects.order_by(by_name(), "pk")
        for field, language in NAME_FIELDS.items():
            self.fields[field].widget.attrs.update(lang=language, dir="auto")

    def clean_parent(self) -> Donor | None:
        typed = self.cleaned_data["parent"]
        if not typed:
            return None
        return standing_donor(typed)

    def names(self) -> dict[str, str]:
        """The names that were given, by language code."""
        return {
            language: self.cleaned_data[field]
            for field, language in NAME_FIELDS.items()
            if self.cleaned_data[field]
        }
