"""The address of the entries behind a figure, built in this one place."""

from collections.abc import Iterable, Mapping

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
    narrow: Mapping[str, str] | None = None,
) -> str:
    """Entries of the kinds and funds with a value date from the first to the last month.

    `donor` and `region` are codes, or `none` for what has none; `donors=member_states` keeps
    entries of Member States, `donor_type` those of a contributor type; `level=parent` takes the
    donor with its parts. `after` keeps what was posted after a sequence of them. `narrow` holds
    further names of `EntryFilter`, such as `until`, `programme`, `area` or `instrument`.
    """
    parts: list[tuple[str, str]] = [("books", books)]
    parts += [("kind", kind) for kind in kinds]
    parts += [("fund", fund) for fund in funds]
    asked = {"donor": donor, "region": region, "mode": mode, "donors": donors}
    asked |= {"donor_type": donor_type, "level": level, **(narrow or {})}
    parts += [(name, value) for name, value in asked.items() if value]
    parts += [] if after is None else [("after", str(after))]
    parts += [("from", first.slug), ("to", last.slug)]
    return f"{reverse('entry_list')}?{urlencode(parts)}"
