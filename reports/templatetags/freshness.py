"""The lines that say how fresh the figures of a page are."""

from typing import Any

from django import template

from accounts.permissions import Permission
from income.periods import YearMonth
from reports.figures.provenance import Provenance
from reports.figures.scope import State
from reports.freshness import freshness_of, troubles

register = template.Library()


@register.inclusion_tag("reports/_freshness_line.html")
def freshness(
    source: Provenance | State,
    as_at: YearMonth | None = None,
    period: str = "",
    basis: str = "",
) -> dict[str, Any]:
    """For the foot of a page: books, period, basis, status, as-at date, state and seal."""
    return {"fresh": freshness_of(source, as_at=as_at, period=period, basis=basis)}


@register.inclusion_tag("reports/_standing.html", takes_context=True)
def standing(
    context: template.Context,
    source: Provenance | State,
    as_at: YearMonth | None = None,
    period: str = "",
    basis: str = "",
    prints: bool = True,
) -> dict[str, Any]:
    """For the head of a page: the same in short, amber with the reason where a load failed.

    With a button to print the page, unless the page has its own (`prints`).
    An earlier state of the books is told as it was then, whatever failed since.
    """
    user = context.get("user")
    is_past = isinstance(source, Provenance) and source.known is not None
    return {
        "fresh": freshness_of(source, as_at=as_at, period=period, basis=basis),
        "prints": prints,
        "troubles": [(one, _may(user, one.opens)) for one in ([] if is_past else troubles(source))],
        "is_staff": _may(user, Permission.VIEW_BANK_DATA),
    }


def _may(user: Any, permission: str) -> bool:
    return user is not None and user.is_authenticated and bool(user.may(permission))
