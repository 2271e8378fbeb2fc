"""Who sees which part of a donor's page: the one table that page, preview and tests read."""

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import PERMISSIONS_OF, Permission, Role


class Viewer(Protocol):
    """Whoever looks at a donor's page: an account, or what stands in for one."""

    def may(self, permission: str) -> bool:
        """Whether the viewer holds the permission."""
        ...


@dataclass(frozen=True)
class AsDonor:
    """Stands in for a donor's representative: may what a representative may, and is nobody."""

    def may(self, permission: str) -> bool:
        """Whether a representative holds the permission."""
        return permission in PERMISSIONS_OF[Role.REPRESENTATIVE]


@dataclass(frozen=True)
class Block:
    """A part of the page. `code` is the identifier of its element there."""

    code: str
    label: str | Promise
    is_donors: bool  # the donor's representatives see it
    is_staffs: bool = True

    @property
    def told(self) -> str:
        """Who sees it, in words."""
        if not self.is_donors:
            return _("Staff alone see this.")
        if not self.is_staffs:
            return _("The donor's representatives see this; staff see the same and more elsewhere.")
        return _("The donor's representatives and staff see this.")


BLOCKS = (
    Block("figures", gettext_lazy("Key figures"), True),
    Block("due", gettext_lazy("Instalments still to come"), True),
    Block("reports", gettext_lazy("Reports due and delivered"), True),
    Block("contributions", gettext_lazy("Contributions"), True),
    Block("the-year", gettext_lazy("The year"), True),
    Block("given", gettext_lazy("Given by fund and year"), True),
    Block("purposes", gettext_lazy("What the money was for"), True),
    Block("gross-net", gettext_lazy("Gross and net"), True),
    Block("years-for", gettext_lazy("The years money is for"), True),
    Block("letters", gettext_lazy("Letters"), True, is_staffs=False),
    Block("addressees", gettext_lazy("Whom we write to"), True, is_staffs=False),
    Block("own-documents", gettext_lazy("Documents"), True, is_staffs=False),
    Block("questions", gettext_lazy("Questions about figures"), True),
    Block("data", gettext_lazy("Data"), True),
    Block("facts", gettext_lazy("The donor"), True),
    Block("prospects", gettext_lazy("Prospects"), False),
    Block("family-section", gettext_lazy("With its agencies"), False),
    Block("look-through", gettext_lazy("Pooled funds"), False),
    Block("contacts", gettext_lazy("Contacts, with those who left"), False),
    Block("engagements", gettext_lazy("Letters, meetings and calls, with our notes"), False),
    Block("campaigns", gettext_lazy("Campaigns"), False),
    Block("documents", gettext_lazy("All documents"), False),
    Block("clearance", gettext_lazy("Due diligence"), False),
    Block("changes", gettext_lazy("History of changes"), False),
)


def blocks_for(viewer: Viewer) -> frozenset[str]:
    """The codes of the blocks that the viewer's page holds, as far as there is anything in them."""
    is_staff = viewer.may(Permission.VIEW_DONORS)
    return frozenset(b.code for b in BLOCKS if (b.is_staffs if is_staff else b.is_donors))


def block_called(code: str) -> Block:
    """The block with the code. Raises KeyError."""
    return {block.code: block for block in BLOCKS}[code]


def withheld() -> tuple[Block, ...]:
    """What no representative sees."""
    return tuple(block for block in BLOCKS if not block.is_donors)
