"""At which level donors are ranked: as reported, with their parent, or by contributor type."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.models import ContributorType, Donor
from donors.naming import is_hidden, unnamed_label, unnamed_together
from income.families import tops
from income.totals import DonorSum


class Level(StrEnum):
    """Whom a line of a ranking stands for."""

    REPORTED = "reported"  # the contributor that the money was reported under
    PARENT = "parent"  # a government with its agencies
    GROUP = "group"  # a contributor type

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Level.REPORTED: gettext_lazy("donors as reported"),
    Level.PARENT: gettext_lazy("donors with their agencies"),
    Level.GROUP: gettext_lazy("contributor types"),
}


@dataclass(frozen=True)
class Giver:
    """Whom a line stands for; `code` is empty for who wishes to stay unnamed.

    `donor`, `donor_type` and `level` are what an address asks for its entries by; `key` is the
    donor's primary key, which tells those without a code apart.
    """

    code: str
    name: str
    donor: str = ""
    donor_type: str = ""
    level: str = ""
    key: int = 0


@dataclass(frozen=True)
class GiverSum:
    """US dollars of one fund from one giver; without a giver what is not attributed."""

    fund: str
    giver: Giver | None
    amount_usd: Decimal


def leveled(
    sums: Iterable[DonorSum], level: Level, *, knows_unnamed: bool = False
) -> list[GiverSum]:
    """The sums at the level; what is one giver there is added up. Nothing is lost or moved.

    `knows_unnamed` says whether the reader may read the names of donors that wish to stay
    unnamed. For others these are counted apart, and never with a family.
    """
    sums = list(sums)
    givers = _givers([one.donor for one in sums if one.donor], level, knows=knows_unnamed)
    added: dict[tuple[str, Giver | None], Decimal] = defaultdict(Decimal)
    for one in sums:
        added[one.fund, givers[one.donor.pk] if one.donor else None] += one.amount_usd
    return [GiverSum(fund, giver, usd) for (fund, giver), usd in added.items()]


def _givers(donors: list[Donor], level: Level, *, knows: bool) -> dict[int, Giver]:
    if level is Level.PARENT:
        above = tops(donors, hides_unnamed=not knows)
        return {pk: _named(top, level, knows=knows) for pk, top in above.items()}
    if level is Level.GROUP:
        types = ContributorType.objects.in_bulk({d.contributor_type_id for d in donors})
        groups = {code: Giver(code, str(one), donor_type=code) for code, one in types.items()}
        return {donor.pk: groups[donor.contributor_type_id] for donor in donors}
    return {donor.pk: _named(donor, level, knows=knows) for donor in donors}


def giver_of(donor: Donor, *, knows: bool) -> Giver:
    """Whom a line stands for that is one donor's, as reported."""
    return _named(donor, Level.REPORTED, knows=knows)


def _named(donor: Donor, level: Level, *, knows: bool) -> Giver:
    """The donor by its name, unless it is hidden: then neither code nor entries.

    By parent all that are hidden are one line, as a line of its own could be a family's.
    """
    if is_hidden(donor, knows=knows):
        if level is Level.PARENT:
            return Giver("", unnamed_together())
        return Giver("", unnamed_label(), key=donor.pk)
    asked = level.value if level is Level.PARENT else ""
    return Giver(donor.code, _marked(donor), donor=donor.code, level=asked, key=donor.pk)


def _marked(donor: Donor) -> str:
    """The name; that others do not read it is said beside it, before somebody passes it on."""
    if not donor.is_unnamed:
        return donor.name
    return _("%(donor)s (named to staff only)") % {"donor": donor.name}
