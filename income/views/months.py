"""Months of the books: which are closed, and the checklist of the next one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.models import AuditEvent
from accounts.permissions import Permission
from income.closing import Item, checklist
from income.forms.closing import ClosingForm
from income.models import Ledger, Month
from income.periods import YearMonth
from income.selectors import open_months
from income.services import close_checked_month
from income.views.books import chosen_books, sees_bank_data
from income.views.entry import entry_books
from interface.errors import PortalError


@requires(Permission.VIEW_BOARD)
def month_list(request: HttpRequest) -> HttpResponse:
    """Which months of the books are closed, and which come next."""
    books, user = chosen_books(request), signed_in(request)
    closed = Month.objects.filter(ledger=books).select_related("closed_by").order_by("-month")
    rows = [{"month": YearMonth.from_key(m.month), "closing": m} for m in closed]
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "closed": rows,
        "open": open_months(books, timezone.localdate()),
        "may_close": user.may(Permission.CLOSE_MONTHS) and books == entry_books(),
        "may_look": user.may(Permission.VIEW_BANK_DATA), "shows_persons": sees_bank_data(user),
    }  # fmt: skip
    return render(request, "income/month_list.html", context)


@requires(Permission.VIEW_BANK_DATA)
def month(request: HttpRequest, books: str, month: str) -> HttpResponse:
    """The checklist of one month; a reviewer closes the month from here."""
    ledger, wanted = get_object_or_404(Ledger, code=books), month_called(month)
    return _show(request, ledger, wanted, None)


@requires(Permission.CLOSE_MONTHS)
@require_POST
def month_close(request: HttpRequest, books: str, month: str) -> HttpResponse:
    """Close a month for good, once its checklist was looked at."""
    ledger, wanted = entry_books(), month_called(month)
    if ledger.code != books:
        messages.error(request, _("These books are closed to entries here."))
        return redirect("month_list")
    form = ClosingForm(request.POST, checklist=checklist(ledger, wanted, timezone.localdate()))
    if not form.is_valid():
        return _show(request, ledger, wanted, form)
    try:
        close_checked_month(ledger, wanted, looked_at=form.looked_at(), by=signed_in(request),
                            at=timezone.now())  # fmt: skip
    except PortalError as error:
        form.add_error(None, error.sentence)
        return _show(request, ledger, wanted, form)
    messages.success(request, _("%(month)s is closed.") % {"month": wanted})
    return redirect("month_list")


def month_called(slug: str) -> YearMonth:
    """The month of an address; 404 for what is none."""
    try:
        return YearMonth.parse(slug)
    except ValueError as error:
        raise Http404(_("“%(month)s” is not a month.") % {"month": slug}) from error


def _show(
    request: HttpRequest, ledger: Ledger, wanted: YearMonth, form: ClosingForm | None
) -> HttpResponse:
    today, user = timezone.localdate(), signed_in(request)
    closing = Month.objects.filter(ledger=ledger, month=wanted.key).select_related("closed_by")
    closed = closing.first()
    found = form.checklist if form else checklist(ledger, wanted, today)
    context = {
        "books": ledger, "demonstration_books": ledger.is_demonstration, "month": wanted,
        "checklist": found, "items": [(item, _place(item, ledger, wanted)) for item in found.items],
        "closed": closed, "said": _said(closed) if closed else None,
        "is_over": wanted.last_day < today,
        "form": form or ClosingForm(checklist=found),
        "may_close": user.may(Permission.CLOSE_MONTHS) and ledger == entry_books(),
        "page_address": reverse("month", args=[ledger.code, wanted.slug]) if form else "",
    }  # fmt: skip
    return render(request, "income/month.html", context, status=422 if form else 200)


def _place(item: Item, ledger: Ledger, wanted: YearMonth) -> str:
    """Where an item is dealt with; empty where there is no page for it."""
    if item.key == "erp":
        return reverse("erp_month", args=[ledger.code, wanted.slug])
    if item.key == "adjustments":
        return _what_changed(ledger, wanted)
    try:
        return reverse(item.place) if item.place else ""
    except NoReverseMatch:
        return ""


def _what_changed(ledger: Ledger, wanted: YearMonth) -> str:
    """What was posted since the latest month before this one was closed; empty without any."""
    earlier = Month.objects.filter(ledger=ledger, month__lt=wanted.key).order_by("-month")
    key = earlier.values_list("month", flat=True).first()
    if key is None:
        return ""
    asked = urlencode({"books": ledger.code, "since": YearMonth.from_key(key).slug})
    return f"{reverse('restatement')}?{asked}"


def _said(closed: Month) -> dict[str, Any]:
    """What was found and said when the month was closed, from the audit trail."""
    event = AuditEvent.objects.filter(
        act="close_month", subject=Month._meta.label_lower, subject_id=str(closed.pk)
    ).first()
    return dict(event.after) if event else {}
