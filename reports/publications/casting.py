"""Whether a publication casts: its files, read back, equal the books; the bridge comes out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from django.db.models import Count, Sum

from income.models import Entry, Ledger
from income.periods import YearMonth
from income.totals import NotConverted
from income.vocabulary import Kind
from reports.ceb.revenue import audited_years
from reports.figures.scope import Scope
from reports.figures.sums import REGULAR_BUDGET
from reports.iati import checking
from reports.iati.ledger_sums import ledger_sums
from reports.iati.reading import read_back
from reports.iati.sums import TYPES, IatiSum
from reports.open.state import Published
from reports.publications import revenue_checks
from reports.publications.bridging import BridgeRow, audited_outside, bridge_year, years_held
from reports.publications.checks import Check, counted
from reports.publications.continuity import kept_identifiers
from reports.publications.covering import CurrencyRow, covered
from reports.publications.problems import FileProblem
from reports.updates.stored import StoredRow, figures_of, rows_of

ZERO = Decimal(0)
ACTIVITIES, ORGANISATION = "activities.xml", "organisation.xml"
KIND_OF = {code: kind for kind, code in TYPES.items()}
MOST_PROBLEMS = 100
OF_BOOKS = (
    Kind.PLEDGE, Kind.AGREEMENT, Kind.DUE, Kind.RECEIPT, Kind.ALLOTMENT, Kind.AUDITED_REVENUE,
)  # fmt: skip


@dataclass(frozen=True)
class LeftOut:
    """Entries of a kind without US dollars: they stand in no line of the bridge."""

    kind: str
    cell: NotConverted


@dataclass(frozen=True)
class Casting:
    """The report of one publication, as it is stored and shown."""

    checks: tuple[Check, ...]
    bridge: tuple[BridgeRow, ...]
    table: tuple[BridgeRow, ...] = ()  # from the Board's table to the IATI file
    currencies: tuple[CurrencyRow, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    problem_count: int = 0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def failing(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.holds)

    @property
    def holds(self) -> bool:
        """Whether everything is equal and the files are in order."""
        return bool(self.checks) and not self.failing and not self.problem_count


def cast_iati(published: Published, files: Mapping[str, BinaryIO]) -> Casting:
    """Check the two files of a published update. Raises UpdateFile.DoesNotExist."""
    ledger, until, as_at = published.ledger, published.sequence, published.as_at
    told = rows_of(figures_of(published.update))
    files[ACTIVITIES].seek(0)
    carried = read_back(files[ACTIVITIES])
    over = covered(published, told, carried)
    years = [bridge_year(ledger, year, until, as_at) for year in years_held(ledger, until, as_at)]
    problems = list(_problems(files))
    checks = [
        *_table_checks(published, told), *_file_checks(published, carried), *over.checks,
        *_continuity(published, files[ACTIVITIES]), *_audited(published),
        *(check for year in years for check in year.checks),
    ]  # fmt: skip
    return Casting(
        checks=tuple(checks), bridge=tuple(row for year in years for row in year.rows),
        table=over.rows, currencies=over.currencies, problems=tuple(problems[:MOST_PROBLEMS]),
        problem_count=len(problems), left_out=tuple(left_out(ledger, until, as_at)),
    )  # fmt: skip


def cast_ceb(ledger: Ledger, year: int, until: int, files: Mapping[str, bytes]) -> Casting:
    """Check the files of a year of audited revenue, and the bridge that leads to it."""
    december = YearMonth(year, 12)
    over = bridge_year(ledger, year, until, december)
    rows = (*over.rows, *audited_outside(ledger, year, until))
    checks = [
        *revenue_checks.checks(ledger, year, until, files), *over.checks,
        revenue_checks.end_of_bridge(ledger, year, until, files, rows),
    ]  # fmt: skip
    found = left_out(ledger, until, december, since=YearMonth(year, 1))
    return Casting(tuple(checks), rows, left_out=tuple(found))


def _table_checks(published: Published, told: Iterable[StoredRow]) -> Iterator[Check]:
    """The Board's table as it was stored, against the entries; what was not reported is not."""
    held = _received(published)
    january = YearMonth(published.as_at.year, 1)
    for row in told:
        if row.actual_usd is None:
            continue
        kinds = [Kind.ALLOTMENT] if row.funds == (REGULAR_BUDGET,) else [Kind.RECEIPT]
        kinds = [Kind.RECEIPT, Kind.ALLOTMENT] if row.is_total else kinds
        scope = Scope(published.ledger, until=published.sequence)
        yield Check(
            "board_table", row.actual_usd, sum((held.get(f, ZERO) for f in row.funds), ZERO),
            year=january.year, fund=row.code,
            link=scope.link(kinds, january, published.as_at, funds=row.funds),
        )  # fmt: skip


