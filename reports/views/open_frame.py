"""What every public page has around its figures."""

from typing import Any

from django.http import HttpRequest

from reports.figures.provenance import Basis
from reports.open.data import open_files
from reports.open.places import Address, alternates
from reports.open.responses import Opened


def frame(request: HttpRequest, opened: Opened, address: Address) -> dict[str, Any]:
    """Head, languages, books and the line that says of when and of which state the figures are."""
    found = opened.published
    return {
        "opened": opened,
        "published": found,
        "as_at": found.as_at,
        "basis": Basis.RECEIVED.label,
        "demonstration_books": found.ledger.is_demonstration,
        "alternates": alternates(request, address, request.META.get("QUERY_STRING", "")),
        "has_data": bool(open_files(opened)),
    }
