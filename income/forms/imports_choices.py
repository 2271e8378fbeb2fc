"""What a person decides about a file beside its columns: how it is opened, who names are, why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.imports.columns.plan import Plan

MOST_HEADER_ROW = 1_000
DELIMITERS = [
    (",", gettext_lazy("comma")), (";", gettext_lazy("semicolon")),
    ("\t", gettext_lazy("tab")), ("|", gettext_lazy("vertical bar")),
]  # fmt: skip
ENCODINGS = [
    ("utf-8", "UTF-8"), ("utf-16", "UTF-16"),
    ("windows-1252", gettext_lazy("Windows, Western European (1252)")),
    ("windows-1251", gettext_lazy("Windows, Cyrillic (1251)")),
    ("windows-1256", gettext_lazy("Windows, Arabic (1256)")),
    ("gb18030", gettext_lazy("Chinese (GB 18030)")),
    ("iso-8859-1", "Latin-1"),
]  # fmt: skip


class ReadingForm(forms.Form):
    """Row of headings; of a text file its characters and what parts them; of a workbook sheets."""

    header_row = forms.IntegerField(
        label=gettext_lazy("Row of the headings"), min_value=0, max_value=MOST_HEADER_ROW,
        help_text=gettext_lazy("0 where the file has no headings."),
    )  # fmt: skip

    def __init__(self, data: Any, *, plan: Plan, kind: str, sheets: Sequence[str]) -> None:
        initial = {
            "header_row": plan.header_row, "encoding": plan.encoding,
            "delimiter": plan.delimiter, "sheets": list(plan.sheets),
        }  # fmt: skip
        super().__init__(data, initial=initial)
        if kind == "csv":
            self._add_text_file()
        if len(sheets) > 1:
            self.fields["sheets"] = forms.MultipleChoiceField(
                label=_("Sheets to read"), required=False,
                help_text=_("None chosen: all that have the headings."),
                choices=[(name, name) for name in sheets], widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def _add_text_file(self) -> None:
        found = [("", _("as the file shows"))]
        self.fields["encoding"] = forms.ChoiceField(
            label=_("Characters"), choices=[*found, *ENCODINGS], required=False
        )
        # A tab would be stripped from what was typed: it stands in the choices by its name.
        self.fields["delimiter"] = forms.ChoiceField(
            label=_("Cells are parted by"), required=False,
            choices=[*found, *((NAMES[sign], label) for sign, label in DELIMITERS)],
        )  # fmt: skip
        self.initial["delimiter"] = NAMES.get(self.initial["delimiter"], "")

    def plan(self, base: Plan) -> Plan:
        """The plan, read this way."""
        typed: Mapping[str, Any] = self.cleaned_data
        return base.with_(
            header_row=typed["header_row"],
            header_rows=base.header_rows if typed["header_row"] == base.header_row else 1,
            encoding=typed.get("encoding", base.encoding),
            delimiter=SIGNS.get(typed.get("delimiter", ""), ""),
            sheets=tuple(typed.get("sheets", base.sheets)),
        )


NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SIGNS = {name: sign for sign, name in NAMES.items()}


class LateForm(forms.Form):
    """Why rows of closed months come late; nothing stops them again."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    because = forms.CharField(label=gettext_lazy("Why they come late"), max_length=300,
                              required=False)  # fmt: skip


class UndoForm(forms.Form):
    """Why an import is undone."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    because = forms.CharField(
        label=gettext_lazy("Why it is undone"),
        help_text=gettext_lazy("For whoever reads the books later."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
