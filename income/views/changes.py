"""Acts on one contribution: amend, settle a condition, cancel, write off, extend, close."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.balances import instalment_states
from income.forms import AmendmentForm, CancellationForm, ConditionForm, WriteOffForm
from income.forms.fields import add_error
from income.forms.prospect import BecauseForm, ExtensionForm, extension_saved
from income.models import Contribution
from income.services.amendments import extend_agreement
from income.services.conditions import note_condition
from income.services.endings import close_contribution
from income.views.entry import _bound, _enter, entry_books
from income.vocabulary import ConditionState
from interface.conflicts import EditConflict, differences
from interface.errors import PortalError


def _contribution(request: HttpRequest, uuid: str) -> Contribution:
    """One that the person may see, in the books that entries go to."""
    rows = Contribution.objects.for_user(signed_in(request), timezone.localdate())
    related = rows.select_related("donor", "currency", "ledger", "fund")
    return get_object_or_404(related, uuid=uuid, ledger=entry_books())


@requires(Permission.ENTER_INCOME)
def amendment_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Enter an amendment of amount or schedule."""
    found = _contribution(request, uuid)
    form = _bound(request, AmendmentForm, {"contribution": found.uuid})
    form.shows_versions = True
    return _enter(request, form, "income/amendment_new.html")


@requires(Permission.ENTER_INCOME)
def cancellation_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Cancel what was not received."""
    found = _contribution(request, uuid)
    form = _bound(request, CancellationForm, {"contribution": found.uuid})
    return _enter(request, form, "income/cancellation_new.html")


@requires(Permission.ENTER_INCOME)
def write_off_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Write off what is outstanding of an instalment; `?instalment=` preselects it."""
    found = _contribution(request, uuid)
    chosen = request.GET.get("instalment", "")
    form = _bound(request, WriteOffForm, {"contribution": found.uuid, "instalment": chosen})
    return _enter(request, form, "income/write_off_new.html")


@requires(Permission.ENTER_INCOME)
def condition_settle(request: HttpRequest, uuid: str) -> HttpResponse:
    """Settle a condition; it is reviewed where money moves, noted at once where others are open."""
    found = _contribution(request, uuid)
    is_open = found.conditions.filter(state=ConditionState.OPEN)
    chosen = request.POST.get("condition") or request.GET.get("condition") or ""
    first = is_open.filter(pk=chosen).first() if chosen.isdecimal() else is_open.first()
    form = _bound(request, ConditionForm, {"condition": first.pk if first else ""})
    if request.method == "POST" and _is_noted(request, form):
        return _noted(request, form, found)
    return _enter(request, form, "income/condition_settle.html")


def _is_noted(request: HttpRequest, form: Any) -> bool:
    """Whether it is complete and moves no money: another condition of the instalment is open."""
    if {"check", "save"} & set(request.POST):
        return False
    return bool(form.is_valid() and not form.is_last)


def _noted(request: HttpRequest, form: Any, found: Contribution) -> HttpResponse:
    try:
        note_condition(
            form.cleaned_data["condition"], form.settlement(), today=timezone.localdate(),
            by=signed_in(request),
        )  # fmt: skip
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted. Another condition still holds the instalment."))
    return redirect("contribution", found.uuid)


@requires(Permission.ENTER_INCOME)
def extension_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """A no-cost extension: done at once, because no money moves."""
    found = _contribution(request, uuid)
    form = ExtensionForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            extend_agreement(
                found, form.cleaned_data["ends_on"], form.ground(), by=signed_in(request),
                version=form.cleaned_data["version"], today=timezone.localdate(),
            )  # fmt: skip
        except EditConflict as error:
            return _both_versions(request, form, found, error)
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The agreement is extended."))
            return redirect("contribution", found.uuid)
    return _shown(request, "income/extension_new.html", found, form)


def _both_versions(
    request: HttpRequest, form: ExtensionForm, found: Contribution, error: EditConflict
) -> HttpResponse:
    """What was typed, beside the agreement as it is now and its newest change."""
    found.refresh_from_db()
    conflict = differences(form, extension_saved(found))
    form.add_error(None, error.sentence)
    form.data = {**request.POST.dict(), "version": str(found.version)}
    return _shown(request, "income/extension_new.html", found, form, conflict=conflict)


@requires(Permission.ENTER_INCOME)
def contribution_close(request: HttpRequest, uuid: str) -> HttpResponse:
    """Close an agreement of which everything was received."""
    found = _contribution(request, uuid)
    form = BecauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_contribution(
                found, because=form.cleaned_data["because"], today=timezone.localdate(),
                by=signed_in(request),
            )  # fmt: skip
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The agreement is closed."))
            return redirect("contribution", found.uuid)
    return _shown(request, "income/contribution_close.html", found, form)


def _shown(
    request: HttpRequest, template: str, found: Contribution, form: Any, **more: Any
) -> HttpResponse:
    context = {
        "contribution": found, "form": form, "instalments": instalment_states(found),
        "demonstration_books": found.ledger.is_demonstration, **more,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)
