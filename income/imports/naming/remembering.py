"""What is kept of an import's choices beyond it: which donor a name in a file meant."""

from collections.abc import Collection

from accounts.models import User
from donors.aliases import remember_names
from income.imports.choices import Choices


def remember(choices: Choices, used: Collection[str], *, by: User | None) -> int:
    """Keep the names (keys of the choices) that posted rows used as names of their donors.

    Inside the posting's transaction. Not those chosen for one file only; returns how many.
    """
    named = [
        (str(choice.get("text") or key), str(choice["donor"]))
        for key, choice in sorted(choices.donors.items())
        if key in used and choice.get("donor") and not choice.get("once")
    ]
    return remember_names(named, by=by) if named else 0
