"""Target sets before they stand: entering, looking at what would be, deciding."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.edit_views import version_of
from interface.conflicts import EditConflict, differences
from interface.errors import PortalError
from targets.forms.proposal import TargetSetForm, initial_of
from targets.models import TargetSet, TargetSetProposal
from targets.proposed import changes, doubts
from targets.proposing import (
    approve_proposal,
    change_proposal,
    may_change,
    may_decide,
    propose_targets,
    return_proposal,
    sentences,
)
from targets.tables_proposed import change_table, path_table, target_table


@requires(Permission.ENTER_TARGETS)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: HttpRequest) -> HttpResponse:
    """Enter a target set; `?revises=` opens with the amounts of an earlier one."""
    revised = TargetSet.objects.filter(pk=request.GET.get("revises", "")).first()
    form = TargetSetForm(request.POST or None, initial=initial_of(revised))
    token = _token(request)
    if request.method == "POST" and form.is_valid():
        try:
            entered = propose_targets(payload=form.typed(), by=signed_in(request), token=token)
            messages.success(request, _("Entered. Another person now decides."))
            return redirect("proposal", entered.uuid)
        except PortalError as error:
            form.add_error(None, error.sentence)
    return _form_page(request, form, {"token": token})


@requires(Permission.ENTER_TARGETS)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_edit(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change what one entered, while it waits or after it was returned."""
    user = signed_in(request)
    found = get_object_or_404(TargetSetProposal, uuid=uuid, entered_by=user)
    if request.method != "POST" and not may_change(found, user):
        return redirect("proposal", uuid)
    form = TargetSetForm(request.POST or None, initial=found.payload, own=found.target_set)
    extra: dict[str, Any] = {"proposal": found, "version": version_of(request) or found.version}
    if request.method == "POST" and form.is_valid():
        try:
            change_proposal(found, payload=form.typed(), version=version_of(request), by=user)
            messages.success(request, _("Entered again. Another person now decides."))
            return redirect("proposal", uuid)
        except PortalError as error:
            extra |= _both_versions(found, form, error)
    return _form_page(request, form, extra)


def _both_versions(
    found: TargetSetProposal, form: TargetSetForm, error: PortalError
) -> dict[str, Any]:
    """What the page shows when the proposal changed meanwhile: both, and nothing typed is lost."""
    form.add_error(None, error.sentence)
    if not isinstance(error, EditConflict):
        return {}
    now = TargetSetProposal.objects.get(pk=found.pk)
    return {"proposal": now, "version": now.version, "conflict": differences(form, now.payload)}


def _form_page(request: HttpRequest, form: TargetSetForm, extra: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "targets/proposal_form.html", {"form": form, **extra}, status=status)


def _token(request: HttpRequest) -> uuids.UUID:
    """The form's own token when it is one of ours, else a new one. Each enters one set."""
    try:
        return uuids.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuids.uuid4()


@requires(Permission.ENTER_TARGETS, Permission.APPROVE_TARGETS)
@require_safe
def proposal(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """What would be the set, beside the one it revises, and the decision."""
    rows = TargetSetProposal.objects.select_related("entered_by", "decided_by", "target_set")
    found, user = get_object_or_404(rows, uuid=uuid), signed_in(request)
    context = {
        "proposal": found, "may_decide": may_decide(found, user),
        "may_change": may_change(found, user), "is_own": found.entered_by_id == user.pk,
        "standing": f"{reverse('target_list')}#{found.target_set_id}" if found.target_set else "",
        **_as_it_would_be(found),
    }  # fmt: skip
    return render(request, "targets/proposal.html", context)


def _as_it_would_be(found: TargetSetProposal) -> dict[str, Any]:
    form = TargetSetForm(found.payload, own=found.target_set)
    if not form.is_valid() or form.proposed is None:
        return {"wrong": sentences(form)}
    proposed = form.proposed
    context: dict[str, Any] = {
        "proposed": proposed, "doubts": doubts(proposed), "targets": target_table(proposed),
        "paths": path_table(proposed.with_paths),
    }  # fmt: skip
    if proposed.revises:
        earlier = proposed.revises.targets.select_related("scope")
        context["changes"] = change_table(changes(earlier, proposed.targets), proposed.revises)
    return context


@requires(Permission.APPROVE_TARGETS)
@require_POST
def proposal_approve(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Make the set: from now on it never changes."""
    found = get_object_or_404(TargetSetProposal, uuid=uuid)
    try:
        made = approve_proposal(
            found, version=version_of(request), by=signed_in(request), at=timezone.now()
        )
        messages.success(request, _("Approved: “%(name)s” stands now.") % {"name": made})
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("proposal", uuid)


@requires(Permission.APPROVE_TARGETS)
@require_POST
def proposal_return(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Send it back to who entered it, with the reason."""
    found = get_object_or_404(TargetSetProposal, uuid=uuid)
    try:
        return_proposal(
            found, because=request.POST.get("because", ""), version=version_of(request),
            by=signed_in(request), at=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("Returned, with your reason."))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("proposal", uuid)
