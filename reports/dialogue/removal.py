"""Takes out what the demonstration's accounts entered for a pack."""

from reports.models import DialogueItem, ExpenditureLoad


def remove_entered() -> dict[str, int]:
    """Remove items and expenditure of the demonstration, and count them.

    Before its accounts: one that is closed instead of removed is of the demonstration no longer,
    and what it entered would stand among what is real.
    """
    loads = ExpenditureLoad.objects.filter(entered_by__is_demonstration=True)
    items = DialogueItem.objects.filter(entered_by__is_demonstration=True)
    counts = {"loads of expenditure": loads.count(), "entries of the dialogue": items.count()}
    loads.delete()
    items.delete()
    return counts
