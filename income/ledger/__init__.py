"""The append-only ledger: its one door, and what seals, sums and verifies it.

`door` writes single acts, `bulk` whole files; nothing else writes postings and entries.
"""

from income.ledger.door import (
    convert,
    database_now,
    mirrored,
    new_posting_id,
    once,
    post,
    posted_with,
    reverse,
)

__all__ = [
    "convert",
    "database_now",
    "mirrored",
    "new_posting_id",
    "once",
    "post",
    "posted_with",
    "reverse",
]
