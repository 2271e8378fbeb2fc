"""What may not be asked, said in a sentence."""

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from interface.errors import PortalError


class QuestionWrong(PortalError):
    """An address that asks for what is not there; names what can be asked."""


class NoBooks(QuestionWrong):
    def __init__(self) -> None:
        super().__init__(_("There are no books yet: nothing has been loaded or entered."))


class ToldElsewhere(QuestionWrong):
    """Promises, asked for by who may only see sums that give away no single donor.

    `address` asks the page of the three bases, which makes such sums of whole years.
    """

    def __init__(self, books: str, year: str) -> None:
        super().__init__(
            _("What was promised is told by whole years, on the page of the three bases."),
            field="basis",
        )
        self.address = urlencode({"books": books} | ({"year": year} if year.isdecimal() else {}))
