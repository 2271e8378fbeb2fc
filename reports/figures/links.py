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
    donor_type: str = "",
    level: str = "",
    after: int | None = None,
) -> str:
    """Entries of the kinds and funds with a value date from the first to the last month.

    `donor` and `region` are codes, or `none` for what has none; `donors=member_states` keeps
    entries of Member States, `donor_type` those of a contributor type; `level=parent` takes the
    donor with its parts. `after` keeps what was posted after a sequence of the books.
    """
    parts: list[tuple[str, str]] = [("books", books)]
    parts += [("kind", kind) for kind in kinds]
    parts += [("fund", fund) for fund in funds]
    narrow = {"donor": donor, "region": region, "mode": mode, "donors": donors}
    narrow |= {"donor_type": donor_type, "level": level}
    parts += [(name, value) for name, value in narrow.items() if value]
    parts += [] if after is None else [("after", str(after))]
    parts += [("from", first.slug), ("to", last.slug)]
    return f"{reverse('entry_list')}?{urlencode(parts)}"
