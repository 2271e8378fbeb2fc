"""Audited revenue of a year by contributor and by grant financing instrument, as the books hold it.

US dollars to the cent; amounts below zero stay so. What a source does not break down stays in the
code that it gives, and what the books do not hold is said to be not reported, never guessed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from donors.models import Donor
from donors.naming import UNNAMED, is_hidden, unnamed_together
from income.models import Entry, Instrument, Ledger
from income.querysets import EntryQuerySet
from income.totals import NotConverted
from income.vocabulary import Kind

NOT_REPORTED = "not reported"
NOT_ATTRIBUTED = "not attributed"
ZERO = Decimal(0)
# The code that covers all instruments of a category, for revenue that no contributor is named for.
COARSE = {
    Instrument.Category.ASSESSED.value: "R01", Instrument.Category.UNEARMARKED.value: "R02",
    Instrument.Category.EARMARKED.value: "R03", Instrument.Category.OTHER.value: "R04",
}  # fmt: skip


@dataclass(frozen=True)
class Contributor:
    """Who gave, as UN CEB identifies it: code and name, type, and the country of a government."""

    code: str
    name: str
    type_code: str
    type_name: str
    country: str


@dataclass(frozen=True)
class Means:
    """A grant financing instrument: its code, name and category."""

    code: str
    name: str
    category: str


@dataclass(frozen=True)
class RevenueRow:
    """One amount in US dollars. `contributor` is None in what is by instrument alone."""

    contributor: Contributor | None
    instrument: Means
    location: str  # ISO 3166 code of the area that the money is for
    amount_usd: Decimal


NOBODY = Contributor(
    NOT_ATTRIBUTED, "Not attributed to a contributor", NOT_REPORTED, NOT_REPORTED, ""
)
NO_INSTRUMENT = Means(NOT_REPORTED, NOT_REPORTED, NOT_REPORTED)


def audited_entries(ledger: Ledger, year: int, until: int) -> EntryQuerySet:
    """Audited revenue of the year in the books as known at the sequence."""
    entries = Entry.objects.in_books(ledger).of_kind(Kind.AUDITED_REVENUE).in_year(year)
    return entries.filter(posting__sequence__lte=until)


def audited_years(ledger: Ledger, until: int | None = None) -> list[int]:
    """The years of which the books hold audited revenue, newest first."""
    entries = Entry.objects.in_books(ledger).of_kind(Kind.AUDITED_REVENUE)
    if until is not None:
        entries = entries.filter(posting__sequence__lte=until)
    days = entries.order_by().values_list("value_date", flat=True).distinct()
    return sorted({day.year for day in days}, reverse=True)


def by_contributor(ledger: Ledger, year: int, until: int) -> list[RevenueRow]:
    """A row for each contributor, instrument and place; by name, what nobody is named for last.

    Speaks the language that is active. Of donors that wish to stay unnamed nothing is told, not
    even their type: they are one row.
    """
    cells = audited_entries(ledger, year, until).filter(amount_usd__isnull=False).order_by()
    sums = cells.values_list("donor", "instrument", "area").annotate(usd=Sum("amount_usd"))
    donors = _contributors(donor for donor, *_rest in sums if donor)
    means = instruments()
    found: dict[tuple[Contributor, Means, str], Decimal] = defaultdict(Decimal)
    for donor, instrument, area, usd in sums:
        one = means.get(instrument, NO_INSTRUMENT)
        if donor is None:
            one = means.get(COARSE.get(one.category, ""), one)
        found[donors.get(donor, NOBODY), one, area or NOT_REPORTED] += usd
    rows = [RevenueRow(*key, usd) for key, usd in found.items() if usd]
    return sorted(rows, key=_by_name)


def _by_name(row: RevenueRow) -> tuple[bool, str, str, str]:
    assert row.contributor  # noqa: S101  set in every row by contributor
    who = row.contributor
    return who.code == NOT_ATTRIBUTED, who.name, row.instrument.code, row.location


def by_instrument(ledger: Ledger, year: int, until: int) -> list[RevenueRow]:
    """A row for each instrument and place, by code."""
    cells = audited_entries(ledger, year, until).filter(amount_usd__isnull=False).order_by()
    sums = cells.values_list("instrument", "area").annotate(usd=Sum("amount_usd"))
    means = instruments()
    rows = [
        RevenueRow(None, means.get(instrument, NO_INSTRUMENT), area or NOT_REPORTED, usd)
        for instrument, area, usd in sums
        if usd
    ]
    return sorted(rows, key=lambda row: (row.instrument.code, row.location))


def not_converted(ledger: Ledger, year: int, until: int) -> list[NotConverted]:
    """What the files leave out because it has no US dollars, by currency."""
    entries = audited_entries(ledger, year, until).not_converted().order_by("currency")
    rows = entries.values_list("currency").annotate(count=Count("pk"), total=Sum("amount"))
    return [NotConverted(*row) for row in rows]


def instruments() -> dict[str, Means]:
    """Every instrument by its code."""
    return {one.code: Means(one.code, str(one), one.category) for one in Instrument.objects.all()}


def _contributors(keys: Iterable[int]) -> dict[int, Contributor]:
    rows = Donor.objects.filter(pk__in=set(keys)).select_related("contributor_type", "area")
    return {donor.pk: _contributor(donor) for donor in rows}


def _contributor(donor: Donor) -> Contributor:
    kind = donor.contributor_type
    if is_hidden(donor):
        return Contributor(UNNAMED, unnamed_together(), NOT_REPORTED, NOT_REPORTED, "")
    return Contributor(donor.code, donor.name, kind.code, str(kind), donor.area_id or "")
