"""Files that are brought in: the list, a new one, the page of one with what its check found."""

import io
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.forms.imports import FileForm, PasteForm
from income.imports import states
from income.imports.columns.fields import FIELDS
from income.imports.returned.marked import is_long, marked_file
from income.imports.returned.returning import error_workbook
from income.imports.returned.template import template_workbook
from income.imports.services import read_in
from income.imports.telling import sums_by_kind
from income.models import Import
from income.views.entry import entry_books
from income.views.imports_report import badge_of, report_context
from interface.errors import PortalError
from interface.formatting import current_language
from interface.paging import page_of

ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEES = (Permission.ENTER_INCOME, Permission.REVIEW_INCOME)


def import_of(uuid: str) -> Import:
    """The import of these books with that address; Http404."""
    rows = Import.objects.select_related(*states.RELATED)
    return get_object_or_404(rows, uuid=uuid, ledger=entry_books())


@requires(*SEES)
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """Everything that was brought in for these books, newest first."""
    books, user = entry_books(), signed_in(request)
    rows = Import.objects.filter(ledger=books).select_related(*states.RELATED)
    page = page_of(rows.order_by("-uploaded_at", "-pk"), request.GET.get("page"), ROWS)
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "page": page,
        "rows": [_line(one) for one in page.items],
        "may_enter": user.may(Permission.ENTER_INCOME),
    }  # fmt: skip
    return render(request, "income/import_list.html", context)


def _line(import_: Import) -> dict[str, Any]:
    """One import as the list tells it."""
    state = states.state_of(import_)
    return {
        "import": import_, "address": reverse("import", args=[import_.uuid]), "state": state,
        "badge": badge_of(state), "rows": import_.found.get("rows"),
        "accepted": import_.found.get("accepted"), "sums": sums_by_kind(import_.found),
    }  # fmt: skip


@requires(Permission.ENTER_INCOME)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Bring a file in; what cannot be read leaves nothing behind."""
    is_sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
    if is_sent and form.is_valid():
        import_ = _read(request, form, form.cleaned_data["file"], form.name_of_file)
        if import_:
            return redirect("import_columns", import_.uuid)
    return _form_page(request, form, "income/import_new.html")


@requires(Permission.ENTER_INCOME)
@require_http_methods(["GET", "HEAD", "POST"])
def import_paste(request: HttpRequest) -> HttpResponse:
    """Bring in a block of cells copied from a spreadsheet."""
    form = PasteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        block = ContentFile(form.cleaned_data["rows"].encode())
        import_ = _read(request, form, block, form.cleaned_data["name"], is_pasted=True)
        if import_:
            return redirect("import_columns", import_.uuid)
    return _form_page(request, form, "income/import_paste.html")


def _read(
    request: HttpRequest, form: FileForm | PasteForm, upload: Any, name: str, *,
    is_pasted: bool = False,
) -> Import | None:  # fmt: skip
    """The import, or None with the sentence on the form."""
    try:
        return read_in(
            upload, ledger=entry_books(), by=signed_in(request), name=name, is_pasted=is_pasted
        )
    except PortalError as error:
        form.add_error("rows" if is_pasted else "file", error.sentence)
        return None


def _form_page(request: HttpRequest, form: FileForm | PasteForm, template: str) -> HttpResponse:
    books = entry_books()
    context = {
        "form": form, "books": books, "demonstration_books": books.is_demonstration,
        "labels": [str(one) for one in FIELDS.values()],
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


@requires(*SEES)
@require_safe
def import_page(request: HttpRequest, uuid: str) -> HttpResponse:
    """One import: how far it is, what its check found, what became of it.

    HTMX asks for the progress alone, and is told to load the page anew when the work is over.
    """
    import_ = import_of(uuid)
    context = report_context(import_, signed_in(request))
    if request.headers.get("HX-Request") == "true":
        context["job"] = context["job"] or context["marks_now"]
        if not context["job"]:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "jobs/_progress.html", context)
    return render(request, "income/import_report.html", context)


@requires(Permission.ENTER_INCOME)
@require_safe
def import_template(request: HttpRequest) -> HttpResponseBase:
    """The portal's own workbook to fill in, with its lists, in the reader's language."""
    content = template_workbook(entry_books(), language=current_language())
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename="habitat-portal-income.xlsx",
        content_type=XLSX,
    )  # fmt: skip


@requires(Permission.VIEW_BANK_DATA)
@require_safe
def import_file(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The file as it was brought in: always saved, never opened in the browser."""
    import_ = import_of(uuid)
    name = f"{import_.file_name}.txt" if import_.is_pasted else import_.file_name
    try:
        content = import_.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


@requires(Permission.VIEW_BANK_DATA)
@require_safe
def import_errors(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The user's file again as a workbook, with everything that is wrong marked."""
    import_, content = import_of(uuid), None
    try:
        if is_long(import_):
            content = marked_file(import_, language=current_language())
        else:
            content = error_workbook(import_, today=timezone.localdate())
    except PortalError as error:
        messages.error(request, error.sentence)
    if content is None:
        return redirect("import", uuid)
    stem = import_.file_name.rpartition(".")[0] or import_.file_name
    name = f"{stem}-" + _("errors") + ".xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)
