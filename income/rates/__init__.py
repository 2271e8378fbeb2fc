"""Exchange rates: which one is in force, and how they come into the books."""

from income.rates.in_force import (
    RANKED,
    RANKED_IN_DEMONSTRATION,
    UN_RATE_LASTS,
    RateInForce,
    last_day_of,
    rate_in_force,
    rates_in_force,
)
from income.rates.table import RateTable

__all__ = [
    "RANKED",
    "RANKED_IN_DEMONSTRATION",
    "UN_RATE_LASTS",
    "RateInForce",
    "RateTable",
    "last_day_of",
    "rate_in_force",
    "rates_in_force",
]
