"""The check of a file: a pass that counts, tells what is wrong, and writes nothing in the books."""

import datetime
from collections import Counter
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from income.errors import NotAllowed, PostingWrong
from income.imports.choices import Choices
from income.imports.columns.plan import Plan
from income.imports.course.findings import Accepted, Judged, Problem
from income.imports.course.passes import Fate, Outcome, Pass, Progress
from income.imports.course.report import MOST_PROBLEMS, MOST_SAMPLES, Report, Total
from income.imports.judging import Judge
from income.imports.naming.new_books import new_books_of
from income.imports.naming.new_donors import new_donors_of
from income.imports.naming.unknown import chosen_names, unknown_books, unknown_donors
from income.imports.sheets import count_rows, source_of
from income.imports.sources import Source
from income.ledger.lines import Line
from income.models import Import, Ledger
from income.vocabulary import Grade
from interface.formatting import format_number

Key = tuple[str, str, str, str]
ROWS_AT_ONCE = 500  # between two reports of progress


def check(
    import_: Import, *, today: datetime.date, report: Progress | None = None,
    most_rows: int | None = None,
) -> Report:  # fmt: skip
    """Read the file, judge every row, and keep what was found with the import.

    What was found is dropped where plan or choices changed meanwhile. `most_rows`: a file with
    more is stopped. Raises FileRefused, FileGone, and NotAllowed once the import is not open.
    """
    if not import_.is_open:
        raise not_open()
    plan, choices = Plan.of_json(import_.plan), Choices.of_json(import_.choices)
    source = source_of(import_, plan)
    rows = count_rows(source, plan)
    if most_rows is not None and rows > most_rows:
        found, digest = too_many(rows, most_rows), ""
    else:
        sequence = Ledger.objects.values_list("sequence", flat=True).get(pk=import_.ledger_id)
        judge = judge_of(import_, plan, choices, today=today)
        reading = Pass(source, plan, judge, choices)
        found = counted(reading, source, plan, choices, rows=rows, progress=report)
        found.sequence = sequence
        found.unknown_donors = unknown_donors(judge, choices)
        found.unknown_books = unknown_books(judge, choices, import_.ledger)
        found.chosen_donors, found.chosen_books = chosen_names(judge, choices)
        digest = reading.digest.hexdigest()
    _keep(import_, found, digest if found.may_be_submitted else "")
    return found


def not_open() -> NotAllowed:
    """What is submitted or posted is not changed."""
    return NotAllowed(
        _("This import is under review or posted. Take its draft back before you change it.")
    )


def judge_of(
    import_: Import, plan: Plan, choices: Choices, *, today: datetime.date,
    new_donors: dict[str, int] | None = None, new_books: dict[str, int] | None = None,
    locks: bool = False,
) -> Judge:  # fmt: skip
    """A judge that has seen no row yet; `locks` where its rows are going to be posted.

    A file is people's act whoever tries it: a dry run of nobody judges as the posting will.
    """
    return Judge(
        plan, choices, import_.ledger, today=today, by_people=True, new_donors=new_donors,
        new_books=new_books, locks=locks, defers=True,
    )  # fmt: skip


@transaction.atomic
def _keep(import_: Import, found: Report, digest: str) -> None:
    locked = Import.objects.select_for_update(of=("self",)).filter(pk=import_.pk).first()
    if locked is None:
        raise PostingWrong(_("This file was thrown away. Bring it in again."))
    if locked.version != import_.version:
        return
    if not locked.is_open:
        raise not_open()
    import_.found, import_.digest, import_.checked_at = found.as_json(), digest, timezone.now()
    import_.save(update_fields=["found", "digest", "checked_at"])


def too_many(rows: int, most: int) -> Report:
    """The report on a file that is not read for its length."""
    sentence = _(
        "The file has %(rows)s rows, %(most)s at most. Divide it, or ask an administrator to bring "
        "it in from the command line."
    )
    problem = Problem(
        Grade.FILE,
        "too_many_rows",
        sentence % {"rows": format_number(rows), "most": format_number(most)},
    )
    counting = Counting()
    counting.tell([problem])
    found = counting.report()
    found.rows = rows
    return found


def counted(
    reading: Pass, source: Source, plan: Plan, choices: Choices, *, rows: int,
    progress: Progress | None = None,
) -> Report:  # fmt: skip
    """The report on a pass, which this makes."""
    counting = Counting(tells_once=bool(plan.amounts))
    for number, outcome in enumerate(reading, start=1):
        counting.add(outcome)
        if progress and number % ROWS_AT_ONCE == 0:
            progress(number, max(number, rows))
    counting.tell(reading.problems)
    report = counting.report()
    counting.tell_new(report, choices)
    report.read_as = {
        "kind": source.kind, "encoding": source.encoding, "delimiter": source.delimiter,
        "decimal_sign": plan.decimal_sign, "date_order": plan.date_order,
    }  # fmt: skip
    return report


