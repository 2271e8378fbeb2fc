"""For whoever watches over the installation. Tells nothing that is confidential."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from reports import metrics as telling
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


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for whoever bears METRICS_TOKEN; for others there is no such page."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if not settings.METRICS_TOKEN or scheme.lower() != "bearer":
        raise Http404
    if not constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(telling.metrics(timezone.now()), content_type=CONTENT_TYPE_LATEST)
