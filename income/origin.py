"""From which agreement, instalment and posting entries come, as an address says it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.vocabulary import Kind, Reason

NONE = "none"  # not attributed to a donor, not allocated to a region, without an instalment
Months = tuple[YearMonth | None, YearMonth | None]


@dataclass(frozen=True)
class Origin:
    """Each narrows; months are given as `2021-12`.

    `reason` (repeatable); `year_for`, the year the money is for; `contribution`, a UUID;
    `after` and `until`, sequences of the books; `line` of a posting; `agreed_from`, `agreed_to`:
    what was posted together with an agreement of these months, `agreed=none`: without one;
    `due_from`, `due_to`: whose instalment falls due in these months, `instalment=none`: that has
    no instalment.
    """

    NAMES: ClassVar = frozenset(
        {"reason", "year_for", "contribution", "after", "until", "line", "agreed", "agreed_from",
         "agreed_to", "due_from", "due_to", "instalment"}
    )  # fmt: skip

    reasons: tuple[str, ...] = ()
    year_for: int | None = None
    contribution: str = ""
    after: int | None = None
    until: int | None = None
    line: int | None = None
    agreed: Months = (None, None)
    due: Months = (None, None)
    without_agreement: bool = False
    without_instalment: bool = False

    @classmethod
    def parse(cls, query: QueryDict, wrong: list[str]) -> "Origin":
        """From an address; what cannot be understood is added to `wrong`."""
        reasons = tuple(reason for reason in query.getlist("reason") if reason)
        wrong += [reason for reason in reasons if reason not in Reason.values]
        return cls(
            reasons=tuple(reason for reason in reasons if reason in Reason.values),
            year_for=_number(query, "year_for", wrong),
            contribution=_uuid(query, "contribution", wrong),
            after=_number(query, "after", wrong),
            until=_number(query, "until", wrong),
            line=_number(query, "line", wrong),
            agreed=(_month(query, "agreed_from", wrong), _month(query, "agreed_to", wrong)),
            due=(_month(query, "due_from", wrong), _month(query, "due_to", wrong)),
            without_agreement=_is_none(query, "agreed", wrong),
            without_instalment=_is_none(query, "instalment", wrong),
        )

    @property
    def asks_of_promises(self) -> bool:
        """Whether the answer would tell what was agreed or when it falls due."""
        return bool(
            any((*self.agreed, *self.due)) or self.without_agreement or self.without_instalment
            or self.contribution
        )  # fmt: skip

    def apply(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that fit."""
        wanted = _between("instalment__due_on", self.due)
        if self.reasons:
            wanted &= Q(reason__in=self.reasons)
        if self.year_for is not None:
            wanted &= Q(year_for=self.year_for)
        if self.contribution:
            wanted &= Q(contribution__uuid=self.contribution)
        if self.after is not None:
            wanted &= Q(posting__sequence__gt=self.after)
        if self.until is not None:
            wanted &= Q(posting__sequence__lte=self.until)
        if self.line is not None:
            wanted &= Q(line=self.line)
        if self.without_instalment:
            wanted &= Q(instalment=None)
        return self._of_agreements(entries.filter(wanted))

    def _of_agreements(self, entries: EntryQuerySet) -> EntryQuerySet:
        agreements = entries.model._default_manager.filter(
            kind=Kind.AGREEMENT, posting=OuterRef("posting"),
            contribution=OuterRef("contribution"),
        )  # fmt: skip
        if self.without_agreement:
            return entries.filter(~Exists(agreements))
        if any(self.agreed):
            return entries.filter(Exists(agreements.filter(_between("value_date", self.agreed))))
        return entries


def _between(column: str, months: Months) -> Q:
    first, last = months
    wanted = Q()
    if first:
        wanted &= Q(**{f"{column}__gte": first.first_day})
    if last:
        wanted &= Q(**{f"{column}__lte": last.last_day})
    return wanted


def _month(query: Mapping[str, Any], name: str, wrong: list[str]) -> YearMonth | None:
    try:
        return YearMonth.parse(query[name]) if query.get(name) else None
    except ValueError:
        wrong.append(query[name])
        return None


def _number(query: Mapping[str, Any], name: str, wrong: list[str]) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        return int(text)
    wrong.append(text)
    return None


def _uuid(query: Mapping[str, Any], name: str, wrong: list[str]) -> str:
    text = query.get(name, "")
    try:
        return str(uuid.UUID(text)) if text else ""
    except ValueError:
        wrong.append(text)
        return ""


def _is_none(query: Mapping[str, Any], name: str, wrong: list[str]) -> bool:
    text = query.get(name, "")
    if text and text != NONE:
        wrong.append(text)
    return bool(text == NONE)
