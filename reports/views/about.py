"""Pages about the portal itself."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.permissions import Permission
from interface.style_page import style_context


def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested for accessibility, and what is known to fail."""
    return render(request, "reports/accessibility.html")


def style_page(request: HttpRequest) -> HttpResponse:
    """The living style page: in demonstrations, and for staff."""
    user = request.user
    if not settings.IS_DEMO and not (
        isinstance(user, User) and user.may(Permission.MANAGE_ACCOUNTS)
    ):
        raise Http404
    return render(request, "interface/style_page.html", style_context())
