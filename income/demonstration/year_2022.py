"""2022: the few amounts that were published, and examples of what an officer meets."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from income.demonstration.acts import Gift, Part, Payment, Planned, Promise, Unnamed
from income.demonstration.days import last_working_days
from income.demonstration.payments import RateOf, payments
from income.demonstration.published import Published
from income.demonstration.year_2020 import NOTE
from income.money import split

YEAR = 2022
DAYS_2022 = ((3, 15), (6, 15), (9, 15), (12, 15))  # month and day when Switzerland's parts fall due
LAST_TOKEN = "demo-2022-12-unnamed"  # of the last act of all


def acts_of_2022(
    published: Published, rate_of: RateOf, acts_of_2021: Iterable[Planned]
) -> list[Planned]:
    """Switzerland, the Swedish agreement, a late payment, one without a rate, and the months."""
    return [
        *_switzerland(published),
        *_sweden(published, rate_of),
        *_paid_late(),
        # No rate of the pula is in force, so this gift stands in the books not converted.
        Gift("demo-2022-FNE-BWA", datetime.date(YEAR, 5, 12), "BWA", "BWP", Decimal("100000.00")),
        *_months_repeated(acts_of_2021),
    ]


def _switzerland(published: Published) -> list[Planned]:
    """US$ 20 million in four parts; of the last one, three fifths had arrived in December."""
    secured = published.printed("CHE", "secured")
    token = "demo-2022-EARMARKED-CHE"
    parts = split(secured.amount, [Decimal(1)] * len(DAYS_2022))
    due = [datetime.date(YEAR, month, day) for month, day in DAYS_2022]
    agreement = Promise(
        token=token, on=datetime.date(2021, 12, 13), donor="CHE", fund="EARMARKED",
        title="Latin America and the Caribbean: resilience and adaptation in Central America",
        currency=secured.currency, amount=secured.amount,
        schedule=tuple(zip(due, parts, strict=True)), earmarking="softly_earmarked", region="LAC",
        starts_on=datetime.date(YEAR, 1, 1), ends_on=datetime.date(YEAR, 12, 31),
    )  # fmt: skip
    arrived = [*parts[:-1], parts[-1] * 3 / 5]
    return [
        agreement,
        *(
            Payment(f"{token}-{number}", on, token, number, secured.currency, amount)
            for number, (on, amount) in enumerate(zip(due, arrived, strict=True), start=1)
        ),
    ]


def _sweden(published: Published, rate_of: RateOf) -> list[Planned]:
    """The agreement of December 2021 in two halves; the first one was paid in kronor."""
    agreed = published.printed("SWE", "agreed")
    token = "demo-2022-EARMARKED-SWE"
    first, second = split(agreed.amount, [Decimal(1)] * 2)
    due = (datetime.date(YEAR, 3, 31), datetime.date(YEAR + 1, 3, 31))
    days = [datetime.date(YEAR, 3, 24)]
    [paid] = payments(first, currency="SEK", days=days, rate_of=rate_of)
    return [
        Promise(
            token=token, on=datetime.date(2021, 12, 16), donor="SWE", fund="EARMARKED",
            title="Programme cooperation agreement 2022-2023", currency=agreed.currency,
            amount=agreed.amount, schedule=((due[0], first), (due[1], second)),
            starts_on=datetime.date(YEAR, 1, 1), ends_on=datetime.date(YEAR + 1, 12, 31),
        ),
        Payment(f"{token}-1", paid.on, token, 1, paid.currency, paid.amount, credited=first),
    ]  # fmt: skip


def _paid_late() -> list[Planned]:
    """Due in November 2021, arrived in January 2022 less what the bank kept."""
    token, amount, kept = "demo-2021-TC-KFW-late", Decimal("250000.00"), Decimal("25.00")
    return [
        Promise(
            token=token, on=datetime.date(2021, 9, 14), donor="KFW", fund="TC",
            title="Country and regional programmes 2021, additional part", currency="USD",
            amount=amount + kept, schedule=((datetime.date(2021, 11, 30), amount + kept),),
            starts_on=datetime.date(2021, 1, 1), ends_on=datetime.date(2021, 12, 31),
        ),
        Payment(
            f"{token}-1", datetime.date(YEAR, 1, 14), token, 1, "USD", amount,
            bank_charge=kept, year_for=2021,
        ),
    ]  # fmt: skip


def _months_repeated(acts_of_2021: Iterable[Planned]) -> list[Planned]:
    """What was not attributed in each month of 2021, once more; nothing of it allocated."""
    months = sorted((a for a in acts_of_2021 if isinstance(a, Unnamed)), key=lambda a: a.on)
    return [
        Unnamed(f"demo-{on:%Y-%m}-unnamed", on, NOTE.format(month=f"{on:%Y-%m}"), _by_fund(month))
        for on, month in zip(last_working_days(YEAR), months, strict=True)
    ]


def _by_fund(month: Unnamed) -> tuple[Part, ...]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for part in month.parts:
        sums[part.fund] += part.amount_usd
    return tuple(Part(fund, amount) for fund, amount in sums.items())
