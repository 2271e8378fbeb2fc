"""Exchange rates: what there is, one more, a file of them."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.errors import RateFileWrong
from income.forms.rates import RateFileForm, RateForm
from income.models import ExchangeRate, RateCorrection, RateLoad
from income.rates.facts import Checked
from income.rates.files import check_content
from income.rates.keeping import forget, keep, kept
from income.rates.loading import save_rates, what_was_left
from income.vocabulary import CorrectionState, RateType, RateWay
from interface.errors import PortalError
from interface.paging import page_of

ROWS = 100
LOADS = 20
SHOWN = 200  # of the new rates in a preview


@requires(Permission.VIEW_BOARD)
def rate_list(request: HttpRequest) -> HttpResponse:
    """Exchange rates with their type, newest first; `?currency=` narrows. Staff see the loads."""
    user = signed_in(request)
    currency = request.GET.get("currency", "EUR").upper()[:3]
    currencies = ExchangeRate.objects.order_by("currency").values_list("currency", flat=True)
    is_staff = user.may(Permission.VIEW_BANK_DATA)
    waiting = RateCorrection.objects.filter(state=CorrectionState.ASKED).select_related("asked_by")
    context = {
        "page": page_of(_rates_of(currency), request.GET.get("page"), ROWS), "currency": currency,
        "currencies": currencies.distinct(), "is_staff": is_staff, "today": timezone.localdate(),
        "may_manage": user.may(Permission.MANAGE_RATES),
        "waiting": waiting if is_staff else (),
        "loads": RateLoad.objects.select_related("by")[:LOADS] if is_staff else (),
    }  # fmt: skip
    return render(request, "income/rate_list.html", context)


def _rates_of(currency: str) -> QuerySet[ExchangeRate]:
    """Every revision; `is_replaced` marks those that a correction replaced."""
    later = ExchangeRate.objects.filter(
        currency=OuterRef("currency"), rate_type=OuterRef("rate_type"),
        effective_on=OuterRef("effective_on"), revision__gt=OuterRef("revision"),
    )  # fmt: skip
    rates = ExchangeRate.objects.filter(currency=currency).select_related("correction")
    return rates.annotate(is_replaced=Exists(later)).order_by(
        "-effective_on", "rate_type", "-revision"
    )


@requires(Permission.MANAGE_RATES)
def rate_new(request: HttpRequest) -> HttpResponse:
    """Enter one rate. One that the books hold otherwise leads to a correction."""
    sent = request.POST if request.method == "POST" else None
    initial = {"currency": request.GET.get("currency", ""), "effective_on": timezone.localdate()}
    form = RateForm(sent, today=timezone.localdate(), initial=initial)
    if sent is not None and form.is_valid():
        try:
            save_rates(
                [form.rate], way=RateWay.FORM, rate_type=RateType(form.rate.rate_type), origin="",
                by=signed_in(request), newest_on=form.rate.effective_on,
            )  # fmt: skip
            messages.success(request, _("The rate is saved."))
            return redirect(f"{reverse('rate_list')}?currency={form.rate.currency_id}")
        except PortalError as error:
            form.add_error(None, error.sentence)
    correct = correction_address(form.refused) if form.refused else ""
    status = 422 if form.errors else 200
    return render(
        request, "income/rate_new.html", {"form": form, "correct": correct}, status=status
    )


def correction_address(rate: ExchangeRate) -> str:
    """The form of a correction, filled in with this rate."""
    typed = {
        "currency": rate.currency_id, "effective_on": rate.effective_on.isoformat(),
        "rate_type": rate.rate_type, "units_per_usd": f"{rate.units_per_usd.normalize():f}",
        "source": rate.source,
    }  # fmt: skip
    return f"{reverse('rate_correction_new')}?{urlencode(typed)}"


@requires(Permission.MANAGE_RATES)
def rate_load(request: HttpRequest) -> HttpResponse:
    """Check a file and show what it would bring; nothing is saved yet."""
    is_sent = request.method == "POST"
    form = RateFileForm(
        request.POST if is_sent else None, request.FILES if is_sent else None,
        today=timezone.localdate(),
    )  # fmt: skip
    context: dict[str, Any] = {"form": form}
    if is_sent and form.is_valid() and form.checked:
        token = keep(form.content, by=signed_in(request))
        context |= _preview(form.checked) | {
            "token": token, "name": form.name, "rate_type": form.cleaned_data["rate_type"],
        }  # fmt: skip
    return render(request, "income/rate_load.html", context, status=422 if form.errors else 200)


def _preview(checked: Checked) -> dict[str, Any]:
    return {
        "checked": checked, "shown": checked.new[:SHOWN],
        "more": max(len(checked.new) - SHOWN, 0),
        "differing": [(one, correction_address(one.rate)) for one in checked.differing],
        "gaps": [str(gap) for gap in sorted(checked.gaps)],
    }  # fmt: skip


@requires(Permission.MANAGE_RATES)
def rate_load_save(request: HttpRequest) -> HttpResponse:
    """Save what the preview showed to be new; the file is checked again first."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user, token = signed_in(request), request.POST.get("token", "")
    content, kind = kept(token, by=user), request.POST.get("rate_type", "")
    if content is None or kind not in RateType.values:
        messages.error(request, _("The file is not here any more. Choose it again."))
        return redirect("rate_load")
    try:
        added = _saved(request, content, RateType(kind))
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("rate_load")
    forget(token, by=user)
    messages.success(
        request, ngettext("%(count)s rate saved.", "%(count)s rates saved.", added)
        % {"count": added}
    )  # fmt: skip
    return redirect("rate_list")


def _saved(request: HttpRequest, content: bytes, kind: RateType) -> int:
    name = Path(request.POST.get("name", "")[:200]).name
    checked = check_content(content, Path(name), kind, today=timezone.localdate())
    if checked.wrong:
        raise RateFileWrong(str(problem) for problem in checked.wrong)
    load = save_rates(
        checked.new, way=RateWay.FILE, rate_type=kind, origin=name, by=signed_in(request),
        newest_on=checked.newest_on, sentence=what_was_left(checked.differing, checked.left_out),
    )  # fmt: skip
    return load.added
