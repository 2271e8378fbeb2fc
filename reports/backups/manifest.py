"""What a backup says of itself: made of what, when, and a SHA-256 for every part."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from income.models import Ledger
from reports.backups.errors import BackupRefused

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class Head:
    """Where the chain of one agency's books stood."""

    books: str
    sequence: int
    hash: str


@dataclass(frozen=True)
class Manifest:
    """`tables`: name to (rows, SHA-256); `files`: path in the archive to SHA-256."""

    made_at: str
    heads: tuple[Head, ...]
    schema: tuple[str, ...]
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def heads() -> tuple[Head, ...]:
    """The heads of all books as this connection sees them now."""
    rows = Ledger.objects.order_by("code").values_list("code", "sequence", "head_hash")
    return tuple(Head(*row) for row in rows)


def schema() -> tuple[str, ...]:
    """The newest migration of every app: two releases with the same have the same tables."""
    leaves = MigrationLoader(connection).graph.leaf_nodes()
    return tuple(sorted(f"{app}.{name}" for app, name in leaves))


def read(text: bytes) -> Manifest:
    """Raises BackupRefused when it is not a manifest of this format."""
    try:
        found: dict[str, Any] = json.loads(text)
        if found["format"] != FORMAT:
            raise BackupRefused(f"The backup has format {found['format']}, not {FORMAT}.")
        return Manifest(
            made_at=found["made_at"],
            heads=tuple(Head(**head) for head in found["heads"]),
            schema=tuple(found["schema"]),
            tables={name: (rows, digest) for name, (rows, digest) in found["tables"].items()},
            files=dict(found["files"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused("The file is no backup of a portal: its manifest is wrong.") from error
