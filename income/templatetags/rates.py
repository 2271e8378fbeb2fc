"""The line that says how old the exchange rates of a page are."""

from typing import Any

from django import template
from django.utils import timezone

from accounts.permissions import Permission
from income.rates.as_of import rates_as_of
from income.selectors import working_books

register = template.Library()


@register.inclusion_tag("income/_rates_as_of.html", takes_context=True)
def rates_line(context: template.Context, is_quiet: bool = False) -> dict[str, Any]:
    """Newest rate and last load; amber when the load failed or the rates are old.

    Part of a page, so it asks for today as a view does. A reason that may name a host is for
    staff alone. `is_quiet`: without a link, for the page of the rates itself.
    """
    with_demonstration = context.get("demonstration_books")
    if with_demonstration is None:
        books = working_books()
        with_demonstration = books is not None and books.is_demonstration
    user = context.get("user")
    is_staff = user is not None and user.is_authenticated and user.may(Permission.VIEW_BANK_DATA)
    opens = user is not None and user.is_authenticated and user.may(Permission.VIEW_BOARD)
    found = rates_as_of(timezone.localdate(), with_demonstration=bool(with_demonstration))
    return {"rates": found, "is_staff": is_staff, "has_link": opens and not is_quiet}
