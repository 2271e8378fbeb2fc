"""Forms of the funding dialogue: an item, a file of expenditure, a decision."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.erp.amounts import COMMA, POINT
from income.imports.reading import FileRefused
from income.models import Programme
from reports.dialogue.expenditure_files import ExpenditureFileWrong, read_expenditure
from reports.dialogue.lines import Spent
from reports.models import DialogueKind

EARLIEST = 2000


class ItemForm(forms.Form):
    """One thing that a pack tells, with its evidence."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=DialogueKind.choices)
    year = forms.IntegerField(
        label=gettext_lazy("Year"), help_text=gettext_lazy("The year of the pack it belongs in."),
        min_value=EARLIEST,
    )  # fmt: skip
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Programme"), queryset=Programme.objects.none(), required=False
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=2000,
        help_text=gettext_lazy("A few sentences, as the Board will read them."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )  # fmt: skip
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"), max_length=500,
        help_text=gettext_lazy("A document and its page, so that another person can check it."),
    )  # fmt: skip
    evidence_url = forms.URLField(
        label=gettext_lazy("Address of the evidence"), max_length=300, required=False,
        assume_scheme="https",
    )  # fmt: skip

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = Programme.objects.order_by("order")

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > self.today.year:
            raise forms.ValidationError(_("The year has not begun yet."))
        return year


class ExpenditureForm(forms.Form):
    """A file of audited expenditure; valid when every line of it can be taken over."""

    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300,
        help_text=gettext_lazy("The document or statement that these figures stand in."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("File (.csv or .xlsx)"), max_length=200, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )  # fmt: skip
    decimal_sign = forms.ChoiceField(
        label=gettext_lazy("Decimal sign of the amounts"),
        choices=[
            ("", gettext_lazy("As the file shows, where it is clear")),
            (POINT, gettext_lazy("A point: 1,250.50")),
            (COMMA, gettext_lazy("A comma: 1.250,50")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.problems: list[str] = []
        self.lines: list[Spent] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "file" not in cleaned:
            return cleaned
        try:
            self.lines = read_expenditure(
                cleaned["file"], today=self.today, decimal_sign=cleaned.get("decimal_sign", "")
            )
        except ExpenditureFileWrong as error:
            self.problems = error.problems
            self.add_error("file", error.sentence)
        except FileRefused as error:
            self.add_error("file", error.sentence)
        return cleaned
