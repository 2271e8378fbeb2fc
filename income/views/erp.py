"""The ERP beside the books: references, monthly exports, what does not match."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.erp.matching import reconciliation
from income.erp.reading import COLUMNS, ErpFile, template
from income.erp.references import ENTERED, find_by_reference
from income.forms.erp import ErpExportForm, ReceiptForm
from income.models import Contribution, ErpExport, ErpLine, ErpReference, Ledger, Posting
from income.periods import YearMonth
from income.services.erp import (
    add_reference,
    load_export,
    match_export,
    match_line,
    remove_reference,
    unmatch_line,
)
from income.views.books import chosen_books
from income.views.entry import entry_books
from income.views.months import month_called
from income.vocabulary import ErpScheme
from interface.errors import PortalError
from interface.paging import page_of

ROWS = 50


@requires(Permission.VIEW_BANK_DATA)
def erp_list(request: HttpRequest) -> HttpResponse:
    """The monthly exports, newest first, those that were replaced included."""
    books = chosen_books(request)
    exports = ErpExport.objects.filter(ledger=books).select_related("loaded_by")
    page = page_of(exports.order_by("-month", "-pk"), request.GET.get("page"), ROWS)
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "page": page,
        "rows": [(one, YearMonth.from_key(one.month)) for one in page.items],
        "may_load": signed_in(request).may(Permission.ENTER_INCOME),
    }  # fmt: skip
    return render(request, "income/erp_list.html", context)


@requires(Permission.VIEW_BANK_DATA)
def erp_template(request: HttpRequest) -> HttpResponse:
    """The columns of an export, to fill in."""
    response = HttpResponse(template(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="erp-export-template.csv"'
    return response


@requires(Permission.ENTER_INCOME)
def erp_load(request: HttpRequest) -> HttpResponse:
    """Load a month's export: all of it, or nothing and every reason why."""
    books, today = entry_books(), timezone.localdate()
    is_sent = request.method == "POST"
    form = ErpExportForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, today=today,
        initial={"month": request.GET.get("month", "")},
    )  # fmt: skip
    if is_sent and form.is_valid() and form.read:
        return _loaded(request, books, form, form.read)
    context = {
        "form": form, "books": books, "demonstration_books": books.is_demonstration,
        "columns": COLUMNS,
    }  # fmt: skip
    return render(request, "income/erp_load.html", context, status=422 if form.errors else 200)


def _loaded(
    request: HttpRequest, books: Ledger, form: ErpExportForm, read: ErpFile
) -> HttpResponse:
    month = form.cleaned_data["month"]
    load_export(
        books, month, read, file_name=form.cleaned_data["file"].name, content=form.content,
        by=signed_in(request),
    )  # fmt: skip
    messages.success(
        request,
        _("%(lines)s lines taken over and matched; read as %(encoding)s, decimal sign “%(sign)s”.")
        % {"lines": len(read.lines), "encoding": read.encoding, "sign": read.decimal_sign},
    )
    return redirect("erp_month", books.code, month.slug)


@requires(Permission.VIEW_BANK_DATA)
def erp_month(request: HttpRequest, books: str, month: str) -> HttpResponse:
    """A month of the ERP beside the books, in both directions and per fund."""
    ledger, wanted = get_object_or_404(Ledger, code=books), month_called(month)
    found = reconciliation(ledger, wanted)
    tied = [line for line in found.lines if line.receipt_key in found.receipts]
    context = {
        "books": ledger, "demonstration_books": ledger.is_demonstration, "month": wanted,
        "found": found,
        "matched": [(line, found.receipts[line.receipt_key]) for line in tied],
        "may_match": signed_in(request).may(Permission.ENTER_INCOME) and ledger == entry_books(),
        "older": ErpExport.objects.filter(ledger=ledger, month=wanted.key, is_current=False),
    }  # fmt: skip
    return render(request, "income/erp_month.html", context)


