"""Prospects: what may come, for staff only. Nothing here is posted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.models import Donor
from income.forms.fields import add_error
from income.forms.prospect import BecauseForm, ProspectForm, prospect_initial
from income.models import Contribution
from income.services.prospects import add_prospect, drop_prospect, edit_prospect, expectation
from income.views.books import chosen_books
from income.views.entry import entry_books
from interface.conflicts import EditConflict, differences
from interface.errors import PortalError

RELATED = ("donor", "fund", "currency", "programme", "region")


@requires(Permission.VIEW_BANK_DATA)
def prospect_list(request: HttpRequest) -> HttpResponse:
    """What may come, the next first, with its sum weighted by probability."""
    books, user, today = chosen_books(request), signed_in(request), timezone.localdate()
    rows = Contribution.objects.in_books(books).for_user(user, today).prospects()
    prospects = list(rows.select_related(*RELATED).order_by("expected_on", "pk"))
    context = {
        "books": books, "demonstration_books": books.is_demonstration, "prospects": prospects,
        "expected": expectation(prospects, books, today), "today": today,
        "may_enter": user.may(Permission.ENTER_INCOME) and books == entry_books(),
    }  # fmt: skip
    return render(request, "income/prospect_list.html", context)


@requires(Permission.ENTER_INCOME)
def prospect_new(request: HttpRequest) -> HttpResponse:
    """Write a prospect down; `?donor=` preselects the donor, `?approach=` what it came of."""
    books, today = entry_books(), timezone.localdate()
    initial = {name: request.GET.get(name, "") for name in ("donor", "approach")}
    form = ProspectForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_prospect(books, form.prospect(), today=today, by=signed_in(request))
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The prospect is kept. It counts in no books."))
            return redirect("contribution", made.uuid)
    return _form_page(request, form, None)


@requires(Permission.ENTER_INCOME)
def prospect_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Change a prospect; who saves second sees both versions."""
    found, today = _prospect(request, uuid), timezone.localdate()
    form = ProspectForm(request.POST or None, initial=prospect_initial(found), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            edit_prospect(
                found, form.prospect(), version=form.cleaned_data["version"] or 0, today=today,
                by=signed_in(request),
            )  # fmt: skip
        except EditConflict as error:
            return _both_versions(request, form, found, error)
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("contribution", found.uuid)
    return _form_page(request, form, found)


def _both_versions(
    request: HttpRequest, form: ProspectForm, found: Contribution, error: EditConflict
) -> HttpResponse:
    """What was typed, beside what is saved now; saved again, it takes its place."""
    found.refresh_from_db()
    conflict = differences(form, prospect_initial(found))
    form.add_error(None, error.sentence)
    form.data = {**request.POST.dict(), "version": str(found.version)}
    return _form_page(request, form, found, conflict=conflict)


@requires(Permission.ENTER_INCOME)
def prospect_drop(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give a prospect up, with the reason."""
    found, form = _prospect(request, uuid), BecauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drop_prospect(
                found, because=form.cleaned_data["because"], today=timezone.localdate(),
                by=signed_in(request),
            )  # fmt: skip
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The prospect is given up."))
            return redirect("contribution", found.uuid)
    context = {"contribution": found, "form": form,
               "demonstration_books": found.ledger.is_demonstration}  # fmt: skip
    return render(request, "income/prospect_drop.html", context, status=422 if form.errors else 200)


def _prospect(request: HttpRequest, uuid: str) -> Contribution:
    rows = Contribution.objects.for_user(signed_in(request), timezone.localdate()).prospects()
    return get_object_or_404(rows.select_related(*RELATED, "ledger"), uuid=uuid)


def _form_page(
    request: HttpRequest, form: ProspectForm, found: Contribution | None, **more: Any
) -> HttpResponse:
    books = found.ledger if found else entry_books()
    context = {
        "form": form, "contribution": found, "books": books,
        "demonstration_books": books.is_demonstration,
        "donors": Donor.objects.standing().in_order(), **more,
    }  # fmt: skip
    return render(request, "income/prospect_form.html", context, status=422 if form.errors else 200)
