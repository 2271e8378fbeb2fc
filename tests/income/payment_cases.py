"""What the tests of payments share: an agreement in kronor, and payments under it."""

import datetime
from decimal import Decimal
from typing import Any

from donors.models import Donor
from income.models import Contribution, Currency, Entry, Fund, Ledger, Posting
from income.services import PromisedContribution, ReceivedMoney, record_receipt, sign_agreement
from income.services.actors import Actors

TODAY = datetime.date(2022, 12, 15)
SIGNED = datetime.date(2021, 3, 4)
JUNE_3 = datetime.date(2021, 6, 3)
SCHEDULE = (
    (datetime.date(2021, 6, 1), Decimal(3_000_000)),
    (datetime.date(2022, 6, 1), Decimal(4_000_000)),
)


def d(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def currency(code: str) -> Currency:
    return Currency.objects.get(code=code)


def agreement(ledger: Ledger, actors: Actors, token: str = "sign", **changed: Any) -> Contribution:
    """Sweden signs SEK 7 million on 4 March 2021, at 8.5431, in instalments of 3 and 4 million."""
    row = {
        "donor": Donor.objects.get(code="SWE"), "fund": Fund.objects.get(code="FE"),
        "title": "Adequate housing", "currency": currency("SEK"), "amount": Decimal(7_000_000),
        "promised_on": SIGNED, "schedule": SCHEDULE, "support_rate": Decimal("0.13"), **changed,
    }  # fmt: skip
    promise = PromisedContribution(**row)
    posting = sign_agreement(ledger, promise, token=token, today=TODAY, actors=actors)
    contribution = posting.entries.first().contribution  # type: ignore[union-attr]
    assert contribution is not None
    return contribution


def pay(
    contribution: Contribution, amount: str, actors: Actors, *, token: str = "pay",
    code: str = "SEK", received_on: datetime.date = JUNE_3, **changed: Any,
) -> Posting:  # fmt: skip
    """A payment of the amount, on 3 June 2021 (SEK 8.3966 per US dollar)."""
    money = ReceivedMoney(
        currency=currency(code), amount=d(amount), received_on=received_on, **changed
    )
    return record_receipt(
        contribution.ledger, contribution, money, token=token, today=TODAY, actors=actors
    )


def lines(posting: Posting) -> list[tuple[str, str, int | None, Decimal, Decimal | None]]:
    """Kind, reason, instalment, amount and US dollars of every entry."""
    return [
        (e.kind, e.reason, e.instalment.number if e.instalment else None, e.amount, e.amount_usd)
        for e in posting.entries.select_related("instalment").order_by("line")
    ]


def receipts(posting: Posting) -> list[Entry]:
    return list(posting.entries.filter(kind="receipt").order_by("line"))
