"""The statements of a receipt, written down once and sent again as bare SQL with fresh keys."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

TABLES = {"INSERT INTO": "insert", "UPDATE": "update", "SELECT": "select"}


@dataclass
class Statement:
    """One statement as the portal sent it, and which of its values are fresh each time."""

    sql: str
    values: list[Any]
    fresh: dict[int, str]  # place of a value: what it is
    is_head: bool  # whether it reads the head of the books


def recorded(act: Callable[[], Any], token: str) -> list[Statement]:
    """The statements that an act sends, without BEGIN and COMMIT."""
    found: list[Statement] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if params is not None and not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            found.append(_statement(sql, list(params), token))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        act()
    return found


def _statement(sql: str, values: list[Any], token: str) -> Statement:
    fresh = {place: "token" for place, value in enumerate(values) if value == token}
    if insert := re.match(r'INSERT INTO "?(income_entry|income_posting)"? \(([^)]+)\)', sql):
        columns = [name.strip(' "') for name in insert[2].split(",")]
        wanted = {"posting_id": "id", "id": "id", "sequence": "sequence", "token": "token"}
        names = [wanted.get(columns[n % len(columns)]) for n in range(len(values))]
        fresh |= {n: name for n, name in enumerate(names) if name}
    if sql.startswith("UPDATE income_ledger SET sequence"):
        fresh[0] = "sequence"
    is_head = sql.startswith("SELECT") and ("FOR NO KEY UPDATE" in sql or (
        'FROM "income_ledger"' in sql
    ))  # fmt: skip
    return Statement(sql, values, fresh, is_head)


class Replay:
    """A bare connection of the same driver, with the same settings of the session."""

    def __init__(self) -> None:
        settings = connection.settings_dict
        self.is_postgres = connection.vendor == "postgresql"
        if self.is_postgres:
            import psycopg2

            given = connection.get_connection_params()
            kept = ("dbname", "user", "password", "host", "port")
            self._bare = psycopg2.connect(**{k: v for k, v in given.items() if k in kept})
            with self._bare.cursor() as cursor:
                cursor.execute("SET TIME ZONE 'UTC'")
            self._bare.commit()
        else:
            import sqlite3

            self._bare = sqlite3.connect(
                settings["NAME"], isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES
            )
            for pragma in settings["OPTIONS"]["init_command"].split(";"):
                self._bare.execute(pragma)

    def ready(self, statements: list[Statement]) -> list[Statement]:
        """The statements with the driver's own marks for values."""
        if self.is_postgres:
            return statements
        return [
            Statement(one.sql.replace("%s", "?"), one.values, one.fresh, one.is_head)
            for one in statements
        ]

    def send(self, statements: list[Statement], token: str) -> None:
        """All of them in one transaction, with a new key, token and sequence, and the commit."""
        made = uuid.uuid4()
        keys: dict[str, Any] = {
            "id": made if self.is_postgres else made.hex, "token": token,
        }  # fmt: skip
        cursor = self._bare.cursor()
        if not self.is_postgres:
            cursor.execute("BEGIN IMMEDIATE")
        for one in statements:
            values = list(one.values)
            for place, name in one.fresh.items():
                values[place] = keys[name]
            cursor.execute(one.sql, values)
            if cursor.description:
                rows = cursor.fetchall()
                if one.is_head:
                    names = [column[0] for column in cursor.description]
                    keys["sequence"] = rows[0][names.index("sequence")] + 1
        self._bare.commit()
        cursor.close()

    def close(self) -> None:
        self._bare.close()
