"""Bringing rows in: a file, or a block pasted from a spreadsheet."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")
MEDIA_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "text/csv",
)
LONGEST_NAME = 200


class FileForm(forms.Form):
    """A workbook or text file; what is in it is read elsewhere."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Excel (.xlsx, .xls), OpenDocument (.ods) or text (.csv), up to 50 MB and "
            "100,000 rows. Nothing is posted yet."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join((*ENDINGS, *MEDIA_TYPES))}),
        allow_empty_file=True,  # the reading says what is wrong with it
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.MOST_BYTES_OF_A_FILE:
            raise forms.ValidationError(
                _("The file has %(size)s, %(most)s at most. Divide it into several files.")
                % {
                    "size": filesizeformat(file.size or 0),
                    "most": filesizeformat(settings.MOST_BYTES_OF_A_FILE),
                }
            )
        return file

    @property
    def name_of_file(self) -> str:
        """As its sender called it, short enough to keep."""
        return str(self.cleaned_data["file"].name or "")[-LONGEST_NAME:]


class PasteForm(forms.Form):
    """A block as spreadsheets copy it: cells parted by tabs, the first row of headings."""

    name = forms.CharField(
        label=gettext_lazy("What it is"),
        help_text=gettext_lazy("A name to find it by, such as “Receipts of the Cairo office”."),
        max_length=LONGEST_NAME,
        required=False,
    )
    rows = forms.CharField(
        label=gettext_lazy("Rows"),
        help_text=gettext_lazy(
            "Copy the cells in the spreadsheet, with the row of headings, and paste them here."
        ),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "wrap": "off", "spellcheck": "false"}),
    )

    def clean_rows(self) -> str:
        rows = str(self.cleaned_data["rows"])
        if not rows.strip():
            raise forms.ValidationError(_("There are no rows. Paste them with their headings."))
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["name"] = str(cleaned.get("name") or "").strip() or _("Pasted rows")
        return cleaned
