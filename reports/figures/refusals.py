"""What may not be asked, said in a sentence."""

from django.utils.translation import gettext as _

from interface.errors import PortalError


class QuestionWrong(PortalError):
    """An address that asks for what is not there; names what can be asked."""


class NoBooks(QuestionWrong):
    def __init__(self) -> None:
        super().__init__(_("There are no books yet: nothing has been loaded or entered."))
