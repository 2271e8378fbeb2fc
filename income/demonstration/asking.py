"""Campaigns, who was asked and what was answered; and what is hoped for next year."""

import datetime
import uuid
from collections.abc import Iterable
from decimal import Decimal

from accounts.services import record
from income.demonstration.desk import Desk, marked
from income.models import Approach, Campaign, Contribution
from income.services.campaigns import CampaignFacts, open_campaign
from income.services.prospects import Prospect, add_prospect
from income.vocabulary import Answer, CampaignKind

NAMESPACE = uuid.UUID("6d1b1d2e-9f0c-5d4a-8a70-0d5a2d6c1f00")
ASKED_IN_SPRING = datetime.date(2021, 3, 1)
SPRING_ENDS = datetime.date(2021, 5, 31)
NOT_ANSWERED = ("FRA", "NOR", "CAN")
DECLINED = {"MEX": datetime.date(2021, 4, 20), "SVK": datetime.date(2021, 5, 6)}
CONSIDERING = {"SEN": datetime.date(2021, 5, 14)}
AUTUMN, AUTUMN_ENDS = datetime.date(2022, 9, 15), datetime.date(2022, 11, 30)
EVENT = datetime.date(2022, 6, 28)
DIALOGUES, DIALOGUES_END = datetime.date(2022, 10, 10), datetime.date(2022, 12, 9)
CORE = Decimal("100000.00")  # US dollars asked for in the letters of autumn
HOPED: tuple[tuple[str, str, str, str, str, int, datetime.date], ...] = (
    ("SWE", "FNE", "Core contribution 2023", "SEK", "10000000.00", 80, datetime.date(2023, 3, 31)),
    ("BWA", "FNE", "Core contribution 2023", "USD", "25000.00", 90, datetime.date(2023, 2, 28)),
    ("KOR", "FNE", "Core contribution 2023", "KRW", "500000000", 40, datetime.date(2023, 5, 31)),
    ("DEU", "FE", "Urban data and monitoring", "EUR", "1500000.00", 60, datetime.date(2023, 6, 30)),
    ("NLD", "FE", "Water and cities", "EUR", "800000.00", 25, datetime.date(2023, 9, 29)),
    ("JPN", "TC", "Recovery of settlements", "USD", "2000000.00", 50, datetime.date(2023, 4, 28)),
)  # fmt: skip


def lay_campaigns(desk: Desk) -> int:
    """Letters of spring 2021 and autumn 2022, an event, and a round of dialogues."""
    approaches = _spring(desk) + _autumn(desk) + _event(desk) + _dialogues(desk)
    for approach in approaches:
        approach.save(force_insert=True)
    _name_what_came(desk)
    return len(approaches)


def _campaign(
    desk: Desk, kind: CampaignKind, title: str, first: datetime.date, last: datetime.date | None
) -> Campaign:
    facts = CampaignFacts(kind=kind, title=marked(title), starts_on=first, ends_on=last)
    token = uuid.uuid5(NAMESPACE, f"{desk.ledger.pk} {title}")
    return open_campaign(facts, token=token, is_demonstration=True, by=desk.officer)


def _spring(desk: Desk) -> list[Approach]:
    """Who gave core money after the letters answered so; others did not, or said something else."""
    campaign = _campaign(
        desk, CampaignKind.CORE_LETTER, "Core contribution letters, spring 2021",
        ASKED_IN_SPRING, SPRING_ENDS,
    )  # fmt: skip
    answers = {row.donor.code: (Answer.POSITIVE, row.signed_on) for row in _given(desk)}
    answers |= {code: (Answer.DECLINED, on) for code, on in DECLINED.items()}
    answers |= {code: (Answer.CONSIDERING, on) for code, on in CONSIDERING.items()}
    answers |= dict.fromkeys(NOT_ANSWERED, (Answer.NONE, None))
    return [
        Approach(
            campaign=campaign, donor=desk.donors[code], asked_on=ASKED_IN_SPRING, answer=answer,
            answered_on=on,
        )
        for code, (answer, on) in answers.items()
    ]  # fmt: skip


