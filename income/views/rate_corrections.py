"""Corrections of exchange rates: asking, looking at what they concern, deciding."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.forms.fields import add_error
from income.forms.rates import RateCorrectionForm
from income.models import Ledger, RateCorrection
from income.rates import rate_in_force
from income.rates.concerned import LISTED, concerned_csv, listed, new_rate, sums
from income.rates.corrections import (
    approve_correction,
    ask_correction,
    is_of_new_day,
    may_decide,
    refuse_correction,
    standing_rate,
    why_refused,
)
from income.selectors import working_books
from income.vocabulary import CorrectionState, RateType
from interface.errors import PortalError

TYPED = ("currency", "effective_on", "rate_type", "units_per_usd", "source")


@requires(Permission.MANAGE_RATES)
def rate_correction_new(request: HttpRequest) -> HttpResponse:
    """Ask for another rate for a past day; another person decides."""
    sent = request.POST if request.method == "POST" else None
    initial = {name: request.GET.get(name, "") for name in TYPED}
    form = RateCorrectionForm(sent, today=timezone.localdate(), initial=initial)
    if sent is not None and form.is_valid():
        try:
            correction = _asked(request, form)
            messages.success(request, _("Asked for. Another person now decides."))
            return redirect("rate_correction", correction.pk)
        except PortalError as error:
            add_error(form, error)
        except IntegrityError:
            form.add_error(None, _("A correction of this rate waits for its decision already."))
    context = {"form": form, **_in_books(form)}
    status = 422 if form.errors else 200
    return render(request, "income/rate_correction_new.html", context, status=status)


def _asked(request: HttpRequest, form: RateCorrectionForm) -> RateCorrection:
    typed = form.cleaned_data
    return ask_correction(
        typed["currency"], typed["effective_on"], RateType(typed["rate_type"]),
        units=typed["units_per_usd"], source=typed["source"], because=typed["because"],
        by=signed_in(request),
    )  # fmt: skip


def _in_books(form: RateCorrectionForm) -> dict[str, Any]:
    """The rate that would be corrected, or displaced, as far as what was typed names one."""
    fields = form.fields
    try:
        on = fields["effective_on"].clean(form["effective_on"].value())
        currency = fields["currency"].clean(form["currency"].value())
    except ValidationError:
        return {}
    if standing := standing_rate(currency.code, on, str(form["rate_type"].value() or "")):
        return {"standing": standing}
    return {"earlier": rate_in_force(currency.code, on, ledger=working_books() or Ledger())}


@requires(Permission.VIEW_BANK_DATA)
def rate_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """What it changes, the records it concerns, and the decision."""
    rows = RateCorrection.objects.select_related("asked_by", "decided_by", "currency")
    correction, user = get_object_or_404(rows, pk=pk), signed_in(request)
    enters = user.may(Permission.ENTER_INCOME)
    context: dict[str, Any] = {
        "correction": correction, "may_decide": may_decide(correction, user),
        "is_own": correction.asked_by_id == user.pk, "new_rate": new_rate(correction),
        "is_of_new_day": is_of_new_day(correction),
        "why_refused": why_refused(correction) if correction.state == "refused" else "",
        "sums": (), "records": (), "listed": LISTED,
    }  # fmt: skip
    if correction.state != CorrectionState.REFUSED:
        books = working_books() if enters and correction.state == "approved" else None
        context |= {"sums": sums(correction), "records": listed(correction, correctable_in=books)}
    return render(request, "income/rate_correction.html", context)


@requires(Permission.VIEW_BANK_DATA)
def rate_correction_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every record it concerns."""
    correction = get_object_or_404(RateCorrection, pk=pk)
    response = HttpResponse(
        concerned_csv(correction, preamble=[]), content_type="text/csv; charset=utf-8"
    )
    name = f"rate-correction-{correction.currency_id}-{correction.effective_on}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.MANAGE_RATES)
@require_POST
def rate_correction_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the new rate into force, or refuse it and say why."""
    correction, user = get_object_or_404(RateCorrection, pk=pk), signed_in(request)
    try:
        if "approve" in request.POST:
            approve_correction(correction, by=user)
            messages.success(request, _("The new rate is in force. Entries keep theirs."))
        elif "refuse" in request.POST:
            refuse_correction(correction, because=request.POST.get("because", ""), by=user)
            messages.success(request, _("Refused. The rate stays as it is."))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("rate_correction", correction.pk)
