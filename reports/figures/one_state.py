"""An answer is of one state of the books: asked again when a posting came between."""

from django.utils.translation import gettext as _

from interface.errors import PortalError

TRIES = 5


class BooksMoving(PortalError):
    def __init__(self) -> None:
        super().__init__(_("The books are being written to just now. Please try again."))
