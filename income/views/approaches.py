"""One approach: what the donor was asked and answered, and the contributions that came of it."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.approaches import Outcome, attachable, outcomes
from income.forms.campaigns import ApproachForm, AttachForm
from income.forms.fields import add_error
from income.models import Approach
from income.services.campaigns import (
    attach_contribution,
    change_approach,
    detach_contribution,
    leave_out,
)
from income.views.campaigns import WRITERS, campaigns_of, may_write, show_conflict
from income.views.entry import entry_books
from interface.conflicts import EditConflict
from interface.errors import PortalError


def _asked() -> QuerySet[Approach]:
    """The approaches of the campaigns of the books the portal works in."""
    rows = Approach.objects.filter(campaign__in=campaigns_of(entry_books()))
    return rows.select_related("campaign", "donor", "currency", "letter__document")


@requires(Permission.VIEW_BANK_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def approach(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Read an approach, and note when the donor was asked and what it answered."""
    user, conflict = signed_in(request), ()
    if request.method == "POST" and not may_write(user):
        raise PermissionDenied
    found = get_object_or_404(_asked(), uuid=uuid)
    data = request.POST if request.method == "POST" else None
    form = ApproachForm(data, initial=ApproachForm.saved(found))
    if form.is_bound and form.is_valid():
        try:
            _save(found, form, user)
        except EditConflict as error:
            conflict = show_conflict(form, ApproachForm.saved(found), error)
        except PortalError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The approach was saved."))
            return redirect("approach", found.uuid)
    return _page(request, found, form, conflict)


def _save(found: Approach, form: ApproachForm, user: Any) -> None:
    change_approach(
        found, form.facts(), version=form.cleaned_data["version"], today=timezone.localdate(),
        by=user,
    )  # fmt: skip


def _page(request: HttpRequest, found: Approach, form: ApproachForm, conflict: Any) -> HttpResponse:
    books, user = entry_books(), signed_in(request)
    came = outcomes(found.campaign, books, timezone.localdate(), of=found)
    offered = attachable(found, books)
    context = {
        "approach": found, "form": form, "conflict": conflict, "books": books,
        "demonstration_books": found.campaign.is_demonstration,
        "outcome": came.get(found.pk, Outcome()), "may_write": may_write(user),
        "may_enter": user.may(Permission.ENTER_INCOME), "offered": offered,
        "attached": found.contributions.filter(ledger=books).select_related("fund").order_by("pk"),
        "attach_form": AttachForm(offered=offered),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "income/approach.html", context, status=status)


@requires(*WRITERS)
@require_POST
def approach_attach(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Say that a contribution of the donor came of this approach."""
    found = get_object_or_404(_asked(), uuid=uuid)
    form = AttachForm(request.POST, offered=attachable(found, entry_books()))
    if not form.is_valid():
        messages.error(request, _("Choose one of the donor's contributions."))
        return redirect("approach", found.uuid)
    try:
        attach_contribution(found, form.cleaned_data["contribution"], by=signed_in(request))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("approach", found.uuid)


@requires(*WRITERS)
@require_POST
def approach_detach(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Undo a mistaken attachment; the contribution itself stays as it is."""
    found = get_object_or_404(_asked(), uuid=uuid)
    form = AttachForm(request.POST, offered=found.contributions.all())
    if form.is_valid():
        detach_contribution(found, form.cleaned_data["contribution"], by=signed_in(request))
    return redirect("approach", found.uuid)


@requires(*WRITERS)
@require_POST
def approach_leave_out(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take a donor out of a campaign that was not asked yet."""
    found = get_object_or_404(_asked(), uuid=uuid)
    try:
        leave_out(found, by=signed_in(request))
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("approach", found.uuid)
    messages.success(request, _("The donor is no longer in this campaign."))
    return redirect("campaign", found.campaign.uuid)
