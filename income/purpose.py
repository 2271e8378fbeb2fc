"""What entries are for, as an address says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q
from django.http import QueryDict

from income.querysets import EntryQuerySet

NONE = "none"  # for no programme, by no instrument and so on


@dataclass(frozen=True)
class Purpose:
    """Codes of a programme, of instruments and earmarking steps, of an area; `none` has none.

    Each may be given several times; what is given narrows.
    """

    NAMES: ClassVar = frozenset({"programme", "instrument", "earmarking", "area"})

    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def parse(cls, query: QueryDict) -> "Purpose":
        """From an address; an unknown code fits no entry."""
        found = ((name, tuple(filter(None, query.getlist(name)))) for name in sorted(cls.NAMES))
        return cls(tuple((name, codes) for name, codes in found if codes))

    def apply(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that fit."""
        wanted = Q()
        for name, codes in self.asked:
            known = Q(**{f"{name}__in": [code for code in codes if code != NONE]})
            wanted &= known | Q(**{name: None}) if NONE in codes else known
        return entries.filter(wanted)

    @property
    def address(self) -> Mapping[str, Iterable[str]]:
        """The same as parts of an address."""
        return dict(self.asked)
