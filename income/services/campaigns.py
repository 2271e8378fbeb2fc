"""Campaigns: opening and changing one, asking donors, noting answers, naming what came of it."""

import datetime
import uuid as uuids
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Donor
from income.models import Approach, Campaign, Contribution, Currency
from income.vocabulary import Answer
from interface.conflicts import EditConflict
from interface.errors import PortalError


class CampaignWrong(PortalError):
    """A campaign or an approach that contradicts itself; says what to change."""


@dataclass(frozen=True)
class CampaignFacts:
    """What people write of a campaign."""

    kind: str
    title: str
    starts_on: datetime.date
    ends_on: datetime.date | None = None
    note: str = ""


@dataclass(frozen=True)
class ApproachFacts:
    """What people write of an approach: `amount` is in `currency`; without one both are None."""

    asked_on: datetime.date | None = None
    amount: Decimal | None = None
    currency: Currency | None = None
    answer: str = Answer.NONE
    answered_on: datetime.date | None = None
    note: str = ""


def _may_write(by: User) -> None:
    if not (by.may(Permission.EDIT_DONORS) or by.may(Permission.ENTER_INCOME)):
        raise PermissionDenied


@transaction.atomic
def open_campaign(
    facts: CampaignFacts, *, token: uuids.UUID, is_demonstration: bool, by: User
) -> Campaign:
    """Open a campaign; the token becomes its own identifier, so the same form opens one only."""
    _may_write(by)
    _check_campaign(facts)
    campaign, is_new = Campaign.objects.get_or_create(
        uuid=token, defaults={**asdict(facts), "is_demonstration": is_demonstration}
    )
    if is_new:
        record("open_campaign", campaign, by=by, after=asdict(facts))
    return campaign


@transaction.atomic
def change_campaign(
    campaign: Campaign, facts: CampaignFacts, *, version: int, by: User
) -> Campaign:
    """Put the facts in place of those of `version`. Raises EditConflict and CampaignWrong."""
    _may_write(by)
    _check_campaign(facts)
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    _refuse_other_version(row.version, version)
    before = {name: getattr(row, name) for name in asdict(facts)}
    _put(row, asdict(facts))
    record("change_campaign", row, by=by, before=before, after=asdict(facts))
    return row


def _check_campaign(facts: CampaignFacts) -> None:
    if facts.ends_on and facts.ends_on < facts.starts_on:
        raise CampaignWrong(
            _("The campaign ends before it starts. Change one of the days."), field="ends_on"
        )


def _refuse_other_version(saved: int, seen: int) -> None:
    if saved != seen:
        raise EditConflict()


def _put(row: Campaign | Approach, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()


@transaction.atomic
def ask(
    campaign: Campaign, donors: Iterable[Donor], *, by: User,
    amount: Decimal | None = None, currency: Currency | None = None,
) -> list[Approach]:  # fmt: skip
    """Add donors to a campaign, each with the amount to ask for; returns the new ones.

    A donor that the campaign has already is left as it is, so the same act twice adds nothing.
    """
    _may_write(by)
    _check_amount(amount, currency)
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)  # one after the other
    known = set(row.approaches.values_list("donor", flat=True))
    added = Approach.objects.bulk_create(
        Approach(campaign=row, donor=donor, amount=amount, currency=currency)
        for donor in donors
        if donor.pk not in known
    )
    if added:
        after = {"donors": [one.donor.code for one in added], **_asked(amount, currency)}
        record("ask_donors", row, by=by, after=after)
    return added


def _asked(amount: Decimal | None, currency: Currency | None) -> dict[str, str]:
    return {
        "amount": str(amount) if amount is not None else "",
        "currency": currency.code if currency else "",
    }


def _check_amount(amount: Decimal | None, currency: Currency | None) -> None:
    if (amount is None) != (currency is None):
        raise CampaignWrong(
            _("An amount asked for needs its currency, and a currency its amount."), field="amount"
        )
    if amount is None or currency is None:
        return
    if amount <= 0:
        raise CampaignWrong(_("The amount asked for must be above zero."), field="amount")
    if amount != round(amount, currency.decimals):
        raise CampaignWrong(
            _("%(currency)s has %(count)s decimals: the amount has more.")
            % {"currency": currency.code, "count": currency.decimals},
            field="amount",
        )


