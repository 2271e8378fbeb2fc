"""The agreement that the tests of its life begin with: Sweden, SEK 7 million, two instalments."""

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from donors.models import Donor
from income import services
from income.models import Contribution, Currency, Fund, Ledger, Posting
from income.services import PromisedContribution, ReceivedMoney
from income.services.actors import Actors

TODAY = datetime.date(2022, 12, 15)
SIGNED = datetime.date(2021, 3, 4)
JUNE = datetime.date(2021, 6, 10)


def promise(**changed: Any) -> PromisedContribution:
    """Sweden promises SEK 7 million to the Foundation, earmarked, in two instalments."""
    row = {
        "donor": Donor.objects.get(code="SWE"),
        "fund": Fund.objects.get(code="FE"),
        "title": "Adequate housing",
        "currency": Currency.objects.get(code="SEK"),
        "amount": Decimal(7_000_000),
        "promised_on": SIGNED,
        "schedule": (
            (datetime.date(2021, 6, 1), Decimal(3_000_000)),
            (datetime.date(2022, 6, 1), Decimal(4_000_000)),
        ),
        "support_rate": Decimal("0.13"),
    }
    return PromisedContribution(**{**row, **changed})  # type: ignore[arg-type]


def sign(ledger: Ledger, actors: Actors, token: str = "sign", **changed: Any) -> Contribution:
    """Sign it; the contribution."""
    posting = services.sign_agreement(
        ledger, promise(**changed), token=token, today=TODAY, actors=actors
    )
    return contribution_of(posting)


def contribution_of(posting: Posting) -> Contribution:
    entry = posting.entries.select_related("contribution").first()
    assert entry and entry.contribution
    return entry.contribution


def pay(
    ledger: Ledger, contribution: Contribution, actors: Actors, amount: Decimal, *, number: int
) -> Posting:
    """A payment in the agreement's currency for one instalment, on 10 June 2021."""
    money = ReceivedMoney(
        contribution.currency, amount, JUNE, instalment=contribution.instalments.get(number=number)
    )
    return services.record_receipt(
        ledger, contribution, money, token=f"pay {number} {amount}", today=TODAY, actors=actors
    )


def standing_sums(contribution: Contribution) -> dict[str, Decimal]:
    """What the books hold of each kind, in the contribution's currency."""
    rows = contribution.entries.order_by().values_list("kind").annotate(total=Sum("amount"))
    return dict(rows)
