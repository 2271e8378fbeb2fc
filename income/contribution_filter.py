"""Which contributions somebody asks for, as an address says it."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from donors.models import Donor
from donors.ordering import by_name
from income.models import ErpReference
from income.querysets import ContributionQuerySet
from income.vocabulary import ContributionState
from interface.searching import contains

SHORTEST = 2  # letters; less would be in everything
SORTINGS = {
    "newest": ("-pk",),
    "donor": (),  # by name in the reader's language
    "signed": ("-signed_on", "-pk"),
    "ends": ("ends_on", "-pk"),
    "amount": ("currency", "-amount", "-pk"),
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
            sort=sort if sort in SORTINGS else "newest",
        )

    @property
    def sortings(self) -> list[tuple[str, object]]:
        """What a list can be sorted by, for a field to choose from."""
        return list(LABELS.items())

    def apply(self, rows: ContributionQuerySet) -> ContributionQuerySet:
        """The contributions that fit, in the order asked for; one query, however it is asked."""
        wanted = Q()
        if self.state:
            wanted &= Q(state=self.state)
        if self.fund:
            wanted &= Q(fund=self.fund)
        if self.donor:
            wanted &= Q(donor__code=self.donor) | Q(donor__merged_into__code=self.donor)
        if len(self.q) >= SHORTEST:
            wanted &= self._named()
        return rows.filter(wanted).order_by(*(SORTINGS[self.sort] or (by_name("donor__"), "-pk")))

    def _named(self) -> Q:
        donors = Donor.objects.named_like(self.q).values("pk")
        references = ErpReference.objects.filter(
            contains("value", self.q), contribution__isnull=False
        ).values("contribution")
        named = (
            Q(donor__in=donors) | contains("title", self.q) | contains("reference", self.q)
            | Q(pk__in=references)
        )  # fmt: skip
        number = self.q.upper().removeprefix("C-")
        if number.isascii() and number.isdecimal() and len(number) < 18:
            named |= Q(pk=int(number))
        return named
