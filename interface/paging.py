"""Pages of a long list, without counting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from interface.keyset import (
    BACKWARDS,
    FORWARDS,
    NoCursor,
    Place,
    Walk,
    gather,
    taken_apart,
    written,
)

Item = TypeVar("Item")

# Beyond this the reader needs a filter, and the database a shorter walk.
_LAST_NUMBER = 10_000


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list: its items, and whether there is more on either side."""

    items: tuple[Item, ...]
    number: int
    size: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Whether a page stands before this one."""
        return self.number > 1

    @property
    def previous_number(self) -> int | str:
        """What `page` of the address leads to the page before."""
        return self.number - 1

    @property
    def next_number(self) -> int | str:
        """What `page` of the address leads to the page after."""
        return self.number + 1

    @property
    def first_row(self) -> int:
        """The place of the first item in the whole list, counted from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        """The place of the last item in the whole list, counted from 1."""
        return self.first_row + len(self.items) - 1


@dataclass(frozen=True)
class PlacedPage(Page[Item]):
    """A page of a list that is walked: its neighbours are places in the list, not numbers.

    `before` is how many rows were passed on the way here.
    """

    before: int = 0
    previous: str = ""
    following: str = ""

    @property
    def has_previous(self) -> bool:
        """Whether a page stands before this one."""
        return bool(self.previous)

    @property
    def previous_number(self) -> str:
        """The place before which the page before ends."""
        return self.previous

    @property
    def next_number(self) -> str:
        """The place behind which the page after begins."""
        return self.following

    @property
    def first_row(self) -> int:
        """The place of the first item, counted from 1, as far as rows were passed."""
        return self.before + 1


def page_of(
    items: "QuerySet[Any] | Sequence[Item]", number: int | str | None, size: int
) -> Page[Any]:
    """The page with that number (from 1) of an ordered queryset or sequence.

    `number` may come straight from the address: what is no page number is the first page. One
    item more than the page holds is read, instead of a COUNT over everything. The database passes
    over the rows before: for lists that may grow past some thousands there is `page_along`.
    """
    wanted = _page_number(number)
    start = (wanted - 1) * size
    read = tuple(items[start : start + size + 1])
    return Page(items=read[:size], number=wanted, size=size, has_next=len(read) > size)


def page_along(
    walk: Walk, rows: QuerySet[Any], name: str, text: str | None, size: int
) -> PlacedPage[Any]:
    """The page that begins (or ends) at the place that `text` of the address names.

    `name` is that of the order, which `text` has to be a place in; else it is the first page.
    Every page costs the same, however far behind it stands.
    """
    way, place, before = _place(walk, name, text or "")
    backwards = way == BACKWARDS
    items, has_more = gather(walk, rows, place, size, backwards=backwards)
    has_before = has_more if backwards else place is not None
    has_after = backwards or has_more
    if backwards:
        before = max(before - len(items), size) if has_before else 0
    previous = following = ""
    if items and has_before:
        previous = written(BACKWARDS, name, walk.place_of(items[0]), before)
    if items and has_after:
        following = written(FORWARDS, name, walk.place_of(items[-1]), before + len(items))
    return PlacedPage(
        items=tuple(items), number=before // size + 1, size=size, has_next=bool(following),
        before=before, previous=previous, following=following,
    )  # fmt: skip


def _place(walk: Walk, name: str, text: str) -> tuple[str, Place | None, int]:
    try:
        way, (*values, before) = taken_apart(text, name)
        if not isinstance(before, int) or not 0 <= before < 1 << 63:
            return FORWARDS, None, 0
        return way, walk.read(values), before
    except (NoCursor, ValueError):
        return FORWARDS, None, 0


def _page_number(number: int | str | None) -> int:
    text = str(number or "")
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:6]), 1), _LAST_NUMBER)
