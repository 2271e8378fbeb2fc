"""Books that look ahead, small enough to add up by hand. Amounts are US dollars.

`december_payers`: core money of Sweden. 2018: 0.5 million in March, 9.5 in December; 2019: 1.0 and
9.0; 2020: 1.5 and 8.5. So 5, 10 and 15 per cent had come by June. 2021: 1.0 million in March.
Each January one million of the regular budget.
`four_instalments`: an agreement of the European Union, 4.0 million for Foundation earmarked, signed
on 1 February 2021, a million due at the end of each quarter of 2021.
"""

import datetime
from decimal import Decimal
from typing import Any

from donors.models import Donor
from income.models import Contribution, Entry, Ledger
from income.vocabulary import ContributionState, Kind
from reports.figures.dashboard import Dashboard, dashboard
from reports.figures.question import parse
from tests import factories
from tests.reports.hand_made import TODAY, allotted, received

QUARTERS = ("2021-03-31", "2021-06-30", "2021-09-30", "2021-12-31")


def million(amount: str) -> Decimal:
    return Decimal(amount) * 1_000_000


def december_payers(books: Ledger) -> None:
    for year, march, december in (
        (2018, "0.5", "9.5"), (2019, "1.0", "9.0"), (2020, "1.5", "8.5"),
    ):  # fmt: skip
        factories.posting(
            books,
            allotted("1.0", f"{year}-01-15"),
            received(march, "FNE", "SWE", f"{year}-03-01"),
            received(december, "FNE", "SWE", f"{year}-12-20"),
        )
    factories.posting(
        books, allotted("1.0", "2021-01-15"), received("1.0", "FNE", "SWE", "2021-03-01")
    )


def agreed(
    books: Ledger, donor: str, signed: str, *due: tuple[str, str], fund: str = "FE"
) -> Contribution:
    """A signed agreement; each instalment has a day and millions."""
    contribution = factories.contribution(
        ledger=books, donor=Donor.objects.get(code=donor), fund_id=fund,
        state=ContributionState.SIGNED, signed_on=datetime.date.fromisoformat(signed),
        amount=sum((million(usd) for _day, usd in due), Decimal(0)),
    )  # fmt: skip
    for number, (day, usd) in enumerate(due, start=1):
        on = datetime.date.fromisoformat(day)
        row = factories.instalment(
            contribution=contribution, number=number, due_on=on, amount=million(usd)
        )
        entry = received(usd, fund, donor, day)
        entry.kind, entry.programme_support_usd = Kind.DUE, None
        entry.contribution, entry.instalment = contribution, row
        factories.posting(books, entry)
    return contribution


def paid(contribution: Contribution, number: int, usd: str, day: str) -> Entry:
    """An unsaved payment of an instalment, so many millions."""
    entry = received(usd, contribution.fund_id, contribution.donor.code, day)
    entry.contribution = contribution
    entry.instalment = contribution.instalments.get(number=number)
    entry.settled_usd = entry.credited_amount = million(usd)
    return entry


def four_instalments(books: Ledger) -> Contribution:
    return agreed(books, "EU", "2021-02-01", *((day, "1.0") for day in QUARTERS))


def hoped_for(
    books: Ledger, donor: str, usd: str, probability: int, day: str, **more: Any
) -> Contribution:
    """A prospect for Foundation earmarked."""
    return factories.contribution(
        ledger=books, donor=Donor.objects.get(code=donor), state=ContributionState.PROSPECT,
        amount=million(usd), probability=probability,
        expected_on=datetime.date.fromisoformat(day), **more,
    )  # fmt: skip


def ask_as(books: Ledger, /, *, staff: bool = True, **query: str) -> Dashboard:
    """The dashboard as staff sees it, or the Board."""
    asked = {"books": books.code, **query}
    return dashboard(parse(asked, default_books=books.code, today=TODAY, knows_unnamed=staff))
