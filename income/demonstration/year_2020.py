"""2020: what UN CEB reports of the year, laid out over its days."""

import datetime
from decimal import Decimal

from income.demonstration.acts import Part, Planned, Refund, Unnamed
from income.demonstration.agreements import Piece, agreed_and_paid
from income.demonstration.amounts import months_equal
from income.demonstration.core import allotments, gifts
from income.demonstration.days import day_picked, last_working_days
from income.demonstration.payments import RateOf
from income.demonstration.published import Published

YEAR = 2020
FIRST, LAST = datetime.date(YEAR, 1, 6), datetime.date(YEAR, 12, 23)
NOTE = "Not attributed to a donor, {month}"


def acts_of_2020(published: Published, rate_of: RateOf) -> list[Planned]:
    """Regular budget, core gifts, earmarked agreements, refunds and what is not attributed."""
    core = published.by_donor[YEAR, "FNE"]
    earmarked = published.by_donor[YEAR, "EARMARKED"]
    acts: list[Planned] = [*allotments(YEAR, published.by_fund[YEAR, "RB"])]
    acts += gifts(YEAR, core, rate_of)
    for donor, amount in earmarked.items():
        token = f"demo-{YEAR}-EARMARKED-{donor}"
        if amount > 0:
            piece = Piece(token, donor, "EARMARKED", amount, FIRST, LAST)
            acts += agreed_and_paid(piece, rate_of)
        else:
            part = Part("EARMARKED", amount, donor=donor)
            acts.append(Refund(token, day_picked(FIRST, LAST, key=token), part))
    rest_of = {
        fund: published.by_fund[YEAR, fund] - sum(named.values(), Decimal(0))
        for fund, named in (("FNE", core), ("EARMARKED", earmarked))
    }
    return acts + _not_attributed(rest_of)


def _not_attributed(rest_of: dict[str, Decimal]) -> list[Planned]:
    months = [
        [Part(fund, amount) for amount in months_equal(rest)] for fund, rest in rest_of.items()
    ]
    return [
        Unnamed(f"demo-{on:%Y-%m}-unnamed", on, NOTE.format(month=f"{on:%Y-%m}"), parts)
        for on, parts in zip(last_working_days(YEAR), zip(*months, strict=True), strict=True)
    ]
