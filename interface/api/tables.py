"""Tables of words as resources: one declaration each, no class to write."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from rest_framework import serializers
from rest_framework.permissions import BasePermission

from interface.api.resources import Listed, One


def serializer_of(
    model: type[Model], fields: Sequence[str], *, called: str, **own: Any
) -> type[serializers.Serializer[Any]]:  # fmt: skip
    """Reads the columns; `own` are fields that are no columns. Described by `called`."""
    meta = type("Meta", (), {"model": model, "fields": tuple(fields),
                             "read_only_fields": tuple(fields)})  # fmt: skip
    name = f"{model.__name__}RowSerializer"
    return type(name, (serializers.ModelSerializer,), {"Meta": meta, "__doc__": called, **own})


def table(
    model: type[Model], fields: Sequence[str], *, called: str, readers: type[BasePermission],
    sorts: dict[str, str], related: Sequence[str] = (),
    **own: Any,
) -> tuple[type[Listed[Any]], type[One[Any]]]:  # fmt: skip
    """The views of the list and of one row, which is found by its primary key.

    `name` is the row as text, in the language asked for; `names` are those of all languages.
    """
    if "name" in fields and "name" not in own:
        own["name"] = serializers.CharField(source="__str__", read_only=True)
    if "names" in fields:
        own["names"] = serializers.DictField(child=serializers.CharField(), read_only=True)
    shared = {
        "serializer_class": serializer_of(model, fields, called=called, **own),
        "permission_classes": [readers],
        "queryset": model._default_manager.select_related(*related) if related
        else model._default_manager.all(),
        "__doc__": called,
    }  # fmt: skip
    listed = type(f"{model.__name__}List", (Listed,), {
        **shared, "sorts": sorts, "get_queryset": _all_of})  # fmt: skip
    one = type(f"{model.__name__}Detail", (One,), {**shared, "lookup_url_kwarg": "code"})
    return listed, one


def _all_of(view: Any) -> Any:
    view.wanted()
    return view.queryset.all()
