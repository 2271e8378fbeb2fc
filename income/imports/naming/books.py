"""Which books a row goes to: the working ones, further ones by code or name, or new ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from donors.lookalikes import ALIKE_NAMES, likeness_of, telling_words
from donors.names import searchable
from donors.recognising import visible
from income.imports.choices import Choices
from income.imports.naming.new_books import (
    BooksMixed,
    BooksWrong,
    check_books_choices,
    make_new_books,
    new_books_choice,
    new_books_of,
)
from income.models import Ledger
from income.reference import NAME_OF_REAL_BOOKS, REAL_BOOKS

__all__ = [
    "BooksBook", "BooksMixed", "BooksWrong", "FoundBooks", "check_books_choices",
    "make_new_books", "new_books_choice",
]  # fmt: skip
MOST_SUGGESTED = 5
# How files write the agency itself.
OWN_NAMES = frozenset(
    searchable(name)
    for name in (
        NAME_OF_REAL_BOOKS, "UN-Habitat", "UNHABITAT", "Habitat", "UNCHS", "UNHSP",
        "United Nations Human Settlements Programme", "UN Human Settlements Programme",
        "ONU-Habitat", "ONU-Hábitat", "ООН-Хабитат", "موئل الأمم المتحدة", "人居署",
        "联合国人居署", "联合国人类住区规划署",
        "Programme des Nations Unies pour les établissements humains",
        "Programa de las Naciones Unidas para los Asentamientos Humanos",
        "Программа Организации Объединенных Наций по населенным пунктам",
        "برنامج الأمم المتحدة للمستوطنات البشرية",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundBooks:
    """The books of a row; `pk` is None while new ones are not yet opened."""

    code: str
    pk: int | None
    is_new: bool
    is_demonstration: bool


class BooksBook:
    """All books, read once, and the user's choices.

    Books of the other sort (a demonstration's, or an agency's own) are never found. `opened` are
    the primary keys of the choices' new books by code, once `make_new_books` opened them.
    """

    def __init__(
        self, choices: Choices, working: Ledger, opened: Mapping[str, int] | None = None
    ) -> None:
        self._choices, self._working = choices.books, working
        self._opened = opened or {}
        everything = list(Ledger.objects.order_by("code"))
        made = {pk: code for code, pk in self._opened.items()}
        self._taken = {one.code.upper() for one in everything if one.pk not in made}
        self._books = [
            one for one in everything
            if one.is_demonstration == working.is_demonstration and one.pk not in made
        ]  # fmt: skip
        new = new_books_of(choices)
        self._new = {code: name for code, name in new.items() if code.upper() not in self._taken}
        self._memory: dict[str, FoundBooks | None] = {}

    def find(self, text: str) -> FoundBooks | None:
        """The books that an entity's text names; the working ones where it names none, and for
        the agency's own names in a demonstration. None for a name that is nobody's. Never raises.
        """
        if text not in self._memory:
            self._memory[text] = self._find(searchable(visible(text)))
        return self._memory[text]

    def _find(self, key: str) -> FoundBooks | None:
        if isinstance(choice := self._choices.get(key), Mapping):
            return self._chosen(choice)
        if not key:
            return _as_found(self._working)
        by_code = [one for one in self._books if searchable(one.code) == key]
        if found := by_code or [one for one in self._books if searchable(one.name) == key]:
            return _as_found(found[0]) if len(found) == 1 else None
        if key in OWN_NAMES or key == searchable(REAL_BOOKS):
            return self._own()
        new = [code for code, name in self._new.items()
               if key in (searchable(code), searchable(name))]  # fmt: skip
        return self._as_new(new[0]) if len(new) == 1 else None

    def _own(self) -> FoundBooks | None:
        """The agency's own: in a demonstration the working books stand for them."""
        if self._working.is_demonstration:
            return _as_found(self._working)
        found = [one for one in self._books if one.code == REAL_BOOKS]
        return _as_found(found[0]) if found else None

    def _chosen(self, choice: Mapping[str, Any]) -> FoundBooks | None:
        new = choice.get("new")
        if isinstance(new, Mapping):
            return self._chosen_new(new)
        code = str(choice.get("books", ""))
        if code in self._new:
            return self._as_new(code)
        found = [one for one in self._books if one.code == code]
        return _as_found(found[0]) if found else None

    def _chosen_new(self, new: Mapping[str, Any]) -> FoundBooks | None:
        """The new books; or those that were opened since with the same code and name."""
        code, name = str(new.get("code", "")).strip(), searchable(str(new.get("name", "")))
        if code in self._new:
            return self._as_new(code)
        same = [one for one in self._books if one.code == code and searchable(one.name) == name]
        return _as_found(same[0]) if same else None

    def _as_new(self, code: str) -> FoundBooks:
        return FoundBooks(code, self._opened.get(code), True, self._working.is_demonstration)

    def suggestions(self, text: str) -> list[dict[str, str]]:
        """Books that an unknown text may mean, at most five: code, name, why."""
        key = searchable(visible(text))
        typed = telling_words(key)
        found = []
        for one in self._books:
            names = [searchable(one.name), searchable(one.code)]
            likeness = max(likeness_of(typed, telling_words(name)) for name in names)
            if likeness >= ALIKE_NAMES:
                found.append((1, one, _("almost the same letters")))
            elif key and any(f" {key} " in f" {n} " or f" {n} " in f" {key} " for n in names):
                found.append((2, one, _("contains the name")))
        found.sort(key=lambda three: three[0])
        return [{"code": one.code, "name": one.name, "why": why}
                for _rank, one, why in found[:MOST_SUGGESTED]]  # fmt: skip


def _as_found(ledger: Ledger) -> FoundBooks:
    return FoundBooks(ledger.code, ledger.pk, False, ledger.is_demonstration)
