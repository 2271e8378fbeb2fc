"""What a dashboard tells of donors: this year and the same months of last year, read once.

US dollars of the basis. The ten largest of a fund and the governments are found by an index, where
all of the books are asked for; otherwise they follow from the sums by donor.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from income.contributing import Core, by_type, core
from income.donor_cells import donor_cells
from income.families import became
from income.leading import leaders
from income.models import Ledger
from income.narrow import is_whole
from income.periods import YearMonth
from income.totals import DonorSum, Span, with_donors
from reports.figures.donors import (
    MOST,
    Ranking,
    a_year_before,
    rankings,
    rankings_as_reported,
)
from reports.figures.governments import by_type_of, core_of
from reports.figures.levels import Level
from reports.figures.provenance import Provenance
from reports.figures.question import Question
from reports.figures.sums import NON_EARMARKED, Sums, kinds_of, mode_of


class Donors:
    """The donors of one question; `since` are the months of its strategy period so far."""

    def __init__(self, question: Question, ledger: Ledger, since: Span) -> None:
        self._question, self._since = question, since
        self._span = question.january, question.as_at
        # An allotment has no donor, so the first kind is the only one with any.
        self._asked = ledger, kinds_of(question.basis)[0]
        self._mode = mode_of(question.basis)
        self.now, self.before = self._read(self._span, a_year_before(self._span))

    def _read(self, *spans: Span) -> tuple[tuple[DonorSum, ...], ...]:
        mode, narrow = self._mode, self._question.narrow
        cells = [donor_cells(*self._asked, *span, mode=mode, narrow=narrow) for span in spans]
        return with_donors(cells, self.merged)

    def rankings(
        self, sums: Sums, names: Mapping[str, str], provenance: Provenance
    ) -> tuple[Ranking, ...]:
        """The ten largest of each fund, beside last year."""
        said = sums, self._span, names, provenance
        level, knows = self._question.level, self._question.knows_unnamed
        if level is not Level.REPORTED or not self._mode or not self._is_year:
            return rankings(self.now, *said, level, knows_unnamed=knows, before=self.before)
        found = leaders(*self._asked, *self._span, most=MOST, mode=self._mode, merged=self.merged)
        donors = {one.donor.pk: one.donor for one in self.now if one.donor}
        return rankings_as_reported(found, donors, *said, knows_unnamed=knows, before=self.before)

    @property
    def _is_year(self) -> bool:
        """Whether the question is about all the money that the books hold of the year."""
        ledger, kind = self._asked
        return self._question.narrow.is_all and is_whole(ledger, [kind], self._span[1])

    @cached_property
    def merged(self) -> dict[int, int]:
        """The donors that were merged, with those they are today."""
        return became()

    def core(self, *spans: Span) -> tuple[Core, ...]:
        """Member States that give core money, of the year and of the period."""
        if self._question.narrow.is_all:
            since = [first for first, _last in spans]
            return core(
                *self._asked, NON_EARMARKED, since, self._span[1], mode=self._mode,
                merged=self.merged,
            )  # fmt: skip
        return tuple(core_of(self.now if span == self._span else self._of_period) for span in spans)

    def by_type(self) -> Mapping[tuple[str, str | None], Decimal]:
        """Since the period began, by fund and contributor type."""
        if self._question.narrow.is_all:
            return by_type(*self._asked, *self._since, mode=self._mode, merged=self.merged)
        return by_type_of(self._of_period)

    @cached_property
    def _of_period(self) -> tuple[DonorSum, ...]:
        """Its earlier years, then this one."""
        first, as_at = self._since[0], self._span[1]
        if first.year == as_at.year:
            return self.now
        (earlier,) = self._read((first, YearMonth(as_at.year - 1, 12)))
        return (*earlier, *self.now)
