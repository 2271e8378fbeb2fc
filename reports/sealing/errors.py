"""What may go wrong when a report is sealed or verified."""

from interface.errors import PortalError


class SealingFailed(PortalError):
    """The report was not sealed; nothing half-made exists."""


class SigningFailed(SealingFailed):
    """The key that reports are signed with cannot be used."""


class VerifyWrong(PortalError):
    """What was asked to be verified cannot be."""
