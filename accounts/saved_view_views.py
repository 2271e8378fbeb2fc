"""Saving and deleting one's own views of lists."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.models import SavedView
from accounts.permissions import Permission
from accounts.saved_views import PAGES, save_view
from interface.errors import PortalError

MAY_SAVE = (Permission.VIEW_DONORS, Permission.VIEW_ENTRIES)


@requires(*MAY_SAVE)
@require_POST
def saved_view_save(request: HttpRequest) -> HttpResponse:
    """Keep the question of a list under a name, and go back to it."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    try:
        view = save_view(
            signed_in(request), page=page, name=request.POST.get("name", ""), query=query
        )
    except PortalError as error:
        messages.error(request, error.sentence)
        return redirect(_address(page, query))
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(_address(page, view.query))


@requires(*MAY_SAVE)
@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of one's own views."""
    view = get_object_or_404(SavedView, pk=pk, user=signed_in(request))
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect(_address(view.page, ""))


def _address(page: str, query: str) -> str:
    """Of a list that is known here; nothing typed leads anywhere else."""
    if page not in PAGES:
        return reverse("home")
    return f"{reverse(page)}?{query}" if query else reverse(page)
