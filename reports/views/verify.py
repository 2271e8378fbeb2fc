"""The public page that says whether a report is genuine and current, and nothing of its content."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from interface.errors import PortalError
from reports.models import SealedReport
from reports.sealing.documents import grouped_code, plain_code
from reports.sealing.errors import VerifyWrong
from reports.sealing.limiting import is_too_often
from reports.sealing.printing import moment_text
from reports.sealing.verifying import check_file, find

TEMPLATE = "reports/verify.html"
LONGEST_CODE = 16
View = Callable[..., HttpResponse]


def not_too_often(view: View) -> View:
    """Answers 429 to an address that looks up codes and files too often."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_asking = request.method == "POST" or "code" in kwargs
        if is_asking and is_too_often(request, timezone.now()):
            error = VerifyWrong(_("Too many questions from your address. Wait a minute."))
            return render(request, TEMPLATE, {"error": error}, status=429)
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return counted


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@not_too_often
def verify(request: HttpRequest) -> HttpResponse:
    """Ask by code or with the file."""
    if request.method == "POST":
        return _asked_with_file(request)
    code = plain_code(request.GET.get("code", ""))
    if code.isascii() and code.isalnum() and len(code) <= LONGEST_CODE:
        return redirect("verify_code", code)
    error = VerifyWrong(_("A code has twelve letters and figures."), field="code") if code else None
    return render(request, TEMPLATE, {"error": error})


def _asked_with_file(request: HttpRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise VerifyWrong(_("Choose the file of the report (PDF)."), field="file")
        verdict = check_file(upload)
    except PortalError as error:
        return render(request, TEMPLATE, {"error": error})
    context = {"verdict": verdict, **_told(verdict.report)}
    return render(request, TEMPLATE, context)


@require_safe
@never_cache
@not_too_often
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the record says of the report with that code."""
    report = find(code)
    asked = plain_code(code)[:LONGEST_CODE]
    return render(request, TEMPLATE, {"asked": grouped_code(asked), **_told(report)})


def _told(report: SealedReport | None) -> dict[str, Any]:
    """All that is told of a report; of demonstration books, that too."""
    if report is None:
        return {"report": None}
    since = report.superseded_at
    return {
        "report": report, "code": grouped_code(report.code),
        "demonstration_books": report.ledger.is_demonstration,
        "made": moment_text(report.made_at),
        "superseded": moment_text(since) if since else "",
    }  # fmt: skip
