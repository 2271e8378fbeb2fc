"""The queue of drafts as a person asks for it: by state, act, donor and age."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from income.querysets import DraftQuerySet
from income.vocabulary import Act, DraftState
from interface.searching import contains

AGES = (2, 7, 30)  # days


@dataclass(frozen=True)
class DraftFilter:
    """What narrows the queue; what is not understood narrows nothing."""

    state: str = ""
    act: str = ""
    text: str = ""
    age: int = 0  # at least so many days old

    @classmethod
    def parse(cls, typed: Mapping[str, str]) -> "DraftFilter":
        state, act, age = (typed.get(name, "") for name in ("state", "act", "age"))
        return cls(
            state=state if state in DraftState.values else "",
            act=act if act in Act.values else "",
            text=typed.get("q", "").strip()[:100],
            age=int(age) if age in {str(days) for days in AGES} else 0,
        )

    def apply(self, drafts: DraftQuerySet, now: datetime.datetime) -> DraftQuerySet:
        """Those asked for; what waits longest for review comes first, the rest newest first."""
        if self.state:
            drafts = drafts.filter(state=self.state)
        if self.act:
            drafts = drafts.filter(act=self.act)
        for word in self.text.split():
            drafts = drafts.filter(contains("title", word) | contains("written_by__name", word))
        if self.age:
            drafts = drafts.filter(written_at__lte=now - datetime.timedelta(days=self.age))
        if self.state == DraftState.SUBMITTED:
            return drafts.order_by("written_at", "pk")
        waits = Case(
            When(state=DraftState.POSTED, then=Value(1)), default=Value(0),
            output_field=IntegerField(),
        )  # fmt: skip
        return drafts.order_by(waits, "-written_at", "-pk")

    @property
    def ages(self) -> list[tuple[int, str]]:
        """The ages to choose from, as they read."""
        sentence = [
            ngettext("%(count)d day and more", "%(count)d days and more", days) % {"count": days}
            for days in AGES
        ]
        return [(0, _("Any age")), *zip(AGES, sentence, strict=True)]
