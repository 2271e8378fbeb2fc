"""Entering and deciding measurements of indicators, and naming who answers for one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.forms.fields import add_error
from interface.errors import PortalError
from targets.forms.measurement import MeasurementForm, OwnerForm
from targets.measuring import (
    approve_measurement,
    enter_measurement,
    name_owner,
    return_measurement,
)
from targets.models import Indicator, IndicatorOwner, Measurement
from targets.units import is_measured, unit_label


@requires(Permission.ENTER_TARGETS)
def measurement_new(request: HttpRequest, code: str) -> HttpResponse:
    """Enter what an indicator stood at on a day; only where the books do not answer."""
    indicator, today = get_object_or_404(Indicator, code=code), timezone.localdate()
    if not is_measured(indicator.code):
        raise Http404(_("This indicator is computed from the books; nothing is entered for it."))
    form = MeasurementForm(
        request.POST or None, indicator=indicator, unit=unit_label(indicator.unit),
        initial={"measured_on": today},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            enter_measurement(indicator, **form.cleaned_data, by=signed_in(request), today=today)
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("Entered. It counts once another person has approved it."))
            return redirect("indicator", indicator.code)
    context = {"form": form, "indicator": indicator}
    status = 422 if request.method == "POST" else 200
    return render(request, "targets/measurement_new.html", context, status=status)


@requires(Permission.APPROVE_TARGETS)
@require_POST
def measurement_decide(request: HttpRequest, uuid: str) -> HttpResponse:
    """Let another person's measurement count, or send it back and say why."""
    found, user = get_object_or_404(Measurement, uuid=uuid), signed_in(request)
    try:
        if "approve" in request.POST:
            approve_measurement(found, by=user)
            messages.success(request, _("Approved. It counts from now on."))
        elif "return" in request.POST:
            return_measurement(found, because=request.POST.get("because", "")[:500], by=user)
            messages.success(request, _("Returned. It does not count."))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("indicator", found.indicator_id)


@requires(Permission.ENTER_TARGETS)
def indicator_owner(request: HttpRequest, code: str) -> HttpResponse:
    """Name the unit or post that answers for an indicator."""
    indicator = get_object_or_404(Indicator, code=code)
    now = IndicatorOwner.objects.filter(indicator=indicator).first()
    form = OwnerForm(request.POST or None, initial={"name": now.name if now else ""})
    if request.method == "POST" and form.is_valid():
        try:
            name_owner(indicator, form.cleaned_data["name"], by=signed_in(request))
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("indicator", indicator.code)
    context = {"form": form, "indicator": indicator}
    status = 422 if request.method == "POST" else 200
    return render(request, "targets/indicator_owner.html", context, status=status)
