"""The schema of the API as JSON, and whether an answer is what it describes."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from reports.api_description import fields_of, kind_of
from reports.figures.bases import Bases
from reports.figures.dashboard import Dashboard
from reports.figures.history import History
from reports.figures.profile import Profile
from reports.figures.scorecard.card import Scorecard
from reports.figures.statement import Statement

# Figures are described as objects: these are the classes whose fields they have.
FIGURES = {
    "/api/v1/dashboard/": Dashboard, "/api/v1/scorecard/": Scorecard, "/api/v1/history/": History,
    "/api/v1/bases/": Bases, "/api/v1/donors/{code}/statement/{year}/": Statement,
    "/api/v1/donors/{code}/profile/{year}/": Profile,
}  # fmt: skip


@cache
def schema() -> dict[str, Any]:
    made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return found


def answer_of(path: str) -> dict[str, Any]:
    """How the schema describes the answer to GET."""
    content = schema()["paths"][path]["get"]["responses"]["200"]["content"]
    described: dict[str, Any] = next(iter(content.values()))["schema"]
    return described


def faults(path: str, answer: Any) -> list[str]:
    """Where the answer is not what the schema describes."""
    whole = {**answer_of(path), "components": schema()["components"]}
    return [f"{path} {error.json_path}: {error.message[:200]}"
            for error in Draft202012Validator(whole).iter_errors(answer)]  # fmt: skip


def fields() -> Iterator[str]:
    """Each address with each of its methods, questions and fields, and of what kind they are."""
    for path, methods in schema()["paths"].items():
        for method, told in methods.items():
            yield f"{method.upper()} {path}"
            for one in told.get("parameters", ()):
                yield f"{method.upper()} {path} ?{one['name']}"
        if "get" in methods and path not in FIGURES:
            for field in fields_of(answer_of(path), schema()):
                yield f"GET {path} {field.name}: {field.kind}"
        for name in getattr(FIGURES.get(path), "__dataclass_fields__", ()):
            yield f"GET {path} {name}"


__all__ = ["FIGURES", "answer_of", "faults", "fields", "kind_of", "schema"]
