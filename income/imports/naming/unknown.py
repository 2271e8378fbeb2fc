"""The names of a file that are nobody's, with who they may be or were chosen to be."""

from collections.abc import Iterable

from income.imports.choices import Choices
from income.imports.course.report import UnknownName
from income.imports.judging import Judge
from income.imports.naming.books import BooksBook
from income.imports.naming.donors import DonorBook
from income.models import Ledger


def unknown_donors(judge: Judge, choices: Choices) -> list[UnknownName]:
    """Those that the judge met, the most frequent first, each with suggestions."""
    names = _ranked(judge.unknown_donors.values())
    if not names:
        return []
    book = DonorBook(choices)
    for name in names:
        name.suggestions = book.suggestions(name.text, name.iso3)
        name.choice = dict(choices.donors.get(name.key, {}))
    return names


def unknown_books(judge: Judge, choices: Choices, working: Ledger) -> list[UnknownName]:
    """Those that the judge met, the most frequent first, each with suggestions."""
    names = _ranked(judge.unknown_books.values())
    if not names:
        return []
    book = BooksBook(choices, working)
    for name in names:
        name.suggestions = book.suggestions(name.text)
        name.choice = dict(choices.books.get(name.key, {}))
    return names


def chosen_names(judge: Judge, choices: Choices) -> tuple[list[UnknownName], list[UnknownName]]:
    """The donors' and the books' names that a choice decides, each with its choice."""
    donors, books = _ranked(judge.chosen_donors.values()), _ranked(judge.chosen_books.values())
    for name in donors:
        name.choice = dict(choices.donors[name.key])
    for name in books:
        name.choice = dict(choices.books[name.key])
    return donors, books


def _ranked(names: Iterable[UnknownName]) -> list[UnknownName]:
    return sorted(names, key=lambda name: (-name.rows, name.text))
