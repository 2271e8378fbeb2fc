"""For whoever watches over the installation. Open to all; tells nothing that is confidential."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports.readiness import readiness


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive. Asks nobody else, so that a database's illness does not kill it."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The process can serve: 200, or 503 with the check that failed."""
    is_ready, answer = readiness(timezone.now())
    return JsonResponse(answer, status=200 if is_ready else 503)
