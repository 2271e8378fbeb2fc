"""The acts of income: each one thing a person does, in the field's words, atomic."""

from income.services.agreements import PromisedContribution, record_pledge, sign_agreement
from income.services.corrections import reverse_posting
from income.services.drafts import (
    approve_draft,
    discard_draft,
    return_draft,
    save_draft,
    submit_draft,
    withdraw_draft,
)
from income.services.finance import record_allotment, record_support_income
from income.services.gifts import record_gift, record_online_gifts
from income.services.months import close_checked_month, close_month
from income.services.payments import ReceivedMoney
from income.services.receipts import record_receipt
from income.services.returns import return_money, transfer_money

__all__ = [
    "PromisedContribution",
    "ReceivedMoney",
    "approve_draft",
    "close_checked_month",
    "close_month",
    "discard_draft",
    "record_allotment",
    "record_gift",
    "record_online_gifts",
    "record_pledge",
    "record_receipt",
    "record_support_income",
    "return_draft",
    "return_money",
    "reverse_posting",
    "save_draft",
    "sign_agreement",
    "submit_draft",
    "transfer_money",
    "withdraw_draft",
]
