"""All that is needed around a row: tables, donors, books, agreements; loaded once for a file."""

import datetime
from collections.abc import Mapping
from functools import cached_property

from django.utils.translation import gettext as _

from income.imports.choices import Choices
from income.imports.judging.agreements import Agreements
from income.imports.judging.books import Books, BooksLike, Shelf
from income.imports.judging.known import Diligence, Known
from income.imports.judging.memory import Remembered
from income.imports.judging.names import UnknownNames
from income.imports.judging.row import Row
from income.imports.naming.books import BooksBook
from income.imports.naming.donors import LEFT_OUT, UNKNOWN, DonorBook, key_of
from income.models import Ledger


class Giver:
    """A donor of the books, or one that the import makes (`pk` below zero until then)."""

    __slots__ = ("choice", "chosen", "code", "pk", "status")

    def __init__(
        self, pk: int | None, code: str, status: str, *, chosen: str = "", choice: str = ""
    ) -> None:
        self.pk, self.code, self.status = pk, code, status
        self.chosen = chosen  # the key of the user's choice of a donor for the name, to remember
        self.choice = choice  # the key of whatever was chosen for it; both empty without one


Asked = tuple[str, str, str]  # name, code, ISO3


class Around:
    """What rows are judged with. Nothing here is asked of the database row by row."""

    def __init__(
        self, choices: Choices, ledger: Ledger, *, today: datetime.date, by_people: bool,
        new_donors: Mapping[str, int], new_books: Mapping[str, int], locks: bool,
    ) -> None:  # fmt: skip
        self.today, self.by_people = today, by_people
        self.known = Known()
        self.dollars = self.known.currencies["USD"]
        self.shelf = Shelf(ledger, today=today, adjusts=bool(choices.because.strip()))
        self.agreements = Agreements(locks=locks)
        self.unknown_donors, self.unknown_books = UnknownNames(), UnknownNames()
        self.chosen_donors, self.chosen_books = UnknownNames(), UnknownNames()
        self._choices = choices
        self._donors, self._books_book = (
            DonorBook(choices, new_donors),
            BooksBook(choices, ledger, new_books),
        )
        self._givers: Remembered[Asked, Giver] = Remembered(self._giver)
        self._books: Remembered[str, Books | None] = Remembered(self._find_books)

    @cached_property
    def diligence(self) -> Diligence:
        """Loaded for the first agreement; most files have none."""
        return Diligence(self._choices)

    def giver(self, row: Row, *, is_needed: bool = True) -> Giver | None:
        """The row's donor; None where it names none, or the row is told that nobody knows it."""
        asked = (row.donor, row.donor_code, row.iso3)
        if not any(asked):
            if is_needed:
                row.missing("donor")
            return None
        return self._told(row, asked, "donor" if row.donor else _named_in(row))

    def giver_if_known(self, row: Row) -> Giver | None:
        """The row's donor, for comparison only: a name that is nobody's is not told."""
        found = self._givers[row.donor, row.donor_code, row.iso3]
        row.is_left_out = found.status == LEFT_OUT
        if found.chosen:
            row.chosen = (*row.chosen, found.chosen)
        return found if found.pk is not None else None

    def channel(self, row: Row, giver: Giver | None) -> int | None:
        """Through whom the money comes, where that is not the donor."""
        if not row.channel:
            return None
        found = self._told(row, (row.channel, "", ""), "channel")
        if found is None or giver is None:
            return None
        if found.pk == giver.pk:
            row.warn("channel_is_donor", "channel",
                     _("The donor is its own channel: leave this empty."))  # fmt: skip
            return None
        return found.pk

    def books(self, row: Row) -> Books | None:
        """The books the row goes to: those its entity stands for, else those worked in."""
        if not row.entity:
            return None if "entity" in row.unread else self.shelf.working
        found = self._books[row.entity]
        if found is None:
            row.nobody = (*row.nobody, (self.unknown_books, row.entity, "", ""))
            row.wrong(
                "unknown_books", "entity",
                _("No books are called “%(name)s”. Choose books for this name, or make new ones.")
                % {"name": row.entity[:80]},
            )  # fmt: skip
        elif self._choices.books and (key := key_of(row.entity)) in self._choices.books:
            self.chosen_books.count(row.entity, key=key)
        return found

    def _told(self, row: Row, asked: Asked, field: str) -> Giver | None:
        found = self._givers[asked]
        if found.chosen:
            row.chosen = (*row.chosen, found.chosen)
        name = next(part for part in asked if part)
        if found.choice:
            self.chosen_donors.count(name, asked[2], key=found.choice)
        if found.pk is not None:
            return found
        if found.status == LEFT_OUT:
            row.is_left_out = True
            return None
        contributor_type = "" if field == "channel" else row.contributor_type
        row.nobody = (*row.nobody, (self.unknown_donors, name, asked[2], contributor_type))
        row.wrong(
            "unknown_donor", field,
            _("No donor is called “%(name)s”. Choose a donor for this name, or add one.")
            % {"name": name[:80]},
        )  # fmt: skip
        return None

    def _giver(self, asked: Asked) -> Giver:
        name, code, iso3 = asked
        found = self._donors.find(name, code=code, iso3=iso3)
        key = key_of(name)
        choice = self._choices.donors.get(key) if key and found.pk is not None else None
        is_chosen = isinstance(choice, Mapping) and bool(choice.get("donor"))
        whole = key_of(*asked)
        has_choice = found.status != UNKNOWN and whole in self._choices.donors
        return Giver(
            found.pk, found.code, found.status, chosen=key if is_chosen else "",
            choice=whole if has_choice else "",
        )  # fmt: skip

    def _find_books(self, name: str) -> Books | None:
        found: BooksLike | None = self._books_book.find(name)
        return None if found is None else self.shelf.open(found)


def _named_in(row: Row) -> str:
    return "donor_code" if row.donor_code else "iso3"
