"""The archive of published updates, and which of their files everybody may have."""

from collections.abc import Iterator

from django.db.models import QuerySet

from donors.models import Donor
from reports.models import MonthlyUpdate, UpdateFile, UpdateState
from reports.open.responses import Opened
from reports.updates.stored import DATA, FIGURES

# An update's documents tell of all of these, so none of them may be closed.
TOLD = ("funds", "regions", "donors")


def public_updates(opened: Opened) -> QuerySet[MonthlyUpdate]:
    """The published updates of the books, newest month first."""
    rows = MonthlyUpdate.objects.filter(ledger=opened.published.ledger, state=UpdateState.PUBLISHED)
    return rows.select_related("ledger").order_by("-month", "-published_at")


def may_have_files(opened: Opened) -> bool:
    """Whether everything that the documents tell of is open."""
    return opened.has(*TOLD)


def public_files(update: MonthlyUpdate) -> tuple[UpdateFile, ...]:
    """Documents and data, as stored; none where they name a donor that is unnamed by now."""
    if _names_the_unnamed(update):
        return ()
    rows = update.files.defer("content").exclude(name=FIGURES).order_by("name")
    return tuple(one for one in rows if one.name == DATA or one.name.endswith(".pdf"))


def _names_the_unnamed(update: MonthlyUpdate) -> bool:
    hidden = list(Donor.objects.filter(is_unnamed=True).values_list("code", "names"))
    if not hidden:
        return False
    said = "".join(_texts(update))
    names = [text for code, names in hidden for text in (f'"{code}"', f",{code},", *names.values())]
    return any(text in said for text in names)


def _texts(update: MonthlyUpdate) -> Iterator[str]:
    """The stored figures and data: what the documents say is among them."""
    for file in update.files.filter(name__in=(DATA, FIGURES)):
        yield bytes(file.content).decode()
