"""What a page that looks ahead is made from: earlier years, signed instalments, prospects.

Read once, in a handful of queries whatever the books hold. US dollars, in cash, by value date.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from income.models import Contribution, Entry, Ledger
from income.money import to_usd
from income.narrow import Narrow
from income.periods import YearMonth
from income.vocabulary import Kind, Mode
from reports.figures.current_rates import rates_on
from reports.figures.disclosure import ByDonor, families, may_be_shown
from reports.figures.dues import Due
from reports.figures.provenance import Basis
from reports.figures.question import Question
from reports.figures.seasons import Season, season
from reports.figures.sums import ZERO, Sums
from targets.models import StrategyPeriod

CENT = Decimal("0.01")
MID_YEAR = 6


@dataclass(frozen=True)
class Prospect:
    """What may come, at the rate in force at the end of the as-at month."""

    fund: str
    donor: int
    expected_on: datetime.date
    amount_usd: Decimal
    weighted_usd: Decimal


@dataclass(frozen=True)
class Coming:
    """Everything read. `past` are the sums of the years before, `back` those of them that are
    complete; `month` is the one they are looked back at from.

    `punctual` is the part of the money due in earlier years that came by the end of the year it
    was due in, None where it cannot be said. `unconverted` counts prospects without a rate.
    """

    as_at: YearMonth
    is_demonstration: bool
    is_hindsight: bool  # the books go on after the as-at month: what was hoped for is not known
    is_beside: bool  # the same is told of another month or state: the two could be subtracted
    sees_promises: bool
    books: str
    narrow: Narrow
    past: Sums
    back: tuple[int, ...]
    month: int
    dues: tuple[Due, ...]
    punctual: Decimal | None
    prospects: tuple[Prospect, ...]
    unconverted: int
    period_ends: YearMonth

    def season(self, funds: Iterable[str], year: int | None = None) -> Season:
        """How much of a year's money earlier years had by each month; of those before `year`."""
        return season(self.past, tuple(funds), year or self.as_at.year, self.is_demonstration)

    @cached_property
    def cells(self) -> Mapping[tuple[str, str], ByDonor]:
        """Every measure of every fund with money in it, by donor."""
        found: dict[tuple[str, str], dict[int | None, Decimal]] = {}
        for one in self.dues:
            for measure, usd in one.measures.items():
                cell = found.setdefault((measure, one.fund), defaultdict(Decimal))
                if usd:  # few: an instalment is of one time, and paid or not
                    cell[one.donor] += usd
        return found

    @cached_property
    def then(self) -> Mapping[tuple[int, str], ByDonor]:
        """What was still to come in each year looked back at, by fund and donor."""
        found: dict[tuple[int, str], dict[int | None, Decimal]] = {}
        for one in self.dues:
            for year in one.then:
                cell = found.setdefault((year, one.fund), defaultdict(Decimal))
                cell[one.donor] += one.left_then(year)
        return found

    @cached_property
    def above(self) -> Mapping[int | None, int | None]:
        """The donor that stands for each: a government and its agencies are one."""
        known = {one.donor for one in self.dues} | {one.donor for one in self.prospects}
        known.discard(None)
        return families(known) if known else {None: None}


def read_coming(question: Question, ledger: Ledger, period: StrategyPeriod | None) -> Coming | None:
    """What was read; None where nothing is looked ahead for: another basis, or a part."""
    if question.basis is not Basis.RECEIVED or question.narrow.is_part or question.span is None:
        return None
    begins, ends = question.span
    as_at, narrow = question.as_at, question.narrow
    first = begins.year if begins.month == 1 else begins.year + 1
    back = tuple(range(first, as_at.year))
    month = MID_YEAR if as_at.month == 12 else as_at.month
    until = YearMonth(period.to_year if period else as_at.year, 12)
    is_hindsight = as_at < ends or question.known is not None
    is_beside = is_hindsight or question.is_kept
    looks = ((year, YearMonth(year, month)) for year in (*back, as_at.year))
    prospects: tuple[Prospect, ...] = ()
    unconverted = 0
    is_over = as_at.month == 12  # nothing is forecast then
    if not (is_hindsight or is_over):
        prospects, unconverted = _prospects(ledger, as_at, until)
    december, sees = YearMonth(as_at.year - 1, 12), question.knows_unnamed
    tells_little = ledger.is_demonstration or is_over or (is_beside and not sees)
    return Coming(
        as_at=as_at,
        is_demonstration=ledger.is_demonstration,
        is_hindsight=is_hindsight,
        is_beside=is_beside,
        sees_promises=sees,
        books=ledger.code,
        narrow=narrow,
        past=Sums.read(ledger, Basis.RECEIVED, question.span, begins, december, narrow),
        back=back,
        month=month,
        dues=_dues(ledger, as_at, until, dict(looks), narrow),
        punctual=None if tells_little else _punctual(ledger, back, narrow, is_open=sees),
        prospects=prospects,
        unconverted=unconverted,
        period_ends=until,
    )


def _cash(ledger: Ledger, narrow: Narrow) -> Any:
    """Entries in cash, in no order."""
    return narrow.apply(Entry.objects.in_books(ledger)).in_cash().order_by()


