"""The parts of the public pages, and which of them the agency has opened."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import record
from reports.models import PublicBlock

PAGES = "pages"  # the main switch: without it nothing below is open


@dataclass(frozen=True)
class PublicPart:
    """A part that can be opened by itself."""

    code: str
    label: str | Promise


PARTS = (
    PublicPart(PAGES, _("Public pages with figures")),
    PublicPart("funds", _("Income by fund against targets")),
    PublicPart("regions", _("Income by region")),
    PublicPart("donors", _("Income by donor, and each donor's public page")),
    PublicPart("flows", _("Flows from donor group through fund to region")),
    PublicPart("scorecard", _("Scorecard of the strategy")),
    PublicPart("updates", _("Archive of the monthly updates")),
    PublicPart("data", _("Downloads")),
    PublicPart("iati", _("IATI files")),
    PublicPart("ceb", _("UN CEB revenue files")),
)
CODES = tuple(part.code for part in PARTS)


def open_parts() -> frozenset[str]:
    """The codes of the parts that everybody may see now; none without the main switch."""
    rows = PublicBlock.objects.filter(is_open=True, code__in=CODES)
    found = frozenset(rows.values_list("code", flat=True))
    return found if PAGES in found else frozenset()


def is_open(code: str) -> bool:
    """Whether everybody may see the part now."""
    return code in open_parts()


@transaction.atomic
def set_open(codes: frozenset[str], *, by: User) -> None:
    """Open these parts and close all others. Raises KeyError for a part that is none."""
    if unknown := codes - set(CODES):
        raise KeyError(*unknown)
    rows = PublicBlock.objects.filter(is_open=True, code__in=CODES)
    before = frozenset(rows.select_for_update().values_list("code", flat=True))
    for code in CODES:
        PublicBlock.objects.update_or_create(
            code=code, defaults={"is_open": code in codes, "changed_by": by}
        )
    if before != codes:
        record(
            "set_visibility", PublicBlock.objects.get(pk=PAGES), by=by,
            before={"open": sorted(before)}, after={"open": sorted(codes)},
        )  # fmt: skip