@transaction.atomic
def change_approach(
    approach: Approach, facts: ApproachFacts, *, version: int, today: datetime.date, by: User
) -> Approach:
    """Note when and for how much a donor was asked, and what it answered.

    Raises EditConflict when somebody saved since `version`, and CampaignWrong.
    """
    _may_write(by)
    _check_approach(facts, today)
    row = Approach.objects.select_for_update(of=("self",)).get(pk=approach.pk)
    _refuse_other_version(row.version, version)
    before = _told(row)
    _put(row, {name: getattr(facts, name) for name in ApproachFacts.__dataclass_fields__})
    record("change_approach", row, by=by, before=before, after=_told(row))
    return row


def _check_approach(facts: ApproachFacts, today: datetime.date) -> None:
    _check_amount(facts.amount, facts.currency)
    for name in ("asked_on", "answered_on"):
        on = getattr(facts, name)
        if on and on > today:
            raise CampaignWrong(_("The day is still to come. Write the day it was."), field=name)
    if (facts.answer == Answer.NONE) != (facts.answered_on is None):
        raise CampaignWrong(
            _("An answer needs the day it was given on, and a day its answer."),
            field="answered_on",
        )
    if facts.asked_on and facts.answered_on and facts.answered_on < facts.asked_on:
        raise CampaignWrong(
            _("The answer is older than the question. Change one of the days."),
            field="answered_on",
        )


def _told(row: Approach) -> dict[str, Any]:
    return {
        **_asked(row.amount, row.currency),
        "asked_on": row.asked_on,
        "answer": row.answer,
        "answered_on": row.answered_on,
        "note": row.note,
    }


@transaction.atomic
def leave_out(approach: Approach, *, by: User) -> None:
    """Take a donor out of a campaign again, as long as nothing has happened. CampaignWrong."""
    _may_write(by)
    row = Approach.objects.select_for_update(of=("self",)).get(pk=approach.pk)
    has_begun = row.asked_on or row.letter_id or row.answer != Answer.NONE
    if has_begun or row.contributions.exists():
        raise CampaignWrong(
            _("This donor was asked or has answered already, and stays in the campaign.")
        )
    record("leave_out_donor", row.campaign, by=by, before={"donor": row.donor.code, **_told(row)})
    row.delete()


@transaction.atomic
def attach_contribution(approach: Approach, contribution: Contribution, *, by: User) -> None:
    """Say that a contribution of the donor came of the approach. Raises CampaignWrong."""
    _may_write(by)
    row = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if row.approach_id == approach.pk:
        return
    family = Donor.objects.with_merged(approach.donor)
    if row.approach_id or not family.filter(pk=row.donor_id).exists():
        raise CampaignWrong(
            _("%(number)s belongs to another donor or came of another approach.")
            % {"number": row.number},
            field="contribution",
        )
    if row.ledger.is_demonstration != approach.campaign.is_demonstration:
        raise CampaignWrong(
            _("Contributions of the demonstration stay with campaigns of the demonstration."),
            field="contribution",
        )
    _set_approach(row, approach, by=by)


@transaction.atomic
def detach_contribution(approach: Approach, contribution: Contribution, *, by: User) -> None:
    """Undo a mistaken attachment; nothing happens when it is not attached to this approach."""
    _may_write(by)
    row = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if row.approach_id == approach.pk:
        _set_approach(row, None, by=by)


def _set_approach(row: Contribution, approach: Approach | None, *, by: User) -> None:
    before = str(row.approach.uuid) if row.approach else ""
    row.approach = approach
    row.version += 1
    row.save(update_fields=["approach", "version"])
    record(
        "attach_contribution", row, by=by, before={"approach": before},
        after={"approach": str(approach.uuid) if approach else ""},
    )  # fmt: skip
