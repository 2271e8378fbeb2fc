"""Looking for a part of a typed text, the same on both databases."""

import re

from django.db.models import Q


def contains(field: str, text: str) -> Q:
    """Rows whose `field` holds `text`, whatever the case of the letters.

    SQLite's LIKE knows the case of ASCII letters only; its regular expressions are Python's.
    """
    if text.isascii():
        return Q((f"{field}__icontains", text))
    return Q((f"{field}__iregex", re.escape(text)))
