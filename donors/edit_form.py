"""The form in which an officer changes what is known of a donor."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import PERMISSIONS_OF, Permission
from donors.editing import SCHEMES, DonorFacts, lines
from donors.forms import NAME_FIELDS, DonorForm
from donors.models import Donor, IdentifierScheme, NameKind

STAFF_ROLES = [role for role, held in PERMISSIONS_OF.items() if Permission.VIEW_DONORS in held]
ONE_A_LINE = gettext_lazy("One to a line.")


def _lines_field(label: Any, help_text: Any = ONE_A_LINE) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class DonorEditForm(DonorForm):
    """All facts of a donor that people keep."""

    is_another = token = next = None  # type: ignore[assignment]

    former_names = _lines_field(
        gettext_lazy("Former names"),
        gettext_lazy("One to a line. The donor is still found by them."),
    )
    aliases = _lines_field(gettext_lazy("Also known as"))
    erp = _lines_field(gettext_lazy("Business partner of the ERP"))
    iati = _lines_field(IdentifierScheme.IATI.label)
    ceb = _lines_field(IdentifierScheme.CEB.label)
    fts = _lines_field(IdentifierScheme.FTS.label)
    focal_point = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Focal point"), required=False,
        help_text=gettext_lazy("Who at the agency looks after the relation."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language of letters"), required=False,
        choices=[("", gettext_lazy("As on the page")), *settings.LANGUAGES],
    )  # fmt: skip
    is_unnamed = forms.BooleanField(
        label=gettext_lazy("The donor wishes to stay unnamed"), required=False,
        help_text=gettext_lazy("Only staff read its name; the Board and its files do not."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        focal_point: Any = self.fields["focal_point"]
        focal_point.queryset = User.objects.filter(role__in=STAFF_ROLES, is_active=True).order_by(
            "name", "pk"
        )

    @staticmethod
    def initial_of(donor: Donor) -> dict[str, Any]:
        """The facts as they are saved, by the names of the fields."""
        names = list(donor.search_names.order_by("pk"))

        def joined(kind: str, scheme: str = "") -> str:
            rows = [one.name for one in names if (one.kind, one.scheme) == (kind, scheme)]
            return "\r\n".join(rows)  # as browsers send it

        return {
            **{field: donor.names.get(language, "") for field, language in NAME_FIELDS.items()},
            "former_names": joined(NameKind.FORMER),
            "aliases": joined(NameKind.ALIAS),
            **{scheme.value: joined(NameKind.IDENTIFIER, scheme) for scheme in SCHEMES},
            "contributor_type": donor.contributor_type_id,
            "area": donor.area_id,
            "parent": donor.parent.code if donor.parent else "",
            "focal_point": donor.focal_point_id,
            "language": donor.language,
            "is_unnamed": donor.is_unnamed,
            "note": donor.note,
        }

    def facts(self) -> DonorFacts:
        """What the service needs, of a valid form."""
        typed = self.cleaned_data
        return DonorFacts(
            names={code: " ".join(name.split()) for code, name in self.names().items()},
            contributor_type=typed["contributor_type"], area=typed["area"],
            parent=typed["parent"], focal_point=typed["focal_point"],
            language=typed["language"], is_unnamed=typed["is_unnamed"], note=typed["note"],
            former=lines(typed["former_names"]), aliases=lines(typed["aliases"]),
            identifiers={scheme.value: lines(typed[scheme.value]) for scheme in SCHEMES},
        )  # fmt: skip
