"""One request of the dashboard taken apart: its SQL, its template, and all that is between."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates
from django.test import Client

from reports.views import board

_OWN = re.compile(r'value="\w{64}"|data-seconds="\d+"|\s+|&quot;')


@dataclass
class Parts:
    """What can be done again by itself, without the rest."""

    request: Callable[[], str]
    sql: Callable[[], int]
    plain: Callable[[], str]
    quick: Callable[[], str]
    queries: int
    page_bytes: int


def plain_templates(folder: str) -> DjangoTemplates:
    """The portal's templates, with tables as a template writes them."""
    around = settings.TEMPLATES[0]["OPTIONS"]
    loader = "django.template.loaders.filesystem.Loader"
    return DjangoTemplates({
        "NAME": "plain", "APP_DIRS": False, "DIRS": [folder, *settings.TEMPLATES[0]["DIRS"]],
        "OPTIONS": {
            "context_processors": around["context_processors"], "builtins": ["bench.serving_plain"],
            "libraries": {"interface": "bench.serving_plain"},
            "loaders": [("django.template.loaders.cached.Loader", [loader])],
        },
    })  # fmt: skip


def parts_of(client: Client, address: str, templates: str) -> Parts:
    """Ask once, and note what was asked of the database and handed to the template."""
    asked: list[tuple[str, Any]] = []
    seen: dict[str, Any] = {}

    def note(execute: Callable[..., Any], sql: str, given: Any, many: bool, more: Any) -> Any:
        asked.append((sql, given))
        return execute(sql, given, many, more)

    def render(request: HttpRequest, name: str, context: Mapping[str, Any]) -> HttpResponse:
        seen.update(request=request, name=name, context=context)
        return quick(request, name, context)

    def request() -> str:
        return client.get(address).content.decode()

    quick = board.render
    request()
    with connection.execute_wrapper(note):
        request()
    board.render = render
    try:
        page = request()
    finally:
        board.render = quick
    template = plain_templates(templates).get_template(seen["name"])

    def sql() -> int:
        rows = 0
        for statement, given in asked:
            with connection.cursor() as cursor:
                cursor.execute(statement, given)
                rows += len(cursor.fetchall()) if cursor.description else 0
        return rows

    def again(made: Callable[[], Any]) -> str:
        vars(seen["request"]).pop("explained_terms", None)  # terms are explained once in an answer
        return str(made())

    found = Parts(
        request=request, sql=sql,
        plain=lambda: again(lambda: template.render(dict(seen["context"]), seen["request"])),
        quick=lambda: again(
            lambda: quick(seen["request"], seen["name"], seen["context"]).content.decode()
        ),
        queries=len(asked), page_bytes=len(page.encode()),
    )  # fmt: skip
    refuse_other_pages(page, found.plain())
    return found


def refuse_other_pages(ours: str, theirs: str) -> None:
    """Raises SystemExit unless both say the same, apart from spaces and the tokens of forms."""
    one, other = (_OWN.sub("", page.replace("&#x27;", "'")) for page in (ours, theirs))
    if one != other:
        at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        raise SystemExit(f"The pages differ:\n{one[at - 60 : at + 90]}\n{other[at - 60 : at + 90]}")
