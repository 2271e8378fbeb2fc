"""Every address is in the table of matrix/table.py, and every row of it is an address.

The rows, their samples and the cells live in matrix/ and test_matrix.py; a new route gets a row in
matrix/table.py and, where its address has variable parts, a sample in matrix/rows.py.
"""

from tests.pages.matrix.rows import cast, filled, parts
from tests.pages.matrix.table import (
    ADDRESSES,
    BOARD,
    ENTRY,
    EVERYBODY,
    EVERYWHERE,
    MAY_GET,
    NOBODY,
    RATES,
    SIGNED_IN,
    SIGNED_OUT,
    STAFF,
    TABLE,
)

__all__ = [
    "ADDRESSES", "BOARD", "ENTRY", "EVERYBODY", "MAY_GET", "NOBODY", "RATES", "SIGNED_IN",
    "SIGNED_OUT", "STAFF", "cast", "filled", "parts",
]  # fmt: skip


def test_every_address_is_declared_and_every_declared_one_is_there() -> None:
    assert {name for name, _route in EVERYWHERE} == set(TABLE)
    assert len(EVERYWHERE) == len(TABLE)  # no two addresses of one name
