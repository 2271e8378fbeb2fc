"""Money on the bank account that nobody can name yet: the list, and what becomes of each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from accounts.saved_views import views_of
from income.forms.parked import ParkedForm, SendBackForm
from income.models import ParkedReceipt
from income.services.parked import correct_parked, park_receipt, send_back_parked
from income.views.entry import entry_books, form_token
from income.vocabulary import ParkedState
from interface.conflicts import EditConflict, differences
from interface.errors import PortalError
from interface.paging import page_of

TOLD = ("received_on", "currency", "amount", "payer", "bank_reference", "note", "version")


@requires(Permission.ENTER_INCOME, Permission.REVIEW_INCOME)
def parked_list(request: HttpRequest) -> HttpResponse:
    """Unidentified money of the books: what waits, the oldest first; `?state=` shows the rest."""
    books, user = entry_books(), signed_in(request)
    state = request.GET.get("state", ParkedState.PARKED)
    state = state if state in ParkedState.values else ParkedState.PARKED
    rows = ParkedReceipt.objects.filter(ledger=books, state=state).select_related(
        "posting", "ledger"
    )
    context = {
        "page": page_of(rows, request.GET.get("page"), 50), "state": state, "books": books,
        "states": ParkedState.choices, "demonstration_books": books.is_demonstration,
        "may_enter": user.may(Permission.ENTER_INCOME),
        "saved_views": views_of(user, "parked_list", request.GET),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "income/parked_list.html", context)


@requires(Permission.ENTER_INCOME)
def parked_new(request: HttpRequest) -> HttpResponse:
    """Park money that nobody can name."""
    today, books = timezone.localdate(), entry_books()
    form = ParkedForm(request.POST or None, initial={"received_on": today, "currency": "USD"},
                      today=today)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        token = UUID(form_token(request))
        park_receipt(books, form.money(), today=today, by=signed_in(request), token=token)
        messages.success(request, _("Parked. It counts nowhere until it is matched."))
        return redirect("parked_list")
    context = {"form": form, "books": books, "token": form_token(request)}
    return _show(request, "income/parked_new.html", context)


@requires(Permission.ENTER_INCOME)
def parked_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Correct what was written down about unidentified money."""
    found, today = _waiting(uuid), timezone.localdate()
    form = ParkedForm(request.POST or None, initial=_saved(found), today=today)
    context: dict[str, Any] = {"form": form, "parked": found, "books": found.ledger,
                               "version": found.version}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            correct_parked(found, form.money(), version=form.cleaned_data["version"] or 0,
                           today=today, by=signed_in(request))  # fmt: skip
        except PortalError as error:
            context |= _conflict(form, found, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("parked_list")
    return _show(request, "income/parked_new.html", context)


@requires(Permission.ENTER_INCOME)
def parked_send_back(request: HttpRequest, uuid: str) -> HttpResponse:
    """Note that the bank sent unidentified money back."""
    found, today = _waiting(uuid), timezone.localdate()
    initial = {"sent_on": today, "version": found.version}
    form = SendBackForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            send_back_parked(found, sent_on=form.cleaned_data["sent_on"], today=today,
                             note=form.cleaned_data["because"], by=signed_in(request),
                             version=form.cleaned_data["version"])  # fmt: skip
        except PortalError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(request, _("Noted as sent back."))
            return redirect("parked_list")
    context = {"form": form, "parked": found, "books": found.ledger, "version": found.version}
    return _show(request, "income/parked_send_back.html", context)


def _waiting(uuid: str) -> ParkedReceipt:
    rows = ParkedReceipt.objects.filter(ledger=entry_books(), state=ParkedState.PARKED)
    return get_object_or_404(rows.select_related("ledger", "currency"), uuid=uuid)


def _saved(parked: ParkedReceipt) -> dict[str, Any]:
    """As a form's initial holds it."""
    saved = {name: getattr(parked, name) for name in TOLD}
    return {**saved, "currency": parked.currency_id, "amount": f"{parked.amount.normalize():,f}"}


def _conflict(form: ParkedForm, found: ParkedReceipt, error: PortalError) -> dict[str, Any]:
    """Both versions beside each other, and the version that stands for the next attempt."""
    form.add_error(None, error.sentence)
    if not isinstance(error, EditConflict):
        return {}
    found.refresh_from_db()
    return {"conflict": differences(form, _saved(found)), "version": found.version}


def _show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" and context["form"].errors else 200
    extra = {"demonstration_books": context["books"].is_demonstration}
    return render(request, template, {**context, **extra}, status=status)
