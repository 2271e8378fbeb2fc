"""The UN CEB files read back from their bytes, against the audited revenue of the books."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from donors.naming import UNNAMED
from income.models import Ledger
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.vocabulary import Kind
from reports.ceb.columns import BY_CONTRIBUTOR, BY_INSTRUMENT
from reports.ceb.reading import KEY, read_back
from reports.ceb.revenue import NOT_ATTRIBUTED, NOT_REPORTED, audited_entries
from reports.ceb.writing import file_name, revenue_files
from reports.figures.scope import Scope
from reports.publications.bridging import BridgeRow
from reports.publications.checks import Check
from reports.updates.preparing import moved_at

ZERO = Decimal(0)
WHO, WHICH = KEY.index("contributor_code"), KEY.index("instrument_code")
ENDINGS = ("csv", "xlsx")
Sums = Mapping[str, Decimal]


def checks_at(ledger: Ledger, year: int, until: int) -> Iterator[Check]:
    """The same for the files that the books give now, as known at the sequence."""
    made = revenue_files(ledger, year, until, moved_at(ledger, until))
    yield from checks(ledger, year, until, {file.name: file.content for file in made})


def checks(ledger: Ledger, year: int, until: int, files: Mapping[str, bytes]) -> Iterator[Check]:
    """Every contributor and every instrument of either form of the files, and their totals.

    `files` are by name. Raises KeyError for one that is not there, CebFileWrong.
    """
    entries = audited_entries(ledger, year, until).filter(amount_usd__isnull=False)
    link = Scope(ledger, until=until).link(
        [Kind.AUDITED_REVENUE], YearMonth(year, 1), YearMonth(year, 12), mode=""
    )
    total = entries.aggregate(usd=Sum("amount_usd"))["usd"] or ZERO
    in_books = {
        BY_CONTRIBUTOR: _by_donor(entries.order_by()),
        BY_INSTRUMENT: _by_code(entries.order_by().values_list("instrument")),
    }
    for what, place in ((BY_CONTRIBUTOR, WHO), (BY_INSTRUMENT, WHICH)):
        for ending in ENDINGS:
            name = file_name(ledger, year, what, ending)
            in_file = _summed(files[name], name, place)
            said = sum(in_file.values(), ZERO)
            yield Check("ceb_total", said, total, year=year, about=name, link=link)
            code = f"ceb_{what.replace('-', '_')}"
            for key in sorted({*in_file, *in_books[what]}):
                usd = in_books[what].get(key, ZERO)
                about = f"{name}: {key}"
                yield Check(code, in_file.get(key, ZERO), usd, year=year, about=about, link=link)


def end_of_bridge(
    ledger: Ledger, year: int, until: int, files: Mapping[str, bytes], rows: Iterable[BridgeRow]
) -> Check:
    """The audited revenue at the end of the bridge, fund by fund, against the file's total."""
    name = file_name(ledger, year, BY_INSTRUMENT, "csv")
    end = (row.amount_usd for row in rows if row.code == Kind.AUDITED_REVENUE)
    said = sum(_summed(files[name], name, WHICH).values(), ZERO)
    return Check("ceb_bridge", said, sum(end, ZERO), year=year, about=name)


def _summed(content: bytes, name: str, place: int) -> Sums:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for key, usd in read_back(content, name).items():
        found[key[place]] += usd
    return _not_zero(found)


def _by_donor(entries: EntryQuerySet) -> Sums:
    """By the code of the donor, or what stands in its place."""
    named = entries.exclude(Q(donor=None) | Q(donor__is_unnamed=True)).values_list("donor__code")
    found = dict(_by_code(named))
    for code, rows in (
        (NOT_ATTRIBUTED, entries.filter(donor=None)),
        (UNNAMED, entries.filter(donor__is_unnamed=True)),
    ):
        found[code] = rows.aggregate(usd=Sum("amount_usd"))["usd"] or ZERO
    return _not_zero(found)


def _by_code(rows: Any) -> Sums:
    found = {code or NOT_REPORTED: usd for code, usd in rows.annotate(usd=Sum("amount_usd"))}
    return _not_zero(found)


def _not_zero(sums: Sums) -> dict[str, Decimal]:
    return {key: usd for key, usd in sums.items() if usd}
