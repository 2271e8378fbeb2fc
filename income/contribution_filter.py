"""Which contributions somebody asks for, as an address says it."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from donors.models import Donor
from donors.names import searchable
from income.finding import named
from income.models import Contribution
from income.querysets import ContributionQuerySet
from income.vocabulary import ContributionState
from income.walking import ByDonor
from interface.keyset import Order, Walk
from interface.searching import has_signs

SHORTEST = 2  # letters; less would be in everything, but one sign is a word
WALKS: dict[str, Walk] = {
    "newest": Order.of(Contribution, "-pk"),
    "donor": ByDonor(),  # by name in the reader's language
    "signed": Order.of(Contribution, "-signed_on", "-pk"),
    "ends": Order.of(Contribution, "ends_on", "pk"),
    "amount": Order.of(Contribution, "currency_id", "-amount", "-pk"),
}
LABELS = {
    "newest": gettext_lazy("Newest first"),
    "donor": gettext_lazy("Donor"),
    "signed": gettext_lazy("Last signed first"),
    "ends": gettext_lazy("First to end"),
    "amount": gettext_lazy("Largest first, by currency"),
}


@dataclass(frozen=True)
class ContributionFilter:
    """`q` is looked for in donors' names, purposes, references and the ERP's identifiers."""

    q: str = ""
    state: str = ""
    fund: str = ""
    donor: str = ""
    sort: str = "newest"

    @classmethod
    def parse(cls, query: QueryDict) -> "ContributionFilter":
        """From an address; what is not understood narrows nothing."""
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            q=query.get("q", "").strip()[:100],
            state=state if state in ContributionState.values else "",
            fund=query.get("fund", "")[:20],
            donor=query.get("donor", "")[:40],
            sort=sort if sort in WALKS else "newest",
        )

    @property
    def sortings(self) -> list[tuple[str, object]]:
        """What a list can be sorted by, for a field to choose from."""
        return list(LABELS.items())

    @property
    def walk(self) -> Walk:
        """The way through the list in the order asked for."""
        return WALKS[self.sort]

    def apply(self, rows: ContributionQuerySet) -> ContributionQuerySet:
        """The contributions that fit, in no order yet; a text is looked up before it answers."""
        wanted = Q()
        if self.state:
            wanted &= Q(state=self.state)
        if self.fund:
            wanted &= Q(fund=self.fund)
        if self.donor:
            wanted &= Q(donor__in=self._donors())
        if len(searchable(self.q)) >= SHORTEST or has_signs(self.q):
            wanted &= named(self.q)
        return rows.filter(wanted)

    def _donors(self) -> list[int]:
        """The donor and those merged into it, a handful."""
        own = list(Donor.objects.filter(code=self.donor).values_list("pk", flat=True))
        merged = Donor.objects.filter(merged_into__in=own).values_list("pk", flat=True)
        return [*own, *merged]
