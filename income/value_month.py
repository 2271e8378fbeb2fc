"""The month of an entry's value date as the database reckons it, for conditions of indexes."""

from typing import Any

from django.db.models import Func, IntegerField


class ValueMonth(Func):
    """yyyymm of a date, of each database's own functions alone: an index may stand on it.

    Django's own ExtractMonth calls on SQLite a function of the process that asks, which an index
    must not depend on.
    """

    output_field = IntegerField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(substr(%(expressions)s, 1, 4) || substr(%(expressions)s, 6, 2) AS integer)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = (
            "(EXTRACT(YEAR FROM %(expressions)s) * 100 + EXTRACT(MONTH FROM %(expressions)s))"
        )
        return self.as_sql(compiler, connection, template=template, **context)
