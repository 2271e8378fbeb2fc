"""What was promised and what arrived."""

from income.models.campaigns import Approach, Campaign
from income.models.changes import Amendment, Condition
from income.models.contributions import (
    Allocation,
    Contribution,
    ContributionStart,
    Instalment,
)
from income.models.drafts import Draft
from income.models.imports import Import, ImportedRow, ImportLayout
from income.models.ledger import Entry, Ledger, Month, Posting
from income.models.matching import ErpExport, ErpLine, ErpReference, ParkedReceipt
from income.models.obligations import DigestSent, ReportClause, ReportDue
from income.models.pooled import PooledShare
from income.models.rates import Currency, ExchangeRate, RateCorrection, RateLoad
from income.models.reference import DomainOfChange, EarmarkingStep, Fund, Instrument, Programme
from income.models.rollups import (
    DonorMonthTotal,
    DonorTotal,
    Era,
    EraDonorTotal,
    EraMonthlyTotal,
    MonthlyTotal,
    YearlyTotal,
)

__all__ = [
    "Allocation",
    "Amendment",
    "Approach",
    "Campaign",
    "Condition",
    "Contribution",
    "ContributionStart",
    "Currency",
    "DigestSent",
    "DomainOfChange",
    "DonorMonthTotal",
    "DonorTotal",
    "Draft",
    "EarmarkingStep",
    "Entry",
    "Era",
    "EraDonorTotal",
    "EraMonthlyTotal",
    "ErpExport",
    "ErpLine",
    "ErpReference",
    "ExchangeRate",
    "Fund",
    "Import",
    "ImportLayout",
    "ImportedRow",
    "Instalment",
    "Instrument",
    "Ledger",
    "Month",
    "MonthlyTotal",
    "ParkedReceipt",
    "PooledShare",
    "Posting",
    "Programme",
    "RateCorrection",
    "RateLoad",
    "ReportClause",
    "ReportDue",
    "YearlyTotal",
]
