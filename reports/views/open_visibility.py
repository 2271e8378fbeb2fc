"""The page that says who sees what, and opens and closes the public parts."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.selectors import working_books
from reports.open.audience import own_rows, public_rows
from reports.open.policy import CODES, set_open
from reports.open.state import published


class PartsForm(forms.Form):
    """The parts to open: check boxes of one name."""

    parts = forms.MultipleChoiceField(choices=[(code, code) for code in CODES], required=False)


@requires(Permission.SET_VISIBILITY, Permission.VIEW_DONORS)
@require_safe
def visibility(request: HttpRequest) -> HttpResponse:
    """Every part with who sees it; whoever may, opens and closes the public ones."""
    user, books = signed_in(request), working_books()
    context = {
        "may_set": user.may(Permission.SET_VISIBILITY), "published": published(books),
        "demonstration_books": bool(books and books.is_demonstration),
        "public_rows": public_rows(), "own_rows": own_rows(),
    }  # fmt: skip
    return render(request, "reports/open_visibility.html", context)


@requires(Permission.SET_VISIBILITY)
@require_POST
def visibility_set(request: HttpRequest) -> HttpResponse:
    """Open the checked parts and close the others, at once."""
    form = PartsForm(request.POST)
    if form.is_valid():
        set_open(frozenset(form.cleaned_data["parts"]), by=signed_in(request))
        messages.success(request, _("Saved. It is in force now; copies of others last a minute."))
    else:
        messages.error(request, _("One of the parts is not known. Nothing was changed."))
    return redirect("visibility")