def _given(desk: Desk) -> list[Contribution]:
    """Core gifts of 2021 that came after the letters."""
    return [
        row
        for token, row in sorted(desk.agreements.items())
        if token.startswith("demo-2021-FNE-") and row.signed_on and row.signed_on > ASKED_IN_SPRING
    ]


def _name_what_came(desk: Desk) -> None:
    """The gifts name the letter that they answer."""
    approaches = Approach.objects.filter(
        campaign__is_demonstration=True, asked_on=ASKED_IN_SPRING, answer=Answer.POSITIVE
    ).in_bulk(field_name="pk")
    by_donor = {approach.donor_id: approach for approach in approaches.values()}
    for row in _given(desk):
        row.approach = by_donor[row.donor_id]
        row.save(update_fields=["approach"])
        record("attach_contribution", row, by=desk.officer, after={"approach": row.approach.pk})


def _autumn(desk: Desk) -> list[Approach]:
    campaign = _campaign(
        desk, CampaignKind.CORE_LETTER, "Core contribution letters, autumn 2022", AUTUMN,
        AUTUMN_ENDS,
    )  # fmt: skip
    answers = {
        "SWE": (Answer.POSITIVE, datetime.date(2022, 11, 8)),
        "BWA": (Answer.POSITIVE, datetime.date(2022, 11, 8)),
        "KOR": (Answer.CONSIDERING, datetime.date(2022, 11, 21)),
        "CZE": (Answer.DECLINED, datetime.date(2022, 10, 4)),
    }
    codes = [*answers, "DEU", "JPN", "KEN", "IND", "ZAF", "FRA", "NOR", "CAN"]
    return [
        Approach(
            campaign=campaign, donor=desk.donors[code], asked_on=AUTUMN, amount=CORE,
            currency=desk.currencies["USD"], answer=answers.get(code, (Answer.NONE, None))[0],
            answered_on=answers.get(code, (Answer.NONE, None))[1],
        )
        for code in codes
    ]  # fmt: skip


def _event(desk: Desk) -> list[Approach]:
    campaign = _campaign(
        desk, CampaignKind.PLEDGING_EVENT, "Pledging event, June 2022", EVENT, EVENT
    )
    return _same(desk, campaign, EVENT, considering=("ITA", "ESP", "POL"), silent=("ARE", "QAT"))


def _dialogues(desk: Desk) -> list[Approach]:
    campaign = _campaign(
        desk, CampaignKind.STRATEGIC_DIALOGUE, "Strategic dialogues 2022", DIALOGUES, DIALOGUES_END
    )
    considering, silent = ("DEU", "NLD", "JPN", "SWE"), ("CHE", "KOR")
    return _same(desk, campaign, DIALOGUES, considering=considering, silent=silent)


def _same(
    desk: Desk, campaign: Campaign, on: datetime.date, *, considering: Iterable[str],
    silent: Iterable[str],
) -> list[Approach]:  # fmt: skip
    """All asked on the day; who considers said so on the same day."""
    rows = [
        Approach(
            campaign=campaign, donor=desk.donors[code], asked_on=on, answer=Answer.CONSIDERING,
            answered_on=on,
        )
        for code in considering
    ]  # fmt: skip
    return rows + [
        Approach(campaign=campaign, donor=desk.donors[code], asked_on=on) for code in silent
    ]


def lay_prospects(desk: Desk) -> int:
    """Contributions hoped for in 2023; those to the core name the letter of autumn."""
    letters = Approach.objects.filter(
        campaign__is_demonstration=True, asked_on=AUTUMN
    ).select_related("donor")  # fmt: skip
    by_donor = {letter.donor.code: letter for letter in letters}
    for code, fund, title, currency, amount, probability, on in HOPED:
        prospect = Prospect(
            donor=desk.donors[code], fund=desk.funds[fund], title=marked(title),
            currency=desk.currencies[currency], amount=Decimal(amount), probability=probability,
            expected_on=on, approach=by_donor.get(code) if fund == "FNE" else None,
        )  # fmt: skip
        add_prospect(desk.ledger, prospect, today=desk.today, by=desk.officer)
    return len(HOPED)
