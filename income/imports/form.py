"""The drafts of imports as forms of an act: nothing is typed, all of it is checked again."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from income.imports.course.posting import post_import
from income.imports.course.report import Report
from income.imports.course.undoing import refuse_what_rests_on, undo_import
from income.imports.services import title_of
from income.models import Draft, Import, Ledger, Posting
from income.rules import month_to_book_in
from income.services.actors import Actors
from income.vocabulary import Act
from interface.errors import PortalError


class ImportForm(forms.Form):
    """A checked file, as it was submitted."""

    file = forms.CharField(label=gettext_lazy("File"), required=False)
    rows = forms.IntegerField(label=gettext_lazy("Rows"), required=False)
    digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A name that no attribute can have.
        self.fields["import"] = forms.UUIDField(widget=forms.HiddenInput)
        self.ledger, self.today = ledger, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        found = self.found()
        if found is None:
            self.add_error(None, _("This file was thrown away. Bring it in again."))
        elif not found.is_posted and found.digest != cleaned["digest"]:
            self.add_error(None, _("The file was checked again since. Submit what was found then."))
        return cleaned

    def found(self) -> Import | None:
        """The import that the form names."""
        imports = Import.objects.select_related("draft")
        return imports.filter(ledger=self.ledger, uuid=self.cleaned_data["import"]).first()

    def title_of_draft(self) -> str:
        found = self.found()
        return title_of(found, Report.of_json(found.found)) if found else ""

    def act_of_draft(self) -> Act:
        return Act.IMPORT_ROWS

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Post the file at once; the first of its postings. The job does this with progress."""
        return post_import(_draft(self.ledger, token), actors, today=self.today)[0]


class UndoImportForm(forms.Form):
    """Which import is to be undone, and why."""

    file = forms.CharField(label=gettext_lazy("File"), required=False)
    because = forms.CharField(
        label=gettext_lazy("Why it is undone"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, ledger: Ledger, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["import"] = forms.UUIDField(widget=forms.HiddenInput)
        self.ledger, self.today = ledger, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        found = Import.objects.filter(ledger=self.ledger, uuid=cleaned["import"]).first()
        try:
            if found is None or found.undone_at:
                self.add_error(None, _("This import was undone before."))
            else:
                month_to_book_in(self.ledger, self.today, self.today, field="because")
                refuse_what_rests_on(found)
        except PortalError as error:
            self.add_error(None, error.sentence)
        return cleaned

    def title_of_draft(self) -> str:
        return _("Undo the import of %(file)s: %(because)s") % self.cleaned_data

    def act_of_draft(self) -> Act:
        return Act.UNDO_IMPORT

    def post(self, *, token: str, actors: Actors) -> Posting:
        """Reverse the import at once; the first of the reversals."""
        return undo_import(_draft(self.ledger, token), actors, today=self.today)[0]


def _draft(ledger: Ledger, token: str) -> Draft:
    return Draft.objects.get(ledger=ledger, token=token)
