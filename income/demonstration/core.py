"""Core money of a year: gifts and pledges to the non-earmarked Foundation, regular budget."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from income.demonstration.acts import Allotment, Gift, Planned, Promise
from income.demonstration.agreements import FIRST_DAY, PURPOSES
from income.demonstration.days import day_picked, first_working_days_of_quarters
from income.demonstration.payments import CURRENCY_OF, RateOf, exactly
from income.money import USD, split
from income.vocabulary import Act

PLEDGED_BEFORE = (datetime.timedelta(days=90), datetime.timedelta(days=20))  # before the gift


def gifts(year: int, amounts: Mapping[str, Decimal], rate_of: RateOf) -> list[Gift]:
    """One gift a donor on a picked day of the year; amounts in US dollars, by donor."""
    return [_gift(year, donor, amount, rate_of) for donor, amount in amounts.items()]


def _gift(year: int, donor: str, amount_usd: Decimal, rate_of: RateOf) -> Gift:
    token = f"demo-{year}-FNE-{donor}"
    on = day_picked(datetime.date(year, 1, 4), datetime.date(year, 12, 23), key=token)
    currency = CURRENCY_OF.get(donor, USD)
    amount = exactly(amount_usd, currency, rate_of(currency, on))
    if amount is None:
        currency, amount = USD, amount_usd
    return Gift(token, on, donor, currency, amount)


def pledges_before(given: Iterable[Gift], pledging: Iterable[str]) -> list[Planned]:
    """A pledge of the same amount some weeks before the gift, for the donors named."""
    return [_pledge_before(gift) for gift in given if gift.donor in set(pledging)]


def _pledge_before(gift: Gift) -> Promise:
    longest, shortest = PLEDGED_BEFORE
    token = f"{gift.token}-pledge"
    first = max(gift.on - longest, FIRST_DAY)
    return Promise(
        token=token, on=day_picked(first, gift.on - shortest, key=token), donor=gift.donor,
        fund="FNE", title=f"{PURPOSES['FNE']} {gift.on.year}", currency=gift.currency,
        amount=gift.amount, act=Act.RECORD_PLEDGE, earmarking="unearmarked",
        starts_on=datetime.date(gift.on.year, 1, 1), ends_on=datetime.date(gift.on.year, 12, 31),
    )  # fmt: skip


def allotments(year: int, total_usd: Decimal) -> list[Planned]:
    """The year's regular budget in four equal parts, on the first working day of each quarter."""
    parts = split(total_usd, [Decimal(1)] * 4)
    return [
        Allotment(
            f"demo-{year}-RB-{quarter}", on, amount,
            f"Regular budget {year}, part {quarter} of 4",
        )
        for quarter, (on, amount) in enumerate(
            zip(first_working_days_of_quarters(year), parts, strict=True), start=1
        )
    ]  # fmt: skip
