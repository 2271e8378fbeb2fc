"""Two years that the blocks are checked on by hand. Amounts are millions of US dollars.

2020: Sweden 1.0 non-earmarked (March) and 4.0 earmarked (April); Norway 2.0 TC (June); Kenya 0.5
non-earmarked (February); Japan 3.0 TC (December). To the end of June: 7.5. In all: 10.5.
2021, to the end of June: Sweden 1.0 non-earmarked (March) and 5.0 earmarked for pooled funds, RISE
UP, softly, in Kenya (April); Norway 1.0 TC, project, tightly, in Somalia (June); Japan 6.0 TC,
thematic, RISE UP, earmarked, in Kenya (May); France 2.0 earmarked for services (February); 0.5
earmarked of nobody known (January): 15.5. Kenya nothing yet. Regular budget 14.2 (January).
"""

from income.models import Entry, Fund, Ledger
from income.periods import YearMonth
from income.totals import donor_sums
from reports.figures.answering import Answering
from reports.figures.dashboard import dashboard
from reports.figures.question import parse
from reports.figures.sums import Sums, kinds_of
from targets.selectors import period_with
from tests import factories
from tests.reports.hand_made import TODAY, allotted, received


def given(
    millions: str, fund: str, donor: str | None, day: str, *, programme: str = "",
    instrument: str = "", step: str = "", area: str = "", region: str = "",
) -> Entry:  # fmt: skip
    """An unsaved receipt with what it is for."""
    entry = received(millions, fund, donor, day, region)
    entry.programme_id, entry.instrument_id = programme or None, instrument or None
    entry.earmarking_id, entry.area_id = step or None, area or None
    return entry


def fill(books: Ledger) -> None:
    """Post the two years described above."""
    factories.posting(
        books,
        given("1.0", "FNE", "SWE", "2020-03-01", step="unearmarked", instrument="R02"),
        given("4.0", "FE", "SWE", "2020-04-01", programme="RISE_UP"),
        given("2.0", "TC", "NOR", "2020-06-30"),
        given("0.5", "FNE", "KEN", "2020-02-02", step="unearmarked", instrument="R02"),
        given("3.0", "TC", "JPN", "2020-12-24"),
        allotted("14.2", "2021-01-15"),
        given("0.5", "FE", None, "2021-01-20"),
        given("2.0", "FE", "FRA", "2021-02-10", instrument="R04C"),
        given("1.0", "FNE", "SWE", "2021-03-04", step="unearmarked", instrument="R02A"),
        given("5.0", "FE", "SWE", "2021-04-12", programme="RISE_UP", instrument="R03A",
              step="softly_earmarked", area="KEN", region="AFRICA"),
        given("6.0", "TC", "JPN", "2021-05-20", programme="RISE_UP", instrument="R03B",
              step="earmarked", area="KEN", region="AFRICA"),
        given("1.0", "TC", "NOR", "2021-06-30", instrument="R03E", step="tightly_earmarked",
              area="SOM", region="AFRICA"),
    )  # fmt: skip


def answering(books: Ledger, *, knows_unnamed: bool = False, **query: str) -> Answering:
    """What the blocks are made from, for the question in the words of its address."""
    said = {"books": books.code, **query}
    question = parse(said, default_books=books.code, today=TODAY, knows_unnamed=knows_unnamed)
    books.refresh_from_db()
    basis, narrow, period = question.basis, question.narrow, period_with(question.as_at.year)
    year = question.as_at.year - question.years
    first = YearMonth(min(year, period.from_year) if period else year, 1)
    sums = Sums.read(books, basis, question.span, first, question.as_at, narrow)
    return Answering(
        question=question,
        ledger=books,
        sums=sums,
        donors=donor_sums(
            books, kinds_of(basis)[0], question.january, question.as_at, mode=sums.mode,
            narrow=narrow,
        ),
        provenance=dashboard(question).provenance,
        names={fund.code: str(fund) for fund in Fund.objects.all()},
        goal_set=None,
        period=period,
    )  # fmt: skip
