"""A portal that is watched, in a process of its own: what it tells cannot be taken back.

`python -m tests.interface.watched ADDRESS` asks two pages, one of which fails, and ends.
"""

import os
import sys
from typing import NoReturn

os.environ["DJANGO_SETTINGS_MODULE"] = "habitat_portal.settings"

import django

django.setup()

from django.http import HttpRequest  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

from habitat_portal import telemetry  # noqa: E402
from habitat_portal.urls import urlpatterns as own  # noqa: E402

SECRET = "zemblan-secret"


def fails(request: HttpRequest, secret: str) -> NoReturn:
    amount = f"{secret}-amount"
    raise LookupError(f"no such donor: {amount}")


urlpatterns = [*own, path("fails/<str:secret>/", fails, name="fails")]


def main() -> int:
    from django.conf import settings
    from django.test.utils import setup_test_environment

    setup_test_environment()
    settings.ROOT_URLCONF = __name__
    telemetry.start()
    client = Client(raise_request_exception=False, headers={"x-secret": SECRET})
    client.cookies["sent"] = SECRET
    statuses = [client.get("/healthz").status_code]
    statuses.append(client.post(f"/fails/{SECRET}/?q={SECRET}", {"typed": SECRET}).status_code)
    if "OTEL_EXPORTER_OTLP_ENDPOINT" in os.environ:
        from opentelemetry import trace

        trace.get_tracer_provider().shutdown()  # type: ignore[attr-defined]
    print(*statuses)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
