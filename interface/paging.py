"""Pages of a long list, without counting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

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
    def previous_number(self) -> int:
        """The number of the page before."""
        return self.number - 1

    @property
    def next_number(self) -> int:
        """The number of the page after."""
        return self.number + 1

    @property
    def first_row(self) -> int:
        """The place of the first item in the whole list, counted from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        """The place of the last item in the whole list, counted from 1."""
        return self.first_row + len(self.items) - 1


def page_of(
    items: "QuerySet[Any] | Sequence[Item]", number: int | str | None, size: int
) -> Page[Any]:
    """The page with that number (from 1) of an ordered queryset or sequence.

    `number` may come straight from the address: what is no page number is the first page. One
    item more than the page holds is read, instead of a COUNT over everything.
    """
    wanted = _page_number(number)
    start = (wanted - 1) * size
    read = tuple(items[start : start + size + 1])
    return Page(items=read[:size], number=wanted, size=size, has_next=len(read) > size)


def _page_number(number: int | str | None) -> int:
    text = str(number or "")
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:6]), 1), _LAST_NUMBER)
