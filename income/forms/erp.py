"""Forms of the ERP: a monthly export, and which receipt of the books is meant."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.erp.amounts import COMMA, POINT
from income.erp.reading import MOST_BYTES, ErpFile, read_export
from income.errors import ErpFileWrong
from income.periods import YearMonth


class ReceiptForm(forms.Form):
    """A receipt as people name it: 12, or 12/3 in a posting of an import."""

    sequence = forms.RegexField(r"^\d{1,9}( ?/ ?\d{1,9})?$", max_length=25, strip=True)

    def clean_sequence(self) -> tuple[int, int | None]:
        """Number of the posting, and the line of the receipt there."""
        sequence, _slash, line = self.cleaned_data["sequence"].partition("/")
        return int(sequence), int(line) if line else None


class ErpExportForm(forms.Form):
    """The month and its file; valid when every row can be taken over."""

    month = forms.RegexField(
        r"^\d{4}-\d{2}$",
        label=gettext_lazy("Month"),
        help_text=gettext_lazy("Such as 2021-06. Every row is of this month."),
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    file = forms.FileField(label=gettext_lazy("CSV file"), max_length=200)
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
        self.content = b""
        self.read: ErpFile | None = None

    def clean_month(self) -> YearMonth:
        try:
            month = YearMonth.parse(self.cleaned_data["month"])
        except ValueError as error:
            raise forms.ValidationError(_("This is no month.")) from error
        if month.first_day > self.today:
            raise forms.ValidationError(_("The month has not begun yet."))
        return month

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        self.content = cleaned["file"].read(MOST_BYTES + 1)
        try:
            self.read = read_export(
                self.content, cleaned["month"], decimal_sign=cleaned["decimal_sign"]
            )
        except ErpFileWrong as error:
            self.problems = error.problems
            self.add_error(
                "file",
                _("Nothing was taken over. Mend the file, or choose the decimal sign.")
                if len(self.problems) > 1
                else self.problems[0],
            )
        return cleaned
