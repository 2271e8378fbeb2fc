"""What a check found, arranged for a page: nothing here reads the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from income.imports.course.report import Report, Total
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


def own_kinds(found: Mapping[str, Any]) -> set[str]:
    """What the rows are. Entries of other kinds come with them, as an agreement with a core gift.

    All kinds of the totals where a stored report does not say.
    """
    kinds = {total["kind"] for total in found.get("totals", ())}
    return kinds & set(found.get("kinds", ())) or kinds


def sums_by_kind(found: Mapping[str, Any]) -> list[KindSum]:
    """What the rows of a stored report add up to, one sum for each kind that they are."""
    kinds: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    own = own_kinds(found)
    for total in found.get("totals", ()):
        if total["kind"] in own:
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
