"""The acts of income: each one thing a person does, in the field's words, atomic."""

from income.services.agreements import PromisedContribution, record_pledge, sign_agreement
from income.services.corrections import reverse_posting
from income.services.drafts import approve_draft, return_draft, submit_draft
from income.services.months import close_month
from income.services.receipts import (
    ReceivedMoney,
    record_allotment,
    record_gift,
    record_receipt,
    record_support_income,
)

__all__ = [
    "PromisedContribution",
    "ReceivedMoney",
    "approve_draft",
    "close_month",
    "record_allotment",
    "record_gift",
    "record_pledge",
    "record_receipt",
    "record_support_income",
    "return_draft",
    "reverse_posting",
    "sign_agreement",
    "submit_draft",
]
