"""The description of the API, read from its schema: what the page of it shows."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "patch")
GROUP_AT = 3  # part of /api/v1/donors/{code}/ that names the resource


@dataclass(frozen=True)
class Field:
    """A parameter of an address, or a field of an answer; `kind` is of JSON."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class Operation:
    """What one method does at one address. `example` is an answer as JSON, empty for none."""

    method: str
    path: str
    text: str
    parameters: tuple[Field, ...]
    fields: tuple[Field, ...]
    example: str

    @property
    def anchor(self) -> str:
        """What its parts are called on the page, once."""
        return re.sub(r"[^a-z]+", "-", f"{self.method}{self.path}".lower()).strip("-")


@dataclass(frozen=True)
class Resource:
    """The operations at the addresses that begin with the same name."""

    name: str
    operations: tuple[Operation, ...]


@cache
def described() -> tuple[Resource, ...]:
    """Every resource in the order of its name; English, as the schema is. Read once a process."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    schema = json.loads(json.dumps(schema, default=str))
    groups: dict[str, list[Operation]] = {}
    for path, methods in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in methods:
                found = _operation(method, path, methods[method], schema)
                groups.setdefault(_group(path), []).append(found)
    return tuple(Resource(name, tuple(rows)) for name, rows in sorted(groups.items()))


def _group(path: str) -> str:
    return path.split("/")[GROUP_AT] or "api"


def _operation(method: str, path: str, told: Mapping[str, Any], schema: Any) -> Operation:
    told_of = (one for code, one in told["responses"].items() if code.startswith("2"))
    answer: dict[str, Any] = next(told_of, {})
    content: dict[str, Any] = answer.get("content", {})
    media: dict[str, Any] = next(iter(content.values()), {})
    example = media.get("example")
    return Operation(
        method.upper(), path, told.get("description", ""),
        tuple(_parameter(one, schema) for one in told.get("parameters", ())),
        tuple(fields_of(media.get("schema", {}), schema)),
        "" if example is None else json.dumps(example, indent=2, ensure_ascii=False),
    )  # fmt: skip


def _parameter(one: Mapping[str, Any], schema: Any) -> Field:
    return Field(one["name"], kind_of(one["schema"], schema),
                 text_of(one.get("description", ""), one["schema"]))  # fmt: skip


def text_of(text: str, told: Mapping[str, Any]) -> str:
    """The description with the values that there are, where they are counted."""
    values = told.get("enum") or told.get("items", {}).get("enum") or ()
    return " ".join(filter(None, [text, ", ".join(str(one) for one in values if one)]))


def fields_of(told: Mapping[str, Any], schema: Any, before: str = "") -> Iterator[Field]:
    """The fields of an answer: of a list those of its rows; inner ones as `outer.inner`."""
    told = resolved(told, schema)
    if told.get("type") == "array":
        told = resolved(told["items"], schema)
    properties = told.get("properties", {})
    if "results" in properties and not before:
        yield from fields_of(properties["results"], schema)
        return
    for name, inner in properties.items():
        text = text_of(inner.get("description", ""), resolved(inner, schema))
        yield Field(f"{before}{name}", kind_of(inner, schema), text)
        yield from fields_of(inner, schema, f"{before}{name}.")


def resolved(told: Mapping[str, Any], schema: Any) -> Mapping[str, Any]:
    """What a reference stands for; of several possibilities the one that is not null."""
    for _step in range(5):
        if "$ref" in told:
            told = schema["components"]["schemas"][told["$ref"].rpartition("/")[2]]
        elif choices := told.get("oneOf") or told.get("allOf"):
            told = next((one for one in choices if one.get("type") != "null"), {})
    return told


def kind_of(told: Mapping[str, Any], schema: Any) -> str:
    """`string`, `string (date)`, `array of object`, `integer or null`."""
    found = resolved(told, schema)
    kinds = found.get("type", "")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if kinds == ["array"]:
        return f"array of {kind_of(found['items'], schema)}"
    form = f" ({found['format']})" if "format" in found else ""
    return " or ".join(filter(None, kinds)) + form or "any"