def _dues(
    ledger: Ledger, as_at: YearMonth, until: YearMonth, looks: Mapping[int, YearMonth],
    narrow: Narrow,
) -> tuple[Due, ...]:  # fmt: skip
    """Per instalment what was due and paid, and what it was in each year looked back at.

    Two queries, one for what fell due and one for payments of instalments: each has its index,
    where both together would have the database read all money that came in.
    """
    january, december = datetime.date(as_at.year, 1, 1), datetime.date(as_at.year, 12, 31)
    due = {
        "earlier": _due(value_date__lt=january),
        "so_far": _due(value_date__gte=january, value_date__lte=as_at.last_day),
        "later": _due(value_date__gt=as_at.last_day, value_date__lte=december),
        "beyond": _due(value_date__gt=december, value_date__lte=until.last_day),
        "after": _due(value_date__gt=until.last_day),
    }
    paid = {"settled": _settled(as_at.last_day)}
    for year, month in looks.items():
        due[f"due_{year}"] = _due(value_date__lte=datetime.date(year, 12, 31))
        paid[f"settled_{year}"] = _settled(month.last_day)
    cash = _cash(ledger, narrow)
    found: dict[Key, dict[str, Decimal]] = defaultdict(dict)
    for entries, measures in (
        (cash.filter(kind=Kind.DUE), due),
        (cash.filter(kind=Kind.RECEIPT, instalment__isnull=False), paid),
    ):
        for row in entries.annotate(under=UNDER).values(*KEYS).annotate(**measures):
            key = tuple(row.pop(name) for name in KEYS)
            found[key] |= {name: usd for name, usd in row.items() if usd}
    return tuple(
        _one(fund, donor, signed, sums, as_at, looks)
        for (_under, fund, donor, signed), sums in found.items()
    )


# Its instalment, or 0. As an expression: by the column SQLite would walk the index of all entries.
UNDER = Coalesce(F("instalment"), Value(0))
KEYS = ("under", "fund", "donor", "contribution__signed_on")
Key = tuple[Any, ...]


def _one(
    fund: str, donor: int | None, signed: datetime.date | None, sums: Mapping[str, Decimal],
    as_at: YearMonth, looks: Mapping[int, YearMonth],
) -> Due:  # fmt: skip
    then = {
        year: (sums.get(f"due_{year}", ZERO), sums.get(f"settled_{year}", ZERO))
        for year, month in looks.items()
        if signed is None or signed <= month.last_day
    }
    return Due(
        fund=fund,
        donor=donor,
        earlier_usd=sums.get("earlier", ZERO),
        so_far_usd=sums.get("so_far", ZERO),
        later_usd=sums.get("later", ZERO),
        beyond_usd=sums.get("beyond", ZERO),
        after_usd=sums.get("after", ZERO),
        settled_usd=sums.get("settled", ZERO),
        is_signed=signed is None or signed <= as_at.last_day,
        then=then,
    )


def _due(**within: Any) -> Sum:
    return Sum("amount_usd", filter=Q(**within))


def _settled(until: datetime.date) -> Sum:
    """What payments took off the agreed dollars; what does not say it, what it was worth."""
    worth = Coalesce("settled_usd", "amount_usd")
    return Sum(worth, filter=Q(value_date__lte=until))


def _punctual(
    ledger: Ledger, years: tuple[int, ...], narrow: Narrow, *, is_open: bool
) -> Decimal | None:
    """Of the money due in these years: the part that came by the end of the year it was due in.

    Where promises are not `is_open` to the reader: only of money due that may be shown.
    """
    if not years:
        return None
    in_time = Q(kind=Kind.RECEIPT, paid_in__lte=F("due_in"))
    rows = (
        _cash(ledger, narrow)
        .filter(kind__in=(Kind.DUE, Kind.RECEIPT), instalment__isnull=False)
        .annotate(paid_in=ExtractYear("value_date"), due_in=ExtractYear("instalment__due_on"))
        .filter(due_in__gte=years[0], due_in__lte=years[-1])
        .values_list("donor")
        .annotate(
            due=Sum("amount_usd", filter=Q(kind=Kind.DUE)),
            paid=Sum(Coalesce("settled_usd", "amount_usd"), filter=in_time),
        )
    )
    found = [(donor, due or ZERO, paid or ZERO) for donor, due, paid in rows]
    if not (is_open or _may_be_shown((donor, due) for donor, due, _paid in found)):
        return None
    due = sum((due for _donor, due, _paid in found), ZERO)
    paid = sum((paid for _donor, _due, paid in found), ZERO)
    return min(max(paid / due, ZERO), Decimal(1)) if due > 0 else None


def _may_be_shown(dues: Iterable[tuple[int | None, Decimal]]) -> bool:
    by_donor = dict(dues)
    above = families(by_donor)
    by_family: dict[int | None, Decimal] = defaultdict(Decimal)
    for donor, usd in by_donor.items():
        by_family[above[donor]] += usd
    return may_be_shown(by_family)


def _prospects(
    ledger: Ledger, as_at: YearMonth, until: YearMonth
) -> tuple[tuple[Prospect, ...], int]:
    """Those expected after the as-at month, to the end of the period, and how many have no rate."""
    rows = list(
        Contribution.objects.in_books(ledger)
        .prospects()
        .filter(
            mode=Mode.CASH, expected_on__gt=as_at.last_day, expected_on__lte=until.last_day
        )
        .values_list("fund", "donor", "expected_on", "currency", "amount", "probability")
    )  # fmt: skip
    rates = rates_on(ledger, {row[3] for row in rows}, as_at.last_day) if rows else {}
    found = []
    for fund, donor, expected_on, currency, amount, probability in rows:
        if currency not in rates or expected_on is None:
            continue
        usd = to_usd(amount, rates[currency].units_per_usd)
        weighted = (usd * (probability or 0) / 100).quantize(CENT, "ROUND_HALF_UP")
        found.append(Prospect(fund, donor, expected_on, usd, weighted))
    return tuple(found), len(rows) - len(found)
