"""A year a finance officer can add up by hand. Amounts are US dollars.

2021: regular budget 14.2 million allotted in January.
Non-earmarked: Sweden 1.5 (March), Norway 1.0 (June), Kenya 0.5 (February) and 0.6 paid back
(November), 0.1 of nobody known (December): 2.5 million.
Earmarked: European Union 20.0 for Africa (April), Sweden 10.0 for the Arab States (May), 4.3 of
nobody known (December): 34.3 million.
Technical cooperation: Japan 100.0 for Asia and the Pacific (July), Norway 44.8 (September): 144.8.
All of 2021: 195.8 million. 2020: regular budget 15.0, Sweden 1.0 and Kenya 0.3 non-earmarked: 16.3.
"""

import datetime
from decimal import Decimal

from django.http import QueryDict

from donors.models import Donor
from income.models import Entry, Ledger
from income.periods import YearMonth
from income.vocabulary import Kind
from reports.figures.dashboard import Dashboard, dashboard
from reports.figures.question import parse
from tests import factories

TODAY = datetime.date(2022, 12, 15)
DECEMBER = YearMonth(2021, 12)


def received(millions: str, fund: str, donor: str | None, day: str, region: str = "") -> Entry:
    """An unsaved receipt of so many millions, with 13 per cent support on earmarked money."""
    return factories.entry(
        f"{Decimal(millions) * 1_000_000:.2f}",
        fund_id=fund,
        donor=Donor.objects.get(code=donor) if donor else None,
        value_date=datetime.date.fromisoformat(day),
        region_id=region or None,
        support_rate="0.13" if fund in ("FE", "TC") else "",
    )


def allotted(millions: str, day: str) -> Entry:
    """An unsaved allotment of the regular budget."""
    entry = received(millions, "RB", None, day)
    entry.kind = Kind.ALLOTMENT
    return entry


def audited(millions: str, fund: str, donor: str | None, year: int) -> Entry:
    """Unsaved audited revenue of a year."""
    entry = received(millions, fund, donor, f"{year}-12-31")
    entry.kind, entry.programme_support_usd = Kind.AUDITED_REVENUE, None
    return entry


def fill(books: Ledger) -> None:
    """Post the two years described above."""
    factories.posting(
        books,
        allotted("15.0", "2020-01-15"),
        received("1.0", "FNE", "SWE", "2020-03-01"),
        received("0.3", "FNE", "KEN", "2020-08-01"),
        allotted("14.2", "2021-01-15"),
        received("0.5", "FNE", "KEN", "2021-02-10"),
        received("1.5", "FNE", "SWE", "2021-03-04"),
        received("20.0", "FE", "EU", "2021-04-12", "AFRICA"),
        received("10.0", "FE", "SWE", "2021-05-20", "ARAB"),
        received("1.0", "FNE", "NOR", "2021-06-30"),
        received("100.0", "TC", "JPN", "2021-07-01", "ASIA_PACIFIC"),
        received("44.8", "TC", "NOR", "2021-09-09"),
        received("-0.6", "FNE", "KEN", "2021-11-02"),
        received("0.1", "FNE", None, "2021-12-01"),
        received("4.3", "FE", None, "2021-12-31"),
    )


def ask(books: Ledger, /, **query: str) -> Dashboard:
    """The dashboard of the books; `as_at`, `targets` and so on as in its address."""
    return dashboard(parse({"books": books.code, **query}, default_books=books.code, today=TODAY))


def query_of(link: str) -> QueryDict:
    """The parameters of an address."""
    return QueryDict(link.partition("?")[2])
