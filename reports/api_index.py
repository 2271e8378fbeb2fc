"""The front of the API: its resources, and the page that describes them."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from interface.api import Figures

PREFIX = "api/v1/"


class ResourceSerializer(serializers.Serializer[Any]):
    """One resource that is open to you."""

    name = serializers.CharField()
    address = serializers.CharField()
    description = serializers.CharField()


class IndexSerializer(serializers.Serializer[Any]):
    """The resources, and where they are described."""

    version = serializers.CharField()
    docs = serializers.CharField()
    schema = serializers.CharField()
    resources = ResourceSerializer(many=True)


class Index(Figures):
    """The resources of the API that are open to your account."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=IndexSerializer)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those with an address of their own, in the order of the names."""
        self.wanted()
        found = [
            {"name": route.strip("/"), "address": f"/{PREFIX}{route}", "description": told(view)}
            for route, view in sorted(resources()) if is_open(view, request)
        ]  # fmt: skip
        told_of = {"version": "1", "docs": reverse("api_docs"), "schema": reverse("api_schema")}
        return Response(IndexSerializer({**told_of, "resources": found}).data)


def resources() -> Iterator[tuple[str, Any]]:
    """Route and view class of each address that needs nothing filled in and can be read."""
    for pattern in get_resolver("reports.api_urls").url_patterns:
        route = str(pattern.pattern)
        view = getattr(getattr(pattern, "callback", None), "cls", None)
        if isinstance(pattern, URLPattern) and route and "<" not in route and _is_read(view):
            yield route, view


def _is_read(view: Any) -> bool:
    return hasattr(view, "get") and getattr(view, "schema", None) is not None


def told(view: Any) -> str:
    """The first sentence or lines of what the view is described by."""
    return " ".join((view.__doc__ or "").strip().partition("\n\n")[0].split())


def is_open(view: Any, request: Request) -> bool:
    """Whether the account behind the request is let in."""
    return all(one().has_permission(request, view()) for one in view.permission_classes)