def _received(published: Published) -> dict[str, Decimal]:
    """US dollars received or allotted in cash from January on, by fund; one query."""
    found = published.entries([Kind.RECEIPT, Kind.ALLOTMENT]).in_cash()
    rows = found.in_year(published.as_at.year).by_fund().values_list("fund", "amount_usd")
    return {fund: usd or ZERO for fund, usd in rows}


def _file_checks(published: Published, carried: Iterable[IatiSum]) -> Iterator[Check]:
    """Each type, fund and currency of the file against the ledger: how much, and how many."""
    in_file = {_key(one): one for one in carried}
    in_books = {_key(one): one for one in ledger_sums(published)}
    nothing = IatiSum("", "", "", 0, ZERO)
    for key in sorted({*in_file, *in_books}):
        kind, fund, currency = key
        left, right = in_file.get(key, nothing), in_books.get(key, nothing)
        scope = Scope(published.ledger, fund, until=published.sequence)
        link = scope.link([KIND_OF[kind]], None, published.as_at, mode="")
        code = f"iati_{KIND_OF[kind].value}"
        yield Check(
            code, left.amount, right.amount, unit=currency, fund=fund, about=currency, link=link
        )
        yield counted(code, left.count, right.count, fund=fund, about=currency, link=link)


def _key(one: IatiSum) -> tuple[str, str, str]:
    return one.transaction_type, one.fund, one.currency


def _continuity(published: Published, activities: BinaryIO) -> Iterator[Check]:
    """Every activity that was published before is there still, under the same identifier."""
    found = kept_identifiers(published, activities)
    if found is not None:
        about = ", ".join(found.missing)
        yield counted("identifiers", found.kept, found.before, about=about)


def _audited(published: Published) -> Iterator[Check]:
    """The revenue files that these books would give at the same state, of every audited year."""
    for year in audited_years(published.ledger, published.sequence):
        if YearMonth(year, 12) <= published.as_at:
            yield from revenue_checks.checks_at(published.ledger, year, published.sequence)


def _problems(files: Mapping[str, BinaryIO]) -> Iterator[FileProblem]:
    for name, source in files.items():
        source.seek(0)
        for one in checking.problems(source):
            yield FileProblem(name, one.rule, one.where, one.sentence)
        source.seek(0)


def left_out(
    ledger: Ledger, until: int, last: YearMonth, *, since: YearMonth | None = None
) -> Iterator[LeftOut]:
    """What has no US dollars, by kind and currency; what was reversed cancels itself out."""
    entries = Entry.objects.in_books(ledger).not_converted().through(last)
    entries = entries.filter(posting__sequence__lte=until, kind__in=OF_BOOKS)
    if since:
        entries = entries.filter(value_date__gte=since.first_day)
    rows = entries.order_by("kind", "currency").values_list("kind", "currency")
    for kind, currency, count, amount in rows.annotate(count=Count("pk"), total=Sum("amount")):
        if amount:
            yield LeftOut(kind, NotConverted(currency, count, amount))
