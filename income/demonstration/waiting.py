"""Two drafts of the officer: one waits for the reviewer, one came back."""

import datetime
from decimal import Decimal
from typing import Any

from income.demonstration.desk import MARK, Desk
from income.models import Draft
from income.services.drafts import return_draft, submit_draft
from income.vocabulary import Act

REST = "2000000.00"  # of Switzerland's last part, of which three fifths had arrived
CAME_ON = datetime.date(2022, 12, 29)
BACK = "The bank reference is missing. Take it from the bank advice, and send the draft again."


def lay_drafts(desk: Desk) -> int:
    """Receipts of agreements as the form takes them."""
    _submitted(desk, "demo-2022-EARMARKED-CHE", 4, REST, reference=f"{MARK}0063")
    back = _submitted(desk, "demo-2022-EARMARKED-SWE", 2, "5200000.00", reference="")
    at = datetime.datetime.combine(desk.today, datetime.time(9, tzinfo=datetime.UTC))
    return_draft(back, because=BACK, version=back.version, by=desk.reviewer, at=at)
    return 2


def _submitted(desk: Desk, token: str, number: int, amount: str, *, reference: str) -> Draft:
    agreement = desk.agreements[token]
    instalment = agreement.instalments.get(number=number)
    payload: dict[str, Any] = {
        "contribution": str(agreement.uuid),
        "instalment": str(instalment.uuid),
        "received_on": CAME_ON.isoformat(),
        "currency": agreement.currency_id,
        "amount": amount,
        "reference": reference,
    }
    title = f"{agreement.donor} · {Decimal(amount):,} {agreement.currency_id} · {agreement.title}"
    return submit_draft(
        desk.ledger, act=Act.RECORD_RECEIPT, payload=payload, title=title,
        token=f"demo-draft-{token}-{number}", by=desk.officer,
    )  # fmt: skip
