"""What may go wrong when a document is set."""

from interface.errors import PortalError


class PdfFailed(PortalError):
    """The document was not made; nothing half-made exists."""
