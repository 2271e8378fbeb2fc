"""Lists of emerging economies: all of them, a new one, and the decision on one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.forms.fields import add_error
from interface.errors import PortalError
from interface.sorting import in_order
from targets.economies import (
    approve_economy_list,
    areas_typed,
    enter_economy_list,
    return_economy_list,
)
from targets.forms.measurement import EconomyListForm
from targets.models import EconomyList, ProposalState


@requires(Permission.VIEW_BOARD)
def economy_list_list(request: HttpRequest) -> HttpResponse:
    """Every list with its countries; the Board sees those that were approved."""
    user, today = signed_in(request), timezone.localdate()
    sees_all = user.may(Permission.VIEW_BANK_DATA)
    lists = EconomyList.objects.select_related("entered_by", "decided_by")
    if not sees_all:
        lists = lists.filter(state=ProposalState.APPROVED)
    rows = list(lists.prefetch_related("areas"))
    approved = [one for one in rows if one.state == ProposalState.APPROVED]
    in_force = next((one for one in approved if one.dated_on <= today), None)
    context = {
        "lists": [_shown(one, user.pk, may_decide=user.may(Permission.APPROVE_TARGETS))
                  for one in rows],
        "in_force": in_force, "sees_all": sees_all,
        "may_enter": user.may(Permission.ENTER_TARGETS),
    }  # fmt: skip
    return render(request, "targets/economy_list_list.html", context)


def _shown(one: EconomyList, user: int, *, may_decide: bool) -> dict[str, Any]:
    waits = one.state == ProposalState.WAITING
    return {
        "list": one,
        "areas": in_order(str(area) for area in one.areas.all()),
        "may_decide": waits and may_decide and one.entered_by_id != user,
        "is_own": waits and one.entered_by_id == user,
    }


@requires(Permission.ENTER_TARGETS)
def economy_list_new(request: HttpRequest) -> HttpResponse:
    """Enter a list; it is in force once another person has approved it."""
    form, today = EconomyListForm(request.POST or None), timezone.localdate()
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            enter_economy_list(
                source=typed["source"], dated_on=typed["dated_on"],
                areas=[*areas_typed(typed["codes"]), *typed["areas"]],
                by=signed_in(request), today=today,
            )  # fmt: skip
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("Entered. It counts once another person has approved it."))
            return redirect("economy_list_list")
    status = 422 if request.method == "POST" else 200
    return render(request, "targets/economy_list_new.html", {"form": form}, status=status)


@requires(Permission.APPROVE_TARGETS)
@require_POST
def economy_list_decide(request: HttpRequest, uuid: str) -> HttpResponse:
    """Put another person's list in force, or send it back and say why."""
    found, user = get_object_or_404(EconomyList, uuid=uuid), signed_in(request)
    try:
        if "approve" in request.POST:
            approve_economy_list(found, by=user)
            messages.success(request, _("Approved. It counts from now on."))
        elif "return" in request.POST:
            return_economy_list(found, because=request.POST.get("because", "")[:500], by=user)
            messages.success(request, _("Returned. It does not count."))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("economy_list_list")
