"""How firmly voluntary money is tied, by which instrument it came, and for which countries.

One query for the three: the entries of the year by fund, instrument, earmarking step and area.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.models import Area
from income.models import EarmarkingStep
from income.narrow import NONE, grouped
from income.totals import Span
from interface.formatting import largest_remainder
from interface.sorting import order_key
from reports.figures.answering import Answering
from reports.figures.provenance import Provenance
from reports.figures.sums import VOLUNTARY_FUNDS, ZERO, Sums
from reports.figures.voluntary import Amount, kind_of_voluntary, total_of_voluntary

PLACES = 1
MOST_AREAS = 15
REST, NOT_STATED = "rest", "not_stated"


class InstrumentGroup(StrEnum):
    """Instruments of the UN CEB standard, as the strategy speaks of them."""

    POOLED = "pooled"
    THEMATIC = "thematic"
    PROJECT = "project"
    FEES = "fees"
    CORE = "core"
    EARMARKED = "earmarked"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(_GROUPS[self])


_GROUPS = {
    InstrumentGroup.POOLED: gettext_lazy("Pooled funds of the United Nations (R03A)"),
    InstrumentGroup.THEMATIC: gettext_lazy("Thematic funds of the agency (R03B)"),
    InstrumentGroup.PROJECT: gettext_lazy("Project or programme specific (R03E)"),
    InstrumentGroup.FEES: gettext_lazy("Fees for services and other activities (R04)"),
    InstrumentGroup.CORE: gettext_lazy("Core, not earmarked (R02)"),
    InstrumentGroup.EARMARKED: gettext_lazy("Earmarked, instrument not told in detail (R03)"),
    InstrumentGroup.OTHER: gettext_lazy("Other instruments"),
}
_EXACT = {
    "R03A": InstrumentGroup.POOLED, "R03B": InstrumentGroup.THEMATIC,
    "R03E": InstrumentGroup.PROJECT, "R03": InstrumentGroup.EARMARKED,
}  # fmt: skip
_ALWAYS = (
    InstrumentGroup.POOLED, InstrumentGroup.THEMATIC, InstrumentGroup.PROJECT, InstrumentGroup.FEES,
)  # fmt: skip


def instrument_group(code: str) -> InstrumentGroup:
    """The group of a code: R02 and R04 with what they are split into."""
    if code in _EXACT:
        return _EXACT[code]
    if code.startswith("R02"):
        return InstrumentGroup.CORE
    return InstrumentGroup.FEES if code.startswith("R04") else InstrumentGroup.OTHER


@dataclass(frozen=True)
class PurposeRow:
    """One part of the voluntary money; percentages add up to 100, None where they are refused."""

    code: str
    name: str
    amount: Amount
    percent: Decimal | None = None


@dataclass(frozen=True)
class PurposeTable:
    """Parts that add up to all voluntary money of the months; `refused` says why no percentages."""

    provenance: Provenance
    rows: tuple[PurposeRow, ...]
    total: Amount
    refused: str

    def row(self, code: str) -> PurposeRow:
        """The row with the code. Raises KeyError."""
        for row in self.rows:
            if row.code == code:
                return row
        raise KeyError(code)


@dataclass(frozen=True)
class Purposes:
    """The same money three times over."""

    earmarking: PurposeTable
    instruments: PurposeTable
    areas: PurposeTable


Codes = Mapping[str | None, Mapping[str, Decimal]]  # by code (None: not stated) and fund


def purposes(asked: Answering) -> Purposes:
    """Three queries: the sums, the steps' names and the areas' names."""
    cells = grouped(
        asked.ledger, [kind_of_voluntary(asked)], ("fund", "earmarking", "instrument", "area"),
        *asked.span, asked.narrow, mode=asked.sums.mode,
    )  # fmt: skip
    found: list[dict[str | None, dict[str, Decimal]]] = [
        defaultdict(lambda: defaultdict(Decimal)) for _name in range(3)
    ]
    for (fund, *codes), usd in cells.items():
        if fund in VOLUNTARY_FUNDS:
            for by_code, code in zip(found, codes, strict=True):
                by_code[code][fund] += usd
    earmarking, instruments, areas = found
    return Purposes(
        _earmarking(asked, earmarking), _instruments(asked, instruments), _areas(asked, areas)
    )


def _earmarking(asked: Answering, by_code: Codes) -> PurposeTable:
    part = _part_of(asked.sums, asked.span, "earmarking", by_code)
    rows = [part(step.code, str(step), [step.code]) for step in EarmarkingStep.objects.all()]
    return _table(asked, [*rows, *_not_stated(part, by_code)])


def _instruments(asked: Answering, by_code: Codes) -> PurposeTable:
    part = _part_of(asked.sums, asked.span, "instrument", by_code)
    codes: dict[InstrumentGroup, list[str]] = {group: [] for group in InstrumentGroup}
    for code in by_code:
        if code is not None:
            codes[instrument_group(code)].append(code)
    rows = [
        part(group.value, group.label, sorted(inside))
        for group, inside in codes.items()
        if group in _ALWAYS or any(any(by_code[code].values()) for code in inside)
    ]
    return _table(asked, [*rows, *_not_stated(part, by_code)])


def _areas(asked: Answering, by_code: Codes) -> PurposeTable:
    """The countries with the most money, then the others together, which can be below zero."""
    part = _part_of(asked.sums, asked.span, "area", by_code)
    names = Area.objects.in_bulk([code for code in by_code if code])
    usd = {code: sum(funds.values(), ZERO) for code, funds in by_code.items() if code}
    order = sorted(
        (c for c in usd if usd[c]), key=lambda code: (-usd[code], order_key(str(names[code])))
    )
    rows = [part(code, str(names[code]), [code]) for code in order[:MOST_AREAS]]
    if rest := order[MOST_AREAS:]:
        name = _("Other countries and areas (%(count)d)") % {"count": len(rest)}
        rows.append(part(REST, name, rest))
    return _table(asked, [*rows, *_not_stated(part, by_code, _("Not allocated to a country"))])


Part = Callable[[str, str, Sequence[str | None]], PurposeRow]


def _part_of(sums: Sums, span: Span, name: str, by_code: Codes) -> Part:
    """What makes a row of the codes, with the address of their entries."""

    def part(code: str, label: str, codes: Sequence[str | None]) -> PurposeRow:
        by_fund: dict[str, Decimal] = defaultdict(Decimal)
        for one in codes:
            for fund, usd in by_code.get(one, {}).items():
                by_fund[fund] += usd
        link = sums.link([fund for fund, usd in by_fund.items() if usd], *span)
        if link:
            link += "&" + urlencode([(name, one or NONE) for one in codes])
        return PurposeRow(code, label, Amount(sum(by_fund.values(), ZERO), link))

    return part


def _not_stated(part: Part, by_code: Codes, label: str = "") -> list[PurposeRow]:
    if not any(by_code.get(None, {}).values()):
        return []
    return [part(NOT_STATED, label or _("Not stated"), [None])]


def _table(asked: Answering, rows: list[PurposeRow]) -> PurposeTable:
    amounts = [row.amount.usd for row in rows]
    refused = ""
    if any(usd < 0 for usd in amounts):
        refused = _("More was paid back than came in for a part, so no percentages are given.")
    elif not any(amounts):
        refused = _("There is no money to take percentages of.")
    percents: list[Decimal | None] = [None] * len(rows)
    if not refused:
        percents = list(largest_remainder(amounts, PLACES))
    return PurposeTable(
        provenance=asked.provenance.about("VOLUNTARY"),
        rows=tuple(
            PurposeRow(row.code, row.name, row.amount, percent)
            for row, percent in zip(rows, percents, strict=True)
        ),
        total=total_of_voluntary(asked.sums, asked.span),
        refused=refused,
    )
