"""Who stands behind the pooled funds of the demonstration: a memo, made up and marked so."""

from decimal import Decimal

from income.demonstration.desk import Desk
from income.models import PooledShare

SOURCE = "demonstration"
YEARS = (2020, 2021, 2022)
# What is missing to 1 is not known: the fund's other contributors are not named.
SHARES = {
    "MDTF": {"SWE": "0.30", "DEU": "0.25", "NOR": "0.20", "NLD": "0.10"},
    "UN_OCHA": {"DEU": "0.35", "SWE": "0.15", "CHE": "0.10"},
}


def lay_shares(desk: Desk) -> int:
    """The same fractions in each year."""
    rows = [
        PooledShare(
            pooled_fund=desk.donors[fund], contributor=desk.donors[code], year=year,
            share_rate=Decimal(rate), source=SOURCE, is_demonstration=True,
        )
        for fund, shares in SHARES.items()
        for code, rate in shares.items()
        for year in YEARS
    ]  # fmt: skip
    return len(PooledShare.objects.bulk_create(rows))
