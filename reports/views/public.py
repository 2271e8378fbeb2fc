"""The public's first page, and what leads from addresses without a language to the reader's."""

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from income.selectors import working_books
from interface.terms import terms
from reports.models import MonthlyUpdate, UpdateState
from reports.open.places import open_pages

TERMS = ("pledge", "agreement", "due", "receipt", "core", "earmarked")


def in_readers_language(request: HttpRequest, name: str, **parts: str) -> HttpResponse:
    """To the public page of that name, in the language that is active now."""
    query = request.META.get("QUERY_STRING", "")
    response = redirect(reverse(name, kwargs=parts) + (query and f"?{query}"))
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What the portal is, for whom, and what is open to everybody. No figures of its own."""
    books = working_books()
    updates = MonthlyUpdate.objects.filter(ledger=books, state=UpdateState.PUBLISHED)
    published_at = updates.aggregate(latest=Max("published_at"))["latest"] if books else None
    context = {
        "demonstration_books": bool(books and books.is_demonstration),
        "published_on": timezone.localdate(published_at) if published_at else None,
        "is_trial": settings.IS_DEMO,
        "open_pages": open_pages(),
        "terms": [terms()[code] for code in TERMS],
    }
    return render(request, "reports/front.html", context)


@require_safe
def verify_printed(request: HttpRequest, code: str) -> HttpResponseBase:
    """A printed address or QR code, opened."""
    return in_readers_language(request, "verify_code", code=code)
