"""Who a row's donor is: known, chosen by the user, new, left out, or nobody knows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from donors.adding import NewDonor, is_taken, listed
from donors.directory import Directory, Listed
from donors.likely import Why
from donors.names import searchable
from donors.recognising import visible, written
from income.imports.choices import Choices
from income.imports.naming.new_donors import (
    check_donor_choices,
    choose_for_all,
    make_new,
    new_donor_choice,
    new_donors_of,
)

__all__ = [
    "DonorBook", "Found", "check_donor_choices", "choose_for_all", "key_of", "make_new",
    "new_donor_choice",
]  # fmt: skip

KNOWN = "known"
CHOSEN = "chosen"
NEW = "new"
LEFT_OUT = "left_out"
UNKNOWN = "unknown"
NONE = "none"  # the cell is empty
MOST_SUGGESTED = 5
MOST_REMEMBERED = 100_000  # texts
CODED = re.compile(r"(.+) \(([^()]+)\)")  # Sweden (SWE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a donor's cell means. `pk` is negative while a new donor is not yet made, and None
    where nobody is meant; `code` is then empty.
    """

    pk: int | None
    code: str
    status: str


_UNKNOWN = Found(None, "", UNKNOWN)
_LEFT_OUT = Found(None, "", LEFT_OUT)
_NONE = Found(None, "", NONE)


def key_of(text: str, code: str = "", iso3: str = "") -> str:
    """How Choices name what stands in a row: its donor's name, else its code, else its country.

    Empty where all are; a text of signs alone, such as a dash, stands for itself.
    """
    parts = [visible(part) for part in (text, code, iso3)]
    return next(filter(None, map(searchable, parts)), "") or next(filter(None, parts), "")


class DonorBook:
    """All donors, read once with a few queries, and the user's choices.

    `made` are the primary keys of the choices' new donors by code, once `make_new` made them:
    with and without, every text finds the same code and status.
    """

    def __init__(self, choices: Choices, made: Mapping[str, int] | None = None) -> None:
        made = made or {}
        self._directory = Directory(without=made.values())
        self._choices = choices.donors
        self._new: dict[str, int] = {}
        self._memory: dict[tuple[str, str, str], Found] = {}
        self._add_new(new_donors_of(choices), made)

    def _add_new(self, new: Iterable[NewDonor], made: Mapping[str, int]) -> None:
        """Those whose code or name is somebody's by now are no choice any more."""
        free = [one for one in new if not is_taken(one, self._directory)]
        for number, one in enumerate(free, start=1):
            self._new[one.code] = made.get(one.code, -number)
        for donor in listed(free, self._new):
            self._directory.add(donor)

    def find(self, text: str, *, code: str = "", iso3: str = "") -> Found:
        """Who is meant. The choice for the text decides, then the code, then the name in six
        languages; the country only where the text says no more than “Government”. Whatever is
        ambiguous, contradicts itself or is only similar is unknown. Never raises.
        """
        asked = (text, code, iso3)
        if asked not in self._memory:
            if len(self._memory) >= MOST_REMEMBERED:
                self._memory.clear()
            self._memory[asked] = self._find(visible(text), visible(code), _iso3(iso3))
        return self._memory[asked]

    def _find(self, text: str, code: str, iso3: str) -> Found:
        key = key_of(text, code, iso3)
        if not key:
            return _NONE
        if isinstance(choice := self._choices.get(key), Mapping):
            return self._chosen(choice)
        found = self._meant(text, code, iso3)
        if len(found) != 1:
            return _UNKNOWN
        donor = self._directory.donor(next(iter(found)))
        return Found(donor.pk, donor.code, NEW if donor.code in self._new else KNOWN)

    def _chosen(self, choice: Mapping[str, Any]) -> Found:
        if choice.get("leave_out"):
            return _LEFT_OUT
        if new := choice.get("new"):
            return self._chosen_new(new) if isinstance(new, Mapping) else _UNKNOWN
        donor = self._directory.donor_of_code(str(choice.get("donor", "")))
        if donor is None:
            return _UNKNOWN
        return Found(donor.pk, donor.code, NEW if donor.code in self._new else CHOSEN)

    def _chosen_new(self, new: Mapping[str, Any]) -> Found:
        """The new donor; or who was added since with the same code and name."""
        code, name = str(new.get("code", "")).strip(), str(new.get("name", ""))
        if code in self._new:
            return Found(self._new[code], code, NEW)
        donor = self._directory.donor_of_code(code)
        if donor is None or self._directory.of_name(name) != {donor.pk}:
            return _UNKNOWN
        return Found(donor.pk, donor.code, CHOSEN)

    def _meant(self, text: str, code: str, iso3: str) -> set[int]:
        """Everybody the row may mean; one of them where it is clear."""
        by_code = self._directory.of_code(code) if code else set()
        by_name = self._directory.of_name(text) if searchable(text) else set()
        if not by_name and (named := CODED.fullmatch(text)):  # as the template tells two apart
            by_name = self._directory.of_name(named[1]) & self._directory.of_code(named[2])
        if by_code and by_name:
            return by_code & by_name or by_code | by_name
        if by_code:
            return by_code
        if by_name:
            return by_name | self._elsewhere(by_name, iso3)
        return self._by_country(text, code, iso3)

    def _elsewhere(self, found: set[int], iso3: str) -> set[int]:
        """The government that the country names, where the name is another government's."""
        named = [self._directory.donor(pk) for pk in found]
        government = self._directory.government_of(iso3)
        if government is None or any(_is_of(donor, iso3) for donor in named):
            return set()
        return {government.pk}

    def _by_country(self, text: str, code: str, iso3: str) -> set[int]:
        """By its country alone a row means a government only where it says nothing else."""
        government = self._directory.government_of(iso3)
        if government is None:
            return set()
        if not searchable(text):
            return set() if searchable(code) else {government.pk}
        form = written(text)
        says_it = form.is_government and (
            not form.rest or self._directory.is_called(government.pk, form)
        )
        return {government.pk} if says_it else set()

    def suggestions(self, text: str, iso3: str = "", *, code: str = "") -> list[dict[str, str]]:
        """Who an unknown name may be, best first, at most five: code, name, why.

        `why` is a sentence in the active language, `reason` its code (donors.likely.Why).
        """
        text, iso3 = visible(text), _iso3(iso3)
        found: dict[int, Why] = dict.fromkeys(sorted(self._directory.of_name(text)), Why.SAME)
        for asked in filter(searchable, (code, text)):
            for pk in sorted(self._directory.of_code(asked)):
                found.setdefault(pk, Why.CODE)
        for name in dict.fromkeys((searchable(text), written(text).rest)):
            for one in self._directory.likely(name) if name else ():
                found.setdefault(one.donor, one.why)
        government = self._directory.government_of(iso3)
        best = sorted(found.items(), key=lambda pair: REASONS.index(pair[1]))
        best = best[: MOST_SUGGESTED - (government is not None and government.pk not in found)]
        if government is not None and government.pk not in found:
            best.append((government.pk, Why.COUNTRY))
        return [self._told(pk, why) for pk, why in best]

    def _told(self, pk: int, why: Why) -> dict[str, str]:
        donor = self._directory.donor(pk)
        return {"code": donor.code, "name": donor.name, "why": why.sentence, "reason": why.value}


REASONS = list(Why)


def _iso3(text: str) -> str:
    return visible(text).upper()


def _is_of(donor: Listed, iso3: str) -> bool:
    """Whether the country does not speak against the donor; only a government has one for sure."""
    return not donor.is_government or not donor.area or donor.area == iso3
