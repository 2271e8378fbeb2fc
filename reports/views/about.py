"""Pages about the portal itself."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import Permission
from interface.formatting import current_language
from interface.style_page import THEMES, style_context


def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested for accessibility, and what is known to fail."""
    return render(request, "reports/accessibility.html")


def style_page(request: HttpRequest) -> HttpResponse:
    """The living style page, in demonstrations and for administrators.

    `direction` (ltr, rtl) and `theme` (light, dark) show it otherwise than the reader's settings.
    """
    user = request.user
    if not settings.IS_DEMO and not (
        isinstance(user, User) and user.may(Permission.MANAGE_ACCOUNTS)
    ):
        raise Http404
    theme = next((one for one in THEMES if one == request.GET.get("theme")), None)
    directions = {"ltr": "en", "rtl": "ar"}
    with override(directions.get(request.GET.get("direction", ""), current_language())):
        return render(request, "interface/style/page.html", style_context(theme))
