"""Which kinds of work there are: each names the function that does it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from jobs.models import Job

# How far the work is: steps done, of how many. Costs nothing; may be called at every step.
Report = Callable[[int, int], None]
# Does the work, may fill `job.result` with JSON values, returns the closing sentence.
Work = Callable[[Job, Report], str]


class UnknownKind(LookupError):
    """No function is registered for the kind of a job."""


@dataclass(frozen=True)
class Kind:
    """A kind of work: what people call it, and what does it."""

    title: str | Promise
    work: Work


_kinds: dict[str, Kind] = {}


def job(kind: str, *, title: str | Promise) -> Callable[[Work], Work]:
    """Register the decorated function for jobs of the kind.

    The function may be started again after a worker died in the middle, so it has to be of the
    sort that does no harm when done twice: acts on the books carry a token. It does not save
    the job's row: its result is stored when it returns.
    """

    def register(work: Work) -> Work:
        if kind in _kinds:
            raise ValueError(f"Two functions are registered for jobs of the kind {kind}.")
        _kinds[kind] = Kind(title, work)
        return work

    return register


def kind_called(kind: str) -> Kind:
    """The kind of work with that name. Raises UnknownKind."""
    try:
        return _kinds[kind]
    except KeyError:
        raise UnknownKind(f"Nothing is registered for jobs of the kind {kind}.") from None
