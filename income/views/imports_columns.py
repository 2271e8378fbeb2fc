"""Saying which column of a file is what, and how its amounts and dates are read."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.errors import ImportChanged
from income.forms.fields import add_error
from income.forms.imports_choices import ReadingForm
from income.forms.imports_columns import PlanForm
from income.imports.columns.doubts import Doubt
from income.imports.columns.fields import FIELDS
from income.imports.columns.layouts import save_layout
from income.imports.columns.plan import Plan
from income.imports.columns.proposing import propose
from income.imports.columns.words import Words
from income.imports.jobs import check_later
from income.imports.looking import (
    ROWS_LOOKED_AT,
    Look,
    Reading,
    amounts_read,
    days_read,
    look,
    propose_again,
    words_to_say,
)
from income.imports.services import change_plan
from income.imports.sheets import source_of
from income.models import Import
from income.views.imports import import_of
from income.views.imports_report import may_change
from interface.errors import PortalError
from interface.formatting import format_number

ABOUT = {
    "decimal_sign": gettext_lazy("Decimal sign"), "date_order": gettext_lazy("Order of dates"),
    "sheets": gettext_lazy("Sheets"), "layout": gettext_lazy("Layout"),
}  # fmt: skip
READING = ("header_row", "encoding", "delimiter", "sheets")


class Desk:
    """A file opened as was asked for, with the plan that its page begins with.

    `typed` may hold another way of reading than the import's own: then the columns are proposed
    anew. Raises FileRefused, FileGone.
    """

    def __init__(self, import_: Import, typed: Any) -> None:
        self.import_, self.typed = import_, typed
        saved = Plan.of_json(import_.plan)
        self.source = source_of(import_, saved)
        self.reading = self._reading(saved, typed if "header_row" in typed else None)
        self.plan = saved
        if self.reading.is_bound and self.reading.is_valid():
            self.plan = self._read_again(saved, self.reading.plan(saved))

    def _reading(self, plan: Plan, typed: Any) -> ReadingForm:
        names = [sheet.name for sheet in self.source.sheets]
        return ReadingForm(typed, plan=plan, kind=self.source.kind, sheets=names)

    def _read_again(self, saved: Plan, wanted: Plan) -> Plan:
        """The columns of a file that is read otherwise are proposed anew."""
        if wanted == saved:
            return saved
        self.source = source_of(self.import_, wanted)
        return propose_again(self.source, wanted)

    @cached_property
    def seen(self) -> Look:
        return look(self.source, self.plan)

    @cached_property
    def doubts(self) -> list[Doubt]:
        """None any more once a check was made with what the person confirmed."""
        return [] if self.import_.job_id else propose(self.source).doubts

    def form(self, columns: Mapping[str, str], data: Any = None) -> PlanForm:
        """The page's form; the words that it asks for are those of `columns`."""
        words = words_to_say(self.seen, columns, Words.load(self.plan.values))
        initial = {"version": self.import_.version}
        doubts = {one.column: one.sentence for one in self.doubts}
        return PlanForm(
            data, initial=initial, plan=self.plan, seen=self.seen, words=words, doubts=doubts
        )

    def typed_columns(self) -> dict[str, str]:
        """Field → heading, as the selects of the page say it."""
        found = {}
        for column in self.seen.columns:
            if name := self.typed.get(f"column_{column.number}"):
                found[name] = column.key
        return found


@requires(Permission.ENTER_INCOME)
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, uuid: str) -> HttpResponse:
    """Which column is what; what is confirmed here is checked row by row."""
    import_ = import_of(uuid)
    if not may_change(import_, signed_in(request)):
        messages.error(request, _("This import is being worked on, under review or posted."))
        return redirect("import", uuid)
    try:
        desk = Desk(import_, request.POST if request.method == "POST" else request.GET)
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("import", uuid)
    if request.method != "POST":
        return _page(request, desk, desk.form(desk.plan.columns))
    form = desk.form(desk.typed_columns(), request.POST)
    if form.is_valid() and _saved(request, desk, form):
        return _go_on(request, import_, form)
    return _page(request, desk, form)


