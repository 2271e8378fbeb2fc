"""What the user decided about a file beyond its columns: names, books, repeats."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

LEAVE_OUT = "leave_out"
POST = "post"


@dataclass(frozen=True)
class Choices:
    """Kept as JSON, with nothing but plain values.

    `donors` is the name in its search form (donors.names.searchable) → {"donor": code}, or
    {"new": {"code", "name", "contributor_type", "iso3"}}, or {"leave_out": true}: its rows are
    then left out. Beside a donor's code stands "text", the name as the file writes it, which
    becomes a name of the donor when rows with it are posted, unless "once" is true.

    `books` is the text of the `entity` field in its search form → {"books": code} or {"new":
    {"code", "name"}}. `similar` says what happens to rows that look like standing entries:
    LEAVE_OUT (the default) or POST; `because` is why rows of a closed month are booked in the
    present one (without it they are stopped).
    """

    donors: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    books: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    similar: str = LEAVE_OUT
    because: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Choices":
        names = ("donors", "books", "similar", "because")
        return cls(**{name: kept[name] for name in names if name in kept})
