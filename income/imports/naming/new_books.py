"""New books that an import opens: proposed from an entity's name, opened when it is posted."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from donors.names import searchable
from donors.recognising import visible
from donors.services import code_from
from income.imports.choices import Choices
from income.models import Ledger
from interface.errors import PortalError

LONGEST_CODE = 20
LONGEST_NAME = 200
CODE = re.compile(rf"[-A-Za-z0-9_]{{1,{LONGEST_CODE}}}")


class BooksWrong(PortalError):
    """Books that rows cannot go to, or that cannot be opened."""


class BooksMixed(BooksWrong):
    """A demonstration's rows for an agency's own books, or the other way round."""

    def __init__(self, ledger: Ledger) -> None:
        sentence = (
            _("The books “%(name)s” are a demonstration's. Real rows cannot go there.")
            if ledger.is_demonstration
            else _("The books “%(name)s” are real. Rows of a demonstration cannot go there.")
        )
        super().__init__(sentence % {"name": str(ledger)})


def new_books_of(choices: Choices) -> dict[str, str]:
    """The names of the choices' new books by code, in the order of the codes."""
    found: dict[str, str] = {}
    for _key, choice in sorted(choices.books.items()):
        new = choice.get("new") if isinstance(choice, Mapping) else None
        if isinstance(new, Mapping) and (code := str(new.get("code") or "").strip()):
            found.setdefault(code, " ".join(str(new.get("name") or "").split()))
    return {code: found[code] for code in sorted(found)}


def new_books_choice(text: str, *, taken: set[str] | None = None) -> dict[str, Any]:
    """New books named by the text, as a choice. Its code is then in `taken` (codes in capitals;
    without it they are looked up). Raises BooksWrong for a text that cannot be a name.
    """
    name = visible(text)
    _refuse_name(name)
    if taken is None:
        taken = {code.upper() for code in Ledger.objects.values_list("code", flat=True)}
    code = code_from(name, taken, longest=LONGEST_CODE, otherwise="BOOKS")
    taken.add(code)
    return {"new": {"code": code, "name": name}}


def check_books_choices(choices: Choices, working: Ledger) -> None:
    """Raise BooksWrong for books that are not there or cannot be opened, BooksMixed for those of
    the other sort.
    """
    by_code = {one.code: one for one in Ledger.objects.order_by("code")}
    new = new_books_of(choices)
    for choice in choices.books.values():
        code = str(choice.get("books", ""))
        if choice.get("new") or code in new:
            continue
        if code not in by_code:
            raise BooksWrong(
                _("There are no books called “%(code)s”. Choose others.") % {"code": code[:40]}
            )
        if by_code[code].is_demonstration != working.is_demonstration:
            raise BooksMixed(by_code[code])
    taken = {code.upper() for code in by_code}
    names = {searchable(one.name) for one in by_code.values()
             if one.is_demonstration == working.is_demonstration}  # fmt: skip
    for code, name in new.items():
        _refuse_new(code, name, taken, names)
        taken.add(code.upper())
        names.add(searchable(name))


def make_new_books(choices: Choices, working: Ledger, *, by: User | None) -> dict[str, int]:
    """Open the new books inside the caller's transaction; primary keys by code.

    They are a demonstration's where the working books are. Raises BooksWrong.
    """
    check_books_choices(choices, working)
    made = {}
    for code, name in new_books_of(choices).items():
        row = Ledger(code=code, name=name, is_demonstration=working.is_demonstration)
        try:
            with transaction.atomic():  # a savepoint: the caller may tell the error
                row.save(force_insert=True)
        except IntegrityError as error:
            raise _taken(code) from error
        after = {"code": code, "name": name, "is_demonstration": row.is_demonstration}
        record("open_books", row, by=by, after=after)
        made[code] = row.pk
    return made


def _refuse_new(code: str, name: str, taken: set[str], names: set[str]) -> None:
    if not CODE.fullmatch(code):
        raise BooksWrong(
            _(
                "“%(code)s” cannot be the code of books: write 1 to 20 letters, digits, hyphens "
                "or underscores."
            )
            % {"code": code[:40]}
        )
    _refuse_name(name)
    if code.upper() in taken:
        raise _taken(code)
    if searchable(name) in names:
        raise BooksWrong(
            _("There are books called “%(name)s” already. Choose those, or another name.")
            % {"name": name}
        )


def _refuse_name(name: str) -> None:
    if not searchable(name) or len(name) > LONGEST_NAME:
        raise BooksWrong(
            _("“%(name)s” cannot be the name of books: write 1 to 200 letters.")
            % {"name": name[:40]}
        )


def _taken(code: str) -> BooksWrong:
    return BooksWrong(
        _("There are books with the code “%(code)s” by now. Check the file again.") % {"code": code}
    )
