"""The parts of the Board's dashboard below its first tables, each from the same answer."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from income.totals import DonorSum
from reports.figures.answering import Answering
from reports.figures.concentration import Concentration, concentration
from reports.figures.month_matrix import MonthMatrix, month_matrix
from reports.figures.movements import Movements, movements
from reports.figures.owed_months import OwedMonths, owed_months, why_not_owed
from reports.figures.programmes import ProgrammeTable, programme_table
from reports.figures.provenance import Basis
from reports.figures.purposes import Purposes, purposes
from reports.figures.voluntary import (
    donors_a_year_before,
    given,
    why_not_known,
    year_before,
)

MONTHS, MOVEMENTS, PURPOSES = "months", "movements", "purposes"
PROGRAMMES, CONCENTRATION, OWED = "programmes", "concentration", "owed"


@dataclass(frozen=True)
class Blocks:
    """Each part, or None; `refusals` say by its name why it is not there."""

    months: MonthMatrix | None
    movements: Movements | None
    concentration: Concentration
    purposes: Purposes | None
    programmes: ProgrammeTable | None
    owed: OwedMonths | None
    refusals: Mapping[str, str]


def blocks(
    asked: Answering, *, before: tuple[DonorSum, ...] | None = None,
    today: datetime.date | None = None,
) -> Blocks:  # fmt: skip
    """A bounded number of queries, whatever the number of entries.

    `before` are the sums by donor of last year up to the same month, where they were read already
    (`donors_a_year_before`). Without `today` what is outstanding is left out.
    """
    refusals = _refusals(asked, today)
    then = given(asked, donors_a_year_before(asked) if before is None else before)
    now = given(asked, asked.donors)
    return Blocks(
        months=None if MONTHS in refusals else month_matrix(asked),
        movements=None if MOVEMENTS in refusals else movements(asked, now, then),
        concentration=concentration(asked, now, then),
        purposes=None if PURPOSES in refusals else purposes(asked),
        programmes=programme_table(asked, asked.period)
        if asked.period and PROGRAMMES not in refusals
        else None,
        owed=owed_months(asked, today) if today and OWED not in refusals else None,
        refusals=refusals,
    )


def _refusals(asked: Answering, today: datetime.date | None) -> dict[str, str]:
    this_year = why_not_known(asked.sums, asked.span)
    reasons = {
        MONTHS: _("Audited revenue is known by year only.") if asked.basis is Basis.AUDITED else "",
        MOVEMENTS: this_year or why_not_known(asked.sums, year_before(asked)),
        PURPOSES: this_year,
        PROGRAMMES: this_year or ("" if asked.period else _("No strategy is known for this year.")),
        OWED: why_not_owed(asked) if today else "",
    }
    return {name: reason for name, reason in reasons.items() if reason}