class Counting:
    """Adds outcomes up; holds some hundred of them, whatever the length of the file.

    With `tells_once`, what is wrong with a row counts once, however many amounts the row has.
    """

    def __init__(self, *, tells_once: bool = False) -> None:
        self._tells_once, self._at = tells_once, (-1, 0)
        self._told: set[Problem] = set()
        self._fates: Counter[Fate] = Counter()
        self._grades: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()
        self._stopping: list[Problem] = []
        self._warnings: list[Problem] = []
        self._sums: dict[Key, list[Any]] = {}
        self._kinds: Counter[str] = Counter()
        self._postings: Counter[tuple[str, int]] = Counter()
        self._contributions = 0
        self._samples: list[dict[str, Any]] = []
        self._donors: set[str] = set()  # codes of new ones
        self._has_new_channel = False

    def add(self, outcome: Outcome) -> None:
        """Count a row."""
        self._fates[outcome.fate] += 1
        if outcome.judged.problems:
            self.tell(self._new(outcome.judged))
        if outcome.fate == Fate.ACCEPTED:
            self._accept(outcome.row)
            if len(self._samples) < MOST_SAMPLES:
                self._samples.append(sample(outcome.judged, outcome.row))

    def _new(self, judged: Judged) -> list[Problem]:
        """Without what was told of another amount of the row."""
        if not self._tells_once:
            return judged.problems
        if self._at != (judged.sheet, judged.row):
            self._at, self._told = (judged.sheet, judged.row), set()
        found = [one for one in judged.problems if one not in self._told]
        self._told.update(found)
        return found

    def tell(self, problems: list[Problem]) -> None:
        """Count problems, and keep the first of them."""
        for one in problems:
            self._grades[one.grade] += 1
            self._codes[one.code] += 1
            kept = self._warnings if one.grade == Grade.WARNING else self._stopping
            if len(kept) < MOST_PROBLEMS:
                kept.append(one)

    def _accept(self, row: Accepted) -> None:
        self._kinds[row.kind] += 1
        self._postings[row.ledger, row.month] += len(row.lines)
        self._contributions += row.promise is not None
        counted: set[Key] = set()
        for line in row.lines:
            key = (row.ledger, line.kind, line.fund_id, line.currency_id)
            sums = self._sums.get(key)
            if sums is None:
                sums = self._sums[key] = [0, Decimal(0), Decimal(0), 0]
            if line.donor_id is not None and line.donor_id < 0:
                self._donors.add(row.donor)
            if line.channel_id is not None and line.channel_id < 0:
                self._has_new_channel = True
            sums[1] += line.amount
            if line.amount_usd is not None:
                sums[2] += line.amount_usd
            if key not in counted:
                counted.add(key)
                sums[0] += 1
                sums[3] += line.amount_usd is None

    def report(self) -> Report:
        """What was counted so far."""
        return Report(
            rows=self._fates.total() - self._fates[Fate.NO_ROW],
            accepted=self._fates[Fate.ACCEPTED],
            zero=self._fates[Fate.ZERO],
            in_books=self._fates[Fate.IN_BOOKS],
            similar=self._fates[Fate.SIMILAR],
            left_out=self._fates[Fate.LEFT_OUT],
            failing=self._fates[Fate.FAILING],
            warnings=self._grades[Grade.WARNING],
            file_problems=self._grades[Grade.FILE],
            kinds=dict(self._kinds.most_common()),
            entries=sum(self._postings.values()),
            contributions=self._contributions,
            postings=[
                {"books": books, "month": month, "entries": entries}
                for (books, month), entries in sorted(self._postings.items())
            ],
            totals=[_total(key, *sums) for key, sums in sorted(self._sums.items())],
            problems=[one.as_json() for one in _foremost(self._stopping, self._warnings)],
            problem_counts=dict(self._codes.most_common()),
            samples=self._samples,
        )

    def tell_new(self, report: Report, choices: Choices) -> None:
        """Name the new donors and books that accepted rows need; others are not made."""
        report.new_donors = [
            {"code": one.code, "name": one.name}
            for one in new_donors_of(choices)
            if self._has_new_channel or one.code in self._donors
        ]
        named = {books for books, _month in self._postings}
        report.new_books = [
            {"code": code, "name": name}
            for code, name in new_books_of(choices).items()
            if code in named
        ]


def _foremost(stopping: list[Problem], warnings: list[Problem]) -> list[Problem]:
    """What stops comes before what only warns, so that no crowd of warnings hides it."""
    of_file = [one for one in stopping if one.grade == Grade.FILE]
    of_rows = [one for one in stopping if one.grade != Grade.FILE]
    return [*of_file, *of_rows, *warnings][:MOST_PROBLEMS]


def _total(key: Key, rows: int, amount: Decimal, amount_usd: Decimal, bare: int) -> Total:
    books, kind, fund, currency = key
    return Total(
        books, kind, fund, currency, rows=rows, amount=f"{amount:f}", amount_usd=f"{amount_usd:f}",
        not_converted=bare,
    )  # fmt: skip


def sample(judged: Judged, row: Accepted) -> dict[str, Any]:
    """A row as it was understood, in texts, by the line that is of the row's own kind."""
    line = next((one for one in row.lines if one.kind == row.kind), row.lines[0])
    told: dict[str, Any] = {
        "sheet": judged.sheet, "row": judged.row, "books": row.ledger, "month": row.month,
        "donor": row.donor, "makes_contribution": row.promise is not None,
    }  # fmt: skip
    return told | {name: _text(getattr(line, name)) for name in SAMPLED} | _title(row)


# Columns of a line that a sample shows, by their own names.
SAMPLED = tuple(
    name
    for name in Line.__slots__
    if name not in {"ledger_id", "posting_id", "line", "booked_month", "donor_id", "channel_id",
                    "contribution_id", "instalment_id"}
)  # fmt: skip


def _title(row: Accepted) -> dict[str, str]:
    return {"title": str(row.promise.values.get("title", ""))} if row.promise else {}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
