"""Choices are refused when they are made, with a sentence, and not only when a file is posted."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from donors.adding import NewDonorsWrong
from donors.models import Donor
from income.imports.choices import Choices
from income.imports.naming.new_books import check_books_choices
from income.imports.naming.new_donors import check_donor_choices, new_donors_of
from income.models import Ledger

Chosen = Mapping[str, Mapping[str, Any]]


def check_choices(choices: Choices, before: Choices, working: Ledger) -> None:
    """Raise NewDonorsWrong, BooksWrong, BooksMixed for what is decided otherwise than `before`.

    What stood before is not asked about again: somebody may have added a donor or opened books
    since, which the check of the file tells, and another decision must not wait for it.
    """
    if donors := _changed(choices.donors, before.donors):
        check_donor_choices(choices)
        _refuse_unknown(donors, choices)
    if books := _changed(choices.books, before.books):
        check_books_choices(Choices(books=books | _still_new(choices, books)), working)


def _changed(chosen: Chosen, before: Chosen) -> dict[str, Mapping[str, Any]]:
    return {key: choice for key, choice in chosen.items() if before.get(key) != choice}


def _still_new(choices: Choices, changed: Chosen) -> dict[str, Mapping[str, Any]]:
    """New books that were chosen before and that nobody opened since."""
    opened = {code.upper() for code in Ledger.objects.values_list("code", flat=True)}
    return {
        key: choice
        for key, choice in choices.books.items()
        if key not in changed
        and "new" in choice
        and str(choice["new"].get("code", "")).upper() not in opened
    }


def _refuse_unknown(chosen: Chosen, choices: Choices) -> None:
    """Codes that are neither a donor's nor a new donor's."""
    codes = {str(one["donor"]) for one in chosen.values() if one.get("donor")}
    known = set(Donor.objects.filter(code__in=codes).values_list("code", flat=True))
    known |= {one.code for one in new_donors_of(choices)}
    if unknown := sorted(codes - known):
        raise NewDonorsWrong(
            _("There is no donor with the code “%(code)s”. Choose another.")
            % {"code": unknown[0][:40]}
        )
