"""Which publications a reader finds, and what could be prepared."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from income.models import Ledger
from income.periods import YearMonth
from income.reference import REAL_BOOKS
from income.selectors import working_books
from reports.ceb.revenue import audited_years
from reports.models import Publication, PublicationFile, PublicationKind, PublicationState
from reports.open.state import published

RELATED = ("ledger", "prepared_by", "published_by")


@dataclass(frozen=True)
class Preparable:
    """Files that could be prepared: those of the last published update, or of an audited year."""

    kind: str
    month: YearMonth

    @property
    def label(self) -> str:
        if self.kind == PublicationKind.IATI:
            return _("IATI files of %(month)s") % {"month": self.month}
        return _("UN CEB files of %(year)s") % {"year": self.month.year}

    @property
    def value(self) -> str:
        """What a form sends."""
        return f"{self.month.slug}|{self.kind}"


def published_files(kind: str, ledger: Ledger | None = None) -> QuerySet[PublicationFile]:
    """The files that everybody may have, of the newest published publications; newest first.

    Of IATI those of the last month alone, because they hold everything before; of UN CEB those of
    every year. Of the books; left out: IATI of the working books, UN CEB also of the agency's.
    """
    found = Publication.objects.none()
    for books in _books(kind, ledger):
        found = found | newest(kind, books)
    files = PublicationFile.objects.filter(publication__in=found.order_by().values("pk"))
    return files.select_related("publication__ledger").order_by("-publication__month", "name")


def _books(kind: str, ledger: Ledger | None) -> list[Ledger]:
    books = ledger or working_books()
    found = {books.pk: books} if books else {}
    if ledger is None and kind == PublicationKind.CEB:
        found |= {one.pk: one for one in Ledger.objects.filter(code=REAL_BOOKS)}
    return list(found.values())


def newest(kind: str, ledger: Ledger) -> QuerySet[Publication]:
    """The published publications of the books that no later one replaces, newest month first."""
    found = Publication.objects.filter(ledger=ledger, kind=kind, state=PublicationState.PUBLISHED)
    later = found.filter(pk__gt=OuterRef("pk"))  # an older one is never published after it
    if kind == PublicationKind.CEB:
        later = later.filter(month=OuterRef("month"))
    return found.filter(~Exists(later)).order_by("-month")


def sees_prepared(user: User) -> bool:
    """Staff see what is not published yet; to the Board it is not there."""
    return user.may(Permission.VIEW_BANK_DATA)


def publications_for(user: User) -> QuerySet[Publication]:
    """The publications that the person may see, newest month first."""
    found = Publication.objects.select_related(*RELATED).order_by("-month", "kind", "-prepared_at")
    return found if sees_prepared(user) else found.filter(state=PublicationState.PUBLISHED)


def preparable(ledger: Ledger) -> list[Preparable]:
    """The last published update without its IATI files, audited years without theirs.

    A year whose audited revenue changed since its files were published is there again.
    """
    there = Publication.objects.filter(ledger=ledger).exclude(state=PublicationState.DISCARDED)
    last = published(ledger)
    found = []
    if last and not there.filter(kind=PublicationKind.IATI, update=last.update).exists():
        found.append(Preparable(PublicationKind.IATI, last.as_at))
    files = there.filter(kind=PublicationKind.CEB)
    done = set(files.filter(sequence=ledger.sequence).values_list("month", flat=True))
    made = set(files.values_list("month", flat=True))
    years = [YearMonth(year, 12) for year in audited_years(ledger)]
    # First what has no files at all; then what has files of an earlier state of the books.
    missing = [m for m in years if m.key not in made]
    older = [m for m in years if m.key in made - done]
    return [*found, *(Preparable(PublicationKind.CEB, month) for month in [*missing, *older])]
