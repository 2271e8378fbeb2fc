"""Watchers outside, where the environment names them: an error service (Sentry's protocol) and a
collector of traces (OpenTelemetry). Neither is told what was typed, looked up or addressed.

SENTRY_DSN: each error, with its kind, where it was raised, the view, the account's UUID and the
request's or the job's identifier; no text of the error, no values, no address.
OTEL_EXPORTER_OTLP_ENDPOINT: the time of each request by view, of each statement (as text with
placeholders) and of each Celery task; further settings are OpenTelemetry's own (OTEL_*).
The packages of both are in requirements-telemetry.txt.
"""

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from interface.request_log import current_request, user_of, view_of
from jobs.current import job_uuid

SERVICE = "habitat-portal"
# Of an event. The rest may repeat what people typed, or name the machine.
KEPT = {"event_id", "timestamp", "level", "logger", "platform", "environment", "release", "sdk",
        "exception", "tags", "transaction"}  # fmt: skip
KEPT_OF_A_CALL = ("filename", "function", "lineno", "module", "in_app")


def start(environ: Mapping[str, str] = os.environ) -> None:
    """Begin to tell whoever is named. Raises ImproperlyConfigured when the packages are missing.

    Called once by each process that serves requests or works, before its first request.
    """
    try:
        if dsn := environ.get("SENTRY_DSN", "").strip():
            _tell_errors(dsn, environ.get("PORTAL_MODE", "production"))
        if environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip():
            _tell_times()
    except ImportError as missing:
        raise ImproperlyConfigured(
            "SENTRY_DSN or OTEL_EXPORTER_OTLP_ENDPOINT is set and the package "
            f"{missing.name} is not installed: "
            "pip install --require-hashes -r requirements-telemetry.txt"
        ) from None


def _tell_errors(dsn: str, mode: str) -> None:
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn, environment=mode, before_send=without_values,  # type: ignore[arg-type]
        include_local_variables=False,
        include_source_context=False, max_request_body_size="never", send_default_pii=False,
        auto_session_tracking=False, max_breadcrumbs=0, propagate_traces=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
    )  # fmt: skip


def without_values(event: Any, hint: Mapping[str, Any]) -> dict[str, Any]:
    """The event, with kind and place of the error and what it belongs to; nothing else."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    if "logentry" in event:  # the sentence with its gaps, not what filled them
        kept["logentry"] = {"message": event["logentry"].get("message", "")}
    for one in kept.get("exception", {}).get("values", []):
        one.pop("value", None)
        calls = one.get("stacktrace", {}).get("frames", [])
        one["stacktrace"] = {"frames": [
            {name: call[name] for name in KEPT_OF_A_CALL if name in call} for call in calls
        ]}  # fmt: skip
    request = current_request.get()
    tags = {"job": job_uuid.get()}
    if request is not None:
        tags["request"] = getattr(request, "request_id", "")
        tags["view"], tags["user"] = view_of(request), user_of(request)
    kept["tags"] = {name: value for name, value in tags.items() if value}
    kept["transaction"] = tags.get("view", "")
    return kept


def _tell_times() -> None:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    Psycopg2Instrumentor().instrument(skip_dep_check=True)  # the package is psycopg2-binary here
    CeleryInstrumentor().instrument()


class TraceMiddleware:
    """A span for each request, by the name of its view: a path may hold a secret."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        from opentelemetry import trace

        self.get_response = get_response
        self._tracer, self._kind = trace.get_tracer(SERVICE), trace.SpanKind.SERVER

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        method = request.method or ""
        with self._tracer.start_as_current_span(
            method, kind=self._kind, record_exception=False
        ) as span:
            response = self.get_response(request)
            span.update_name(f"{method} {view_of(request)}")
            span.set_attributes({
                "http.request.method": method, "http.response.status_code": response.status_code,
                "portal.view": view_of(request),
                "portal.request": str(getattr(request, "request_id", "")),
            })  # fmt: skip
            return response
