"""Who stands behind a posting."""

from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Actors:
    """Who prepared an act and who approved it; nobody for the system's own loads."""

    prepared_by: User | None = None
    approved_by: User | None = None


SYSTEM = Actors()
