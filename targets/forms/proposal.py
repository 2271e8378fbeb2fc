"""The form for a new target set: what document says it, for which years, how much."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.forms import NAME_FIELDS
from income.forms.fields import DayField, ReferenceField
from targets.forms.proposal_rows import (
    OPEN_ROWS,
    add_row_fields,
    initial_rows,
    rows_of,
    targets_typed,
    year_field,
)
from targets.models import AnnualTarget, Document, SupportTreatment, TargetKind, TargetSet
from targets.paths import Path, text_of
from targets.proposed import NewDocument, ProposedSet

LONGEST_NAME = 200
LONGEST_COVERS = TargetSet._meta.get_field("covers").max_length
NEW_DOCUMENT = ("document_title", "document_symbol", "document_date", "document_url")


def _text(label: Any, most: int | None, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **kwargs)


class TargetSetForm(forms.Form):
    """A target set as one person enters it; `own` is the set that it became, if it did.

    `proposed` is what it says, once it is valid.
    """

    document = ReferenceField(
        Document.objects.order_by("dated_on", "code"), label=gettext_lazy("Document"),
        required=False, empty_label=gettext_lazy("Not in the list: described below"),
    )  # fmt: skip
    document_title = _text(gettext_lazy("Title of the document"), LONGEST_NAME, required=False)
    document_symbol = _text(gettext_lazy("Symbol"), 60, required=False)
    document_date = DayField(label=gettext_lazy("Date of the document"), required=False)
    document_url = forms.URLField(
        label=gettext_lazy("Address on the web"), required=False, max_length=300,
        assume_scheme="https",
    )  # fmt: skip
    name_en = _text(gettext_lazy("Name of the set in English"), LONGEST_NAME)
    name_fr = _text(gettext_lazy("in French"), LONGEST_NAME, required=False)
    name_es = _text(gettext_lazy("in Spanish"), LONGEST_NAME, required=False)
    name_ru = _text(gettext_lazy("in Russian"), LONGEST_NAME, required=False)
    name_ar = _text(gettext_lazy("in Arabic"), LONGEST_NAME, required=False)
    name_zh = _text(gettext_lazy("in Chinese"), LONGEST_NAME, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TargetKind.choices)
    from_year = year_field(gettext_lazy("First year"))
    to_year = year_field(gettext_lazy("Last year"))
    programme_support = forms.ChoiceField(
        label=gettext_lazy("Programme support"), choices=SupportTreatment.choices,
        initial=SupportTreatment.NOT_STATED,
    )  # fmt: skip
    covers = _text(
        gettext_lazy("What it covers"), LONGEST_COVERS, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Which money, and what is left out, as the document says it."),
    )  # fmt: skip
    revises = ReferenceField(
        TargetSet.objects.order_by("order"), label=gettext_lazy("Revises"), required=False,
        empty_label=gettext_lazy("No earlier set"),
        help_text=gettext_lazy("The earlier set stays as it is; the two stand side by side."),
    )  # fmt: skip

    def __init__(self, *args: Any, own: TargetSet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        self.proposed: ProposedSet | None = None
        add_row_fields(self)
        revises: Any = self.fields["revises"]
        revises.queryset = self._other_sets()

    def _other_sets(self) -> QuerySet[TargetSet]:
        return TargetSet.objects.exclude(pk=self.own.pk if self.own else None).order_by("order")

    @property
    def rows(self) -> list[dict[str, Any]]:
        return rows_of(self)[:OPEN_ROWS]

    @property
    def more_rows(self) -> list[dict[str, Any]]:
        return rows_of(self)[OPEN_ROWS:]

    @property
    def has_more(self) -> bool:
        """Whether a row that stands folded up holds something."""
        return any(row["is_filled"] for row in self.more_rows)

    @property
    def names(self) -> list[forms.BoundField]:
        """The name in the languages besides English."""
        return [self[name] for name in NAME_FIELDS if name != "name_en"]

    def typed(self) -> dict[str, str]:
        """What was typed, as a proposal keeps it: the form's own fields, nothing else."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}

    def clean_name_en(self) -> str:
        name: str = self.cleaned_data["name_en"]
        if self._other_sets().filter(names__en__iexact=name).exists():
            raise forms.ValidationError(
                _("A set has this name already. A revision is a new set with a name of its own.")
            )
        return name

    def clean_document_title(self) -> str:
        title: str = self.cleaned_data["document_title"]
        others = Document.objects.exclude(pk=self.own.document_id if self.own else None)
        if title and others.filter(names__en__iexact=title).exists():
            raise forms.ValidationError(_("This document is in the list: choose it there."))
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_year"), cleaned.get("to_year")
        if first and last and first > last:
            self.add_error("to_year", _("The last year comes before the first."))
            cleaned = {**cleaned, "from_year": None}
        self._check_document(cleaned)
        targets = targets_typed(self, cleaned)
        if not targets and not self.errors:
            self.add_error("amount_1", _("Enter at least one amount."))
        if not self.errors:
            self.proposed = _proposed(cleaned, tuple(targets))
        return cleaned

    def _check_document(self, cleaned: Mapping[str, Any]) -> None:
        new = [name for name in NEW_DOCUMENT if cleaned.get(name)]
        if cleaned.get("document") and new:
            self.add_error("document", _("Choose a document, or describe a new one, not both."))
        said = cleaned.get("document") or cleaned.get("document_title")
        if not said and not {"document", "document_title"} & {*self.errors}:
            sentence = _("Choose the document above, or give the title of a new one.")
            self.add_error("document_title", sentence)


def _proposed(cleaned: Mapping[str, Any], targets: tuple[Any, ...]) -> ProposedSet:
    document = cleaned["document"] or NewDocument(*(cleaned[name] for name in NEW_DOCUMENT))
    return ProposedSet(
        document=document,
        names={code: cleaned[name] for name, code in NAME_FIELDS.items() if cleaned[name]},
        kind=cleaned["kind"], from_year=cleaned["from_year"], to_year=cleaned["to_year"],
        programme_support=cleaned["programme_support"], covers=cleaned["covers"],
        revises=cleaned["revises"],
        targets=tuple(sorted(targets, key=lambda one: (one.scope.order, one.from_year))),
    )  # fmt: skip


def initial_of(revised: TargetSet | None) -> dict[str, Any]:
    """What a new form opens with: the usual rows, or the targets of the set that it revises."""
    if revised is None:
        return initial_rows()
    initial: dict[str, Any] = {
        "revises": revised.pk, "kind": revised.kind, "covers": revised.covers,
        "from_year": revised.from_year, "to_year": revised.to_year,
        "programme_support": revised.programme_support,
    }  # fmt: skip
    targets = AnnualTarget.objects.filter(target_set=revised).order_by("scope__order", "from_year")
    for row, target in enumerate(targets.prefetch_related("path"), start=1):
        points: Path = tuple((one.month, one.cumulative_usd) for one in target.path.all())
        initial |= {
            f"scope_{row}": target.scope_id, f"amount_{row}": f"{target.amount_usd:,}",
            f"from_{row}": target.from_year, f"to_{row}": target.to_year,
            f"note_{row}": "", f"path_{row}": text_of(points),
        }  # fmt: skip
    return initial
