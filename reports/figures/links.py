"""The address of the entries behind a figure, built in this one place."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.http import urlencode

from income.periods import YearMonth

NONE = "none"  # not attributed to a donor, not allocated to a region
KEPT = 1 << 10  # addresses without their donor: a page with 5,000 donors has some dozens


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
    asked = {"donor": donor, "region": region, "mode": mode, "donors": donors}
    asked |= {"donor_type": donor_type, "level": level, **(narrow or {})}
    of_donor = asked.pop("donor")
    others = tuple((name, value) for name, value in asked.items() if value)
    until = () if after is None else (("after", str(after)),)
    months = (("from", first.slug), ("to", last.slug))
    before, behind = _around(
        get_script_prefix(), books, tuple(kinds), tuple(funds), (*others, *until, *months)
    )
    return f"{before}{_said(of_donor)}{behind}" if of_donor else before + behind


@lru_cache(maxsize=1 << 13)
def _said(donor: str) -> str:
    return "&" + urlencode({"donor": donor})


@lru_cache(maxsize=KEPT)
def _around(
    _prefix: str, books: str, kinds: tuple[str, ...], funds: tuple[str, ...],
    others: tuple[tuple[str, str], ...],
) -> tuple[str, str]:  # fmt: skip
    """What stands before the donor in an address, and what behind it."""
    parts = [("books", books), *(("kind", kind) for kind in kinds)]
    parts += [("fund", fund) for fund in funds]
    return f"{reverse('entry_list')}?{urlencode(parts)}", f"&{urlencode(others)}"
