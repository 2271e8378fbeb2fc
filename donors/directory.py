"""Every donor and name at once, read with two queries: who is meant by a code or a name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import translation

from donors.likely import Likely, LikelyNames
from donors.lookalikes import telling_words
from donors.models import Donor, DonorName, NameKind
from donors.names import in_language, searchable
from donors.recognising import Written, is_cyrillic, stems, written

GOVERNMENT = "C01"  # contributor type of the UN CEB
SHORTEST_CODE = 3  # letters; two, such as NO or IT, are words as well


@dataclass(frozen=True, slots=True)
class Listed:
    """A donor as the directory knows it; `pk` is negative for one that is still to be made."""

    pk: int
    code: str
    names: Mapping[str, str]
    contributor_type: str
    area: str = ""  # ISO3
    is_member_state: bool = False
    is_part: bool = False  # of another donor

    @property
    def name(self) -> str:
        return in_language(self.names, translation.get_language())

    @property
    def is_government(self) -> bool:
        return self.contributor_type == GOVERNMENT


class Directory:
    """Answers from memory. Donors of `without` (primary keys) are as if they were not there.

    A donor that was merged is answered with the one it is today.
    """

    def __init__(self, without: Iterable[int] = ()) -> None:
        self._donors: dict[int, Listed] = {}
        self._names: dict[str, set[int]] = {}
        self._state_names: dict[str, set[int]] = {}
        self._state_stems: dict[str, set[int]] = {}
        self._codes: dict[str, set[int]] = {}
        self._exact_codes: dict[str, set[int]] = {}
        self._own_codes: dict[str, int] = {}
        self._governments: dict[str, int] = {}
        self._likely: LikelyNames | None = None
        self._load(set(without))

    def _load(self, without: set[int]) -> None:
        rows = Donor.objects.order_by("pk").values_list(
            "pk", "code", "names", "contributor_type", "area", "is_member_state", "parent",
            "merged_into",
        )  # fmt: skip
        became: dict[int, int] = {}
        codes: list[tuple[int, str]] = []
        for pk, code, names, kind, area, is_member, parent, merged_into in rows.iterator():
            if pk in without:
                continue
            codes.append((pk, code))
            became[pk] = merged_into or pk
            if merged_into is None:
                self._donors[pk] = Listed(
                    pk, code, names, kind, area or "", is_member, parent is not None
                )
        ends = {pk: _followed(pk, became) for pk in became}
        standing = {pk: end for pk, end in ends.items() if end in self._donors}
        for pk, code in codes:
            if pk in standing:
                self._add_own_code(standing[pk], code)
        kept = DonorName.objects.order_by("pk").values_list("donor", "kind", "name", "normalized")
        for pk, kind, name, normalized in kept.iterator():
            if pk in standing:
                self._add(standing[pk], kind, name, normalized)
        for donor in self._donors.values():
            self._set_government(donor)

    def add(self, donor: Listed) -> None:
        """A donor that is not in the database, or is taken as if it were not."""
        self._donors[donor.pk] = donor
        self._add_own_code(donor.pk, donor.code)
        for name in donor.names.values():
            self._add(donor.pk, NameKind.OFFICIAL, name, searchable(name))
        self._set_government(donor)
        self._likely = None

    def _add(self, pk: int, kind: str, name: str, normalized: str) -> None:
        if not normalized:
            return
        if kind == NameKind.IDENTIFIER:
            self._add_code(pk, name)
            return
        self._names.setdefault(normalized, set()).add(pk)
        if self._donors[pk].is_government:
            for form in {normalized, normalized.removeprefix("the ")}:
                self._state_names.setdefault(form, set()).add(pk)
            if is_cyrillic(normalized):
                self._state_stems.setdefault(stems(normalized), set()).add(pk)

    def _add_own_code(self, pk: int, code: str) -> None:
        self._own_codes[code] = pk
        self._add_code(pk, code)

    def _add_code(self, pk: int, code: str) -> None:
        self._codes.setdefault(searchable(code), set()).add(pk)
        if len(code) >= SHORTEST_CODE:
            self._exact_codes.setdefault(code, set()).add(pk)

    def _set_government(self, donor: Listed) -> None:
        """The State's own donor, not that of one of its ministries."""
        if not (donor.is_government and donor.area) or donor.is_part:
            return
        if donor.is_member_state or donor.code == donor.area:
            self._governments[donor.area] = donor.pk

    def donor(self, pk: int) -> Listed:
        return self._donors[pk]

    def donor_of_code(self, code: str) -> Listed | None:
        """The donor with just this code of the portal."""
        pk = self._own_codes.get(code)
        return None if pk is None else self._donors[pk]

    def has_code(self, code: str) -> bool:
        """Whether it is somebody's code or identifier."""
        return searchable(code) in self._codes

    def of_code(self, code: str) -> set[int]:
        """Whoever has the code or identifier, of whatever scheme, case and punctuation aside."""
        return self._codes.get(searchable(code), set())

    def of_name(self, text: str) -> set[int]:
        """Whoever is called just that: by a name, a government's form of it, else a code."""
        name = searchable(text)
        if found := self._names.get(name):
            return found
        if found := self._of_form(written(text)):
            return found
        return self._exact_codes.get(text.strip(), set())

    def _of_form(self, form: Written) -> set[int]:
        for name in form.names:
            if found := self._state_names.get(name):
                return found
        if form.is_inflected:
            return self._state_stems.get(stems(form.rest), set())
        return set()

    def government_of(self, iso3: str) -> Listed | None:
        pk = self._governments.get(iso3)
        return None if pk is None else self._donors[pk]

    def is_called(self, pk: int, form: Written) -> bool:
        """Whether one of the donor's names has just the same words, in whatever order."""
        wanted = telling_words(form.rest)
        known = (name for name, donors in self._state_names.items() if pk in donors)
        return any(telling_words(name) == wanted for name in known)

    def likely(self, name: str) -> list[Likely]:
        """Donors that a name in its search form may mean; nobody who was merged."""
        if self._likely is None:
            self._likely = LikelyNames(
                (known, pk) for known, donors in self._names.items() for pk in sorted(donors)
            )
        return self._likely.of(name)


def _followed(pk: int, became: Mapping[int, int]) -> int:
    for _step in became:  # a chain of merges is never longer than the donors in it
        if became.get(pk, pk) == pk:
            break
        pk = became[pk]
    return pk
