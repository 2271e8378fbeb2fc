"""What the description of the API tells beyond what the views declare."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.fields import ChoiceField

from interface.api.asking import NoFilters
from interface.api.examples import example_of
from interface.api.resources import Figures, Listed, Tagged


class PortalSchema(AutoSchema):
    """Filters, orders and parts of rows from the view's own declarations."""

    def get_override_parameters(self) -> list[Any]:
        """The filters of a list or of figures, and how the answer may be shaped."""
        view, found = self.view, list(super().get_override_parameters())
        if self.method != "GET" or not isinstance(view, Tagged):
            return found
        if (filters := getattr(view, "filters", NoFilters)) is not NoFilters:
            found.append(filters)
        if isinstance(view, Listed) and view.sorts:
            found.append(_sort(view.sorts, view.sort))
        if not isinstance(view, Figures) and hasattr(view, "get_serializer"):
            found.append(FIELDS)
        return [*found, IF_NONE_MATCH]

    def get_response_serializers(self) -> Any:
        """The answer in full, and that it has not changed since the asker had it."""
        found = super().get_response_serializers()
        is_read = self.method == "GET" and isinstance(self.view, Tagged)
        if not is_read or isinstance(found, Mapping):
            return found
        return {200: found, 304: OpenApiResponse(description="What you have is still right.")}

    def _map_serializer_field(self, field: Any, direction: Any, *args: Any, **kwargs: Any) -> Any:
        """A word of a column that may be empty may be empty in the answer as well."""
        told = super()._map_serializer_field(field, direction, *args, **kwargs)
        if isinstance(field, ChoiceField) and "enum" in told and _may_be_blank(field):
            told["enum"] = [*(one for one in told["enum"] if one != ""), ""]
        return told


def _may_be_blank(field: Any) -> bool:
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = {one.name: one for one in model._meta.get_fields()} if model else {}
    return bool(getattr(columns.get(field.source), "blank", False))


FIELDS = OpenApiParameter(
    "fields", OpenApiTypes.STR, description="Only these fields of a row, with commas between."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER,
    description="The ETag of the answer that you have: 304 if it is still right.",
)  # fmt: skip


def _sort(sorts: Mapping[str, str], own: str) -> OpenApiParameter:
    names = [f"{sign}{name}" for name in sorts for sign in ("", "-")]
    return OpenApiParameter(
        "sort", OpenApiTypes.STR, enum=names, default=own or next(iter(sorts)),
        description="The order; `-` turns it round. What has no value comes last.",
    )  # fmt: skip


def with_examples(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """The description with an example of each answer, as tests check it against real ones."""
    for path, operations in result["paths"].items():
        content = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        example = example_of(path)
        for media in content.values():
            if example is not None:
                media["example"] = example
    return result
