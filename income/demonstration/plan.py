"""The whole plan, 2020 to 2022: what happens on which day. Pure; nothing is posted here."""

from income.demonstration.acts import Planned, in_order
from income.demonstration.payments import RateOf
from income.demonstration.published import Published
from income.demonstration.year_2020 import acts_of_2020
from income.demonstration.year_2021 import acts_of_2021
from income.demonstration.year_2022 import LAST_TOKEN, acts_of_2022

__all__ = ["LAST_TOKEN", "plan"]


def plan(published: Published, rate_of: RateOf) -> list[Planned]:
    """Every act in the order of its day. The same published figures and rates, the same plan."""
    of_2021 = acts_of_2021(published, rate_of)
    return in_order(
        [
            *acts_of_2020(published, rate_of),
            *of_2021,
            *acts_of_2022(published, rate_of, of_2021),
        ]
    )
