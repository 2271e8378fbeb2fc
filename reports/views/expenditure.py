"""Audited expenditure: what is in force, what was loaded, and bringing in a year."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.models import User
from accounts.permissions import Permission
from interface.errors import PortalError
from reports.dialogue.expenditure import decide_expenditure, submit_expenditure
from reports.dialogue.forms import ExpenditureForm
from reports.dialogue.selectors import loads_in_force
from reports.models import ExpenditureLoad
from reports.tables.expenditure import lines_table, load_rows, preview_tables, regions_table
from targets.models import ProposalState


@requires(Permission.VIEW_BOARD)
@require_safe
def expenditure_list(request: HttpRequest) -> HttpResponse:
    """Every year in force with its total; staff see every load."""
    user = signed_in(request)
    loads = ExpenditureLoad.objects.select_related("entered_by", "decided_by")
    in_force = {load.pk for load in _in_force(user).values()}
    is_staff = user.may(Permission.ENTER_TARGETS) or user.may(Permission.APPROVE_TARGETS)
    rows = load_rows(loads if is_staff else loads.filter(pk__in=in_force), in_force)
    context = {
        "groups": [
            ("real", [row for row in rows if not row.is_demonstration]),
            ("demonstration", [row for row in rows if row.is_demonstration]),
        ],
        "is_staff": is_staff, "may_enter": user.may(Permission.ENTER_TARGETS),
    }  # fmt: skip
    return render(request, "reports/expenditure_list.html", context)


def _in_force(user: User) -> dict[int, ExpenditureLoad]:
    """What is real; whoever is of the demonstration sees its loads in force beside it."""
    real = loads_in_force(is_demonstration=False)
    if not user.is_demonstration:
        return real
    own = loads_in_force(is_demonstration=True)
    return {**real, **{-year: load for year, load in own.items()}}


@requires(Permission.ENTER_TARGETS)
@require_http_methods(["GET", "HEAD", "POST"])
def expenditure_new(request: HttpRequest) -> HttpResponse:
    """Bring in a file: every problem of it, or its totals; kept for another person."""
    today, is_sent = timezone.localdate(), request.method == "POST"
    form = ExpenditureForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, today=today
    )
    keeps = is_sent and form.is_valid() and "check" not in request.POST
    if keeps and (kept := _submitted(request, form)):
        return redirect("expenditure", kept[0].uuid)
    context = {
        "form": form, "tables": [] if form.errors else preview_tables(form.lines),
        "demonstration_books": signed_in(request).is_demonstration,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "reports/expenditure_new.html", context, status=status)


def _submitted(request: HttpRequest, form: ExpenditureForm) -> list[ExpenditureLoad]:
    """The loads that were kept; none where the form has to be shown again."""
    data = form.cleaned_data
    try:
        kept = submit_expenditure(
            form.lines, source=data["source"], file_name=str(data["file"].name)[-200:],
            by=signed_in(request),
        )  # fmt: skip
    except PortalError as error:
        form.add_error(error.field, error.sentence)
        return []
    messages.success(request, _("Kept. Another person decides whether it comes into force."))
    return kept


@requires(Permission.VIEW_BOARD)
@require_safe
def expenditure(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One load: totals by region, every line, and the decision on it."""
    user = signed_in(request)
    load = _load(user, uuid)
    may_decide = user.may(Permission.APPROVE_TARGETS) and load.entered_by_id != user.pk
    is_waiting = load.state == ProposalState.WAITING
    context: dict[str, Any] = {
        "load": load, "regions": regions_table(load), "lines": lines_table(load),
        "is_waiting": is_waiting, "may_decide": may_decide and is_waiting,
        "is_in_force": load in _in_force(user).values(),
        "shows_people": user.may(Permission.VIEW_BANK_DATA),
        "demonstration_books": bool(load.entered_by and load.entered_by.is_demonstration),
    }  # fmt: skip
    return render(request, "reports/expenditure.html", context)


def _load(user: User, uuid: uuids.UUID) -> ExpenditureLoad:
    """Who enters or decides sees every load; others those in force."""
    loads = ExpenditureLoad.objects.select_related("entered_by", "decided_by")
    load = get_object_or_404(loads, uuid=uuid)
    sees_all = user.may(Permission.ENTER_TARGETS) or user.may(Permission.APPROVE_TARGETS)
    if not sees_all and load not in _in_force(user).values():
        raise Http404
    return load


@requires(Permission.APPROVE_TARGETS)
@require_POST
def expenditure_decide(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Put a load into force, or return it."""
    load = get_object_or_404(ExpenditureLoad, uuid=uuid)
    if "approve" in request.POST or "return" in request.POST:
        because = request.POST.get("because", "")[:500]
        try:
            decide_expenditure(
                load, approve="approve" in request.POST, because=because, by=signed_in(request)
            )
            messages.success(request, _("Your decision is kept."))
        except PortalError as error:
            messages.error(request, error.sentence)
    return redirect("expenditure", load.uuid)
