"""Who stands behind a posting."""

from dataclasses import dataclass

from accounts.models import User
from income.models import Posting


@dataclass(frozen=True)
class Actors:
    """Who prepared an act and who approved it; nobody for the system's own loads.

    `replaces` is the posting that is corrected by this act, where it is a correction;
    `late_because` says why it is booked after its month was closed, where it is.
    """

    prepared_by: User | None = None
    approved_by: User | None = None
    replaces: Posting | None = None
    late_because: str = ""


SYSTEM = Actors()
