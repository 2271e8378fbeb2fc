"""What the activity file sums up to, however it is asked: by transaction type, fund, currency."""

from dataclasses import dataclass
from decimal import Decimal

from income.vocabulary import Kind

# What the standard calls the three kinds of entries that the file carries.
TYPES = {Kind.PLEDGE: "13", Kind.AGREEMENT: "11", Kind.RECEIPT: "1"}
KINDS = tuple(TYPES)


@dataclass(frozen=True, order=True)
class IatiSum:
    """The transactions of one type, fund and currency: how many they are, and their sum."""

    transaction_type: str  # 13 incoming pledge, 11 incoming commitment, 1 incoming funds
    fund: str
    currency: str
    count: int
    amount: Decimal  # in `currency`
