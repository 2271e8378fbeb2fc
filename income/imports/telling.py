"""What a check found, arranged for a page: nothing here reads the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from income.imports.report import Report, Total
from income.periods import YearMonth
from income.vocabulary import Grade, Kind

_ORDER = {Grade.FILE: 0, Grade.ROW: 1, Grade.WARNING: 2}


@dataclass(frozen=True)
class KindSum:
    """US dollars of what is converted, of one kind; kinds are never added to each other."""

    kind: str  # its label
    rows: int
    amount_usd: Decimal
    not_converted: int  # rows


@dataclass(frozen=True)
class TotalLine:
    """A line of the totals, with amounts as figures."""

    total: Total
    kind: str  # its label
    amount: Decimal  # in the total's currency
    amount_usd: Decimal


@dataclass
class ProblemGroup:
    """Problems of one code: `count` of them, of which `problems` are told one by one."""

    code: str
    grade: Grade
    sentence: str  # of the first
    count: int
    problems: list[dict[str, Any]] = field(default_factory=list)


def label_of(kind: str) -> str:
    """A kind as people read it; the text itself where it is none."""
    return str(Kind(kind).label) if kind in Kind.values else kind


def sums_by_kind(found: Mapping[str, Any]) -> list[KindSum]:
    """What a stored report adds up to, one sum for each kind, in the order of the totals."""
    kinds: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for total in found.get("totals", ()):
        kinds[total["kind"]].append(total)
    return [
        KindSum(
            label_of(kind),
            sum(one["rows"] for one in totals),
            sum((Decimal(one["amount_usd"]) for one in totals), Decimal(0)),
            sum(one["not_converted"] for one in totals),
        )
        for kind, totals in kinds.items()
    ]


def total_lines(totals: Iterable[Total]) -> list[TotalLine]:
    """The report's totals with figures that can be formatted."""
    return [
        TotalLine(one, label_of(one.kind), Decimal(one.amount), Decimal(one.amount_usd))
        for one in totals
    ]


def problem_groups(report: Report) -> list[ProblemGroup]:
    """Problems by code, what stops the file first, then what stops most rows."""
    groups: dict[str, ProblemGroup] = {}
    for problem in report.problems:
        code = problem["code"]
        if code not in groups:
            count = report.problem_counts.get(code, 0)
            groups[code] = ProblemGroup(code, Grade(problem["grade"]), problem["sentence"], count)
        groups[code].problems.append({**problem, "letter": letter_of(problem.get("column", 0))})
    for group in groups.values():
        group.count = max(group.count, len(group.problems))
    return sorted(groups.values(), key=lambda one: (_ORDER[one.grade], -one.count, one.code))


def letter_of(column: int) -> str:
    """A column as spreadsheets name it: 1 is A, 27 is AA; empty for none."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True)
class Heading:
    label: str
    is_number: bool


@dataclass(frozen=True)
class SampleTable:
    """The first rows as a table; columns that no row fills are left out."""

    headings: list[Heading]
    rows: list[list[tuple[str, bool]]]


def samples_told(report: Report) -> SampleTable:
    """The report's samples, a column for everything that any of them says."""
    columns = [
        one for one in _SAMPLED if any(row.get(one[0]) not in ("", None) for row in report.samples)
    ]
    headings = [Heading(str(label), is_number) for _name, label, is_number in columns]
    rows = [
        [(_as_said(name, row.get(name)), is_number) for name, _label, is_number in columns]
        for row in report.samples
    ]
    return SampleTable(headings, rows)


def _as_said(name: str, value: Any) -> str:
    text = "" if value is None else str(value)
    if name == "kind":
        return label_of(text)
    if name == "month" and text:
        return str(YearMonth.from_key(int(text)))
    return text


# What a sample says, by the names of `income.imports.checking.sample`, in this order.
_SAMPLED = (
    ("row", _("Row"), False), ("kind", _("Kind"), False), ("books", _("Books"), False),
    ("donor", _("Donor"), False), ("title", _("Purpose"), False), ("fund_id", _("Fund"), False),
    ("value_date", _("Date"), False), ("month", _("Booked in"), False),
    ("year_for", _("Year for"), True), ("amount", _("Amount"), True),
    ("currency_id", _("Currency"), False), ("rate", _("Rate"), True),
    ("amount_usd", _("US$"), True), ("region_id", _("Region"), False),
    ("area_id", _("Country or area"), False), ("programme_id", _("Programme"), False),
    ("instrument_id", _("Financing instrument"), False),
    ("earmarking_id", _("Earmarking"), False),
)  # fmt: skip
