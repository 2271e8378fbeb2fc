"""The listed questions of the Board page, asked by the functions that the page asks them by."""

import datetime
from collections.abc import Callable
from typing import Any

from bench.figures_books import BOOKS
from bench.figures_rivals import FUNDS, MOST, Answer, told
from donors.models import Region
from income.contributing import core
from income.families import became
from income.leading import largest
from reports.figures.progress import goal_of
from reports.figures.question import Question, parse
from reports.figures.sums import NON_EARMARKED, Sums, kinds_of, mode_of, months
from targets.selectors import GoalSet, coverages, goal_sets, sets_for_year


def question(year: int, today: datetime.date) -> Question:
    """The year as at its December, of the books in use."""
    return parse({"books": BOOKS, "as_at": f"{year}-12"}, default_books=BOOKS, today=today)


def parts(asked: Question) -> dict[str, Callable[[], Any]]:
    """One function for each part of the answer; none keeps anything."""
    kind, mode = kinds_of(asked.basis)[0], mode_of(asked.basis)
    return {
        "months and regions": lambda: _sums(asked),
        "targets": lambda: target_set(asked),
        "ten largest": lambda: largest(
            asked.ledger, kind, asked.as_at.year, funds=FUNDS, most=MOST, mode=mode,
            merged=became(),
        ),
        "Member States": lambda: core(
            asked.ledger, kind, NON_EARMARKED, [asked.january], asked.as_at, merged=became(),
            mode=mode,
        ),
    }  # fmt: skip


def _sums(asked: Question) -> tuple[Sums, dict[str, Any], dict[str, Any]]:
    """The year's cells, the months of every fund and the regions."""
    sums = Sums.read(asked.ledger, asked.basis, asked.span, asked.january, asked.as_at)
    every = list(months(asked.january, asked.as_at))
    by_month = {(fund, m.month): sums.of((fund,), m, m) for fund in FUNDS for m in every}
    regions = {
        region.code: sums.of_region(region.code, asked.january, asked.as_at)
        for region in Region.objects.all()
    }
    return sums, by_month, regions


def target_set(asked: Question) -> GoalSet:
    """The one that the page chooses for the year."""
    year = asked.as_at.year
    return sets_for_year(goal_sets(year, coverages()), year)[0]


def listed_questions(asked: Question) -> Answer:
    """The five answers in the rivals' form."""
    ask, year = parts(asked), asked.as_at.year
    _all, by_month, regions = ask["months and regions"]()
    goal_set = ask["targets"]()
    goals = {fund: goal_of(goal_set, (fund,), year, year) for fund in FUNDS}
    return told(
        ((fund, month, int(usd * 100)) for (fund, month), usd in by_month.items()),
        ((fund, int(goal.amount_usd * 100)) for fund, goal in goals.items() if goal),
        (
            (fund, donor, int(usd * 100))
            for fund, rows in ask["ten largest"]().items()
            for donor, usd in rows
        ),
        ((region, int(usd * 100)) for region, usd in regions.items() if usd),
        ask["Member States"]()[0].count,
    )
