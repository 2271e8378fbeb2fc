"""What a payment takes off the agreed dollars, and what the exchange rate added or took.

Pure functions; no database, no clock. Amounts in US dollars are to the cent.
"""

from decimal import Decimal, localcontext

from income.money import EXACT, round_half_up, to_usd


def settled_usd(
    remaining_usd: Decimal | None, outstanding: Decimal, credited: Decimal
) -> Decimal | None:
    """The agreed US dollars that a payment settles of an instalment.

    `remaining_usd` is what the instalment still owes at the agreement's rate, `outstanding` and
    `credited` are in the agreement's currency. What pays all of it takes exactly the rest, so that
    several parts never leave a cent behind. None where the agreement is not converted.
    """
    if remaining_usd is None:
        return None
    if credited >= outstanding:
        return remaining_usd
    with localcontext(EXACT):
        return round_half_up(remaining_usd * credited / outstanding)


def exchange_difference(
    amount_usd: Decimal | None,
    bank_charge: Decimal | None,
    rate: Decimal | None,
    settled: Decimal | None,
) -> Decimal | None:
    """US dollars that arrived, the bank's charge added, less the agreed dollars they settled.

    A gain is above zero. `bank_charge` is in the currency paid, `rate` in units of it per dollar.
    None where the payment or the agreement is not converted, and where nothing was settled.
    """
    if amount_usd is None or rate is None or settled is None:
        return None
    charge_usd = to_usd(bank_charge, rate) if bank_charge else Decimal(0)
    return amount_usd + charge_usd - settled
