"""What every resource of the API has: filters, orders, pages, parts of rows, tags of answers."""

from interface.api.asking import LARGEST_PAGE, PAGING, NoFilters, asked
from interface.api.paging import ByCode, Keyset, NewestFirst, OldestFirst
from interface.api.resources import Figures, Listed, One, Tagged

__all__ = [
    "LARGEST_PAGE",
    "PAGING",
    "ByCode",
    "Figures",
    "Keyset",
    "Listed",
    "NewestFirst",
    "NoFilters",
    "OldestFirst",
    "One",
    "Tagged",
    "asked",
]
