"""How fresh the figures of a page are: of which time, as at when, and whether a load failed.

The as-at date is the day on which the books last moved, so it moves only with them. What failed
is told to every reader with the reason, but without names of files, hosts or people; those who
can mend it read the rest.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from income.imports.jobs import POST
from income.models import Import, Ledger, Posting, RateLoad
from income.periods import YearMonth
from income.totals import closed_months
from income.vocabulary import RateType, RateWay
from interface.formatting import format_date
from jobs.models import Job, JobState
from reports.figures.provenance import Known, Provenance
from reports.figures.scope import State
from reports.figures.sums import months
from reports.figures.words import months_said

LOOKED_AT = 20  # jobs that ended last; a file whose import was thrown away fails nobody any more


@dataclass(frozen=True)
class Trouble:
    """What did not come in: the sentence for everybody; detail and address for staff.

    `opens` is the permission that the address asks for.
    """

    sentence: str
    detail: str
    href: str
    opens: str


@dataclass(frozen=True)
class Freshness:
    """What every page about the books says of its figures.

    `moved_on` is the day of the last posting in the state that is told; None in empty books.
    """

    books_name: str
    period: str
    basis: str
    status: str
    moved_on: datetime.date | None
    sequence: int
    seal: str

    @property
    def as_at(self) -> str:
        """`as at 15 April 2022, when the books last moved`."""
        if self.moved_on is None:
            return _("nothing is posted yet")
        return _("as at %(day)s, when the books last moved") % {"day": format_date(self.moved_on)}

    @property
    def facts(self) -> tuple[str, ...]:
        """Period, basis, status and as-at date, those that there are."""
        return tuple(filter(None, (self.period, self.basis, self.status, self.as_at)))


def freshness_of(
    source: Provenance | State,
    *,
    as_at: YearMonth | None = None,
    period: str = "",
    basis: str = "",
) -> Freshness:
    """From what a page carries; a page that carries a state only says month and basis itself.

    `period` is said by a page that tells of more than the months of one year. At most one query
    for figures with a provenance, and two for those with a state only.
    """
    status = ""
    if isinstance(source, Provenance):
        known, as_at = source.known, source.as_at
        basis, status = basis or source.basis.label, source.status
    else:
        known, status = None, _status(source.books, as_at) if as_at else ""
    return Freshness(
        books_name=source.books_name,
        period=period or (_period(as_at) if as_at else ""),
        basis=basis,
        status=status,
        moved_on=_moved_on(source, known),
        sequence=source.sequence,
        seal=source.hash[:12],
    )


def _period(as_at: YearMonth) -> str:
    return months_said(months(YearMonth(as_at.year, 1), as_at))


def _status(books: str, as_at: YearMonth) -> str:
    """Provisional as long as a month of the year up to then is open."""
    closed = closed_months(Ledger.objects.get(code=books), as_at.year)
    is_open = any(month not in closed for month in months(YearMonth(as_at.year, 1), as_at))
    return _("provisional") if is_open else _("months closed")


def _moved_on(source: Provenance | State, known: Known | None) -> datetime.date | None:
    """The database is asked only where the source does not say it, as of an earlier state."""
    moved_at = source.moved_at if known is None else None
    if moved_at is None and source.sequence:
        told = Posting.objects.filter(ledger__code=source.books, sequence=source.sequence)
        moved_at = told.values_list("posted_at", flat=True).first()
    return timezone.localdate(moved_at) if moved_at else None


def troubles(source: Provenance | State) -> Sequence[Trouble]:
    """What failed to come into the books and did not since; at most three queries."""
    found = (_rates(is_demonstration=source.is_demonstration), _files(source.books))
    return [one for one in found if one]


def _rates(*, is_demonstration: bool) -> Trouble | None:
    """The last load of rates, if it failed. Demonstration rates are no matter of real books."""
    loads = RateLoad.objects.order_by("-loaded_at", "-pk")
    if not is_demonstration:
        loads = loads.exclude(rate_type=RateType.DEMONSTRATION)
    last = loads.first()
    if last is None or last.has_succeeded:
        return None
    reasons = {
        RateWay.FEED: _("the source did not answer, or not with rates"),
        RateWay.FILE: _("the file could not be read as rates"),
        RateWay.FORM: _("the rate was refused"),
    }
    sentence = _(
        "Exchange rates were not brought up to date on %(day)s: %(reason)s. The rates before stay "
        "in use."
    ) % {
        "day": format_date(timezone.localdate(last.loaded_at)),
        "reason": reasons[RateWay(last.way)],
    }
    return Trouble(sentence, last.sentence, reverse("rate_list"), Permission.VIEW_BANK_DATA)


def _files(books: str) -> Trouble | None:
    """The last posting of a file into these books, if it failed."""
    ended = Job.objects.filter(
        kind=POST, state__in=(JobState.DONE, JobState.FAILED), finished_at__isnull=False
    ).order_by("-finished_at", "-pk")[:LOOKED_AT]
    jobs = {str(one.payload.get("import")): one for one in reversed(list(ended))}
    if not jobs:
        return None
    kept = Import.objects.filter(ledger__code=books, uuid__in=jobs).values_list("uuid", flat=True)
    of_books = [jobs[str(uuid)] for uuid in kept]
    last = max(of_books, key=lambda one: (one.finished_at, one.pk), default=None)
    if last is None or last.state == JobState.DONE or last.finished_at is None:
        return None
    sentence = _(
        "A file of income was not posted on %(day)s: it was refused. Nothing of it is in the "
        "figures."
    ) % {"day": format_date(timezone.localdate(last.finished_at))}
    href = reverse("import", args=[last.payload["import"]])
    return Trouble(sentence, last.sentence, href, Permission.ENTER_INCOME)
