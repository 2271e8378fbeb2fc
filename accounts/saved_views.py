"""Lists as a person narrowed and sorted them, kept under a name: one's own, never shared."""

from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import SavedView, User
from interface.errors import PortalError

# Names of the addresses of lists whose questions can be kept.
PAGES = frozenset(
    {"donor_list", "contribution_list", "entry_list", "report_list", "draft_list", "parked_list"}
)
MOST_VIEWS = 30  # of one person, on one page
LONGEST_NAME = 80
LONGEST_QUERY = 1000
LEFT_OUT = ("page", "view", "csrfmiddlewaretoken")  # of a question: where one happens to be


class SavedViewWrong(PortalError):
    """A view that cannot be kept as it was asked for."""


@dataclass(frozen=True)
class ViewsOfPage:
    """What `interface/_saved_views.html` shows: the views, and the question asked now."""

    page: str
    query: str
    views: tuple[SavedView, ...]

    @property
    def address(self) -> str:
        """Of the list itself."""
        return reverse(self.page)

    @property
    def current(self) -> SavedView | None:
        """The view whose question is asked now."""
        return next((view for view in self.views if view.query == self.query), None)


def views_of(user: User, page: str, asked: QueryDict) -> ViewsOfPage:
    """The person's views of a list, for its page; one query."""
    rows = SavedView.objects.filter(user=user, page=page).order_by("name")
    return ViewsOfPage(page, question(asked), tuple(rows))


def question(asked: QueryDict) -> str:
    """The part of an address that narrows and sorts, always in the same order."""
    kept = QueryDict(mutable=True)
    for name in sorted(set(asked) - set(LEFT_OUT)):
        values = [value for value in asked.getlist(name) if value]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


@transaction.atomic
def save_view(user: User, *, page: str, name: str, query: str) -> SavedView:
    """Keep a question under a name; the same name again takes the new question."""
    kept, wanted = " ".join(name.split()), question(QueryDict(query))
    if page not in PAGES:
        raise SavedViewWrong(_("Views of this page cannot be saved."))
    if not kept or len(kept) > LONGEST_NAME:
        raise SavedViewWrong(
            _("Give the view a name of at most %(count)s characters.") % {"count": LONGEST_NAME}
        )
    if len(wanted) > LONGEST_QUERY:
        raise SavedViewWrong(_("This question is too long to be saved. Use fewer filters."))
    own = SavedView.objects.filter(user=user, page=page).exclude(name=kept)
    if own.count() >= MOST_VIEWS:
        raise SavedViewWrong(_("You have many views of this list. Delete one first."))
    return SavedView.objects.update_or_create(
        user=user, page=page, name=kept, defaults={"query": wanted}
    )[0]
