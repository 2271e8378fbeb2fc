"""Contacts, engagements, documents and clearances of a donor: for staff only."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import requires, signed_in
from accounts.audit.recording import concerns
from accounts.permissions import Permission
from donors.clearances import decide_clearance, request_clearance
from donors.documents import add_document
from donors.edit_views import donors_of, version_of
from donors.models import Clearance, Donor, DonorDocument
from donors.relation_forms import (
    ClearanceForm,
    ContactForm,
    DecisionForm,
    DocumentForm,
    EngagementForm,
)
from donors.relations import add_contact, add_engagement, edit_contact, edit_engagement
from interface.conflicts import EditConflict, differences
from interface.errors import PortalError

Typed = Mapping[str, Any]


def _donor(request: HttpRequest, code: str) -> Donor:
    return get_object_or_404(donors_of(request), code=code)


def _answer(
    request: HttpRequest, donor: Donor, form: Any, save: Callable[[Typed], object], *,
    heading: str, section: str, row: Any = None,
) -> HttpResponse:  # fmt: skip
    """Save what was typed and go to the section of the donor's page, or show the form again.

    `row` is what is being changed: a conflict shows both versions and takes its new one.
    """
    context = {"donor": donor, "form": form, "heading": heading, "section": section,
               "has_version": row is not None, "version": row.version if row else 0}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except PortalError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
            if isinstance(error, EditConflict):
                context["conflict"] = differences(form, form.initial)
        else:
            messages.success(request, _("Saved."))
            kept = Donor.objects.become([donor.pk])[donor.pk]
            return redirect(reverse("donor", args=[kept.code]) + f"#{section}")
    if request.method == "POST" and row and "conflict" not in context:
        context["version"] = version_of(request)
    status = 422 if request.method == "POST" else 200
    return render(request, "donors/relation_form.html", context, status=status)


@requires(Permission.EDIT_DONORS)
def contact_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a contact at the donor's."""
    donor, by = _donor(request, code), signed_in(request)
    return _answer(
        request, donor, ContactForm(request.POST or None),
        lambda typed: add_contact(donor, typed, by=by),
        heading=_("Add a contact"), section="contacts",
    )  # fmt: skip


@requires(Permission.EDIT_DONORS)
def contact_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Change a contact, or end it."""
    donor, by, version = _donor(request, code), signed_in(request), version_of(request)
    row = get_object_or_404(donor.contacts, pk=pk)
    form = ContactForm(request.POST or None, initial=ContactForm.initial_of(row))
    return _answer(
        request, donor, form, lambda typed: edit_contact(row, typed, version=version, by=by),
        heading=_("Change a contact"), section="contacts", row=row,
    )  # fmt: skip


@requires(Permission.EDIT_DONORS)
def engagement_new(request: HttpRequest, code: str) -> HttpResponse:
    """Write down what passed between the agency and the donor."""
    donor, by, today = _donor(request, code), signed_in(request), timezone.localdate()
    form = EngagementForm(request.POST or None, donor=donor, initial={"happened_on": today})
    return _answer(
        request, donor, form, lambda typed: add_engagement(donor, typed, by=by, today=today),
        heading=_("Add a letter, meeting or call"), section="engagements",
    )  # fmt: skip


@requires(Permission.EDIT_DONORS)
def engagement_edit(request: HttpRequest, code: str, uuid: str) -> HttpResponse:
    """Change what was written down."""
    donor, by, today = _donor(request, code), signed_in(request), timezone.localdate()
    row = get_object_or_404(donor.engagements, uuid=uuid)
    initial = EngagementForm.initial_of(row)
    version = version_of(request)
    return _answer(
        request, donor, EngagementForm(request.POST or None, donor=donor, initial=initial),
        lambda typed: edit_engagement(row, typed, version=version, by=by, today=today),
        heading=_("Change a letter, meeting or call"), section="engagements", row=row,
    )  # fmt: skip


@requires(Permission.EDIT_DONORS)
def document_new(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a file about the donor."""
    donor, by, today = _donor(request, code), signed_in(request), timezone.localdate()
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"dated_on": today})

    def save(typed: Typed) -> DonorDocument:
        return add_document(
            donor, typed["file"], kind=typed["kind"], title=typed["title"],
            dated_on=typed["dated_on"], by=by, today=today,
        )  # fmt: skip

    return _answer(request, donor, form, save, heading=_("Add a document"), section="documents")


@requires(Permission.VIEW_DONORS)
@require_safe
def donor_document(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The file as it came, as a download: no browser shows it in the portal's own name."""
    found = get_object_or_404(DonorDocument, uuid=uuid, donor__in=donors_of(request))
    concerns(request, found.donor_id)
    return as_download(found)


def as_download(found: DonorDocument) -> HttpResponseBase:
    """The document's bytes, for a person who may have them."""
    if not (found.file.name and found.file.storage.exists(found.file.name)):
        raise Http404
    answer = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.file_name,
        content_type=found.media_type,
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@requires(Permission.EDIT_DONORS)
def clearance_new(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for due diligence on a private donor."""
    donor, by = _donor(request, code), signed_in(request)
    return _answer(
        request, donor, ClearanceForm(request.POST or None, donor=donor),
        lambda typed: request_clearance(donor, by=by, **typed),
        heading=_("Ask for a due diligence clearance"), section="clearance",
    )  # fmt: skip


@requires(Permission.CLEAR_DONORS)
def clearance_decide(request: HttpRequest, uuid: str) -> HttpResponse:
    """Clear a donor for a time, or refuse it."""
    found = get_object_or_404(
        Clearance.objects.select_related("donor"), uuid=uuid, donor__in=donors_of(request)
    )
    by, today = signed_in(request), timezone.localdate()

    def save(typed: Typed) -> Clearance:
        return decide_clearance(
            found, is_clear=typed["decision"] == "clear", by=by, today=today, note=typed["note"],
            valid_from_on=typed["valid_from_on"], valid_until_on=typed["valid_until_on"],
        )  # fmt: skip

    return _answer(
        request, found.donor, DecisionForm(request.POST or None), save,
        heading=_("Decide a due diligence clearance"), section="clearance",
    )  # fmt: skip
