"""What a proposal would become, what is doubtful in it, and how it differs from another set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from donors.names import in_language
from interface.formatting import format_usd
from targets.models import AnnualTarget, Document, Scope, SupportTreatment, TargetKind, TargetSet
from targets.paths import Path

# A whole and the ways in which documents divide it.
PARTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "TOTAL": (("RB", "FNE", "FE", "TC"), ("RB", "FNE", "FE_TC"), ("RB", "VOLUNTARY")),
    "VOLUNTARY": (("FNE", "FE", "TC"), ("FNE", "FE_TC")),
    "FE_TC": (("FE", "TC"),),
}
SUPPORT = "PS"


@dataclass(frozen=True)
class ProposedTarget:
    """One amount in US dollars for a scope, in a year or over years, with its path if any."""

    scope: Scope
    from_year: int
    to_year: int
    amount_usd: Decimal
    paragraph: str = ""
    note: str = ""
    path: Path = ()

    @property
    def key(self) -> tuple[str, int, int]:
        return self.scope.pk, self.from_year, self.to_year


@dataclass(frozen=True)
class NewDocument:
    """A document that is not in the list yet."""

    title: str
    symbol: str
    dated_on: date | None
    url: str


@dataclass(frozen=True)
class ProposedSet:
    """A valid proposal, read; nothing of it is stored. `revises` is an earlier set."""

    document: Document | NewDocument
    names: dict[str, str]
    kind: str
    from_year: int
    to_year: int
    programme_support: str
    covers: str
    revises: TargetSet | None
    targets: tuple[ProposedTarget, ...]

    @property
    def kind_label(self) -> str:
        return str(TargetKind(self.kind).label)

    @property
    def support_label(self) -> str:
        return str(SupportTreatment(self.programme_support).label)

    @property
    def name(self) -> str:
        """In the reader's language, else in English."""
        return in_language(self.names, get_language())

    @property
    def with_paths(self) -> tuple[ProposedTarget, ...]:
        """The targets that have a monthly path."""
        return tuple(target for target in self.targets if target.path)


@dataclass(frozen=True)
class Change:
    """The amounts in US dollars of two sets for the same scope and years; None: it has none."""

    scope: Scope
    from_year: int
    to_year: int
    earlier_usd: Decimal | None
    now_usd: Decimal | None

    @property
    def difference_usd(self) -> Decimal | None:
        """What the revision adds; None where one of the two says nothing."""
        if self.earlier_usd is None or self.now_usd is None:
            return None
        return self.now_usd - self.earlier_usd


def changes(earlier: Iterable[AnnualTarget], now: Iterable[ProposedTarget]) -> tuple[Change, ...]:
    """Scope by scope and year by year, what the two sets say, equal amounts too."""
    before = {(one.scope_id, one.from_year, one.to_year): one for one in earlier}
    after = {one.key: one for one in now}
    found = [
        Change(
            (after.get(key) or before[key]).scope, key[1], key[2],
            before[key].amount_usd if key in before else None,
            after[key].amount_usd if key in after else None,
        )
        for key in {*before, *after}
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.scope.order, one.from_year, one.to_year)))


def doubts(proposed: ProposedSet) -> tuple[str, ...]:
    """What does not add up. Documents contradict themselves, so it is told and not refused."""
    amounts = {target.key: target.amount_usd for target in proposed.targets}
    return (*_wholes(proposed, amounts), *_years(proposed, amounts))


Amounts = Mapping[tuple[str, int, int], Decimal]


def _wholes(proposed: ProposedSet, amounts: Amounts) -> Iterable[str]:
    """Wholes beside their parts; support that is a line of its own is a part of the total."""
    for whole in (one for one in proposed.targets if one.scope.pk in PARTS):
        years = whole.from_year, whole.to_year
        on_top = proposed.programme_support == SupportTreatment.ON_TOP
        extra = amounts.get((SUPPORT, *years)) if on_top and whole.scope.pk == "TOTAL" else None
        for codes in PARTS[whole.scope.pk]:
            parts = [amounts.get((code, *years)) for code in codes]
            if None in parts:
                continue
            added = sum((part for part in parts if part is not None), extra or Decimal(0))
            if added != whole.amount_usd:
                yield _not_the_sum(whole, added)
            break


def _not_the_sum(whole: ProposedTarget, added: Decimal) -> str:
    return _(
        "%(scope)s, %(years)s: the amount is US$ %(whole)s, and its parts add up to US$ %(parts)s, "
        "a difference of US$ %(difference)s."
    ) % {
        "scope": whole.scope, "years": years_of(whole.from_year, whole.to_year),
        "whole": format_usd(whole.amount_usd), "parts": format_usd(added),
        "difference": format_usd(whole.amount_usd - added),
    }  # fmt: skip


def _years(proposed: ProposedSet, amounts: Amounts) -> Iterable[str]:
    """Amounts over years beside the amounts of each of those years."""
    for span in (one for one in proposed.targets if one.from_year < one.to_year):
        each = [
            amounts.get((span.scope.pk, year, year))
            for year in range(span.from_year, span.to_year + 1)
        ]
        added = sum((usd for usd in each if usd is not None), Decimal(0))
        if None not in each and added != span.amount_usd:
            yield _(
                "%(scope)s: the amount over %(years)s is US$ %(whole)s, and its years add up to "
                "US$ %(parts)s, a difference of US$ %(difference)s."
            ) % {
                "scope": span.scope, "years": years_of(span.from_year, span.to_year),
                "whole": format_usd(span.amount_usd), "parts": format_usd(added),
                "difference": format_usd(span.amount_usd - added),
            }  # fmt: skip


def years_of(from_year: int, to_year: int) -> str:
    """A year, or years from the first to the last."""
    return f"{from_year}" if from_year == to_year else f"{from_year}–{to_year}"
