"""The order of donors and areas by name, kept with the row: pages sort 5,000 without reading them.

A key compares by code points, so both databases are told to.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language

from donors.names import order_keys, searchable

BATCH = 1000


class OrderKeysField(models.JSONField):
    """Keys by language code, made of the row's `names` whenever the row is saved.

    `QuerySet.update` and `bulk_update` make none.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default": dict, "editable": False, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> dict[str, str]:
        keys = order_keys(model_instance.names)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, keys)
        return keys


class ByCodePoints(models.Func):
    """A text that is compared by code points."""

    template = "%(expressions)s"  # as SQLite compares anyway
    arity = 1

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "C"', **more)


def by_name(path: str = "") -> ByCodePoints:
    """What sorts rows by name for the reader; `path` leads to the donor or area ("donor__")."""
    language = get_language()
    code = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return ByCodePoints(
        KeyTextTransform(code, f"{path}order_keys"), output_field=models.TextField()
    )


def renew(donors: Any, areas: Any, names: Any) -> int:
    """Make every key and search form anew; how many rows were changed. The models are given."""
    changed = 0
    for model in (donors, areas):
        rows = list(model._default_manager.only("pk", "names", "order_keys"))
        wrong = [row for row in rows if row.order_keys != order_keys(row.names)]
        for row in wrong:
            row.order_keys = order_keys(row.names)
        model._default_manager.bulk_update(wrong, ["order_keys"], batch_size=BATCH)
        changed += len(wrong)
    rows = list(names._default_manager.only("pk", "name", "normalized"))
    wrong = [row for row in rows if row.normalized != searchable(row.name)]
    for row in wrong:
        row.normalized = searchable(row.name)
    names._default_manager.bulk_update(wrong, ["normalized"], batch_size=BATCH)
    return changed + len(wrong)
