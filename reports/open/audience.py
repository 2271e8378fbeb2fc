"""Who sees which part: everybody, a donor's representatives, the Board, staff."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.models import PublicBlock
from reports.open.policy import PAGES, PARTS
from reports.visibility import BLOCKS

ALSO: dict[str, Promise] = {
    PAGES: _("The main switch: without it everything below is closed. Opens the page of methods."),
    "donors": _("Donors that wish to stay unnamed are one line, without a page."),
    "updates": _("Their documents are open only while funds, regions and donors are open as well."),
    "data": _("A file holds only what is open itself."),
}


@dataclass(frozen=True)
class PublicRow:
    """A part that can be opened. `is_in_force` says that everybody sees it now."""

    code: str
    label: str | Promise
    note: str | Promise
    is_checked: bool
    is_in_force: bool


@dataclass(frozen=True)
class OwnRow:
    """A block of a donor's own page: seen by its representatives, and by staff."""

    label: str | Promise
    is_donors: bool
    is_staffs: bool


def public_rows() -> tuple[PublicRow, ...]:
    """The parts in their order, as they are set."""
    rows = PublicBlock.objects.filter(is_open=True)
    opened = frozenset(rows.values_list("code", flat=True))
    return tuple(
        PublicRow(part.code, part.label, ALSO.get(part.code, ""), part.code in opened,
                  {part.code, PAGES} <= opened)
        for part in PARTS
    )  # fmt: skip


def own_rows() -> tuple[OwnRow, ...]:
    """The blocks of a donor's page: nobody who is signed out and nobody of the Board sees them."""
    return tuple(OwnRow(one.label, one.is_donors, one.is_staffs) for one in BLOCKS)
