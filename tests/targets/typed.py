"""Targets of 2021 as a person types them.

Non-earmarked 12 million, a million a month until October and 2 in December. Earmarked 40, technical
cooperation 150, regular budget 14: together 216, where the document prints 220.
"""

from typing import Any

from accounts.models import User
from accounts.permissions import Role
from tests import factories

MILLIONS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 12)
PATH = "\t".join(f"{one},000,000" for one in MILLIONS)


def typed(**changed: Any) -> dict[str, str]:
    """What the form sends; None takes a field out."""
    fields = {
        "document": "progress-2022", "name_en": "Targets of 2021, revised", "kind": "target",
        "from_year": "2021", "to_year": "2021", "programme_support": "not_stated",
        "covers": "All funds.", "revises": "PROGRESS-2021",
        "scope_1": "RB", "amount_1": "14,000,000", "paragraph_1": "para. 3",
        "scope_2": "FNE", "amount_2": "12 000 000", "path_2": PATH,
        "scope_3": "FE", "amount_3": "40000000",
        "scope_4": "TC", "from_4": "2021", "amount_4": "150,000,000.00",
        "scope_5": "FE_TC",
        "scope_6": "TOTAL", "to_6": "2021", "amount_6": "220,000,000", "note_6": "rounded",
        **changed,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def another_reviewer() -> User:
    """A second person who may approve targets."""
    return factories.user(email="second@example.org", name="Second", role=Role.REVIEWER)
