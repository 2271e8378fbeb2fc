"""Compresses answers of the API, for who takes them so. Pages are not: they hold tokens of forms.

An answer of the API holds no secret beside what the asker chose: docs/decisions/0036-api.md.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

API = "/api/v1/"
KINDS = ("application/json", "application/problem+json", "application/vnd.oai.openapi")


class CompressApiMiddleware(GZipMiddleware):
    """Stands outside the audit trail, which counts the bytes of the answer as it is."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compressed, if it is data of the API, long enough, and the asker takes gzip."""
        kind = response.headers.get("Content-Type", "")
        if request.method != "GET" or not request.path_info.startswith(API):
            return response
        if not kind.startswith(KINDS):
            return response
        return super().process_response(request, response)
