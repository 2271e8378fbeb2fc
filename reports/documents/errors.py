"""Why a report cannot be made."""

from interface.errors import PortalError


class NothingToReport(PortalError):
    """There is no such report: of no receipt, of no promise, of days that are still to come."""
