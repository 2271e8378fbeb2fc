"""What the demonstration's pack tells beside its books: invented, and every entry says so."""

from django.db import transaction

from accounts.demonstration import EMAILS
from accounts.models import User
from accounts.permissions import Role
from reports.dialogue.items import decide_item, enter_item
from reports.models import DialogueItem, DialogueKind

YEAR = 2021
EVIDENCE = "Invented for the demonstration: no document"
# In English, as a person would type them.
ENTRIES = (
    (
        DialogueKind.RESULT, "Example: plans adopted by twelve cities",
        "Twelve cities adopted a plan that they had made with support from the programme.\n"
        "Three of them began to build.",
    ),
    (
        DialogueKind.JOINT_PROGRAMME, "Example: one programme of three agencies",
        "Three agencies of the United Nations repaired homes and schools in two provinces.",
    ),
    (
        DialogueKind.COMPACT, "Example: one report for all donors of a programme",
        "Donors of the programme now receive the same report on the same day.",
    ),
    (
        DialogueKind.MEASURE, "Example: letters to governments that gave before",
        "Every government that gave core money in the five years before is asked again in March.",
    ),
)  # fmt: skip
WAITING = (
    DialogueKind.MEASURE, "Example: agreements over several years",
    "Donors of earmarked money are asked for agreements over several years.",
)  # fmt: skip


@transaction.atomic
def enter_demonstration_items() -> int:
    """Entries of the officer, all but one approved by the reviewer; returns how many were made."""
    by = {role: User.objects.get(email=EMAILS[role]) for role in (Role.OFFICER, Role.REVIEWER)}
    if DialogueItem.objects.filter(entered_by=by[Role.OFFICER]).exists():
        return 0
    for kind, title, text in (*ENTRIES, WAITING):
        item = enter_item(
            kind=kind, year=YEAR, title=title, text=text, evidence=EVIDENCE, by=by[Role.OFFICER]
        )
        if title != WAITING[1]:
            decide_item(item, approve=True, by=by[Role.REVIEWER])
    return len(ENTRIES) + 1
