"""Books of which January to March 2021 are closed, and their update, for the tests of updates."""

import datetime
from decimal import Decimal

from accounts.models import User
from accounts.permissions import Role
from income.ledger import door
from income.models import Ledger
from income.periods import YearMonth
from income.services import close_month
from reports.models import MonthlyUpdate, UpdateStatus
from reports.updates.preparing import prepare
from tests import factories

D = Decimal
JANUARY, FEBRUARY, MARCH, APRIL, MAY = (YearMonth(2021, number) for number in range(1, 6))
ON_15_APRIL = datetime.datetime(2021, 4, 15, 9, tzinfo=datetime.UTC)
PROVISIONAL, FINAL = UpdateStatus.PROVISIONAL, UpdateStatus.FINAL


def clock(monkeypatch, *day):
    """From now on the books are written at nine in the morning (UTC) of that day."""
    at = datetime.datetime(*day, 9, tzinfo=datetime.UTC)
    locked = door.locked_head
    monkeypatch.setattr(door, "locked_head", lambda books: (locked(books)[0], at))


def paid(books, usd, day, *, fund="FNE", donor="SWE", booked=None, **more):
    """Post a receipt of US dollars on the day, booked in its month unless another is named."""
    on = datetime.date.fromisoformat(day)
    entry = factories.entry(
        usd, value_date=on, fund_id=fund, donor=factories.Donor.objects.get(code=donor), **more
    )
    return factories.posting(books, entry, booked_month=booked or YearMonth.of(on))


def close(books, *months, at=datetime.datetime(2021, 4, 10, 9, tzinfo=datetime.UTC)):
    for month in months:
        close_month(books, month, by=None, at=at)


def three_months(monkeypatch, books):
    """February: Sweden 300,000 core. March: Kenya 50,000 core, European Union 500,000 earmarked."""
    clock(monkeypatch, 2021, 2, 12)
    paid(books, "300000.00", "2021-02-10")
    clock(monkeypatch, 2021, 3, 20)
    paid(books, "50000.00", "2021-03-09", donor="KEN")
    paid(books, "500000.00", "2021-03-18", fund="FE", donor="EU", region_id="AFRICA")
    close(books, JANUARY, FEBRUARY, MARCH)


def without_documents(monkeypatch):
    """The documents are not set, which takes a second for all: a few bytes stand for them."""
    monkeypatch.setattr(
        "reports.updates.preparing.render_update",
        lambda document, *, timestamp: f"%PDF {document.title}".encode(),
    )


def prepared(books: Ledger, month=MARCH, status=PROVISIONAL, *, by: User | None = None):
    by = by or factories.user(role=Role.OFFICER)
    return prepare(books, month, status, by=by, on=datetime.date(2021, 4, 15))


def stored(update: MonthlyUpdate) -> dict[str, bytes]:
    """The bytes of each file, by name."""
    return {file.name: bytes(file.content) for file in update.files.all()}
