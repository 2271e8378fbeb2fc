"""Books for the reports to donors: Sweden's gifts of four years, and an agreement of hers.

US$ 1,000.00 of core money on 4 March 2021; SEK 80,000 at 8 to the dollar (US$ 10,000.00) of
earmarked money on 1 June 2021; US$ 300.00 in 2020 and US$ 200.00 in 2022. Of an agreement over
SEK 400 in four years, SEK 130 came on 1 March 2021.
"""

import datetime
from decimal import Decimal

import pytest

from donors.models import Donor
from income.models import Currency, Entry, Fund
from income.services import PromisedContribution, ReceivedMoney, record_receipt, sign_agreement
from income.services.actors import SYSTEM
from tests import factories

LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.fixture
def books(ledger):
    factories.posting(ledger, factories.entry("1000.00"), reference="BANK-1")
    earmarked = factories.entry(
        "80000.00", units_per_usd="8", currency_id="SEK", fund_id="FE", value_date=day("2021-06-01")
    )
    factories.posting(ledger, earmarked, reference="BANK-2")
    for amount, on in (("300.00", "2020-05-05"), ("200.00", "2022-02-02")):
        factories.posting(ledger, factories.entry(amount, value_date=day(on)))
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def kronor(books):
    """The receipt of SEK 80,000."""
    return Entry.objects.get(ledger=books, amount=80000)


@pytest.fixture
def agreement(books, sweden, today):
    promise = PromisedContribution(
        donor=sweden, fund=Fund.objects.get(code="FE"), title="Four years",
        currency=Currency.objects.get(code="SEK"), amount=Decimal(400),
        promised_on=day("2021-01-10"),
        schedule=[(day(f"{2020 + n}-02-01"), Decimal(100)) for n in range(1, 5)],
    )  # fmt: skip
    posting = sign_agreement(books, promise, token="signed", today=today, actors=SYSTEM)
    one = posting.entries.first().contribution
    paid = ReceivedMoney(
        currency=one.currency, amount=Decimal(130), received_on=day("2021-03-01"), automatic=True
    )  # fmt: skip
    record_receipt(books, one, paid, token="paid", today=today, actors=SYSTEM)
    return one


def plain(text):
    """The sentence with ordinary spaces, wherever it must not break."""
    return text.replace("\u00a0", " ")
