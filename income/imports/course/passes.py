"""One reading of a file from front to back: what becomes of each row, and what it amounts to.

Checking counts what a pass yields, posting writes it, the returned workbook marks it.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from income.imports.choices import POST, Choices
from income.imports.columns.plan import Plan
from income.imports.course.findings import Accepted, Judged, Problem
from income.imports.course.fingerprints import Digest, Occurrence, Occurrences
from income.imports.course.repeats import OtherEntries, PostedRow, PostedRows, ledger_keys
from income.imports.judging import Judge
from income.imports.sheets import rows_to_judge
from income.imports.sources import Source
from income.models import Posting
from income.vocabulary import Grade

AT_ONCE = 2_000  # rows looked up together
ALLOCATED = 50_000  # objects of rows, before Python looks for rings among them
Progress = Callable[[int, int], None]


@contextmanager
def _little_to_collect() -> Iterator[None]:
    """Meanwhile Python does not search through all that the process held before, again and again
    for every some hundred rows; for a million rows that would take longer than reading them."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(ALLOCATED, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class Fate(StrEnum):
    """What becomes of a row."""

    ACCEPTED = "accepted"
    ZERO = "zero"
    IN_BOOKS = "in_books"
    SIMILAR = "similar"
    LEFT_OUT = "left_out"
    FAILING = "failing"
    NO_ROW = "no_row"  # headings that come again, totals of other rows


# What the judge says of a row that is neither accepted nor stopped.
SAID = {"zero": Fate.ZERO, "no_amounts": Fate.ZERO, "left_out": Fate.LEFT_OUT}


@dataclass(slots=True)
class Outcome:
    """A row with what becomes of it; its problems stand in `judged`."""

    judged: Judged
    fate: Fate
    seen: Occurrence | None = None

    @property
    def row(self) -> Accepted:
        """What is to be posted, of an accepted row."""
        assert self.judged.accepted is not None  # noqa: S101  for the type checker
        return self.judged.accepted


class Pass:
    """Reads a source once. `problems` (of the file), `digest` and `chosen` (keys of the choices
    of donors that accepted rows use) are whole when it was read.

    `new_donors` are those that were made for this posting, by code.
    """

    def __init__(
        self, source: Source, plan: Plan, judge: Judge, choices: Choices, *,
        new_donors: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        self.problems: list[Problem] = []
        self.digest = Digest(frozenset((new_donors or {}).values()))
        self.chosen: set[str] = set()
        self._source, self._plan, self._judge = source, plan, judge
        self._posts_similar = choices.similar == POST
        self._occurrences = Occurrences()
        self._posted, self._others = PostedRows(), OtherEntries()
        self._books = ledger_keys()
        self._sequences: dict[UUID, int] = {}

    def __iter__(self) -> Iterator[Outcome]:
        """Every row below the heading, in the order of the file. Raises FileRefused."""
        rows = rows_to_judge(self._source, self._plan, self._judge, self.problems)
        with _little_to_collect():
            while chunk := list(islice(rows, AT_ONCE)):
                yield from self._decided(chunk)

    def _decided(self, chunk: list[Judged]) -> Iterator[Outcome]:
        seen = [self._occurrences.next(one.accepted) if one.accepted else None for one in chunk]
        posted = self._posted.of([one.fingerprint for one in seen if one])
        for judged, occurrence in zip(chunk, seen, strict=True):
            known = posted.get(occurrence.fingerprint) if occurrence else None
            fate = self._fate(judged, occurrence, known)
            if fate == Fate.ACCEPTED and occurrence:
                fate = self._settled(judged, occurrence)
            yield Outcome(judged, fate, occurrence)

    def _settled(self, judged: Judged, seen: Occurrence) -> Fate:
        """Its lines are filled in now that it is to be posted, which may yet stop it."""
        self._judge.settle(judged)
        if judged.is_stopped or judged.accepted is None:
            return Fate.FAILING
        self._tell_repeat(judged, seen)
        self.digest.add(judged.accepted, seen)
        self.chosen.update(judged.accepted.chosen)
        return Fate.ACCEPTED

    def _fate(self, judged: Judged, seen: Occurrence | None, known: PostedRow | None) -> Fate:
        if seen and known and known.content == seen.content:
            judged.problems.clear()  # it stands: what would stop it now does not matter
            if judged.accepted:  # counted, so that another one like it is not taken for it
                self._others.posting_like(judged.accepted, self._books.get(judged.accepted.ledger))
            return Fate.IN_BOOKS
        if known:
            self._tell_change(judged, known)
        if judged.is_stopped:
            return Fate.FAILING
        if judged.accepted is None:
            otherwise = Fate.NO_ROW if judged.problems else Fate.LEFT_OUT
            return next((SAID[p.code] for p in judged.problems if p.code in SAID), otherwise)
        return self._fate_of_new(judged, judged.accepted)

    def _fate_of_new(self, judged: Judged, row: Accepted) -> Fate:
        posting = self._others.posting_like(row, self._books.get(row.ledger))
        if posting is None:
            return Fate.ACCEPTED
        sequence = self._sequence_of(posting)
        if self._posts_similar:
            sentence = _("It looks like posting %(sequence)s, and is posted beside it.")
        else:
            sentence = _(
                "It looks like posting %(sequence)s and is left out. If it is another one, choose "
                "to post such rows."
            )
        self._tell(judged, Grade.WARNING, "similar", sentence % {"sequence": sequence})
        return Fate.ACCEPTED if self._posts_similar else Fate.SIMILAR

    def _tell_change(self, judged: Judged, known: PostedRow) -> None:
        sentence = _(
            "A row with this identifier stands in posting %(sequence)s and said something else. "
            "Correct what is posted by undoing its import, or give this row an identifier of its "
            "own."
        )
        sequence = self._sequence_of(known.posting)
        self._tell(judged, Grade.ROW, "changed_since_import", sentence % {"sequence": sequence})

    def _tell_repeat(self, judged: Judged, seen: Occurrence) -> None:
        if seen.number == 1:
            return
        if seen.says_the_same:
            code, sentence = "repeated", _(
                "Row %(row)s%(sheet)s says the same. Both are posted: take this one out if it is "
                "there by mistake."
            )  # fmt: skip
        else:
            code, sentence = "identifier_repeated", _(
                "Row %(row)s%(sheet)s has the same identifier and says something else. Both are "
                "posted: give each row an identifier of its own."
            )  # fmt: skip
        sheet = ""
        if seen.first_sheet != judged.sheet:
            sheet = f" ({self._source.sheets[seen.first_sheet].name})"
        self._tell(judged, Grade.WARNING, code, sentence % {"row": seen.first_row, "sheet": sheet})

    def _tell(self, judged: Judged, grade: Grade, code: str, sentence: str) -> None:
        sheet = self._source.sheets[judged.sheet].name
        judged.problems.append(Problem(grade, code, sentence, sheet=sheet, row=judged.row))

    def _sequence_of(self, posting: UUID) -> int:
        if posting not in self._sequences:
            self._sequences[posting] = Posting.objects.values_list("sequence", flat=True).get(
                pk=posting
            )
        return self._sequences[posting]
