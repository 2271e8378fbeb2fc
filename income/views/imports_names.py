"""Saying who the names of a file are that nobody knows, one by one or all at once."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from donors.models import Donor
from income.forms.fields import add_error
from income.forms.imports_names import BOOKS, DONORS, NamesForm
from income.imports.choices import Choices
from income.imports.columns.options import options_of
from income.imports.course.report import Report, UnknownName
from income.imports.jobs import check_later
from income.imports.naming.donors import choose_for_all
from income.imports.naming.new_donors import CREATE, LEAVE_OUT, TAKE
from income.imports.services import change_choices
from income.models import Import
from income.views.imports import import_of
from income.views.imports_report import may_change
from interface.errors import PortalError
from interface.paging import page_of

NAMES = 25


@requires(Permission.ENTER_INCOME)
@require_http_methods(["GET", "HEAD", "POST"])
def import_names(request: HttpRequest, uuid: str) -> HttpResponse:
    """Who each unknown name is; what is chosen is checked again at once."""
    import_ = import_of(uuid)
    names = _names_of(import_)
    if not names or not may_change(import_, signed_in(request)):
        messages.info(request, _("There are no names to choose: check the file first."))
        return redirect("import", uuid)
    page = page_of(names, request.GET.get("page"), NAMES)
    form = NamesForm(
        request.POST or None, initial={"version": import_.version}, names=page.items,
        choices=Choices.of_json(import_.choices), books=import_.ledger,
    )  # fmt: skip
    if form.is_bound and form.is_valid() and _chosen(request, import_, form):
        return redirect("import", uuid)
    return _page(request, import_, form, {"page": page, "all_names": len(names)})


def _names_of(import_: Import) -> list[tuple[str, UnknownName]]:
    """The names of the last check that a person chooses for, those without a choice first."""
    found = Report.of_json(import_.found)
    names = [(DONORS, one) for one in (*found.unknown_donors, *found.chosen_donors)]
    names += [(BOOKS, one) for one in (*found.unknown_books, *found.chosen_books)]
    return sorted(names, key=lambda one: bool(one[1].choice))


def _chosen(request: HttpRequest, import_: Import, form: NamesForm) -> bool:
    """Keep the choices and check with them, unless a sentence on the form says why not."""
    by, version = signed_in(request), form.cleaned_data["version"]
    try:
        change_choices(import_, form.cleaned_data["choices"], version=version, by=by)
        check_later(import_of(str(import_.uuid)), by=by)
    except PortalError as error:
        add_error(form, error)
        return False
    return True


def _page(
    request: HttpRequest, import_: Import, form: NamesForm, more: dict[str, Any]
) -> HttpResponse:
    context = {
        "import": import_, "books": import_.ledger, "form": form,
        "demonstration_books": import_.ledger.is_demonstration,
        "donors": Donor.objects.standing().in_order(), "areas": options_of("iso3"),
        "has_donors": any(sort == DONORS for sort, _name in form.names), **more,
    }  # fmt: skip
    return render(request, "income/import_names.html", context, status=422 if form.errors else 200)


@requires(Permission.ENTER_INCOME)
@require_POST
def import_names_all(request: HttpRequest, uuid: str) -> HttpResponse:
    """One decision for every name of a donor that has none yet."""
    import_, how = import_of(uuid), request.POST.get("how", "")
    version = request.POST.get("version", "")
    if how not in (CREATE, TAKE, LEAVE_OUT) or not version.isdigit():
        messages.error(request, _("Say what is to be done with the names."))
        return redirect("import", uuid)
    choices = Choices.of_json(import_.choices)
    unknown = Report.of_json(import_.found).unknown_donors
    chosen = choose_for_all(unknown, how=how, choices=choices)
    try:
        new = replace(choices, donors={**choices.donors, **chosen})
        _change_all(request, import_, new, int(version), len(chosen))
    except PortalError as error:
        messages.error(request, error.sentence)
    return redirect("import", uuid)


def _change_all(
    request: HttpRequest, import_: Import, choices: Choices, version: int, count: int
) -> None:
    if not count:
        messages.info(request, _("None of the names is like that: choose them one by one."))
        return
    change_choices(import_, choices, version=version, by=signed_in(request))
    check_later(import_of(str(import_.uuid)), by=signed_in(request))
    sentence = ngettext("%(count)s name was chosen.", "%(count)s names were chosen.", count)
    messages.success(request, sentence % {"count": count})
