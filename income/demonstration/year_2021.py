"""2021: the year of the progress report, to the cent."""

from decimal import Decimal

from income.demonstration.acts import Part, Planned, Promise, Unnamed
from income.demonstration.agreements import Piece, agreed_and_paid, agreement_for
from income.demonstration.amounts import (
    SHARE_OF_NAMED,
    Needs,
    as_ranked,
    descending,
    months_equal,
)
from income.demonstration.core import allotments, gifts, pledges_before
from income.demonstration.days import day_picked, last_working_days
from income.demonstration.earmarked import (
    JANUARY_TO_NOVEMBER,
    EarmarkedYear,
    earmarked_year,
)
from income.demonstration.payments import Paid, RateOf
from income.demonstration.published import Published
from income.demonstration.year_2020 import NOTE
from income.money import round_half_up, to_usd
from income.vocabulary import Act

YEAR = 2021
GLOBAL = "GLOBAL"


def acts_of_2021(published: Published, rate_of: RateOf) -> list[Planned]:
    """Everything dated by the money of 2021, in no order."""
    core = as_ranked(published.ranked["FNE"], published.by_donor[YEAR, "FNE"])
    given = gifts(YEAR, core, rate_of)
    resuming = [m.donor for m in published.movements if m.stage.startswith("core_")]
    acts: list[Planned] = [*allotments(YEAR, published.received_2021["RB"]), *given]
    acts += [*pledges_before(given, resuming), one_time_pledge(published)]

    krona = _swedish_krona(published, rate_of)
    foundation = _foundation_earmarked(published, krona)
    cooperation = _technical_cooperation(published)
    for piece in (*foundation.pieces, *cooperation.pieces):
        paid_in_krona = piece.token == _token_of_krona()
        acts += agreement_for(piece, [krona]) if paid_in_krona else agreed_and_paid(piece, rate_of)
    rest_of_core = published.received_2021["FNE"] - sum(core.values(), Decimal(0))
    return acts + _not_attributed(rest_of_core, foundation, cooperation)


def one_time_pledge(published: Published) -> Promise:
    """Türkiye's pledge; the report does not say to which fund, so it stands at no FE or TC."""
    pledged = published.printed("TUR", "pledged")
    token = f"demo-{YEAR}-TUR-one-time-pledge"
    return Promise(
        token=token, on=day_picked(*JANUARY_TO_NOVEMBER, key=token), donor="TUR",
        fund="EARMARKED", title="One-time pledge", currency=pledged.currency,
        amount=pledged.amount, act=Act.RECORD_PLEDGE, earmarking="",
    )  # fmt: skip


def _token_of_krona() -> str:
    return f"demo-{YEAR}-FE-SWE-published"


def _swedish_krona(published: Published, rate_of: RateOf) -> Paid:
    """Sweden's SEK 7 million, on a picked day, at the rate in force on it."""
    printed = published.printed("SWE", "provided")
    on = day_picked(*JANUARY_TO_NOVEMBER, key=_token_of_krona())
    usd = to_usd(printed.amount, rate_of(printed.currency, on))
    return Paid(on, printed.currency, printed.amount, usd)


def _foundation_earmarked(published: Published, krona: Paid) -> EarmarkedYear:
    """Sweden is printed tenth, so its published amount is the floor of the other nine."""
    total, ranked = published.received_2021["FE"], published.ranked["FE"]
    of_named = round_half_up(total * SHARE_OF_NAMED)
    amounts = descending(of_named, len(ranked), floor=krona.amount_usd)
    softly = published.printed("DEU", "provided").amount
    fixed = [
        Piece(_token_of_krona(), "SWE", "FE", krona.amount_usd, krona.on, krona.on),
        Piece(
            f"demo-{YEAR}-FE-DEU-published", "DEU", "FE", softly, *JANUARY_TO_NOVEMBER,
            earmarking="softly_earmarked",
        ),
    ]  # fmt: skip
    return earmarked_year(
        "FE", total, named=dict(zip(ranked, amounts, strict=True)), fixed=fixed,
        needs=Needs({GLOBAL: published.regions[GLOBAL]}), home_region=published.home_region,
    )  # fmt: skip


def _technical_cooperation(published: Published) -> EarmarkedYear:
    total, ranked = published.received_2021["TC"], published.ranked["TC"]
    amounts = descending(round_half_up(total * SHARE_OF_NAMED), len(ranked))
    regions = {code: usd for code, usd in published.regions.items() if code != GLOBAL}
    return earmarked_year(
        "TC", total, named=dict(zip(ranked, amounts, strict=True)), fixed=[],
        needs=Needs(regions), home_region=published.home_region,
    )  # fmt: skip


def _not_attributed(
    rest_of_core: Decimal, foundation: EarmarkedYear, cooperation: EarmarkedYear
) -> list[Planned]:
    acts: list[Planned] = []
    months = zip(
        last_working_days(YEAR), months_equal(rest_of_core), foundation.months,
        cooperation.months, strict=True,
    )  # fmt: skip
    for on, core, of_foundation, of_cooperation in months:
        parts = [Part("FNE", core)]
        for fund, regions in (("FE", of_foundation), ("TC", of_cooperation)):
            parts += [Part(fund, amount, region) for region, amount in regions]
        note = NOTE.format(month=f"{on:%Y-%m}")
        acts.append(Unnamed(f"demo-{on:%Y-%m}-unnamed", on, note, tuple(parts)))
    return acts
