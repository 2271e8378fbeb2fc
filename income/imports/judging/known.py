"""The tables of words, once in memory: every code that a row may name, as its own row."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from donors.clearances import PRIVATE_TYPES, is_cleared_by
from donors.models import Area, Clearance, Donor, Region
from income.imports.choices import Choices
from income.imports.judging.memory import Remembered
from income.models import Currency, EarmarkingStep, Fund, Instrument, Programme


class Known:
    """Reference data as it stood when the file was begun."""

    def __init__(self) -> None:
        self.funds = _by_code(Fund)
        self.currencies = _by_code(Currency)
        self.instruments = _by_code(Instrument)
        self.earmarkings = _by_code(EarmarkingStep)
        self.programmes = _by_code(Programme)
        self.regions = _by_code(Region)
        self.region_of: dict[str, str | None] = dict(Area.objects.values_list("iso3", "region"))


def _by_code(model: Any) -> dict[str, Any]:
    return {row.pk: row for row in model.objects.all()}


class Diligence:
    """Which donors are cleared on which day, asked for agreements that people import."""

    def __init__(self, choices: Choices) -> None:
        self._private = set(
            Donor.objects.filter(contributor_type__in=PRIVATE_TYPES).values_list("pk", flat=True)
        )
        merged = Donor.objects.filter(merged_into__isnull=False)
        became = {pk: into for pk, into in merged.values_list("pk", "merged_into") if into}
        self._decided: dict[int, list[Clearance]] = defaultdict(list)
        for row in Clearance.objects.filter(decided_at__isnull=False):
            self._decided[_followed(row.donor_id, became)].append(row)
        self._private_new = _private_new(choices)
        self._answers: Remembered[tuple[int, datetime.date], bool] = Remembered(self._answer)

    def is_cleared(self, donor: int, code: str, on: datetime.date) -> bool:
        """Whether the donor needs no clearance, or has one on the day. Below zero: a new donor."""
        if donor < 0:
            return code not in self._private_new
        return donor not in self._private or self._answers[donor, on]

    def _answer(self, asked: tuple[int, datetime.date]) -> bool:
        donor, on = asked
        return is_cleared_by(self._decided.get(donor, ()), on)


def _followed(donor: int, became: Mapping[int, int]) -> int:
    while donor in became:
        donor = became[donor]
    return donor


def _private_new(choices: Choices) -> set[str]:
    """Codes of the private donors that the import makes."""
    made = [choice["new"] for choice in choices.donors.values() if choice.get("new")]
    return {new["code"] for new in made if new.get("contributor_type") in PRIVATE_TYPES}
