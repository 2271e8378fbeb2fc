"""The page that describes the API: what a program may ask, and what it is told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.permissions import Permission
from interface.problems import CODES, TITLES
from reports.api_description import described


@requires(Permission.VIEW_BOARD, Permission.VIEW_OWN_DONORS)
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every resource with its questions, fields and an example; the errors by their names."""
    problems = [(status, code, code.replace("_", "-"), TITLES[status])
                for status, code in CODES.items()]  # fmt: skip
    context = {"resources": described(), "problems": problems}
    return render(request, "reports/api_docs.html", context)
