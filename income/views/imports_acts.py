"""What is done with an import: checked again, submitted, discarded, undone."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.errors import ImportChanged
from income.forms.fields import add_error
from income.forms.imports_choices import LateForm, UndoForm
from income.imports.choices import LEAVE_OUT, POST, Choices
from income.imports.course.undoing import ask_to_undo
from income.imports.jobs import check_later
from income.imports.returned.marked import mark_later
from income.imports.services import change_choices, discard, submit
from income.imports.states import ImportState, state_of
from income.models import Import
from income.views.draft_edit import version_typed
from income.views.imports import import_of
from interface.errors import PortalError
from interface.formatting import current_language


@requires(Permission.ENTER_INCOME)
@require_POST
def import_check(request: HttpRequest, uuid: str) -> HttpResponse:
    """Check every row again, with the books as they are now."""
    try:
        check_later(import_of(uuid), by=signed_in(request))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("import", uuid)


@requires(Permission.VIEW_BANK_DATA)
@require_POST
def import_mark(request: HttpRequest, uuid: str) -> HttpResponse:
    """Have the errors of a long file marked; its page tells how far that is."""
    mark_later(import_of(uuid), by=signed_in(request), language=current_language())
    return redirect("import", uuid)


@requires(Permission.ENTER_INCOME)
@require_POST
def import_repeats(request: HttpRequest, uuid: str) -> HttpResponse:
    """Choose what becomes of rows that look like entries made otherwise."""
    similar = request.POST.get("similar")
    if similar not in (LEAVE_OUT, POST):
        messages.error(request, _("Say what is to be done with the rows."))
        return redirect("import", uuid)
    return _choose(request, uuid, lambda choices: replace(choices, similar=similar))


@requires(Permission.ENTER_INCOME)
@require_POST
def import_late(request: HttpRequest, uuid: str) -> HttpResponse:
    """Say why rows of closed months come late, so that they are booked in the present month."""
    form = LateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in at most 300 letters why the rows come late."))
        return redirect("import", uuid)
    because = form.cleaned_data["because"]
    return _choose(request, uuid, lambda choices: replace(choices, because=because))


def _choose(request: HttpRequest, uuid: str, change: Callable[[Choices], Choices]) -> HttpResponse:
    import_, by = import_of(uuid), signed_in(request)
    try:
        choices = change(Choices.of_json(import_.choices))
        change_choices(import_, choices, version=version_typed(request), by=by)
        check_later(import_of(uuid), by=by)
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("import", uuid)


@requires(Permission.ENTER_INCOME)
@require_POST
def import_submit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give what the last check found to review."""
    try:
        draft = submit(import_of(uuid), version=version_typed(request), by=signed_in(request))
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("import", uuid)
    messages.success(request, _("Submitted. Another person now reviews it."))
    return redirect("draft", draft.uuid)


@requires(Permission.ENTER_INCOME)
@require_POST
def import_discard(request: HttpRequest, uuid: str) -> HttpResponse:
    """Throw one's own file away; the audit trail keeps that it was there."""
    import_, by = import_of(uuid), signed_in(request)
    try:
        _refuse_another(import_, version_typed(request), by.pk)
        discard(import_, by=by)
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect("import", uuid)
    messages.success(request, _("The file is gone. The audit trail keeps its name and digest."))
    return redirect("import_list")


def _refuse_another(import_: Import, version: int, by: int) -> None:
    if import_.uploaded_by_id != by:
        raise PortalError(_("Only the person who brought a file in discards it."))
    if import_.version != version:
        raise ImportChanged


@requires(Permission.ENTER_INCOME)
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, uuid: str) -> HttpResponse:
    """Ask for the whole import to be undone, and say why."""
    import_ = import_of(uuid)
    if state_of(import_) != ImportState.POSTED:
        messages.error(request, _("There is nothing to undo, or it is asked for already."))
        return redirect("import", uuid)
    form = UndoForm(request.POST or None, initial={"version": import_.version})
    if form.is_bound and form.is_valid():
        try:
            draft = ask_to_undo(
                import_, because=form.cleaned_data["because"], by=signed_in(request)
            )
            messages.success(request, _("Submitted. Another person now reviews it."))
            return redirect("draft", draft.uuid)
        except PortalError as error:
            add_error(form, error)
    context = {"form": form, "import": import_, "books": import_.ledger,
               "demonstration_books": import_.ledger.is_demonstration}  # fmt: skip
    return render(request, "income/import_undo.html", context, status=422 if form.errors else 200)