def _saved(request: HttpRequest, desk: Desk, form: PlanForm) -> bool:
    by, plan = signed_in(request), form.plan()
    try:
        layout = None
        if name := form.cleaned_data["layout_name"]:
            headings = [column.heading for column in desk.seen.columns]
            layout = save_layout(name, plan, by=by, headings=headings)
        version = form.cleaned_data["version"]
        change_plan(desk.import_, plan, version=version, by=by, layout=layout)
    except ImportChanged as error:
        form.add_error(None, error.sentence)
        typed: Any = form.data
        form.data = typed.copy()
        form.data["version"] = desk.import_.version  # type: ignore[index]  # it is a copy
        return False
    except PortalError as error:
        add_error(form, error)
        return False
    return True


def _go_on(request: HttpRequest, import_: Import, form: PlanForm) -> HttpResponse:
    """To the check; back to the page once, if it did not ask for words that nobody knows yet."""
    asked = set(request.POST.getlist("asked"))
    new = [
        name for name, words in form.words.items()
        if name not in asked and any(word.code is None for word in words)
    ]  # fmt: skip
    if new:
        messages.info(request, _("Saved. Some words are not understood yet: say what they mean."))
        return redirect("import_columns", import_.uuid)
    check_later(import_of(str(import_.uuid)), by=signed_in(request))
    return redirect("import", import_.uuid)


def _page(request: HttpRequest, desk: Desk, form: PlanForm) -> HttpResponse:
    import_, columns = desk.import_, form.standing_columns()
    context = {
        "import": import_, "books": import_.ledger, "form": form, "layout": import_.layout,
        "demonstration_books": import_.ledger.is_demonstration,
        "reading": desk.reading, "reading_open": bool(desk.reading.errors) or not desk.seen.columns,
        "reading_said": _reading_said(desk),
        "reading_typed": [
            (name, value) for name in READING for value in _typed(desk.reading, name)
        ],
        "asked": list(form.words), "doubts": _doubts_told(desk),
        "counted_rows": ROWS_LOOKED_AT if len(desk.seen.rows) == ROWS_LOOKED_AT else None,
        "amounts": _told(amounts_read(desk.seen, columns, form.standing_amounts())),
        "days": _told(days_read(desk.seen, columns)),
    }  # fmt: skip
    return render(
        request, "income/import_columns.html", context, status=422 if form.errors else 200
    )


def _doubts_told(desk: Desk) -> list[tuple[str, str]]:
    """What is not sure of the file beside its columns: the field's label and the sentence."""
    labels: dict[str, Any] = {**FIELDS, **ABOUT}
    return [(str(labels.get(one.field, "")), one.sentence) for one in desk.doubts if not one.column]


def _typed(reading: ReadingForm, name: str) -> list[Any]:
    """What the form that reads the file holds, to be sent along with the columns."""
    if name not in reading.fields:
        return []
    value = reading[name].value()
    return list(value or ()) if name == "sheets" else [value]


def _reading_said(desk: Desk) -> str:
    """How the file is read, in one line."""
    parts = [_("headings in row %(row)s") % {"row": desk.plan.header_row}]
    if desk.source.encoding:
        parts.append(desk.source.encoding.upper())
    if desk.plan.sheets:
        parts.append(", ".join(desk.plan.sheets))
    return " · ".join(parts)


def _told(readings: list[Reading]) -> list[dict[str, Any]]:
    return [
        {"text": one.text, "values": [_shown(value) for value in one.by.values()]}
        for one in readings
    ]


def _shown(value: object) -> object:
    """An amount grouped, with the decimals it has; a day as it is."""
    if not isinstance(value, Decimal):
        return value
    return format_number(value, digits=max(0, -int(value.as_tuple().exponent)))