@requires(Permission.ENTER_INCOME)
@require_POST
def erp_match(request: HttpRequest, books: str, month: str) -> HttpResponse:
    """Match the month again with the books as they are now."""
    ledger, wanted = entry_books(), month_called(month)
    export = ErpExport.objects.filter(ledger=ledger, month=wanted.key, is_current=True).first()
    if export is None or ledger.code != books:
        messages.error(request, _("No export of the month was loaded."))
    else:
        matched = match_export(export, by=signed_in(request))
        messages.success(request, _("%(count)s lines have a posting.") % {"count": matched})
    return redirect("erp_month", books, wanted.slug)


@requires(Permission.ENTER_INCOME)
@require_POST
def erp_line_match(request: HttpRequest, pk: int) -> HttpResponse:
    """Match a line by hand with the receipt typed, or take the two apart."""
    lines = ErpLine.objects.select_related("export__ledger", "posting")
    line = get_object_or_404(lines, pk=pk, export__ledger=entry_books(), export__is_current=True)
    form, by = ReceiptForm(request.POST), signed_in(request)
    try:
        if "apart" in request.POST:
            unmatch_line(line, by=by)
        elif form.is_valid():
            match_line(line, *form.cleaned_data["sequence"], by=by)
        else:
            messages.error(
                request, _("Type the number of the posting, such as 12, or 12/3 of an import.")
            )
    except PortalError as error:
        messages.error(request, error.sentence)
    export = line.export
    return redirect("erp_month", export.ledger.code, YearMonth.from_key(export.month).slug)


@requires(Permission.VIEW_BANK_DATA)
def erp_search(request: HttpRequest) -> HttpResponse:
    """What carries an identifier of the ERP, or one that begins so."""
    books, typed = chosen_books(request), request.GET.get("q", "")
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "q": typed,
        "found": find_by_reference(books, typed),
    }  # fmt: skip
    return render(request, "income/erp_search.html", context)


@requires(Permission.ENTER_INCOME)
@require_POST
def erp_reference_add(request: HttpRequest) -> HttpResponse:
    """Name an agreement or a posting as the ERP does."""
    books, typed = entry_books(), request.POST
    on = _subject(books, typed)
    if not any(on.values()) or typed.get("scheme") not in dict(ENTERED):
        messages.error(request, _("Say which agreement or posting, and which identifier."))
        return redirect("erp_search")
    try:
        add_reference(
            books, scheme=ErpScheme(typed["scheme"]), value=typed.get("value", ""),
            by=signed_in(request), **on,
        )  # fmt: skip
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect(_page_of(**on))


@requires(Permission.ENTER_INCOME)
@require_POST
def erp_reference_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an identifier off again."""
    rows = ErpReference.objects.select_related("contribution", "posting__ledger")
    reference = get_object_or_404(rows, pk=pk, ledger=entry_books())
    page = _page_of(reference.contribution, reference.posting, reference.receipt_line)
    remove_reference(reference, by=signed_in(request))
    messages.success(request, _("Removed."))
    return redirect(page)


def _subject(books: Ledger, typed: QueryDict) -> dict[str, Any]:
    """The agreement or the receipt that is to be named; nothing where it is not in the books."""
    if wanted := typed.get("contribution"):
        return {
            "contribution": Contribution.objects.filter(ledger=books, uuid=_uuid(wanted)).first()
        }
    number = "/".join(filter(None, (typed.get("posting"), typed.get("line"))))
    form = ReceiptForm({"sequence": number})
    if typed.get("books") != books.code or not form.is_valid():
        return {}
    sequence, line = form.cleaned_data["sequence"]
    posting = Posting.objects.filter(ledger=books, sequence=sequence).first()
    return {"posting": posting, "line": line} if posting else {}


def _page_of(
    contribution: Contribution | None = None, posting: Posting | None = None,
    line: int | None = None,
) -> str:  # fmt: skip
    if contribution:
        return reverse("contribution", args=[contribution.uuid])
    if posting:
        page = reverse("posting", args=[posting.ledger.code, posting.sequence])
        return f"{page}?line={line}" if line else page
    return reverse("erp_search")


def _uuid(typed: str) -> str:
    """The UUID of an address's form field; one of nobody where it is none."""
    try:
        return str(uuid.UUID(typed))
    except ValueError:
        return str(uuid.UUID(int=0))
