"""The address of the entries behind a figure, built in this one place."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode

from income.periods import YearMonth

NONE = "none"  # not attributed to a donor, not allocated to a region


def entries(
    books: str,
    kinds: Iterable[str],
    funds: Iterable[str],
    first: YearMonth,
    last: YearMonth,
    *,
    donor: str = "",
    region: str = "",
    mode: str = "",
    donors: str = "",
) -> str:
    """Entries of the kinds and funds with a value date from the first to the last month.

    `donor` and `region` are codes, or `none` for what has none; `donors=member_states` keeps
    entries of Member States.
    """
    parts: list[tuple[str, str]] = [("books", books)]
    parts += [("kind", kind) for kind in kinds]
    parts += [("fund", fund) for fund in funds]
    narrow = {"donor": donor, "region": region, "mode": mode, "donors": donors}
    parts += [(name, value) for name, value in narrow.items() if value]
    parts += [("from", first.slug), ("to", last.slug)]
    return f"{reverse('entry_list')}?{urlencode(parts)}"
