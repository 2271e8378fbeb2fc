"""What a cell means: amounts, whole numbers, days and texts, as people write them in six languages.

Everything raises Unreadable, and nothing else, for whatever stands in a cell.
"""

from income.imports.values.amounts import decimal_in, decimal_signs_in, whole_in
from income.imports.values.days import date_orders_in, day_in
from income.imports.values.texts import text_in
from income.imports.values.unreadable import Unreadable

__all__ = [
    "Unreadable", "date_orders_in", "day_in", "decimal_in", "decimal_signs_in", "text_in",
    "whole_in",
]  # fmt: skip
