"""Prospects: contributions that may come. For staff only; they stand in no books."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Donor, Region
from income.errors import AmountWrong, NotAllowed, PostingWrong
from income.finding import keep_starts
from income.models import Approach, Contribution, Currency, Fund, Ledger, Programme
from income.money import round_half_up, to_usd
from income.rates import RateInForce, rate_in_force
from income.rules import check_amount, check_due_day
from income.services.promised_rows import told
from income.vocabulary import ContributionState
from interface.conflicts import EditConflict
from interface.errors import PortalError


@dataclass(frozen=True)
class Prospect:
    """What may come: `amount` in `currency`, `probability` in per cent, on about which day."""

    donor: Donor
    fund: Fund
    title: str
    currency: Currency
    amount: Decimal
    probability: int
    expected_on: datetime.date
    programme: Programme | None = None
    region: Region | None = None
    approach: Approach | None = None


def check_prospect(prospect: Prospect, today: datetime.date) -> None:
    """Raise the error that says what is wrong with the prospect, if anything is."""
    check_amount(prospect.amount, prospect.currency)
    check_due_day(prospect.expected_on, today, field="expected_on")
    if not 0 <= prospect.probability <= 100:
        raise AmountWrong(_("Give a probability from 0 to 100 per cent."), field="probability")


@transaction.atomic
def add_prospect(
    ledger: Ledger, prospect: Prospect, *, today: datetime.date, by: User
) -> Contribution:
    """Write a prospect down. Nothing is posted. Raises NotAllowed, AmountWrong, DateWrong."""
    _refuse(by)
    check_prospect(prospect, today)
    row = Contribution(ledger=ledger, state=ContributionState.PROSPECT)
    _fill(row, prospect)
    row.save(force_insert=True)
    keep_starts([row])
    record("add_prospect", row, by=by, after=told(row))
    return row


@transaction.atomic
def edit_prospect(
    contribution: Contribution, prospect: Prospect, *, version: int, today: datetime.date, by: User
) -> Contribution:
    """Change a prospect. Raises EditConflict when somebody else saved it since `version`."""
    _refuse(by)
    row = _prospect(contribution)
    if row.version != version:
        raise EditConflict()
    check_prospect(prospect, today)
    before = told(row)
    _fill(row, prospect)
    row.version += 1
    row.save()
    keep_starts([row])
    record("edit_prospect", row, by=by, before=before, after=told(row))
    return row


@transaction.atomic
def drop_prospect(
    contribution: Contribution, *, because: str, today: datetime.date, by: User
) -> Contribution:
    """Give a prospect up, with the reason: it stays to be read, and counts nowhere."""
    _refuse(by)
    row = _prospect(contribution)
    if not because.strip():
        raise PortalError(_("Say why nothing came of it."), field="because")
    row.state, row.ended_on = ContributionState.CANCELLED, today
    row.ended_because = because.strip()[:500]
    row.version += 1
    row.save(update_fields=["state", "ended_on", "ended_because", "version"])
    record(
        "drop_prospect", row, by=by, before={"state": ContributionState.PROSPECT.value},
        after={"state": row.state.value, "because": row.ended_because},
    )  # fmt: skip
    return row


def _refuse(by: User) -> None:
    if not by.may(Permission.ENTER_INCOME):
        raise NotAllowed(_("Your account may not enter income."))


def _prospect(contribution: Contribution) -> Contribution:
    row = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if row.state != ContributionState.PROSPECT:
        raise PostingWrong(
            _("%(number)s is %(state)s: it is no prospect any more."),
            number=row.number,
            state=row.get_state_display(),
        )
    return row


def _fill(row: Contribution, prospect: Prospect) -> None:
    for one in fields(prospect):
        if one.name != "approach" or prospect.approach:
            setattr(row, one.name, getattr(prospect, one.name))


@dataclass(frozen=True)
class Expectation:
    """What prospects add up to, in US dollars at one day's rates; the rest is told beside it.

    `weighted_usd` counts each with its probability, `whole_usd` as if all of them came.
    """

    whole_usd: Decimal
    weighted_usd: Decimal
    count: int
    not_converted: tuple[tuple[str, Decimal, int], ...]  # currency, amount, prospects

    @property
    def not_converted_count(self) -> int:
        return sum(count for _currency, _amount, count in self.not_converted)


def expectation(
    prospects: Sequence[Contribution], ledger: Ledger, today: datetime.date
) -> Expectation:
    """The prospects weighted by their probability, each to the cent, at the rates of today."""
    rates: dict[str, RateInForce | None] = {}
    whole = weighted = Decimal(0)
    missing: dict[str, tuple[Decimal, int]] = {}
    for one in prospects:
        code = one.currency_id
        if code not in rates:
            rates[code] = rate_in_force(code, today, ledger=ledger)
        rate = rates[code]
        if rate is None:
            amount, count = missing.get(code, (Decimal(0), 0))
            missing[code] = (amount + one.amount, count + 1)
            continue
        usd = to_usd(one.amount, rate.units_per_usd)
        whole += usd
        weighted += round_half_up(usd * Decimal(one.probability or 0) / 100)
    return Expectation(
        whole_usd=whole,
        weighted_usd=weighted,
        count=len(prospects),
        not_converted=tuple((code, *missing[code]) for code in sorted(missing)),
    )
