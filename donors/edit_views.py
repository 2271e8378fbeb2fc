"""Changing a donor; who looks like it; undoing a merge."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.edit_form import DonorEditForm
from donors.editing import edit_donor
from donors.forms import NAME_FIELDS
from donors.merging import unmerge_donor
from donors.models import Donor
from donors.querysets import DonorQuerySet
from donors.services import similar_donors
from interface.conflicts import Difference, EditConflict, differences
from interface.errors import PortalError

LONGEST_VERSION = 9  # digits


def version_of(request: HttpRequest) -> int:
    """The version the form was opened on; 0, which nothing has, when it is no number."""
    typed = request.POST.get("version", "")
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_VERSION
    return int(typed) if is_number else 0


def donors_of(request: HttpRequest) -> DonorQuerySet:
    """The donors the person may see today."""
    return Donor.objects.for_user(signed_in(request), timezone.localdate())


@requires(Permission.EDIT_DONORS)
@require_safe
def donor_similar(request: HttpRequest) -> HttpResponse:
    """The fragment with donors that look like the names typed so far."""
    typed = [request.GET.get(field, "")[:300] for field in NAME_FIELDS]
    found = similar_donors(name for name in typed if name.strip())
    return render(request, "donors/_similar.html", {"similar": found})


@requires(Permission.EDIT_DONORS)
@require_http_methods(["GET", "HEAD", "POST"])
def donor_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a donor; a merged one is changed on the page of the one it is kept as."""
    found = get_object_or_404(donors_of(request).select_related("parent"), code=code)
    if found.merged_into_id:
        kept = Donor.objects.become([found.pk])[found.pk]
        return redirect("donor_edit", kept.code)
    form = DonorEditForm(request.POST or None, initial=DonorEditForm.initial_of(found))
    conflict: tuple[Difference, ...] = ()
    if request.method == "POST" and form.is_valid():
        conflict, is_saved = _save(request, found, form)
        if is_saved:
            messages.success(request, _("The donor is saved."))
            return redirect("donor", code)
    context = _edit_context(found, form, conflict, version_of(request))
    status = 422 if request.method == "POST" else 200
    return render(request, "donors/donor_edit.html", context, status=status)


def _save(
    request: HttpRequest, found: Donor, form: DonorEditForm
) -> tuple[tuple[Difference, ...], bool]:
    try:
        edit_donor(found, form.facts(), version=version_of(request), by=signed_in(request))
    except PortalError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        is_conflict = isinstance(error, EditConflict)
        return (differences(form, form.initial) if is_conflict else ()), False
    return (), True


def _edit_context(
    found: Donor, form: DonorEditForm, conflict: tuple[Difference, ...], typed_version: int
) -> dict[str, Any]:
    """After a conflict the form goes out with the version that is saved now."""
    is_first = not form.is_bound or bool(conflict)
    return {
        "donor": found, "form": form, "conflict": conflict,
        "version": found.version if is_first else typed_version,
        "parents": Donor.objects.standing().in_order(),
    }  # fmt: skip


@requires(Permission.EDIT_DONORS)
@require_POST
def donor_unmerge(request: HttpRequest, code: str) -> HttpResponse:
    """Undo a merge, with the reason."""
    found = get_object_or_404(donors_of(request), code=code)
    try:
        unmerge_donor(found, because=request.POST.get("because", ""), by=signed_in(request))
    except PortalError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("%(name)s stands for itself again.") % {"name": found.name})
    return redirect("donor", code)
