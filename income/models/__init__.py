"""What was promised and what arrived."""

from income.models.contributions import Contribution, Instalment
from income.models.drafts import Draft
from income.models.ledger import Entry, Ledger, Month, Posting
from income.models.rates import Currency, ExchangeRate
from income.models.reference import DomainOfChange, EarmarkingStep, Fund, Instrument, Programme
from income.models.rollups import DonorMonthTotal, DonorTotal, MonthlyTotal, ProgrammeTotal

__all__ = [
    "Contribution",
    "Currency",
    "DomainOfChange",
    "DonorMonthTotal",
    "DonorTotal",
    "Draft",
    "EarmarkingStep",
    "Entry",
    "ExchangeRate",
    "Fund",
    "Instalment",
    "Instrument",
    "Ledger",
    "Month",
    "MonthlyTotal",
    "Posting",
    "Programme",
    "ProgrammeTotal",
]
