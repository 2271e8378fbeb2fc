"""How much work SQLite does for a question: steps of its virtual machine, the same on any machine.

Time says how busy the machine is; the number of steps says how the cost grows with the rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

UNIT = 1  # every step is counted


@dataclass
class Steps:
    """Steps taken so far."""

    taken: int = 0


@contextmanager
def counted() -> Iterator[Steps]:
    """Count what the connection does meanwhile. SQLite alone can."""
    steps = Steps()

    def count() -> int:
        steps.taken += UNIT
        return 0  # go on

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, UNIT)
    try:
        yield steps
    finally:
        connection.connection.set_progress_handler(None, 0)


def steps_of(question: Callable[[], object]) -> int:
    """Steps for the question; once before, so that what is read once for all is read."""
    question()
    with counted() as steps:
        question()
    return steps.taken
