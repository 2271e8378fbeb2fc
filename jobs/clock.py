"""Duties: what is to be done again and again, whether or not somebody asked for work."""

import logging
from collections.abc import Callable

from django.db import OperationalError

logger = logging.getLogger(__name__)
# Returns how much it did. Cheap where nothing is to be done, and harmless when two do it at once.
Duty = Callable[[], int]
_duties: dict[str, Duty] = {}


def duty(name: str, work: Duty) -> None:
    """Have the work done in each round of the jobs' clock, about once a minute."""
    _duties[name] = work


def do_duties() -> dict[str, int]:
    """Do each of them, however the others end; returns how much each did."""
    done: dict[str, int] = {}
    for name, work in _duties.items():
        try:
            done[name] = work()
        except OperationalError:
            raise
        except Exception:
            logger.exception("The duty %s could not be done; the next round tries again.", name)
    return done
