"""A line of a posting before it is written: an Entry's columns, light enough for a million."""

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal

from income.money import programme_support_inside, to_usd
from income.rates import RateInForce
from income.vocabulary import Mode, Reason


@dataclass(slots=True)
class Line:
    """The columns of `income.models.Entry`, by their column names and in its meaning.

    Seal and rollups read a Line as they read an Entry. The last four are the door's to fill.
    """

    kind: str
    fund_id: str
    value_date: datetime.date
    year_for: int
    currency_id: str
    amount: Decimal  # in the currency
    mode: str = Mode.CASH.value
    reason: str = Reason.ORDINARY.value
    donor_id: int | None = None
    channel_id: int | None = None
    contribution_id: int | None = None
    instalment_id: int | None = None
    instrument_id: str | None = None
    earmarking_id: str | None = None
    programme_id: str | None = None
    region_id: str | None = None
    area_id: str | None = None
    rate: Decimal | None = None
    rate_on: datetime.date | None = None
    rate_type: str = ""
    amount_usd: Decimal | None = None
    programme_support_usd: Decimal | None = None
    credited_amount: Decimal | None = None
    bank_charge: Decimal | None = None
    settled_usd: Decimal | None = None
    ledger_id: int = 0
    posting_id: uuid.UUID | None = None
    line: int = 0
    booked_month: int = 0

    def convert(self, rate: RateInForce | None, *, support_rate: Decimal | None = None) -> "Line":
        """Fill the US dollars at the rate in force; None leaves the line not converted."""
        if rate is not None:
            self.rate, self.rate_on, self.rate_type = rate.units_per_usd, rate.on, rate.rate_type
            self.amount_usd = to_usd(self.amount, rate.units_per_usd)
            if support_rate is not None:
                self.programme_support_usd = programme_support_inside(self.amount_usd, support_rate)
        return self
